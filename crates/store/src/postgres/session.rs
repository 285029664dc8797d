//! One connection while a closure has it: its transaction begins with the first statement.

use super::columns::Columns;
use crate::{Conflict, Row, Statement, StoreError, Value};
use deadpool_postgres::Object;
use futures::FutureExt;
use futures::future::{join, join_all};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

/// A connection lent to one closure. Dropped with its transaction open, it rolls that back.
pub(crate) struct Session {
    client: Arc<Object>,
    begin: &'static str,
    columns: Arc<Columns>,
    queue: Vec<Queued>,
    open: bool,
    committing: bool,
    again: bool,
    waiting: Arc<AtomicBool>,
}

/// A statement that waits to be sent.
struct Queued {
    statement: Statement,
    values: Vec<Value>,
    /// What it changes.
    rows: u64,
}

/// A statement as it is sent, with what it changes.
pub(super) struct Line<'a> {
    pub(super) statement: Statement,
    pub(super) parameters: Vec<&'a (dyn ToSql + Sync)>,
    pub(super) rows: u64,
}

impl<'a> Line<'a> {
    /// A statement with its values, which changes so many rows.
    pub(super) fn new(statement: Statement, values: &'a [Value], rows: u64) -> Self {
        Self {
            statement,
            parameters: as_parameters(values.iter()),
            rows,
        }
    }

    /// Returns `true` for what changes its rows or fails: a plain insert, or one that updates the
    /// row that is there.
    fn is_sure(&self) -> bool {
        let text = self.statement.postgres;
        text.starts_with("INSERT") && !text.contains("DO NOTHING") && !text.contains("SELECT")
    }
}

impl Session {
    pub(super) fn new(client: Object, begin: &'static str, columns: Arc<Columns>) -> Self {
        Self {
            client: Arc::new(client),
            begin,
            columns,
            queue: Vec::new(),
            open: false,
            committing: false,
            again: false,
            waiting: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Is `true` while the closure waits for the server, which is all it may wait for.
    pub(super) fn waiting(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.waiting)
    }

    /// Returns `true` when nothing of the transaction is there and the same closure may succeed
    /// the next time: a serialization failure, a deadlock, a connection lost before the commit.
    ///
    /// Once the commit was sent, a lost connection says nothing: it may have come through.
    pub(super) fn may_run_again(&self) -> bool {
        self.again || (!self.committing && self.client.is_closed())
    }

    /// Says that the closure met a race that will not be there the next time.
    pub(crate) fn ask_again(&mut self) {
        self.again = true;
    }

    /// Returns `true` when a statement's future was dropped before its answer came.
    pub(super) fn has_dropped_a_statement(&self) -> bool {
        self.waiting.load(Ordering::SeqCst)
    }

    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        let queue = std::mem::take(&mut self.queue);
        self.commit_lines(&lines_of(&queue)).await
    }

