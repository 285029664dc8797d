//! Rows of saved worlds.

use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;

/// The table itself, which is no part of a world.
pub const TABLE: &str = "sandbox_snapshots";

::store::statements! {
    /// Keeps a world.
    INSERT_SNAPSHOT = "INSERT INTO sandbox_snapshots (snapshot_id, name, at, saved_at, rows_kept, faults, world) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// All of them without what they hold, newest first.
    LIST_SNAPSHOTS = "SELECT snapshot_id, name, at, saved_at, rows_kept FROM sandbox_snapshots ORDER BY saved_at DESC, snapshot_id DESC";
    /// How many there are.
    COUNT_SNAPSHOTS = "SELECT COUNT(*) AS many FROM sandbox_snapshots";
    /// One of them, whole.
    FIND_SNAPSHOT = "SELECT snapshot_id, name, at, saved_at, rows_kept, faults, world FROM sandbox_snapshots WHERE snapshot_id = $1";
    /// Forgets one.
    DELETE_SNAPSHOT = "DELETE FROM sandbox_snapshots WHERE snapshot_id = $1";
}

/// A saved world without what it holds.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Its number.
    pub snapshot_id: String,
    /// What its maker calls it.
    pub name: String,
    /// What the business clock showed.
    pub at: Timestamp,
    /// What the wall clock showed.
    pub saved_at: Timestamp,
    /// How many rows it has.
    pub rows: i64,
}

/// What a saved world holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// The fault dial, JSON.
    pub faults: String,
    /// All rows, as [`Whole`](::store::Whole) writes them.
    pub world: String,
}

fn read(row: &Row) -> Result<Snapshot, StoreError> {
    Ok(Snapshot {
        snapshot_id: row.text("snapshot_id")?.to_owned(),
        name: row.text("name")?.to_owned(),
        at: row.time("at")?,
        saved_at: row.time("saved_at")?,
        rows: row.int("rows_kept")?,
    })
}

/// Keeps a world.
///
/// # Errors
/// What the engine said.
pub async fn insert(tx: &mut Tx<'_>, snapshot: &Snapshot, held: &Held) -> Result<(), StoreError> {
    let values = params![
        &snapshot.snapshot_id,
        &snapshot.name,
        snapshot.at,
        snapshot.saved_at,
        snapshot.rows,
        &held.faults,
        &held.world,
    ];
    tx.execute_one(&INSERT_SNAPSHOT, &values).await
}

/// All of them, newest first.
///
/// # Errors
/// What the engine said.
pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<Snapshot>, StoreError> {
    let rows = tx.query(&LIST_SNAPSHOTS, &[]).await?;
    rows.iter().map(read).collect()
}

/// How many there are.
///
/// # Errors
/// What the engine said.
pub async fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.query_one(&COUNT_SNAPSHOTS, &[]).await?.int("many")
}

/// One of them with what it holds.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<(Snapshot, Held)>, StoreError> {
    let Some(row) = tx.query_opt(&FIND_SNAPSHOT, &params![id]).await? else {
        return Ok(None);
    };
    let held = Held {
        faults: row.text("faults")?.to_owned(),
        world: row.text("world")?.to_owned(),
    };
    Ok(Some((read(&row)?, held)))
}

/// Forgets one; `false` when there is none.
///
/// # Errors
/// What the engine said.
pub async fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(&DELETE_SNAPSHOT, &params![id]).await? > 0)
}
