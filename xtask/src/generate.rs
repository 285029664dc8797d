//! The reference pages: written by the command itself, so that they cannot drift from it.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::command::Tool;
use crate::context::Context;
use crate::plan::Tally;

/// Each page, and the hidden subcommand's word for it.
const PAGES: &[(&str, &str)] = &[
    ("docs/reference/command.md", "command"),
    ("docs/reference/order-states.md", "order-states"),
    ("docs/reference/gateway-codes.md", "gateway-codes"),
    ("docs/reference/merchant-openapi.json", "merchant-openapi"),
    ("docs/reference/sandbox-openapi.json", "sandbox-openapi"),
];

/// The step: writes the pages, or compares them.
pub(crate) fn run(context: &mut Context) -> Result<Tally> {
    let mut tally = Tally::default();
    for (path, word) in PAGES {
        let text = page(context, word).with_context(|| format!("cannot generate {path}"))?;
        let file: PathBuf = context.root.join(path);
        let old = std::fs::read_to_string(&file).unwrap_or_default();
        if old == text {
            tally.passed = tally.passed.saturating_add(1);
        } else if context.options.write_reference {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&file, text)?;
            tally.passed = tally.passed.saturating_add(1);
            tally.notes.push(format!("wrote {path}"));
        } else {
            tally.failed = tally.failed.saturating_add(1);
            tally
                .notes
                .push(format!("{path} is out of date: run `cargo xtask generate`"));
        }
    }
    Ok(tally)
}

/// Asks the release build when there is one, and builds it otherwise.
fn page(context: &Context, word: &str) -> Result<String> {
    if !context.binary().is_file() {
        Tool::cargo()
            .args(["build", "--locked", "--release"])
            .in_folder(&context.root)
            .run(&context.log("build"))?;
    }
    Tool::new(context.binary()).args(["reference", word]).read()
}
