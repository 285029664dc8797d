//! Follow-up work as rows, written in the transaction that asks for it.

use crate::{StoreError, Tx};
use kernel::Timestamp;

kernel::define_id! {
    /// One piece of follow-up work.
    JobId, "job";
}

/// Work to be done later, at least once. Doing it twice must be harmless.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its row.
    pub job_id: JobId,
    /// What is to be done, `snake_case`: the worker dispatches on it.
    pub kind: &'static str,
    /// For which thing. A job of the same kind and key that is still waiting is not added again.
    pub key: String,
    /// What else the handler needs, JSON.
    pub payload: String,
    /// Not before this.
    pub due_at: Timestamp,
}

/// A job that this worker holds until its lease runs out.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its row.
    pub job_id: JobId,
    /// What is to be done.
    pub kind: String,
    /// For which thing.
    pub key: String,
    /// What else the handler needs, JSON.
    pub payload: String,
    /// When it was due.
    pub due_at: Timestamp,
    /// How many times it was tried before: 0 on the first.
    pub attempts: i64,
}

/// What became of a request to schedule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheduled {
    /// It was added.
    Created,
    /// One of this kind and key is waiting already; it stays as it is.
    Exists,
}

/// Adds a job to the transaction, unless one of its kind and key is waiting.
///
/// # Errors
/// What the engine said.
#[expect(clippy::unused_async, reason = "skeleton")]
pub async fn schedule(tx: &mut Tx<'_>, job: &NewJob) -> Result<Scheduled, StoreError> {
    let _ = (tx, job);
    Err(StoreError::Closed)
}

/// Moves a waiting job of that kind and key to another instant; nothing happens when none waits.
///
/// # Errors
/// What the engine said.
#[expect(clippy::unused_async, reason = "skeleton")]
pub async fn reschedule(
    tx: &mut Tx<'_>,
    kind: &'static str,
    key: &str,
    due_at: Timestamp,
) -> Result<bool, StoreError> {
    let _ = (tx, kind, key, due_at);
    Err(StoreError::Closed)
}

/// Drops a waiting job of that kind and key, when it is no longer wanted.
///
/// # Errors
/// What the engine said.
#[expect(clippy::unused_async, reason = "skeleton")]
pub async fn cancel(tx: &mut Tx<'_>, kind: &'static str, key: &str) -> Result<bool, StoreError> {
    let _ = (tx, kind, key);
    Err(StoreError::Closed)
}
