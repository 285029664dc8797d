//! Bringing a schema up to date, step by step, with refinery.
//!
//! Each room numbers its steps within a block of its own and each block keeps its own history, so
//! that a lower room can grow a step after a higher one was applied.

use crate::{Step, StoreError};
use refinery::{Migration, Runner};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use tokio_postgres::NoTls;

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// The steps of the store itself: 1 to 99.
const OWN: &[Step] = &[
    Step::common(
        1,
        "idempotency",
        include_str!("../migrations/common/0001_idempotency.sql"),
    ),
    Step::common(
        2,
        "jobs",
        include_str!("../migrations/common/0002_jobs.sql"),
    ),
    Step {
        version: 3,
        name: "outbox",
        sqlite: include_str!("../migrations/sqlite/0003_outbox.sql"),
        postgres: include_str!("../migrations/postgres/0003_outbox.sql"),
    },
];

/// An engine's text of a step.
pub(crate) type Text = fn(&Step) -> Cow<'static, str>;

/// The text for SQLite: what stands in `/*sqlite …*/`, a comment to everybody else, is read.
pub(crate) fn sqlite_text(step: &Step) -> Cow<'static, str> {
    if !step.sqlite.contains(ONLY_SQLITE) {
        return Cow::Borrowed(step.sqlite);
    }
    let mut parts = step.sqlite.split(ONLY_SQLITE);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (words, rest) = part.split_once("*/").unwrap_or((part, ""));
        text.push_str(words);
        text.push_str(rest);
    }
    Cow::Owned(text)
}

/// The text for PostgreSQL.
pub(crate) fn postgres_text(step: &Step) -> Cow<'static, str> {
    Cow::Borrowed(step.postgres)
}

/// Begins words of a common text that are for SQLite alone, such as `WITHOUT ROWID`.
const ONLY_SQLITE: &str = "/*sqlite ";

/// Runs what is missing, each block in one transaction.
pub(crate) fn sqlite(
    connection: &mut rusqlite::Connection,
    steps: &[Step],
) -> Result<(), StoreError> {
    for runner in runners(steps, sqlite_text)? {
        runner.run(connection).map_err(explained)?;
    }
    Ok(())
}

/// Runs what is missing, each block in one transaction, while no other process does.
pub(crate) async fn postgres(
    config: &tokio_postgres::Config,
    schema: &str,
    name: &str,
    steps: &[Step],
) -> Result<(), StoreError> {
    let runners = runners(steps, postgres_text)?;
    let opened = config.connect(NoTls).await;
    let (mut client, connection) = opened.map_err(|error| StoreError::Open {
        what: name.to_owned(),
        source: Box::new(error),
    })?;
    let link = tokio::spawn(connection);
    let broken = |error| StoreError::Migrate(Box::new(error));
    // Held by this connection until it ends, so that processes that start at once take turns.
    client
        .execute(
            "SELECT pg_advisory_lock(hashtext('tongbao migrations'), hashtext($1))",
            &[&schema],
        )
        .await
        .map_err(broken)?;
    // IF NOT EXISTS would still ask for the right to create schemas.
    let exists = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    let exists = client.query_opt(exists, &[&schema]).await.map_err(broken)?;
    if exists.is_none() {
        let create = format!("CREATE SCHEMA {schema}");
        client.batch_execute(&create).await.map_err(broken)?;
    }
    for runner in runners {
        runner.run_async(&mut client).await.map_err(explained)?;
    }
    drop(client);
    // It ends by itself once its client is gone; until then the lock may be held.
    let _ = link.await;
    Ok(())
}

/// Removes a schema and everything in it.
pub(crate) async fn erase(
    config: &tokio_postgres::Config,
    schema: &str,
    name: &str,
) -> Result<(), StoreError> {
    let broken = |error: tokio_postgres::Error| StoreError::Open {
        what: name.to_owned(),
        source: Box::new(error),
    };
    let (client, connection) = config.connect(NoTls).await.map_err(broken)?;
    let link = tokio::spawn(connection);
    // The name was held against a list of plain letters: it needs no quoting.
    let drop = format!("DROP SCHEMA IF EXISTS {schema} CASCADE");
    client.batch_execute(&drop).await.map_err(broken)?;
    std::mem::drop(client);
    let _ = link.await;
    Ok(())
}

fn runners(steps: &[Step], text: Text) -> Result<Vec<Runner>, StoreError> {
    let blocks = blocks(steps, text)?;
    let mut runners = Vec::with_capacity(blocks.len());
    for (history, migrations) in blocks {
        let mut runner = Runner::new(&migrations)
            .set_grouped(true)
            .set_abort_divergent(true)
            .set_abort_missing(true);
        runner.set_migration_table_name(history);
        runners.push(runner);
    }
    Ok(runners)
}

/// The steps of each block, and the name of the table with its history.
pub(crate) fn blocks(
    steps: &[Step],
    text: Text,
) -> Result<Vec<(String, Vec<Migration>)>, StoreError> {
    let mut blocks: BTreeMap<i32, Vec<Migration>> = BTreeMap::new();
    for step in OWN.iter().chain(steps) {
        let name = format!("V{}__{}", step.version, step.name);
        let migration = Migration::unapplied(&name, &text(step)).map_err(explained)?;
        blocks
            .entry(block(step.version))
            .or_default()
            .push(migration);
    }
    let blocks = blocks.into_iter();
    Ok(blocks
        .map(|(block, migrations)| (format!("schema_history_{block}"), migrations))
        .collect())
}

/// Below 1000 each hundred is a room, above each thousand.
fn block(version: i32) -> i32 {
    let size = if version < 1000 { 100 } else { 1000 };
    version / size * size
}

fn explained(error: refinery::Error) -> StoreError {
    use refinery::error::Kind;
    let words = match error.kind() {
        Kind::DivergentVersion(applied, _) => format!(
            "step {} `{}` was changed after it had run on this database: another build made it; use that build, or start over with an empty database",
            applied.version(),
            applied.name()
        ),
        Kind::MissingVersion(step) => format!(
            "step {} `{}` ran here and is unknown to this program, or is older than what ran; use the newer program",
            step.version(),
            step.name()
        ),
        Kind::RepeatedVersion(step) => {
            format!("two steps have the number {}", step.version())
        }
        _ => return StoreError::Migrate(Box::new(error)),
    };
    StoreError::Migrate(BoxError::from(words))
}
