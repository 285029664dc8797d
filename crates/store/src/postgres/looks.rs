//! Looks of a single statement share a few connections: they are sent without waiting for one another.
//!
//! A look without a transaction leaves nothing behind on its connection, so many can be on their way
//! on the same one, and the server answers them in one go instead of waking a process for each.

use super::engine::Lender;
use super::session::look;
use crate::{Row, Statement, StoreError, Value};
use deadpool_postgres::Object;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Mutex;

/// The connections that looks share.
#[derive(Default)]
pub(super) struct Looks {
    turn: AtomicUsize,
    seats: [Mutex<Option<Arc<Object>>>; SEATS],
}

impl Looks {
    /// Runs what reads, outside of a transaction; again when the connection was lost.
    pub(super) async fn look(
        &self,
        lender: &Lender,
        statement: &Statement,
        values: &[Value],
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

/// Connections that looks share: as many processes of the server read for them at the same time.
const SEATS: usize = 2;
/// A pool of fewer connections lends one to each look.
const SPARED_FROM: usize = 8;
/// As often a look is sent when its connection is lost.
const TRIES: u32 = 8;
