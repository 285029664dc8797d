//! Measures the promises about speed, each beside the limit it is held against, in one run.

mod crypto;
mod house;
mod load;
mod messages;
mod pgbench;
mod report;
mod rows;
mod sandbox;
mod sdks;
mod starts;
mod worlds;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand, ValueEnum};
use mimalloc::MiMalloc;

use load::LoadArguments;
use report::Line;
use rows::Server;
use sdks::SdkArguments;
use starts::Bound;

/// The allocator of the `tongbao` binary: what is measured is what runs.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

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
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "crypto,sdks,sqlite,postgres,sandbox,starts,worlds"
    )]
    only: Vec<Part>,
    /// The command, for what is measured of it from outside.
    #[arg(long)]
    tongbao: Option<PathBuf>,
    #[command(flatten)]
    sdks: SdkArguments,
}

/// A part of the measurements.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Part {
    /// Signing and verifying, without a server.
    Crypto,
    /// Links per second beside the SDKs of others.
    Sdks,
    /// The sandbox as a gateway.
    Sandbox,
    /// Starts of the command, and its memory.
    Starts,
    /// Many worlds in one sandbox.
    Worlds,
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
    if arguments.only.contains(&Part::Sdks) {
        lines.extend(sdks::rows(&arguments.sdks, seconds)?);
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
    if arguments.only.contains(&Part::Sandbox) {
        lines.extend(sandbox::rows(command(arguments)?, seconds).await?);
    }
    let mut bounds = Vec::new();
    if arguments.only.contains(&Part::Starts) {
        bounds = starts::rows(command(arguments)?)?;
    }
    if arguments.only.contains(&Part::Worlds) {
        bounds.extend(worlds::rows(command(arguments)?)?);
    }
    tell(&lines, &bounds)
}

fn command(arguments: &AllArguments) -> Result<&Path> {
    let tongbao = arguments.tongbao.as_deref();
    tongbao.context("--tongbao says which build of the command to measure")
}

/// Prints the tables, and fails when a promise does not hold.
fn tell(lines: &[Line], bounds: &[Bound]) -> Result<()> {
    if !lines.is_empty() {
        say("");
        say(report::HEAD);
        for line in lines {
            say(&line.row());
        }
    }
    if !bounds.is_empty() {
        say("");
        say(starts::HEAD);
        for bound in bounds {
            say(&bound.row());
        }
    }
    let promises = || lines.iter().filter(|line| line.is_promise());
    let held = promises().filter(|line| line.holds()).count()
        + bounds.iter().filter(|bound| bound.holds()).count();
    let all = promises().count() + bounds.len();
    say("");
    say(&format!(
        "{held} passed, {} failed",
        all.saturating_sub(held)
    ));
    anyhow::ensure!(held == all, "not every promise held");
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
