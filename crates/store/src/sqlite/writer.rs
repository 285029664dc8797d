//! The writer's thread: it takes what is queued, up to a batch, and commits it in one go.

use super::Connection;
use super::call::Call;
use crate::StoreError;
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
    counters: &Counters,
) {
    while let Some(first) = queue.blocking_recv() {
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
        // A caller that has left was told nothing; it costs less not to begin.
        batch.retain(|call| call.is_awaited());
        commit(&mut connection, &mut batch, counters);
        for call in batch {
            call.answer();
        }
    }
}

fn commit(connection: &mut Connection, batch: &mut [Box<dyn Call>], counters: &Counters) {
    match batch {
        [] => {}
        [single] => alone(connection, single.as_mut(), counters),
        several => {
            if !together(connection, several, counters) {
                counters.count_split();
                // What each returned was seen in a state that never came to be, so all run again.
                for call in several {
                    alone(connection, call.as_mut(), counters);
                }
            }
        }
    }
}

/// Runs a batch in one transaction, each closure in a savepoint. Returns `false` when the
/// transaction did not come through and none of it is there.
fn together(connection: &mut Connection, batch: &mut [Box<dyn Call>], counters: &Counters) -> bool {
    if let Err(error) = connection.run("BEGIN IMMEDIATE") {
        let why = error.to_string();
        for call in batch {
            call.fail(StoreError::Commit(why.clone().into()));
        }
        return true;
    }
    let mut kept = 0;
    for call in batch {
        let Ok(keep) = in_savepoint(connection, call.as_mut()) else {
            connection.abandon();
            return false;
        };
        kept += u64::from(keep);
    }
    if let Err(error) = connection.run("COMMIT") {
        tracing::warn!(%error, "a batch was not committed; its closures run one by one");
        connection.abandon();
        return false;
    }
    counters.count_commit(kept);
    true
}

/// The engine ended the whole transaction, savepoints and all: the disk is full, a trigger said
/// ROLLBACK, memory ran out.
struct GivenUp;

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
const BATCH: usize = 64;
