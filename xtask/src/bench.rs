//! The promises about speed: our programs and their limits measured in one run.

use anyhow::{Context as _, Result};

use crate::command::Tool;
use crate::context::Context;
use crate::plan::{Tally, say};

/// The step: builds the measuring program and hands it the server to measure against.
pub(crate) fn run(context: &mut Context) -> Result<Tally> {
    Tool::cargo()
        .args([
            "build",
            "--locked",
            "--release",
            "--package",
            "tongbao-bench",
        ])
        .in_folder(&context.root)
        .run(&context.log("bench-build"))?;
    let postgres = context
        .postgres
        .as_ref()
        .context("the server is not running")?;
    let text = Tool::new(context.target.join("release/tongbao-bench"))
        .args([
            "--seconds",
            &context.options.seconds.to_string(),
            "--postgres",
            &postgres.url(),
        ])
        .arg("--postgres-bin")
        .arg(postgres.bin())
        .run(&context.log("bench"))?;
    for line in text.lines() {
        say(line);
    }
    Ok(Tally::held())
}
