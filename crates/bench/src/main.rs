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
use clap::{Parser, Subcommand, ValueEnum};

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
    postgres: Option<String>,
    /// The folder of that PostgreSQL's programs.
    #[arg(long)]
    postgres_bin: Option<PathBuf>,
    /// Measures these parts only, for somebody who works on one of them.
    #[arg(long, value_delimiter = ',', default_value = "crypto,sqlite,postgres")]
    only: Vec<Part>,
}

/// A part of the measurements.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Part {
    /// Signing and verifying, without a server.
    Crypto,
    /// The servers on SQLite.
    Sqlite,
    /// The servers on PostgreSQL, and pgbench.
    Postgres,
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
    let mut lines = Vec::new();
    let mut creates = Vec::new();
    if arguments.only.contains(&Part::Crypto) {
        say("  signing and verifying …");
        lines.extend([crypto::signing(seconds)?, crypto::verifying(seconds)?]);
    }
    if arguments.only.contains(&Part::Sqlite) {
        let sqlite = rows::run("SQLite", None, seconds).await?;
        lines.push(sqlite.notices_beside_verifying());
        creates.extend(sqlite.creates()?);
    }
    if arguments.only.contains(&Part::Postgres) {
        let (Some(url), Some(bin)) = (&arguments.postgres, &arguments.postgres_bin) else {
            anyhow::bail!("--postgres and --postgres-bin say which PostgreSQL to measure");
        };
        let server = Server { url, bin };
        let database = pgbench::new_database(&server, "tongbao_bench").await?;
        let postgres = rows::run("PostgreSQL", Some(&database), seconds).await?;
        lines.push(postgres.notices_beside_pgbench(&server, seconds).await?);
        creates.extend(postgres.creates()?);
    }
    lines.extend(creates);
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
