//! Runs a script of checks and counts what it says.

use anyhow::Result;

use crate::command::{Tool, tail};
use crate::context::Context;
use crate::plan::Tally;

/// Runs a script that prints `ok …` or `not ok …` for each check, and `note …` for the report.
pub(crate) fn checked(context: &Context, name: &str, head: &str, tool: Tool) -> Result<Tally> {
    let log = context.log(name);
    // Nothing on this machine may stand between a client and a loopback address.
    let (ok, text) = tool
        .env("NO_PROXY", "*")
        .env("no_proxy", "*")
        .run_to_end(&log)?;
    let held = text.lines().filter(|line| line.starts_with("ok ")).count();
    let mut tally = Tally {
        passed: u64::try_from(held)?,
        ..Tally::default()
    };
    let mut failed: Vec<String> = text
        .lines()
        .filter(|line| line.starts_with("not ok "))
        .map(str::to_owned)
        .collect();
    if failed.is_empty() && (!ok || held == 0) {
        failed.push(format!("the script broke:\n{}", tail(&text, 40)));
    }
    tally.failed = u64::try_from(failed.len())?;
    tally.notes.push(format!(
        "{head}: {held} checks held, {} did not",
        failed.len()
    ));
    let notes = text.lines().filter_map(|line| line.strip_prefix("note "));
    tally.notes.extend(notes.map(|note| format!("    {note}")));
    tally.notes.append(&mut failed);
    Ok(tally)
}
