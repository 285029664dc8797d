//! Measures the promises about speed, each beside the limit it is held against, in one run.

mod load;

use anyhow::Result;
use clap::{Parser, Subcommand};

use load::LoadArguments;

/// Measures Tongbao.
#[derive(Parser)]
#[command(name = "tongbao-bench", version)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Fires the requests of a file; the measurements start it as a process of its own.
    Load(LoadArguments),
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().what {
        What::Load(arguments) => {
            say(&serde_json::to_string(&load::run(arguments).await?)?);
        }
    }
    Ok(())
}

/// Prints a line.
#[expect(
    clippy::print_stdout,
    reason = "the one place where measurements speak"
)]
fn say(line: &str) {
    println!("{line}");
}
