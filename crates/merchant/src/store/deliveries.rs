//! Which event a subscriber of this process has taken.

use ::store::outbox::{Event, EventId};
use ::store::{StoreError, Tx, params};
use kernel::Timestamp;

::store::statements! {
    /// Writes down that a subscriber has an event.
    TAKEN = "INSERT INTO deliveries (event_id, subscriber, delivered_at) VALUES ($1, $2, $3)
        ON CONFLICT (event_id, subscriber) DO NOTHING";
    /// The events of one thing up to a given one that a subscriber has not taken, oldest first.
    UNTAKEN = "SELECT o.event_id, o.kind, o.owner, o.subject, o.payload, o.at FROM outbox o
        LEFT JOIN deliveries d ON d.event_id = o.event_id AND d.subscriber = $2
        WHERE o.subject = $1 AND d.event_id IS NULL
            AND o.seq <= (SELECT seq FROM outbox WHERE event_id = $3)
        ORDER BY o.seq LIMIT $4";
    /// The events of an owner that a subscriber has not taken, oldest first, after a given place.
    MISSED = "SELECT o.seq, o.event_id FROM outbox o
        LEFT JOIN deliveries d ON d.event_id = o.event_id AND d.subscriber = $2
        WHERE o.owner = $1 AND o.seq > $3 AND d.event_id IS NULL
        ORDER BY o.seq LIMIT $4";
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

/// Up to `limit` events about the thing of `until`, up to that one, that a subscriber has not
/// taken; the oldest first.
///
/// # Errors
/// What the store said.
pub async fn untaken(
    tx: &mut Tx<'_>,
    subscriber: &str,
    until: &Event,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let values = params![
        until.subject.as_str(),
        subscriber,
        until.event_id.as_str(),
        limit
    ];
    let rows = tx.query(&UNTAKEN, &values).await?;
    rows.iter()
        .map(|row| {
            Ok(Event {
                event_id: row.parse("event_id")?,
                kind: row.text("kind")?.to_owned(),
                owner: row.text("owner")?.to_owned(),
                subject: row.text("subject")?.to_owned(),
                payload: row.text("payload")?.to_owned(),
                at: row.time("at")?,
            })
        })
        .collect()
}

/// Up to `limit` events of an owner after `after_seq` that a subscriber has not taken, each with
/// its place; the oldest first.
///
/// # Errors
/// What the store said.
pub async fn missed(
    tx: &mut Tx<'_>,
    owner: &str,
    subscriber: &str,
    after_seq: i64,
    limit: i64,
) -> Result<Vec<(i64, EventId)>, StoreError> {
    let values = params![owner, subscriber, after_seq, limit];
    let rows = tx.query(&MISSED, &values).await?;
    rows.iter()
        .map(|row| Ok((row.int("seq")?, row.parse("event_id")?)))
        .collect()
}
