//! Follow-up work as rows, written in the transaction that asks for it.
//!
//! A job is `waiting` until it is due and claimed, then `running` under a lease; it goes away when
//! it is finished, waits again when it is retried, and stays as `failed` when it can never succeed.
//! A lease that ran out is claimed again: the worker may be gone, or slow, so a job is done at
//! least once, never surely once.

use crate::{Db, Row, Script, StoreError, Tx, Value, params, statements};
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

/// How many jobs there are in each state.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Not claimed yet, due or not.
    pub waiting: i64,
    /// Claimed, the lease perhaps run out.
    pub running: i64,
    /// Given up, kept for somebody to look at.
    pub failed: i64,
}

statements! {
    /// Adds a job unless its twin is waiting; a running twin is no obstacle.
    ADD = "INSERT INTO jobs (job_id, kind, key, payload, due_at, attempts, state) \
        VALUES ($1, $2, $3, $4, $5, 0, 'waiting') ON CONFLICT (kind, key) \
        WHERE state = 'waiting' DO NOTHING";
    /// Adds a job whose key is new.
    ADD_NEW = "INSERT INTO jobs (job_id, kind, key, payload, due_at, attempts, state) \
        VALUES ($1, $2, $3, $4, $5, 0, 'waiting')";
    /// Moves a waiting job.
    MOVE = "UPDATE jobs SET due_at = $3 WHERE kind = $1 AND key = $2 AND state = 'waiting'";
    /// Drops a waiting job.
    CANCEL = "DELETE FROM jobs WHERE kind = $1 AND key = $2 AND state = 'waiting'";
    /// Takes jobs whose lease has run out. On PostgreSQL the rows are picked and locked once, in a
    /// table of their own: a bare `IN (… LIMIT …)` may be evaluated again and take more.
    CLAIM_EXPIRED = "UPDATE jobs SET owner = $2, leased_until = $3, attempts = attempts + 1 \
        WHERE job_id IN (SELECT job_id FROM jobs \
        WHERE state = 'running' AND leased_until <= $1 ORDER BY leased_until, job_id \
        LIMIT $4) RETURNING job_id, kind, key, payload, due_at, attempts - 1 AS attempts",
        only_pg "WITH picked AS MATERIALIZED (SELECT job_id FROM jobs \
            WHERE state = 'running' AND leased_until <= $1 ORDER BY leased_until, job_id \
            LIMIT $4 FOR UPDATE SKIP LOCKED) UPDATE jobs \
            SET owner = $2, leased_until = $3, attempts = attempts + 1 FROM picked \
            WHERE jobs.job_id = picked.job_id \
            RETURNING jobs.job_id, kind, key, payload, due_at, attempts - 1 AS attempts";
    /// Takes jobs that are due, the longest due first.
    CLAIM_DUE = "UPDATE jobs SET state = 'running', owner = $2, leased_until = $3, \
        attempts = attempts + 1 WHERE job_id IN (SELECT job_id FROM jobs \
        WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, job_id LIMIT $4) \
        RETURNING job_id, kind, key, payload, due_at, attempts - 1 AS attempts",
        only_pg "WITH picked AS MATERIALIZED (SELECT job_id FROM jobs \
            WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, job_id LIMIT $4 \
            FOR UPDATE SKIP LOCKED) UPDATE jobs \
            SET state = 'running', owner = $2, leased_until = $3, attempts = attempts + 1 \
            FROM picked WHERE jobs.job_id = picked.job_id \
            RETURNING jobs.job_id, kind, key, payload, due_at, attempts - 1 AS attempts";
    /// Ends a job that is still ours.
    FINISH = "DELETE FROM jobs WHERE job_id = $1 AND owner = $2 AND state = 'running'";
    /// Brings a waiting twin forward, when there is one.
    HASTEN_TWIN = "UPDATE jobs SET due_at = CASE WHEN due_at > $3 THEN $3 ELSE due_at END \
        WHERE kind = $1 AND key = $2 AND state = 'waiting'";
    /// Lets a job that is still ours wait again.
    RETRY = "UPDATE jobs SET state = 'waiting', due_at = $3, last_error = $4, owner = NULL, \
        leased_until = NULL WHERE job_id = $1 AND owner = $2 AND state = 'running'";
    /// Keeps a job that is still ours as given up.
    FAIL = "UPDATE jobs SET state = 'failed', last_error = $3, owner = NULL, \
        leased_until = NULL WHERE job_id = $1 AND owner = $2 AND state = 'running'";
    /// The next instant at which there is something to claim.
    NEXT_DUE = "SELECT MIN(at) AS at FROM (SELECT MIN(due_at) AS at FROM jobs \
        WHERE state = 'waiting' UNION ALL SELECT MIN(leased_until) AS at FROM jobs \
        WHERE state = 'running') AS instants";
    /// Drops what runs while its twin waits: the twin does the work.
    DROP_TWINS = "DELETE FROM jobs WHERE state = 'running' AND EXISTS (SELECT 1 FROM jobs AS twin \
        WHERE twin.kind = jobs.kind AND twin.key = jobs.key AND twin.state = 'waiting')";
    /// Drops all but one of the same kind and key that run.
    DROP_DOUBLES = "DELETE FROM jobs WHERE state = 'running' AND EXISTS (SELECT 1 FROM jobs AS twin \
        WHERE twin.kind = jobs.kind AND twin.key = jobs.key AND twin.state = 'running' \
        AND twin.job_id > jobs.job_id)";
    /// Lets everything that runs wait again.
    RELEASE = "UPDATE jobs SET state = 'waiting', owner = NULL, leased_until = NULL \
        WHERE state = 'running'";
    /// How many there are.
    COUNT = "SELECT CAST(COALESCE(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0) \
        AS BIGINT) AS waiting, \
        CAST(COALESCE(SUM(CASE WHEN state = 'running' THEN 1 ELSE 0 END), 0) AS BIGINT) \
        AS running, CAST(COALESCE(SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0) \
        AS BIGINT) AS failed FROM jobs";
}

