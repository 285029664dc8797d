//! The limit of notices on PostgreSQL: pgbench running what a notice runs, on the same server.
//!
//! The script is the statements of one notice that pays an order, in their order, as the service
//! sends them; what the service makes itself (ids, numbers) pgbench draws.

use anyhow::{Context as _, Result};
use tokio::process::Command;

use crate::rows::Server;

const SCRIPT: &str = include_str!("../sql/notice.sql");
const CLIENTS: usize = 32;
const THREADS: &str = "2";
/// The size of a frozen event, and of a notice's raw form.
const EVENT_BYTES: usize = 520;
const NOTICE_BYTES: usize = 1_000;

/// Notices per second by pgbench, on the tables and the open orders that the service made in
/// `database`. Every order is paid once.
pub(crate) async fn notices(server: &Server<'_>, database: &str, orders: usize) -> Result<u64> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), SCRIPT)?;
    let each = (orders / CLIENTS).max(1).to_string();
    let clients = CLIENTS.to_string();
    let text = output(
        Command::new(server.bin.join("pgbench"))
            .args([
                "-n", "-M", "prepared", "-c", &clients, "-j", THREADS, "-t", &each,
            ])
            .args(["-D", "turn=-1", "-D", &format!("clients={CLIENTS}")])
            .args(["-D", &format!("payload={}", "x".repeat(EVENT_BYTES))])
            .args(["-D", &format!("raw=\\x{}", "6e".repeat(NOTICE_BYTES)), "-f"])
            .arg(file.path())
            .arg(database)
            // The service's tables are in a schema of their own.
            .env("PGOPTIONS", "-c search_path=merchant"),
    )
    .await?;
    // `tps = 8123.456789 (without initial connection time)`
    let line = text
        .lines()
        .find(|line| line.starts_with("tps = "))
        .context("pgbench told no rate")?;
    let number = line
        .trim_start_matches("tps = ")
        .split('.')
        .next()
        .unwrap_or_default();
    number
        .parse()
        .with_context(|| format!("an odd rate: {line}"))
}

/// Makes an empty database and says where it is.
pub(crate) async fn new_database(server: &Server<'_>, name: &str) -> Result<String> {
    for sql in [
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        format!("CREATE DATABASE {name}"),
    ] {
        output(
            Command::new(server.bin.join("psql"))
                .arg(server.url)
                .args(["-Xqc", &sql]),
        )
        .await?;
    }
    let (origin, _) = server
        .url
        .rsplit_once('/')
        .context("the server's URL names no database")?;
    Ok(format!("{origin}/{name}"))
}

async fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .await
        .context("cannot run a program of PostgreSQL's")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    anyhow::ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(text)
}
