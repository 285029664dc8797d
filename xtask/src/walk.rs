//! The world at random: thousands of seeded days of trouble, and bugs planted to be caught.

use anyhow::Result;

use crate::command::{Tool, tail};
use crate::context::Context;
use crate::plan::Tally;

/// The step.
pub(crate) fn run(context: &mut Context) -> Result<Tally> {
    let (ok, text) = Tool::cargo()
        .args([
            "run",
            "--locked",
            "--release",
            "--quiet",
            "--package",
            "tongbao-testkit",
            "--bin",
            "walk",
        ])
        .args(["--", "--seeds", &context.options.seeds.to_string()])
        .in_folder(&context.root)
        .run_to_end(&context.log("walk"))?;
    let mut tally = Tally::default();
    for line in text.lines() {
        if line.starts_with("ok ") {
            tally.passed = tally.passed.saturating_add(1);
            tally.notes.push(line.to_owned());
        } else if line.starts_with("not ok ") {
            tally.failed = tally.failed.saturating_add(1);
            tally.notes.push(line.to_owned());
        }
    }
    if !ok || tally.passed == 0 {
        tally.failed = tally.failed.max(1);
        tally.notes.push(tail(&text, 60));
    }
    Ok(tally)
}
