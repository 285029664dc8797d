//! Measures the promises about speed, each beside the limit it is held against, in one run.

mod crypto;
mod load;
mod messages;
mod report;

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
    /// All measurements, printed as a table.
    All {
        /// How long each measurement runs.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// Fires the requests of a file; the measurements start it as a process of its own.
    Load(LoadArguments),
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().what {
        What::Load(arguments) => {
            say(&serde_json::to_string(&load::run(arguments).await?)?);
        }
        What::All { seconds } => {
            say(report::HEAD);
            say(&crypto::signing(seconds)?.row());
            say(&crypto::verifying(seconds)?.row());
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
