//! Fuzzes without a nightly compiler: changes the targets' own messages at random and looks whether
//! one of them panics. The same seed and count try the same messages.
//!
//! `cargo run -p tongbao-alipay --all-features --example fuzz -- --target form --seconds 60 --seed 7`
//!
//! With `--write-seeds FOLDER` it writes the messages it begins with, for cargo-fuzz.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a program whose output is its result"
)]

#[path = "../tests/mutator/change.rs"]
mod change;
#[path = "../tests/targets/mod.rs"]
mod targets;

use change::{Chance, change};
use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
    panic,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};
use targets::{TARGETS, Target, target};

fn main() -> ExitCode {
    let arguments = std::env::args().skip(1).collect::<Vec<_>>();
    let after = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(at + 1)
    };
    if let Some(folder) = after("--write-seeds") {
        write_seeds(Path::new(folder));
        return ExitCode::SUCCESS;
    }
    let number = |flag, or| after(flag).and_then(|text| text.parse().ok()).unwrap_or(or);
    let limit = Limit {
        time: Duration::from_secs(number("--seconds", 60)),
        count: number("--count", u64::MAX),
        seed: number("--seed", 1),
    };
    let chosen = match after("--target") {
        None => TARGETS.iter().collect(),
        Some(name) => target(name).into_iter().collect::<Vec<_>>(),
    };
    if chosen.is_empty() {
        eprintln!("there is no such target");
        return ExitCode::from(2);
    }
    let artifacts = after("--artifacts").map_or("fuzz/artifacts", String::as_str);
    let failed = chosen
        .into_iter()
        .filter(|target| !fuzz(target, &limit, &Path::new(artifacts).join(target.name)))
        .count();
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

struct Limit {
    time: Duration,
    count: u64,
    seed: u64,
}

/// Returns `true` when nothing panicked.
fn fuzz(target: &Target, limit: &Limit, artifacts: &Path) -> bool {
    let seeds = (target.seeds)();
    let mut chance = Chance::new(limit.seed);
    let (begin, mut tried) = (Instant::now(), 0_u64);
    while tried < limit.count && begin.elapsed() < limit.time {
        let mut bytes = seeds[chance.below(seeds.len())].clone();
        for _ in 0..=chance.below(6) {
            let other = &seeds[chance.below(seeds.len())];
            change(&mut bytes, other, &mut chance);
        }
        tried += 1;
        if panic::catch_unwind(|| (target.run)(&bytes)).is_err() {
            let file = artifacts.join(format!("crash-{:016x}", hash(&bytes)));
            fs::create_dir_all(artifacts).expect("a folder for what was found");
            fs::write(&file, &bytes).expect("what was found can be kept");
            println!(
                "{}: PANICS at try {tried} of seed {}; kept in {}",
                target.name,
                limit.seed,
                file.display()
            );
            return false;
        }
    }
    println!(
        "{}: {tried} messages in {} s (seed {}), none panics",
        target.name,
        begin.elapsed().as_secs(),
        limit.seed
    );
    true
}

fn write_seeds(folder: &Path) {
    for target in TARGETS {
        let folder = folder.join(target.name);
        fs::create_dir_all(&folder).expect("a folder for seeds");
        for (index, seed) in (target.seeds)().iter().enumerate() {
            fs::write(folder.join(format!("seed-{index}")), seed).expect("a seed can be written");
        }
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
