//! Looks of a single statement: those that wait at the same time are sent together.
//!
//! A look without a transaction leaves nothing behind on its connection, so many can be on their way
//! on the same one. Looks of the same statement become one statement with a row of values for each:
//! most of what a look costs the server is the same for any number of them.

use super::columns::Columns;
use super::engine::Lender;
use super::session::{as_parameters, told};
use super::texts::{ASKED, LookTexts};
use crate::{Row, Statement, StoreError, Value};
use deadpool_postgres::Object;
use futures::future::join_all;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio_postgres::error::SqlState;

/// A look and who waits for it.
pub(super) struct Asked {
    pub(super) statement: Statement,
    pub(super) values: Arc<[Value]>,
    pub(super) caller: oneshot::Sender<Result<Vec<Row>, StoreError>>,
}

impl Asked {
    fn answer(self, rows: Result<Vec<Row>, StoreError>) {
        // Whoever no longer waits needs no answer.
        let _ = self.caller.send(rows);
    }
}

/// The connections that looks share.
#[derive(Default)]
pub(super) struct Looks {
    turn: AtomicUsize,
    seats: [Mutex<Option<Arc<Object>>>; SEATS],
    texts: LookTexts,
}

/// Answers what is asked, as much at once as waits, until nobody can ask any more.
pub(super) async fn serve(lender: &Lender, looks: &Looks, queue: &Mutex<mpsc::Receiver<Asked>>) {
    loop {
        let mut asked = Vec::new();
        if queue.lock().await.recv_many(&mut asked, TOGETHER).await == 0 {
            return;
        }
        // Whoever has left needs no answer.
        asked.retain(|one| !one.caller.is_closed());
        let groups = by_statement(asked).into_iter();
        join_all(groups.map(|group| looks.answer(lender, group))).await;
    }
}

impl Looks {
    /// Runs what reads, outside of a transaction; again when the connection was lost.
    pub(super) async fn look(
        &self,
        lender: &Lender,
        statement: &Statement,
        values: &[&Value],
    ) -> Result<Vec<Row>, StoreError> {
        let mut tries_left = TRIES;
        loop {
            tries_left -= 1;
            let client = self.client(lender).await?;
            match look(&client, lender.columns(), statement, values).await {
                Ok(rows) => return Ok(rows),
                Err(failed) if tries_left > 0 && failed.is_lost => {
                    self.forget(&client).await;
                    lender.counters().count_retry();
                }
                Err(failed) => return Err(failed.error),
            }
        }
    }

    /// Answers looks of the same statement: in powers of two, so that few texts are prepared.
    async fn answer(&self, lender: &Lender, mut group: Vec<Asked>) {
        let mut parts = Vec::new();
        while !group.is_empty() {
            let size = 1 << group.len().ilog2();
            let later = group.split_off(size);
            parts.push(std::mem::replace(&mut group, later));
        }
        join_all(parts.into_iter().map(|part| self.answer_part(lender, part))).await;
    }

    async fn answer_part(&self, lender: &Lender, part: Vec<Asked>) {
        if let Some(answers) = self.look_together(lender, &part).await {
            for (asked, rows) in part.into_iter().zip(answers) {
                asked.answer(Ok(rows));
            }
            return;
        }
        let alone = part.into_iter().map(|asked| async move {
            let values: Vec<&Value> = asked.values.iter().collect();
            let rows = self.look(lender, &asked.statement, &values).await;
            asked.answer(rows);
        });
        join_all(alone).await;
    }

    /// All of them as one statement. `None` when that cannot be, or did not go well: then each is
    /// asked alone and hears what is wrong with it.
    async fn look_together(&self, lender: &Lender, part: &[Asked]) -> Option<Vec<Vec<Row>>> {
        let [first, _, ..] = part else { return None };
        let many = first.values.len();
        if part.iter().any(|asked| asked.values.len() != many) {
            return None;
        }
        let client = self.client(lender).await.ok()?;
        let text = self
            .texts
            .of(first.statement.postgres, part.len(), || async {
                let prepared = client.prepare_cached(first.statement.postgres).await.ok()?;
                let names = prepared.params().iter().map(|ty| ty.name().to_owned());
                Some(names.collect())
            });
        let statement = Statement {
            postgres: text.await?,
            ..first.statement
        };
        if let Err(error) = client.prepare_cached(statement.postgres).await {
            if error.as_db_error().is_some() {
                self.texts.give_up(first.statement.postgres);
            }
            return None;
        }
        let values = part.iter().flat_map(|asked| asked.values.iter());
        let values: Vec<&Value> = values.collect();
        let rows = look(&client, lender.columns(), &statement, &values).await;
        let rows = rows.ok()?;
        let mut answers: Vec<Vec<Row>> = part.iter().map(|_| Vec::new()).collect();
        for row in rows {
            let place = usize::try_from(row.int(ASKED).ok()?).ok()?;
            answers.get_mut(place)?.push(row);
        }
        Some(answers)
    }

    /// Nobody is to be sent to a lost connection again.
    async fn forget(&self, lost: &Arc<Object>) {
        for seat in &self.seats {
            let mut seat = seat.lock().await;
            if seat.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, lost)) {
                seat.take();
            }
        }
    }

    /// Gives the connections back.
    pub(super) async fn close(&self) {
        for seat in &self.seats {
            seat.lock().await.take();
        }
    }

    async fn client(&self, lender: &Lender) -> Result<Arc<Object>, StoreError> {
        // A small pool has none to spare: whoever keeps one keeps it from those who write.
        if lender.max_connections() < SPARED_FROM {
            return lender.client().await.map(Arc::new);
        }
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let mut seat = self.seats[turn % SEATS].lock().await;
        match &*seat {
            Some(client) if !client.is_closed() => Ok(Arc::clone(client)),
            _ => {
                let client = Arc::new(lender.client().await?);
                *seat = Some(Arc::clone(&client));
                Ok(client)
            }
        }
    }
}

fn by_statement(asked: Vec<Asked>) -> Vec<Vec<Asked>> {
    let mut groups: Vec<Vec<Asked>> = Vec::new();
    for one in asked {
        let mut known = groups.iter_mut();
        match known.find(|group| group[0].statement == one.statement) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// Why a look failed, and whether only its connection did: then another one may answer.
struct LookFailed {
    error: StoreError,
    is_lost: bool,
}

/// Runs one statement that reads, without a transaction, on a connection that others may be using
/// for the same: each is answered in its turn.
async fn look(
    client: &Object,
    columns: &Columns,
    statement: &Statement,
    values: &[&Value],
) -> Result<Vec<Row>, LookFailed> {
    let asked = async {
        let prepared = client.prepare_cached(statement.postgres).await?;
        client
            .query(&prepared, &as_parameters(values.iter().copied()))
            .await
    };
    let rows = asked.await.map_err(|error| LookFailed {
        is_lost: is_lost(&error) || client.is_closed(),
        error: told(statement, error),
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

/// Connections that looks share: as many processes of the server read for them at the same time.
pub(super) const SEATS: usize = 2;
/// Looks that are sent together at most.
const TOGETHER: usize = 64;
/// A pool of fewer connections lends one to each look.
const SPARED_FROM: usize = 8;
/// As often a look is sent when its connection is lost.
const TRIES: u32 = 8;
