//! Events to the outside: rows frozen at event time, each handed to every subscriber at least once.

use crate::{Row, StoreError, Tx, params, statements};
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

/// An event with its place in the outbox.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Numbered {
    /// Grows with every event, with gaps. Where several processes write, a smaller one may become
    /// visible after a larger one: page through history by it, deliver by jobs.
    pub seq: i64,
    /// The event.
    pub event: Event,
}

statements! {
    /// Adds an event.
    APPEND = "INSERT INTO outbox (event_id, kind, owner, subject, payload, at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// One event.
    FIND = "SELECT seq, event_id, kind, owner, subject, payload, at FROM outbox \
        WHERE event_id = $1";
    /// An owner's events, the oldest first.
    LIST = "SELECT seq, event_id, kind, owner, subject, payload, at FROM outbox \
        WHERE owner = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    /// An owner's events, the newest first.
    LATEST = "SELECT seq, event_id, kind, owner, subject, payload, at FROM outbox \
        WHERE owner = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
    /// What happened to one thing, the oldest first.
    ABOUT = "SELECT seq, event_id, kind, owner, subject, payload, at FROM outbox \
        WHERE subject = $1 ORDER BY seq LIMIT $2";
}

/// Adds an event to the transaction.
///
/// # Errors
/// What the engine said.
pub async fn append(tx: &mut Tx<'_>, event: Event) -> Result<(), StoreError> {
    let values = params![
        event.event_id.as_str(),
        event.kind,
        event.owner,
        event.subject,
        event.payload,
        event.at
    ];
    tx.later(&APPEND, values, 1).await
}

/// One event.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, event_id: &EventId) -> Result<Option<Event>, StoreError> {
    let row = tx.query_opt(&FIND, &params![event_id.as_str()]).await?;
    row.as_ref().map(Event::read).transpose()
}

/// Up to `limit` events of an owner after `after_seq` (0 for the first), the oldest first.
///
/// # Errors
/// What the engine said.
pub async fn list(
    tx: &mut Tx<'_>,
    owner: &str,
    after_seq: i64,
    limit: i64,
) -> Result<Vec<Numbered>, StoreError> {
    let rows = tx.query(&LIST, &params![owner, after_seq, limit]).await?;
    rows.iter().map(Numbered::read).collect()
}

/// Up to `limit` events of an owner before `before_seq` (`None` for the last), the newest first.
///
/// # Errors
/// What the engine said.
pub async fn latest(
    tx: &mut Tx<'_>,
    owner: &str,
    before_seq: Option<i64>,
    limit: i64,
) -> Result<Vec<Numbered>, StoreError> {
    let before = before_seq.unwrap_or(i64::MAX);
    let rows = tx.query(&LATEST, &params![owner, before, limit]).await?;
    rows.iter().map(Numbered::read).collect()
}

/// Up to `limit` events about one thing, the oldest first.
///
/// # Errors
/// What the engine said.
pub async fn about(
    tx: &mut Tx<'_>,
    subject: &str,
    limit: i64,
) -> Result<Vec<Numbered>, StoreError> {
    let rows = tx.query(&ABOUT, &params![subject, limit]).await?;
    rows.iter().map(Numbered::read).collect()
}

impl Numbered {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.int("seq")?,
            event: Event::read(row)?,
        })
    }
}

impl Event {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            event_id: row.parse("event_id")?,
            kind: row.text("kind")?.to_owned(),
            owner: row.text("owner")?.to_owned(),
            subject: row.text("subject")?.to_owned(),
            payload: row.text("payload")?.to_owned(),
            at: row.time("at")?,
        })
    }
}
