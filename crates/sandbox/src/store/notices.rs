//! Notices, frozen when they arise, and every delivery of each.

use crate::domain::About;
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;

::store::statements! {
    /// Adds a notice.
    INSERT_NOTICE = "INSERT INTO sandbox_notices (notify_id, about, about_id, notify_type, app_id, out_trade_no, status, url, charset, fields, state, created_at, at_once) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', $11, $12)";
    /// One notice.
    FIND_NOTICE = "SELECT notify_id, about, about_id, notify_type, app_id, out_trade_no, status, url, charset, fields, state, created_at, at_once FROM sandbox_notices WHERE notify_id = $1";
    /// One notice, held until the transaction ends.
    LOCK_NOTICE = "SELECT notify_id, about, about_id, notify_type, app_id, out_trade_no, status, url, charset, fields, state, created_at, at_once FROM sandbox_notices WHERE notify_id = $1", pg " FOR UPDATE";
    /// Notices, newest first, by number and application when these are given.
    LIST_NOTICES = "SELECT notify_id, about, about_id, notify_type, app_id, out_trade_no, status, url, charset, fields, state, created_at, at_once FROM sandbox_notices WHERE (CAST($1 AS TEXT) IS NULL OR out_trade_no = $1) AND (CAST($2 AS TEXT) IS NULL OR app_id = $2) AND (CAST($3 AS TEXT) IS NULL OR notify_id < $3) ORDER BY notify_id DESC LIMIT $4";
    /// Sets what became of a notice.
    SET_NOTICE_STATE = "UPDATE sandbox_notices SET state = $2 WHERE notify_id = $1";
    /// Adds a delivery.
    INSERT_DELIVERY = "INSERT INTO sandbox_deliveries (notify_id, number, scheduled, due_at, sent_at, status, answer, delivered) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// The deliveries of a notice, in their order.
    LIST_DELIVERIES = "SELECT number, scheduled, due_at, sent_at, status, answer, delivered FROM sandbox_deliveries WHERE notify_id = $1 ORDER BY number";
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoticeState {
    /// It is still to be delivered.
    Pending,
    /// The merchant answered `success`.
    Delivered,
    /// Eight deliveries, none acknowledged.
    GivenUp,
}

impl NoticeState {
    /// The word in the row and on the control API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
        }
    }
}

impl std::str::FromStr for NoticeState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Pending, Self::Delivered, Self::GivenUp]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(())
    }
}

/// A notice as it was frozen; the time of sending and the signature are added on each delivery.
#[derive(Clone, Debug)]
pub struct Notice {
    /// 34 digits, the same on every delivery.
    pub notify_id: String,
    /// What it is about.
    pub about: About,
    /// `trade_status_sync`, `fund_auth_freeze`, …; for the application's own address the name of
    /// the message.
    pub notify_type: String,
    /// Whose.
    pub app_id: String,
    /// The merchant's number.
    pub out_trade_no: String,
    /// The status it tells.
    pub status: String,
    /// Where it goes.
    pub url: String,
    /// In which charset it is written.
    pub charset: String,
    /// Names and values in the order of the wire.
    pub fields: Vec<(String, String)>,
    /// What became of it.
    pub state: NoticeState,
    /// When it arose.
    pub created_at: Timestamp,
    /// How many deliveries follow the first one at once, before the waits.
    pub at_once: usize,
}

/// One delivery of a notice.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// 1 on the first.
    pub number: i64,
    /// One of the eight; a resend by hand is not.
    pub scheduled: bool,
    /// When it was due.
    pub due_at: Timestamp,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// The status of the answer; none when there was no answer.
    pub status: Option<i64>,
    /// What the answer said, at most its first 500 characters, or why there was none.
    pub answer: String,
    /// Whether it was acknowledged.
    pub delivered: bool,
}

