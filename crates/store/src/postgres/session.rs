//! One connection while a closure has it: its transaction begins with the first statement.

use super::value::value_of;
use crate::statement::{Place, place};
use crate::{Conflict, Row, Statement, StoreError, Value};
use deadpool_postgres::Object;
use futures::FutureExt;
use futures::future::{join, join_all};
use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

/// The names of each text's columns, shared by all connections.
#[derive(Debug, Default)]
pub(super) struct Columns(RwLock<Names>);

type Names = HashMap<Place, Arc<[String]>>;

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

impl Queued {
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
        // A statement that could change another number of rows is looked at before the commit.
        if !self.queue.iter().all(Queued::is_sure) {
            let nothing = std::future::ready(Ok(()));
            self.send(nothing, |_, error| StoreError::Commit(Box::new(error)))
                .await?;
        }
        if !self.open && self.queue.is_empty() {
            return Ok(());
        }
        self.committing = true;
        let client = Arc::clone(&self.client);
        let committed = self.send(client.batch_execute("COMMIT"), |this, error| {
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

    /// Sends BEGIN when it is missing, what is queued, and then `last`, all at once, and waits for
    /// the answers in their order.
    ///
    /// Should BEGIN be refused, which takes somebody who cancels just that, the rest would run
    /// outside of a transaction; the caller is told and asks again, which all of ours may.
    async fn send<T>(
        &mut self,
        last: impl Future<Output = Result<T, tokio_postgres::Error>>,
        refused: impl FnOnce(&mut Self, tokio_postgres::Error) -> StoreError,
    ) -> Result<T, StoreError> {
        let queue = std::mem::take(&mut self.queue);
        let mut prepared = Vec::with_capacity(queue.len());
        for queued in &queue {
            let ready = self.client.prepare_cached(queued.statement.postgres).await;
            prepared.push(ready.map_err(|error| self.refused(&queued.statement, error))?);
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
            let values: Vec<_> = queue.iter().map(|it| as_parameters(&it.values)).collect();
            let ready = prepared.iter().zip(&values);
            let changes = ready.map(|(ready, values)| client.execute(ready, values));
            // Each sends with its first poll, and they are polled in this order.
            join(begin, join(join_all(changes), last)).await
        };
        begun.map_err(|error| StoreError::Commit(Box::new(error)))?;
        for (queued, changed) in queue.iter().zip(changed) {
            let changed = changed.map_err(|error| self.refused(&queued.statement, error))?;
            if changed != queued.rows {
                return Err(StoreError::Affected {
                    statement: queued.statement.name,
                    changed,
                    wanted: queued.rows,
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
        let values = as_parameters(values);
        self.send(client.query(&prepared, &values), refused).await
    }

    async fn tell(&mut self, statement: &Statement, values: &[Value]) -> Result<u64, StoreError> {
        let refused = |this: &mut Self, error| this.refused(statement, error);
        let client = Arc::clone(&self.client);
        let prepared = client.prepare_cached(statement.postgres).await;
        let prepared = prepared.map_err(|error| self.refused(statement, error))?;
        let values = as_parameters(values);
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
            _ => failed(statement, Box::new(error)),
        }
    }
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

/// Why a look failed, and whether only its connection did: then another one may answer.
pub(super) struct LookFailed {
    pub(super) error: StoreError,
    pub(super) is_lost: bool,
}

/// Runs one statement that reads, without a transaction, on a connection that others may be using
/// for the same: each is answered in its turn.
pub(super) async fn look(
    client: &Object,
    columns: &Columns,
    statement: &Statement,
    values: &[Value],
) -> Result<Vec<Row>, LookFailed> {
    let asked = async {
        let prepared = client.prepare_cached(statement.postgres).await?;
        client.query(&prepared, &as_parameters(values)).await
    };
    let rows = asked.await.map_err(|error| LookFailed {
        is_lost: is_lost(&error) || client.is_closed(),
        error: failed(statement, Box::new(error)),
    })?;
    let rows = columns.rows(statement, &rows);
    rows.map_err(|error| LookFailed {
        error,
        is_lost: false,
    })
}

/// Whether the server ended the connection. The driver may not have noticed yet.
fn is_lost(error: &tokio_postgres::Error) -> bool {
    let ended = [&SqlState::ADMIN_SHUTDOWN, &SqlState::CRASH_SHUTDOWN];
    error.is_closed() || error.code().is_some_and(|code| ended.contains(&code))
}

impl Columns {
    /// The driver's rows as ours.
    fn rows(
        &self,
        statement: &Statement,
        rows: &[tokio_postgres::Row],
    ) -> Result<Vec<Row>, StoreError> {
        let Some(first) = rows.first() else {
            return Ok(Vec::new());
        };
        let columns = self.of(statement, first);
        let mut answer = Vec::with_capacity(rows.len());
        for row in rows {
            let values = (0..columns.len()).map(|index| value_of(row, index));
            let values = values.collect::<Result<Vec<_>, _>>();
            let values = values.map_err(|source| failed(statement, source))?;
            answer.push(Row::new(Arc::clone(&columns), values));
        }
        Ok(answer)
    }

    fn of(&self, statement: &Statement, row: &tokio_postgres::Row) -> Arc<[String]> {
        let key = place(statement.postgres);
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(columns) = known.get(&key) {
            return Arc::clone(columns);
        }
        drop(known);
        let columns: Arc<[String]> = row.columns().iter().map(|c| c.name().to_owned()).collect();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, Arc::clone(&columns));
        columns
    }
}

fn as_parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
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

fn failed(statement: &Statement, source: Box<dyn Error + Send + Sync>) -> StoreError {
    StoreError::Statement {
        statement: statement.name,
        source,
    }
}
