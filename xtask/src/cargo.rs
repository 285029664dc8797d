//! The steps that are cargo's: format, lints, tests, documentation, the release build.

use anyhow::{Result, bail};

use crate::command::tail;
use crate::context::Context;
use crate::plan::Tally;

/// How many lines of a failed test run are shown.
const SHOWN_LINES: usize = 300;

/// Every file is formatted.
pub(crate) fn format(context: &Context) -> Result<Tally> {
    context
        .cargo()
        .args(["fmt", "--all", "--check"])
        .in_folder(&context.root)
        .run(&context.log("format"))?;
    Ok(Tally::held())
}

/// No lint speaks up, in tests and examples neither.
pub(crate) fn clippy(context: &Context) -> Result<Tally> {
    context
        .cargo()
        .args([
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
        .in_folder(&context.root)
        .run(&context.log("clippy"))?;
    Ok(Tally::held())
}

/// Every test, with both engines there.
pub(crate) fn tests(context: &Context) -> Result<Tally> {
    let Some(postgres) = context.postgres.get() else {
        bail!("the test server is not running")
    };
    let (ok, text) = context
        .cargo()
        .args(["test", "--locked", "--workspace", "--no-fail-fast"])
        .env("TONGBAO_TEST_POSTGRES", postgres.url())
        .env("RUST_TEST_THREADS", test_threads().to_string())
        .in_folder(&context.root)
        .run_to_end(&context.log("tests"))?;
    let run = TestRun::read(&text);
    let mut tally = run.tally();
    if !ok || run.failed > 0 {
        tally.notes.push(tail(&text, SHOWN_LINES));
        tally.failed = tally.failed.max(1);
    }
    let (sqlite, postgres) = (run.sqlite, run.postgres);
    tally.notes.push(format!(
        "tests per engine: SQLite {sqlite}, PostgreSQL {postgres}"
    ));
    if sqlite == postgres && sqlite > 0 {
        tally.passed = tally.passed.saturating_add(1);
    } else {
        tally
            .notes
            .push("the two numbers must be equal, and not nothing".to_owned());
        tally.failed = tally.failed.saturating_add(1);
    }
    Ok(tally)
}

/// Half as many again as there are cores: a test that waits for the server leaves its core to others.
fn test_threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    cores.saturating_add(cores.div_ceil(2))
}

/// The tests that need no server: those not stamped for PostgreSQL.
pub(crate) fn quick_tests(context: &Context) -> Result<Tally> {
    let (ok, text) = context
        .cargo()
        .args([
            "test",
            "--locked",
            "--workspace",
            "--lib",
            "--bins",
            "--no-fail-fast",
        ])
        .args(["--", "--skip", "::postgres"])
        .in_folder(&context.root)
        .run_to_end(&context.log("unit"))?;
    let mut tally = TestRun::read(&text).tally();
    if !ok {
        tally.notes.push(tail(&text, SHOWN_LINES));
        tally.failed = tally.failed.max(1);
    }
    Ok(tally)
}

/// The documentation, where a warning is a broken link.
pub(crate) fn doc(context: &Context) -> Result<Tally> {
    context
        .cargo()
        .args(["doc", "--locked", "--workspace", "--no-deps", "--quiet"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .in_folder(&context.root)
        .run(&context.log("doc"))?;
    Ok(Tally::held())
}

/// The command and the walk, or the command that was named.
pub(crate) fn release(context: &Context) -> Result<Tally> {
    let bins: &[&str] = match &context.options.binary {
        None => &["tongbao", "walk", "reference"],
        Some(_) => &["walk"],
    };
    build(context, bins)?;
    let bytes = std::fs::metadata(context.binary())?.len();
    let note = format!(
        "{} has {} MB",
        context.binary().display(),
        bytes / 1_000_000
    );
    Ok(Tally::held().note(note))
}

/// Programs of the release build. Always for the same packages: with others, features of other
/// crates would be switched on and off, and most of the workspace would be compiled again.
pub(crate) fn build(context: &Context, bins: &[&str]) -> Result<()> {
    let mut build = context.cargo().args(["build", "--locked", "--release"]);
    for package in ["tongbao", "tongbao-testkit", "tongbao-bench"] {
        build = build.args(["--package", package]);
    }
    for bin in bins {
        build = build.args(["--bin", *bin]);
    }
    build
        .in_folder(&context.root)
        .run(&context.log("build"))
        .map(drop)
}

/// What the test programs said, line by line.
#[derive(Debug, Default, Eq, PartialEq)]
struct TestRun {
    passed: u64,
    failed: u64,
    ignored: u64,
    sqlite: u64,
    postgres: u64,
}

impl TestRun {
    /// Reads the lines `test a::b::sqlite ... ok`.
    fn read(text: &str) -> Self {
        let mut run = Self::default();
        for line in text.lines() {
            let Some((name, result)) = line
                .strip_prefix("test ")
                .and_then(|rest| rest.rsplit_once(" ... "))
            else {
                continue;
            };
            let counter = match result.split(',').next().unwrap_or_default().trim() {
                "ok" => &mut run.passed,
                "ignored" => &mut run.ignored,
                _ => &mut run.failed,
            };
            *counter = counter.saturating_add(1);
            let name = name.split(" - ").next().unwrap_or_default();
            // The last part is the engine; one before it may be a module of the same name.
            let engine = name.rsplit("::").next().unwrap_or_default();
            if engine == "sqlite" {
                run.sqlite = run.sqlite.saturating_add(1);
            } else if engine == "postgres" {
                run.postgres = run.postgres.saturating_add(1);
            }
        }
        run
    }

    /// Nothing may be ignored: an ignored test is a failed promise.
    fn tally(&self) -> Tally {
        let failed = self.failed.saturating_add(self.ignored);
        let tally = Tally {
            passed: self.passed,
            failed,
            notes: Vec::new(),
        };
        if self.ignored == 0 {
            tally
        } else {
            tally.note(format!("{} tests are ignored", self.ignored))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_run_is_counted_per_engine() {
        let run = TestRun::read(
            "running 4 tests\ntest store::write::sqlite ... ok\ntest store::write::postgres ... FAILED\n\
             test fen::adds ... ok\ntest slow ... ignored, needs a week\n\ntest result: FAILED. 2 passed",
        );
        assert_eq!(
            run,
            TestRun {
                passed: 2,
                failed: 1,
                ignored: 1,
                sqlite: 1,
                postgres: 1
            }
        );
    }
}