    /// Sends these behind all that was sent before, and commits.
    pub(super) async fn commit_lines(&mut self, mut lines: &[Line<'_>]) -> Result<(), StoreError> {
        // A statement that could change another number of rows is looked at before the commit.
        if !lines.iter().all(Line::is_sure) {
            let nothing = std::future::ready(Ok(()));
            let refused = |_: &mut Self, error| StoreError::Commit(Box::new(error));
            self.send_lines(lines, nothing, refused).await?;
            lines = &[];
        }
        if !self.open && lines.is_empty() {
            return Ok(());
        }
        self.committing = true;
        let client = Arc::clone(&self.client);
        let committed = self.send_lines(lines, client.batch_execute("COMMIT"), |this, error| {
            this.again |= is_race(&error);
            StoreError::Commit(Box::new(error))
        });
        // After a statement that failed, COMMIT rolls back.
        let committed = committed.await;
        self.open = false;
        committed
    }

    pub(super) async fn roll_back(&mut self) {
        if self.open {
            self.open = false;
            // Only a lost connection refuses, and then the server rolls back by itself.
            let _ = self.client.batch_execute("ROLLBACK").await;
        }
    }

    pub(crate) async fn prepare(&mut self, statement: &Statement) -> Result<(), StoreError> {
        self.waiting.store(true, Ordering::SeqCst);
        let prepared = self.client.prepare_cached(statement.postgres).await;
        self.waiting.store(false, Ordering::SeqCst);
        prepared
            .map(|_| ())
            .map_err(|error| self.refused(statement, error))
    }

    pub(crate) async fn query(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        self.waiting.store(true, Ordering::SeqCst);
        let rows = self.ask(statement, values).await;
        self.waiting.store(false, Ordering::SeqCst);
        self.columns.rows(statement, &rows?)
    }

    pub(crate) async fn execute(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<u64, StoreError> {
        self.waiting.store(true, Ordering::SeqCst);
        let changed = self.tell(statement, values).await;
        self.waiting.store(false, Ordering::SeqCst);
        changed
    }

    /// Keeps a statement to be sent with the next one, or with the commit.
    pub(crate) fn later(&mut self, statement: &Statement, values: Vec<Value>, rows: u64) {
        self.queue.push(Queued {
            statement: *statement,
            values,
            rows,
        });
    }

    /// Sends what is queued, and then `last`.
    async fn send<T>(
        &mut self,
        last: impl Future<Output = Result<T, tokio_postgres::Error>>,
        refused: impl FnOnce(&mut Self, tokio_postgres::Error) -> StoreError,
    ) -> Result<T, StoreError> {
        let queue = std::mem::take(&mut self.queue);
        self.send_lines(&lines_of(&queue), last, refused).await
    }

    /// Sends BEGIN when it is missing, the lines, and then `last`, all at once, and waits for the
    /// answers in their order.
    ///
    /// Should BEGIN be refused, which takes somebody who cancels just that, the rest would run
    /// outside of a transaction; the caller is told and asks again, which all of ours may.
    async fn send_lines<T>(
        &mut self,
        lines: &[Line<'_>],
        last: impl Future<Output = Result<T, tokio_postgres::Error>>,
        refused: impl FnOnce(&mut Self, tokio_postgres::Error) -> StoreError,
    ) -> Result<T, StoreError> {
        let mut prepared = Vec::with_capacity(lines.len());
        for line in lines {
            let ready = self.client.prepare_cached(line.statement.postgres).await;
            prepared.push(ready.map_err(|error| self.refused(&line.statement, error))?);
        }
        let begins = !self.open;
        self.open = true;
        let (begun, (changed, last)) = {
            let client = &self.client;
            let begin = async {
                if begins {
                    client.batch_execute(self.begin).await?;
                }
                Ok::<_, tokio_postgres::Error>(())
            };
            let ready = prepared.iter().zip(lines);
            let changes = ready.map(|(ready, line)| client.execute(ready, &line.parameters));
            // Each sends with its first poll, and they are polled in this order.
            join(begin, join(join_all(changes), last)).await
        };
        begun.map_err(|error| StoreError::Commit(Box::new(error)))?;
        for (line, changed) in lines.iter().zip(changed) {
            let changed = changed.map_err(|error| self.refused(&line.statement, error))?;
            if changed != line.rows {
                return Err(StoreError::Affected {
                    statement: line.statement.name,
                    changed,
                    wanted: line.rows,
                });
            }
        }
        last.map_err(|error| refused(self, error))
    }

    /// The connection itself, inside of the transaction and behind all that is queued, for what is
    /// no statement of ours. Say [`is_back`](Self::is_back) afterwards.
    pub(super) async fn bare(&mut self) -> Result<Arc<Object>, StoreError> {
        self.waiting.store(true, Ordering::SeqCst);
        let nothing = std::future::ready(Ok(()));
        let begun = self
            .send(nothing, |_, error| StoreError::Commit(Box::new(error)))
            .await;
        if begun.is_err() {
            self.is_back();
        }
        begun.map(|()| Arc::clone(&self.client))
    }

    /// Says that nothing runs on the connection that [`bare`](Self::bare) lent.
    pub(super) fn is_back(&self) {
        self.waiting.store(false, Ordering::SeqCst);
    }

    async fn ask(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Vec<tokio_postgres::Row>, StoreError> {
        let refused = |this: &mut Self, error| this.refused(statement, error);
        let client = Arc::clone(&self.client);
        let prepared = client.prepare_cached(statement.postgres).await;
        let prepared = prepared.map_err(|error| self.refused(statement, error))?;
        let values = as_parameters(values.iter());
        self.send(client.query(&prepared, &values), refused).await
    }

    async fn tell(&mut self, statement: &Statement, values: &[Value]) -> Result<u64, StoreError> {
        let refused = |this: &mut Self, error| this.refused(statement, error);
        let client = Arc::clone(&self.client);
        let prepared = client.prepare_cached(statement.postgres).await;
        let prepared = prepared.map_err(|error| self.refused(statement, error))?;
        let values = as_parameters(values.iter());
        self.send(client.execute(&prepared, &values), refused).await
    }

    fn refused(&mut self, statement: &Statement, error: tokio_postgres::Error) -> StoreError {
        self.again |= is_race(&error);
        match error.as_db_error() {
            Some(refusal) if *refusal.code() == SqlState::UNIQUE_VIOLATION => {
                StoreError::Conflict(Conflict {
                    what: refusal.constraint().unwrap_or("unique").to_owned(),
                })
            }
            _ => told(statement, error),
        }
    }
}

/// What the server said. That a text holds what its character set has not can only be NUL: all
/// else is Unicode.
pub(super) fn told(statement: &Statement, error: tokio_postgres::Error) -> StoreError {
    if error.code() == Some(&SqlState::CHARACTER_NOT_IN_REPERTOIRE) {
        return StoreError::ZeroByte {
            statement: statement.name,
        };
    }
    failed(statement, Box::new(error))
}

/// A closure that was cancelled, or a look that has ended: nobody waits for the ROLLBACK.
impl Drop for Session {
    fn drop(&mut self) {
        if self.open {
            // The driver sends with the first poll; the connection's next user queues behind.
            let _ = self.client.batch_execute("ROLLBACK").now_or_never();
        }
    }
}

fn lines_of(queue: &[Queued]) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(queue.len());
    for queued in queue {
        lines.push(Line::new(queued.statement, &queued.values, queued.rows));
    }
    lines
}

pub(super) fn as_parameters<'a>(
    values: impl ExactSizeIterator<Item = &'a Value>,
) -> Vec<&'a (dyn ToSql + Sync)> {
    let mut parameters: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(values.len());
    for value in values {
        parameters.push(value);
    }
    parameters
}

fn is_race(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
    })
}

pub(super) fn failed(statement: &Statement, source: Box<dyn Error + Send + Sync>) -> StoreError {
    StoreError::Statement {
        statement: statement.name,
        source,
    }
}
