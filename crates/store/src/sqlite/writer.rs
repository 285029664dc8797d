//! The writer's thread: it takes what is queued, up to a batch, and commits it in one go.

use super::Connection;
use super::call::Call;
use super::checkpoint::Checkpoints;
use super::durable::{Durable, not_on_disk};
use crate::StoreError;
use crate::crowd::{Crowd, MOMENT};
use crate::stats::Counters;
use tokio::sync::mpsc;

/// What the writer is told.
pub(super) enum Message {
    /// Run this.
    Call(Box<dyn Call>),
    /// Finish what is queued, take nothing more.
    Close,
}

/// Serves the queue until it is closed and empty.
pub(super) fn serve(
    mut connection: Connection,
    mut queue: mpsc::Receiver<Message>,
    mut checkpoints: Checkpoints,
    durable: &Durable,
    counters: &Counters,
) {
    let mut careful = 0;
    let mut crowd = Crowd::default();
    while let Some(first) = queue.blocking_recv() {
        durable.catch_up();
        gather(&crowd, &queue);
        let mut batch = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Call(call) => batch.push(call),
                Message::Close => queue.close(),
            }
            next = if batch.len() < BATCH {
                queue.try_recv().ok()
            } else {
                None
            };
        }
        crowd.came(batch.len());
        // A caller that has left was told nothing; it costs less not to begin.
        batch.retain(|call| call.is_awaited());
        let before = durable.before_batch();
        if durable.is_broken() {
            for call in &mut batch {
                call.fail(not_on_disk());
            }
        } else {
            commit(&mut connection, &mut batch, &mut careful, counters);
        }
        durable.answer_batch(before, batch);
        checkpoints.after_commit(&mut connection);
    }
}

/// Waits for more callers where many are, while they keep coming.
fn gather(crowd: &Crowd, queue: &mpsc::Receiver<Message>) {
    let mut waited = 0;
    // One has been taken already.
    let mut queued = queue.len() + 1;
    while crowd.is_coming(queued, waited) && !queue.is_closed() {
        std::thread::park_timeout(MOMENT);
        waited += 1;
        let now = queue.len() + 1;
        if now == queued {
            return;
        }
        queued = now;
    }
}

/// Commits a batch. `careful` is how many batches more are run with a savepoint for each closure.
fn commit(
    connection: &mut Connection,
    batch: &mut [Box<dyn Call>],
    careful: &mut u32,
    counters: &Counters,
) {
    match batch {
        [] => {}
        [single] => alone(connection, single.as_mut(), counters),
        several => {
            // A savepoint makes SQLite copy each page that a closure touches, for nothing when all
            // of them end well. So they are tried without, and only after one that did not, the
            // batch and those that come soon after it have savepoints.
            if *careful == 0 {
                if together(connection, several, Each::Bare, counters) {
                    return;
                }
                *careful = CAREFUL_BATCHES;
            }
            *careful = careful.saturating_sub(1);
            if !together(connection, several, Each::InSavepoint, counters) {
                counters.count_split();
                // What each returned was seen in a state that never came to be, so all run again.
                for call in several {
                    alone(connection, call.as_mut(), counters);
                }
            }
        }
    }
}

/// How each closure of a batch runs in the batch's transaction.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Each {
    /// As it is: one that fails takes the batch with it.
    Bare,
    /// In a savepoint of its own.
    InSavepoint,
}

/// Runs a batch in one transaction. Returns `false` when the transaction did not come through and
/// none of it is there.
fn together(
    connection: &mut Connection,
    batch: &mut [Box<dyn Call>],
    each: Each,
    counters: &Counters,
) -> bool {
    if let Err(error) = connection.run("BEGIN IMMEDIATE") {
        let why = error.to_string();
        for call in batch {
            call.fail(StoreError::Commit(why.clone().into()));
        }
        return true;
    }
    let mut kept = 0;
    for call in batch {
        let ran = match each {
            Each::Bare => bare(connection, call.as_mut()),
            Each::InSavepoint => in_savepoint(connection, call.as_mut()),
        };
        let Ok(keep) = ran else {
            connection.abandon();
            return false;
        };
        kept += u64::from(keep);
    }
    if let Err(error) = connection.run("COMMIT") {
        tracing::warn!(%error, "a batch was not committed; its closures run again");
        connection.abandon();
        return false;
    }
    counters.count_commit(kept);
    true
}

/// The whole transaction is lost. Either the engine ended it, savepoints and all: the disk is full, a
/// trigger said ROLLBACK, memory ran out. Or a closure without a savepoint failed.
struct GivenUp;

fn bare(connection: &mut Connection, call: &mut dyn Call) -> Result<bool, GivenUp> {
    let keep = call.run(connection);
    if keep && !connection.has_no_transaction() {
        Ok(true)
    } else {
        Err(GivenUp)
    }
}

fn in_savepoint(connection: &mut Connection, call: &mut dyn Call) -> Result<bool, GivenUp> {
    connection.run("SAVEPOINT closure").map_err(|_| GivenUp)?;
    let keep = call.run(connection);
    if connection.has_no_transaction() {
        return Err(GivenUp);
    }
    if !keep {
        connection.run("ROLLBACK TO closure").map_err(|_| GivenUp)?;
    }
    connection.run("RELEASE closure").map_err(|_| GivenUp)?;
    Ok(keep)
}

/// Runs one closure in a transaction of its own; its result says what became of it.
fn alone(connection: &mut Connection, call: &mut dyn Call, counters: &Counters) {
    if let Err(error) = connection.run("BEGIN IMMEDIATE") {
        call.fail(StoreError::Commit(Box::new(error)));
        return;
    }
    if !call.run(connection) {
        connection.abandon();
        return;
    }
    match connection.run("COMMIT") {
        Ok(()) => counters.count_commit(1),
        Err(error) => {
            connection.abandon();
            call.fail(StoreError::Commit(Box::new(error)));
        }
    }
}

/// Closures in one commit at most: enough to hide the disk, few enough for a short wait.
const BATCH: usize = 256;
/// After a closure failed: long enough that callers who are often refused cost little, short enough
/// to be forgotten soon.
const CAREFUL_BATCHES: u32 = 64;
