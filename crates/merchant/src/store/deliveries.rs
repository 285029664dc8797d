//! Which event a subscriber of this process has taken.

use ::store::outbox::EventId;
use ::store::{StoreError, Tx, params};
use kernel::Timestamp;

::store::statements! {
    /// Writes down that a subscriber has an event.
    TAKEN = "INSERT INTO deliveries (event_id, subscriber, delivered_at) VALUES ($1, $2, $3)
        ON CONFLICT (event_id, subscriber) DO NOTHING";
    /// Whether a subscriber has an event.
    HAS = "SELECT event_id FROM deliveries WHERE event_id = $1 AND subscriber = $2";
}

/// Writes down that a subscriber has an event.
///
/// # Errors
/// What the store said.
pub async fn taken(
    tx: &mut Tx<'_>,
    event_id: &EventId,
    subscriber: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(&TAKEN, &params![event_id.as_str(), subscriber, now])
        .await?;
    Ok(())
}

/// Whether a subscriber has an event.
///
/// # Errors
/// What the store said.
pub async fn has(
    tx: &mut Tx<'_>,
    event_id: &EventId,
    subscriber: &str,
) -> Result<bool, StoreError> {
    let row = tx
        .query_opt(&HAS, &params![event_id.as_str(), subscriber])
        .await?;
    Ok(row.is_some())
}
