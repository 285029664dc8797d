//! Measures the promises about speed, each beside the limit it is held against, in one run.

mod crypto;
mod house;
mod load;
mod messages;
mod pgbench;
mod report;
mod rows;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

use load::LoadArguments;
use rows::Server;

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
    All(AllArguments),
    /// Fires the requests of a file; the measurements start it as a process of its own.
    Load(LoadArguments),
}

#[derive(clap::Args)]
struct AllArguments {
    /// How long each measurement runs.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// A superuser's URL of a PostgreSQL with fsync on; databases are made on it.
    #[arg(long)]
    postgres: String,
    /// The folder of that PostgreSQL's programs.
    #[arg(long)]
    postgres_bin: PathBuf,
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().what {
        What::Load(arguments) => {
            say(&serde_json::to_string(&load::run(arguments).await?)?);
        }
        What::All(arguments) => all(&arguments).await?,
    }
    Ok(())
}

async fn all(arguments: &AllArguments) -> Result<()> {
    let seconds = arguments.seconds;
    say("measuring, one thing after the other:");
    say("  signing and verifying …");
    let mut lines = vec![crypto::signing(seconds)?, crypto::verifying(seconds)?];
    let sqlite = rows::run("SQLite", None, seconds).await?;
    lines.push(sqlite.notices_beside_verifying());
    let server = Server {
        url: &arguments.postgres,
        bin: &arguments.postgres_bin,
    };
    let database = pgbench::new_database(&server, "tongbao_bench").await?;
    let postgres = rows::run("PostgreSQL", Some(&database), seconds).await?;
    lines.push(postgres.notices_beside_pgbench(&server, seconds).await?);
    lines.extend(sqlite.creates()?);
    lines.extend(postgres.creates()?);
    say("");
    say(report::HEAD);
    for line in &lines {
        say(&line.row());
    }
    let held = lines.iter().filter(|line| line.holds()).count();
    say("");
    say(&format!(
        "{held} passed, {} failed",
        lines.len().saturating_sub(held)
    ));
    anyhow::ensure!(held == lines.len(), "not every promise held");
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
