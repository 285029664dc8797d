//! Fuzzing the SDK: every target for a while, under libFuzzer where there is one.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::command::{Tool, tail};
use crate::context::Context;
use crate::plan::{Tally, say};

/// The targets of `fuzz/`, each a program of its own there.
const TARGETS: [&str; 5] = ["keys", "form", "cut", "bill", "doctor"];
/// How much of a failed run a person is shown.
const SHOWN_LINES: usize = 60;
/// How long a message libFuzzer makes, in bytes: a bill has some kilobytes.
const MAX_LEN: u32 = 16_384;

/// The version of cargo-fuzz that is installed where there is none.
const CARGO_FUZZ: &str = "0.13.2";

/// Every target, under cargo-fuzz, which is installed when it is missing; under the mutator that
/// needs nothing when it cannot be.
pub(crate) fn run(context: &Context) -> Result<Tally> {
    match cargo_fuzz(context) {
        Ok(path) => with_libfuzzer(context, &path),
        Err(error) => {
            say(&format!(
                "no cargo-fuzz, and it could not be installed: {error:#}"
            ));
            say(
                "fuzzing the same targets with the seeded mutator, which does not look at coverage",
            );
            with_mutator(context)
        }
    }
}

/// The `PATH` under which `cargo fuzz` is found: ours, or ours and the chores' own folder.
fn cargo_fuzz(context: &Context) -> Result<OsString> {
    let ours = std::env::var_os("PATH").unwrap_or_default();
    let there = |path: &OsString| {
        let asked = Tool::new("cargo").args(["fuzz", "--version"]);
        asked.env("PATH", path).read().is_ok()
    };
    if there(&ours) {
        return Ok(ours);
    }
    let folder = context.out.join("tools");
    let mut folders = vec![folder.join("bin")];
    folders.extend(std::env::split_paths(&ours));
    let path = std::env::join_paths(folders)?;
    if there(&path) {
        return Ok(path);
    }
    let log = context.log("fuzz-install");
    say(&format!(
        "there is no cargo-fuzz: building version {CARGO_FUZZ} into {}, which takes a minute or two; \
         what cargo says is in {}",
        context.short(&folder),
        context.short(&log)
    ));
    Tool::new("cargo")
        .args(["install", "cargo-fuzz", "--locked", "--version", CARGO_FUZZ])
        .arg("--root")
        .arg(&folder)
        .run(&log)?;
    Ok(path)
}

fn with_libfuzzer(context: &Context, path: &OsStr) -> Result<Tally> {
    let folder = context.root.join("fuzz");
    mutator()
        .args(["--write-seeds"])
        .arg(folder.join("corpus"))
        .in_folder(&context.root)
        .run(&context.log("fuzz-seeds"))?;
    let mut tally = Tally::default();
    let seconds = context.options.seconds;
    for target in TARGETS {
        say(&format!(
            "{target}: built, then {seconds} s under libFuzzer"
        ));
        let log = context.log(&format!("fuzz-{target}"));
        let (held, text) = Tool::new("cargo")
            .env("PATH", path)
            // Without a sanitizer every compiler will do. There is no unsafe code to watch here;
            // what is looked for are panics, and what takes too long or too much.
            .args(["fuzz", "run", "--sanitizer", "none", target, "--"])
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-seed={}", seed(context)))
            .arg(format!("-max_len={MAX_LEN}"))
            .arg("-print_final_stats=1")
            .in_folder(&folder)
            .run_to_end(&log)?;
        let tried = figure(&text, "stat::number_of_executed_units:");
        tally.add(said(target, held, tried, &text));
    }
    Ok(tally.note(format!("libFuzzer, {seconds} s each")))
}

fn with_mutator(context: &Context) -> Result<Tally> {
    let mut tally = Tally::default();
    let seconds = context.options.seconds;
    let artifacts = artifacts(context);
    for target in TARGETS {
        say(&format!("{target}: {seconds} s under the mutator"));
        let (held, text) = mutator()
            .args(["--target", target, "--seconds", &seconds.to_string()])
            .args(["--seed", &context.options.seed.to_string(), "--artifacts"])
            .arg(&artifacts)
            .in_folder(&context.root)
            .run_to_end(&context.log(&format!("fuzz-{target}")))?;
        let tried = figure(&text, &format!("{target}:"));
        if held && tried.is_none() {
            bail!("the mutator says nothing:\n{}", tail(&text, SHOWN_LINES));
        }
        tally.add(said(target, held, tried, &text));
    }
    Ok(tally.note(format!(
        "the seeded mutator, {seconds} s each, seed {}",
        context.options.seed
    )))
}

/// The program that fuzzes without a nightly compiler.
fn mutator() -> Tool {
    Tool::cargo()
        .args(["run", "--locked", "--quiet", "--package", "tongbao-alipay"])
        .args(["--all-features", "--example", "fuzz", "--"])
}

fn artifacts(context: &Context) -> PathBuf {
    context.root.join("fuzz").join("artifacts")
}

/// libFuzzer takes 32 bits.
fn seed(context: &Context) -> u32 {
    u32::try_from(context.options.seed).unwrap_or(u32::MAX)
}

fn said(target: &str, held: bool, tried: Option<u64>, text: &str) -> Tally {
    let tried = tried.unwrap_or_default();
    if held {
        return Tally::held().note(format!("{target}: {tried} messages, none panics"));
    }
    Tally {
        failed: 1,
        ..Tally::default()
    }
    .note(format!("{target}: {}", tail(text, SHOWN_LINES)))
    .note(format!(
        "{target}: put what was found into crates/alipay/tests/regressions/{target}, where it \
         stays a test"
    ))
}

/// The number behind a word.
fn figure(text: &str, word: &str) -> Option<u64> {
    let (_, rest) = text.rsplit_once(word)?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_says_is_read() {
        let text = "#7\nstat::number_of_executed_units: 1234\nstat::average: 3\n";
        assert_eq!(figure(text, "stat::number_of_executed_units:"), Some(1234));
        assert_eq!(figure("form: 77 messages in 1 s", "form:"), Some(77));
        assert_eq!(figure("", "form:"), None);
    }
}
