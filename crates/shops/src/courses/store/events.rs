//! What the merchant service told us, so that hearing it again changes nothing.

use kernel::Timestamp;
use store::{StoreError, Tx, outbox::Event, params};

store::statements! {
    /// Remembers an event, unless it is remembered.
    INSERT_EVENT = "INSERT INTO delivered_events (event_id, kind, subject, delivered_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
}

/// Remembers an event. Returns `false` when we have heard it before.
pub(in crate::courses) async fn first_time(
    tx: &mut Tx<'_>,
    event: &Event,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![
        event.event_id.as_str(),
        event.kind.as_str(),
        event.subject.as_str(),
        now
    ];
    Ok(tx.execute(&INSERT_EVENT, &values).await? == 1)
}
