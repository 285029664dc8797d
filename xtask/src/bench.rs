//! The promises about speed: our programs and their limits measured in one run.

use anyhow::{Context as _, Result};

use crate::command::{Tool, tail};
use crate::context::Context;
use crate::plan::{Tally, say};
use crate::sdks;

const SHOWN_LINES: usize = 40;

/// The step: builds the measuring program and hands it the server to measure against.
pub(crate) fn run(context: &Context) -> Result<Tally> {
    let sdks = sdks::install_for_speed(context)?;
    crate::cargo::build(context, &["tongbao", "tongbao-bench"])?;
    let postgres = context
        .postgres
        .get()
        .context("the server is not running")?;
    let (ok, text) = Tool::new(context.target.join("release").join("tongbao-bench"))
        .args(["all", "--seconds", &context.options.seconds.to_string()])
        .args(["--postgres", &postgres.url(), "--postgres-bin"])
        .arg(postgres.bin())
        .arg("--tongbao")
        .arg(context.binary())
        .arg("--sdk-scripts")
        .arg(context.root.join("tests/sdk"))
        .arg("--sdk-venvs")
        .arg(&sdks.venvs)
        .arg("--sdk-node")
        .arg(&sdks.node)
        .run_to_end(&context.log("bench"))?;
    for line in text.lines().filter(|line| line.starts_with('|')) {
        say(line);
    }
    let counts = text.lines().find_map(closing_line);
    let Some((passed, failed)) = counts else {
        let tally = Tally {
            failed: 1,
            ..Tally::default()
        };
        return Ok(tally.note(tail(&text, SHOWN_LINES)));
    };
    let failed = if ok { failed } else { failed.max(1) };
    Ok(Tally {
        passed,
        failed,
        notes: Vec::new(),
    })
}

/// Reads `7 passed, 1 failed`.
fn closing_line(line: &str) -> Option<(u64, u64)> {
    let (passed, failed) = line.strip_suffix(" failed")?.split_once(" passed, ")?;
    Some((passed.parse().ok()?, failed.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_is_read() {
        assert_eq!(closing_line("7 passed, 1 failed"), Some((7, 1)));
        assert_eq!(closing_line("| a | b |"), None);
    }
}
