//! The fuzz targets as plain tests: over what they begin with, over what once was found (the files
//! in `tests/regressions/<target>`), and over some thousand changes that are the same in every run.

#[path = "mutator/change.rs"]
mod change;
mod targets;

use change::{Chance, change};
use std::{fs, path::PathBuf};
use targets::{TARGETS, target};

#[test]
fn what_the_targets_begin_with_holds() {
    for target in TARGETS {
        for seed in (target.seeds)() {
            (target.run)(&seed);
        }
        (target.run)(b"");
    }
}

#[test]
fn what_was_once_found_is_mended() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/regressions");
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("the folder of regressions") {
        let folder = entry.expect("an entry").path();
        let name = folder.file_name().and_then(|name| name.to_str());
        let target = target(name.expect("a name")).expect("a target has that name");
        for entry in fs::read_dir(&folder).expect("its files") {
            let bytes = fs::read(entry.expect("an entry").path()).expect("a file");
            (target.run)(&bytes);
            files += 1;
        }
    }
    assert!(files >= 5, "only {files} regressions are there");
}

#[test]
fn small_changes_make_nothing_panic() {
    for (index, target) in (1..).zip(TARGETS) {
        let seeds = (target.seeds)();
        let mut chance = Chance::new(20_260_821 * index);
        for _ in 0..400 {
            let mut bytes = seeds[chance.below(seeds.len())].clone();
            for _ in 0..=chance.below(6) {
                let other = &seeds[chance.below(seeds.len())];
                change(&mut bytes, other, &mut chance);
            }
            (target.run)(&bytes);
        }
    }
}