/// Adds a job to the transaction, unless one of its kind and key is waiting.
///
/// One that runs does not count: it may have read what it works on before this change.
///
/// # Errors
/// What the engine said.
pub async fn schedule(tx: &mut Tx<'_>, job: &NewJob) -> Result<Scheduled, StoreError> {
    match tx.execute(&ADD, &values_of(job)).await? {
        0 => Ok(Scheduled::Exists),
        _ => Ok(Scheduled::Created),
    }
}

/// Adds a job under a key that nothing can wait under yet: it is about something that this
/// transaction makes.
///
/// # Errors
/// What the engine said.
pub async fn schedule_new(tx: &mut Tx<'_>, job: &NewJob) -> Result<(), StoreError> {
    tx.later(&ADD_NEW, values_of(job), 1).await
}

/// The values of [`ADD`] and [`ADD_NEW`].
fn values_of(job: &NewJob) -> [Value; 5] {
    params![
        job.job_id.as_str(),
        job.kind,
        &job.key,
        &job.payload,
        job.due_at
    ]
}

/// Adds such a job to a script.
pub fn script_new(script: &mut Script, job: &NewJob) {
    script.add(&ADD_NEW, values_of(job));
}

/// Moves a waiting job of that kind and key to another instant; nothing happens when none waits.
///
/// # Errors
/// What the engine said.
pub async fn reschedule(
    tx: &mut Tx<'_>,
    kind: &'static str,
    key: &str,
    due_at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(&MOVE, &params![kind, key, due_at]).await? > 0)
}

/// Drops a waiting job of that kind and key, when it is no longer wanted.
///
/// # Errors
/// What the engine said.
pub async fn cancel(tx: &mut Tx<'_>, kind: &'static str, key: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(&CANCEL, &params![kind, key]).await? > 0)
}

