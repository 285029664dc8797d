//! Events to the outside: rows frozen at event time, each handed to every subscriber at least once.

use crate::{StoreError, Tx};
use kernel::Timestamp;

kernel::define_id! {
    /// One event. A subscriber that has seen it has seen it.
    EventId, "evt";
}

/// An event as it was when it happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// Its row, the same on every delivery.
    pub event_id: EventId,
    /// What happened, dotted: `order.paid`.
    pub kind: String,
    /// Whose event it is: the merchant's name.
    pub owner: String,
    /// Which thing it is about: an order's id.
    pub subject: String,
    /// The thing as it was then, JSON.
    pub payload: String,
    /// When it happened.
    pub at: Timestamp,
}

/// Adds an event to the transaction.
///
/// # Errors
/// What the engine said.
#[expect(clippy::unused_async, reason = "skeleton")]
pub async fn append(tx: &mut Tx<'_>, event: &Event) -> Result<(), StoreError> {
    let _ = (tx, event);
    Err(StoreError::Closed)
}

/// One event.
///
/// # Errors
/// What the engine said.
#[expect(clippy::unused_async, reason = "skeleton")]
pub async fn find(tx: &mut Tx<'_>, event_id: &EventId) -> Result<Option<Event>, StoreError> {
    let _ = (tx, event_id);
    Err(StoreError::Closed)
}