/// Adds a notice.
///
/// # Errors
/// What the engine said.
pub async fn insert(tx: &mut Tx<'_>, notice: &Notice) -> Result<(), StoreError> {
    let fields = serde_json::to_string(&notice.fields).unwrap_or_default();
    let values = params![
        &notice.notify_id,
        notice.about.kind(),
        notice.about.id(),
        &notice.notify_type,
        &notice.app_id,
        &notice.out_trade_no,
        &notice.status,
        &notice.url,
        &notice.charset,
        fields,
        notice.created_at,
        i64::try_from(notice.at_once).unwrap_or_default(),
    ];
    tx.execute_one(&INSERT_NOTICE, &values).await
}

/// One notice.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, notify_id: &str) -> Result<Option<Notice>, StoreError> {
    let row = tx.query_opt(&FIND_NOTICE, &params![notify_id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// One notice, held until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock(tx: &mut Tx<'_>, notify_id: &str) -> Result<Option<Notice>, StoreError> {
    let row = tx.query_opt(&LOCK_NOTICE, &params![notify_id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// Notices, newest first, of a number and an application when these are given, before a cursor.
///
/// # Errors
/// What the engine said.
pub async fn list(
    tx: &mut Tx<'_>,
    out_trade_no: Option<&str>,
    app_id: Option<&str>,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Notice>, StoreError> {
    let values = params![out_trade_no, app_id, before, limit];
    let rows = tx.query(&LIST_NOTICES, &values).await?;
    rows.iter().map(read).collect()
}

/// Sets what became of a notice.
///
/// # Errors
/// What the engine said.
pub async fn set_state(
    tx: &mut Tx<'_>,
    notify_id: &str,
    state: NoticeState,
) -> Result<(), StoreError> {
    tx.execute_one(&SET_NOTICE_STATE, &params![notify_id, state.as_str()])
        .await
}

/// Adds a delivery.
///
/// # Errors
/// What the engine said.
pub async fn add_delivery(
    tx: &mut Tx<'_>,
    notify_id: &str,
    delivery: &Delivery,
) -> Result<(), StoreError> {
    let values = params![
        notify_id,
        delivery.number,
        delivery.scheduled,
        delivery.due_at,
        delivery.sent_at,
        delivery.status,
        &delivery.answer,
        delivery.delivered,
    ];
    tx.execute_one(&INSERT_DELIVERY, &values).await
}

/// The deliveries of a notice, in their order.
///
/// # Errors
/// What the engine said.
pub async fn deliveries(tx: &mut Tx<'_>, notify_id: &str) -> Result<Vec<Delivery>, StoreError> {
    let rows = tx.query(&LIST_DELIVERIES, &params![notify_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Delivery {
                number: row.int("number")?,
                scheduled: row.bool("scheduled")?,
                due_at: row.time("due_at")?,
                sent_at: row.time("sent_at")?,
                status: row.opt_int("status")?,
                answer: row.text("answer")?.to_owned(),
                delivered: row.bool("delivered")?,
            })
        })
        .collect()
}

fn read(row: &Row) -> Result<Notice, StoreError> {
    let fields = row.text("fields")?;
    let fields = serde_json::from_str(fields).map_err(|_| StoreError::Column {
        column: "fields",
        wanted: "a JSON list of names and values",
        found: "other text",
    })?;
    Ok(Notice {
        notify_id: row.text("notify_id")?.to_owned(),
        about: About::read(row.text("about")?, row.text("about_id")?).ok_or(
            StoreError::Column {
                column: "about",
                wanted: "what a notice is about",
                found: "another word",
            },
        )?,
        notify_type: row.text("notify_type")?.to_owned(),
        app_id: row.text("app_id")?.to_owned(),
        out_trade_no: row.text("out_trade_no")?.to_owned(),
        status: row.text("status")?.to_owned(),
        url: row.text("url")?.to_owned(),
        charset: row.text("charset")?.to_owned(),
        fields,
        state: row.parse("state")?,
        created_at: row.time("created_at")?,
        at_once: usize::try_from(row.int("at_once")?).unwrap_or_default(),
    })
}