/// Takes up to `limit` jobs that are due at `now`, for `lease_ms` milliseconds: those whose lease
/// ran out first, then the longest due. Workers at the same time get different ones.
///
/// # Errors
/// What the engine said.
pub async fn claim(
    tx: &mut Tx<'_>,
    now: Timestamp,
    lease_ms: i64,
    owner: &str,
    limit: i64,
) -> Result<Vec<Job>, StoreError> {
    let until = now.plus_ms(lease_ms);
    let expired = tx
        .query(&CLAIM_EXPIRED, &params![now, owner, until, limit])
        .await?;
    let left = limit.saturating_sub(i64::try_from(expired.len()).unwrap_or(limit));
    let due = match left {
        1.. => {
            tx.query(&CLAIM_DUE, &params![now, owner, until, left])
                .await?
        }
        _ => Vec::new(),
    };
    let jobs = expired.iter().chain(&due).map(Job::read);
    let mut jobs = jobs.collect::<Result<Vec<_>, _>>()?;
    // RETURNING promises no order.
    jobs.sort_by(|a, b| (a.due_at, &a.job_id).cmp(&(b.due_at, &b.job_id)));
    Ok(jobs)
}

/// Removes a job that is done. `false` when another worker has taken it meanwhile, and nothing
/// happens.
///
/// # Errors
/// What the engine said.
pub async fn finish(tx: &mut Tx<'_>, job: &Job, owner: &str) -> Result<bool, StoreError> {
    let values = params![job.job_id.as_str(), owner];
    Ok(tx.execute(&FINISH, &values).await? > 0)
}

/// Lets a job wait again until `due_at`, with what went wrong, if anything did. When its twin was
/// scheduled meanwhile, that one does the work, not later than `due_at`. `false` when another
/// worker has taken it, and nothing happens.
///
/// # Errors
/// What the engine said.
pub async fn retry(
    tx: &mut Tx<'_>,
    job: &Job,
    owner: &str,
    due_at: Timestamp,
    error: Option<&str>,
) -> Result<bool, StoreError> {
    let twin = params![job.kind.as_str(), &job.key, due_at];
    if tx.execute(&HASTEN_TWIN, &twin).await? > 0 {
        return finish(tx, job, owner).await;
    }
    let values = params![job.job_id.as_str(), owner, due_at, error];
    let retried = tx.execute(&RETRY, &values).await;
    if let Err(StoreError::Conflict(_)) = retried {
        // The twin came between the two statements; the next time we see it.
        tx.ask_again();
    }
    Ok(retried? > 0)
}

/// Keeps a job that can never succeed, with the reason. `false` when another worker has taken it,
/// and nothing happens.
///
/// # Errors
/// What the engine said.
pub async fn fail(
    tx: &mut Tx<'_>,
    job: &Job,
    owner: &str,
    error: &str,
) -> Result<bool, StoreError> {
    let values = params![job.job_id.as_str(), owner, error];
    Ok(tx.execute(&FAIL, &values).await? > 0)
}

/// When there is something to claim next: the earliest of what waits, and of the leases that may
/// run out. May lie in the past. `None` when nothing waits or runs.
///
/// # Errors
/// What the engine said.
pub async fn next_due(db: &Db) -> Result<Option<Timestamp>, StoreError> {
    let rows = db.look(&NEXT_DUE, []).await?;
    rows.first().map_or(Ok(None), |row| row.opt_time("at"))
}

/// Lets everything that runs wait again, and returns how many that were. For the start of the only
/// process of a database: nobody else can be working.
///
/// # Errors
/// What the engine said.
pub async fn release_all(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let twins = tx.execute(&DROP_TWINS, &[]).await?;
    let doubles = tx.execute(&DROP_DOUBLES, &[]).await?;
    Ok(twins + doubles + tx.execute(&RELEASE, &[]).await?)
}

/// How many there are in each state.
///
/// # Errors
/// What the engine said.
pub async fn counts(tx: &mut Tx<'_>) -> Result<Counts, StoreError> {
    let row = tx.query_one(&COUNT, &[]).await?;
    Ok(Counts {
        waiting: row.int("waiting")?,
        running: row.int("running")?,
        failed: row.int("failed")?,
    })
}

impl Job {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            job_id: row.parse("job_id")?,
            kind: row.text("kind")?.to_owned(),
            key: row.text("key")?.to_owned(),
            payload: row.text("payload")?.to_owned(),
            due_at: row.time("due_at")?,
            attempts: row.int("attempts")?,
        })
    }
}
