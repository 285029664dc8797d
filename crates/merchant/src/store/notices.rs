//! Notices: the raw form of what Alipay signed, and a count of what it did not.

use crate::domain::OrderId;
use ::store::{StoreError, Tx, params};
use kernel::Timestamp;
use kernel::time::HOUR_MS;

/// A verified notice, as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoticeRow {
    /// The application that it speaks for.
    pub app_id: String,
    /// Its number, the same on every delivery.
    pub notify_id: String,
    /// The application's merchant.
    pub merchant: String,
    /// The order that it is about, when it is ours.
    pub order_id: Option<OrderId>,
    /// The number that it names.
    pub out_trade_no: String,
    /// Alipay's word.
    pub trade_status: String,
    /// What we made of it.
    pub verdict: String,
    /// Whether we answered `success`.
    pub acknowledged: bool,
    /// The header that it came with.
    pub content_type: Option<String>,
    /// The body as it came.
    pub raw: Vec<u8>,
    /// How often it came.
    pub deliveries: i64,
    /// When it came first.
    pub first_at: Timestamp,
    /// When it came last.
    pub last_at: Timestamp,
}

/// A verified notice as it arrives.
#[derive(Clone, Copy, Debug)]
pub struct NewNotice<'a> {
    /// The application that it speaks for.
    pub app_id: &'a str,
    /// Its number, the same on every delivery.
    pub notify_id: &'a str,
    /// The application's merchant.
    pub merchant: &'a str,
    /// The order that it is about, when it is ours.
    pub order_id: Option<&'a OrderId>,
    /// The number that it names.
    pub out_trade_no: &'a str,
    /// Alipay's word.
    pub trade_status: &'a str,
    /// What we made of it.
    pub verdict: &'a str,
    /// Whether we answer `success`.
    pub acknowledged: bool,
    /// The header that it came with.
    pub content_type: Option<&'a str>,
    /// The body as it came.
    pub raw: &'a [u8],
    /// When it came.
    pub at: Timestamp,
}

::store::statements! {
    /// Keeps a notice, or counts one that came before; what we make of it is the newest.
    RECORD = "INSERT INTO notices (app_id, notify_id, merchant, order_id, out_trade_no,
            trade_status, verdict, acknowledged, content_type, raw, deliveries, first_at, last_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)
        ON CONFLICT (app_id, notify_id) DO UPDATE SET deliveries = notices.deliveries + 1,
            last_at = excluded.last_at, order_id = excluded.order_id,
            verdict = excluded.verdict, acknowledged = excluded.acknowledged";
    /// The notices of an order.
    OF_ORDER = "SELECT * FROM notices WHERE order_id = $1 ORDER BY first_at, notify_id";
    /// Counts a message that came before.
    COUNT_AGAIN = "UPDATE forged_notices SET times = times + 1, last_at = $2 WHERE digest = $1";
    /// How many different messages were refused for a reason since then.
    FORGED_SINCE = "SELECT COUNT(*) AS digests FROM forged_notices
        WHERE reason = $1 AND first_at > $2";
    /// Forgets the counts of messages that came last before then.
    FORGET_FORGED = "DELETE FROM forged_notices WHERE last_at < $1";
    /// Counts a message that nobody of ours signed.
    COUNT_FORGED = "INSERT INTO forged_notices (digest, reason, times, first_at, last_at)
        VALUES ($1, $2, 1, $3, $3)
        ON CONFLICT (digest) DO UPDATE SET times = forged_notices.times + 1,
            last_at = excluded.last_at";
    /// How many forged messages came, and how many different ones.
    FORGED = "SELECT CAST(COALESCE(SUM(times), 0) AS BIGINT) AS times, COUNT(*) AS digests
        FROM forged_notices";
}

/// Keeps a notice, or counts one that came before.
///
/// # Errors
/// What the store said.
pub async fn record(tx: &mut Tx<'_>, notice: &NewNotice<'_>) -> Result<(), StoreError> {
    let values = params![
        notice.app_id,
        notice.notify_id,
        notice.merchant,
        notice.order_id.map(OrderId::as_str),
        notice.out_trade_no,
        notice.trade_status,
        notice.verdict,
        notice.acknowledged,
        notice.content_type,
        notice.raw,
        notice.at,
    ];
    tx.later(&RECORD, values, 1).await
}

/// The notices of an order, the oldest first.
///
/// # Errors
/// What the store said.
pub async fn of_order(tx: &mut Tx<'_>, order_id: &OrderId) -> Result<Vec<NoticeRow>, StoreError> {
    let rows = tx.query(&OF_ORDER, &params![order_id.as_str()]).await?;
    rows.iter()
        .map(|row| {
            let text = |column| row.text(column).map(str::to_owned);
            Ok(NoticeRow {
                app_id: text("app_id")?,
                notify_id: text("notify_id")?,
                merchant: text("merchant")?,
                order_id: Some(row.parse("order_id")?),
                out_trade_no: text("out_trade_no")?,
                trade_status: text("trade_status")?,
                verdict: text("verdict")?,
                acknowledged: row.bool("acknowledged")?,
                content_type: row.opt_text("content_type")?.map(str::to_owned),
                raw: row.bytes("raw")?.to_vec(),
                deliveries: row.int("deliveries")?,
                first_at: row.time("first_at")?,
                last_at: row.time("last_at")?,
            })
        })
        .collect()
}

/// Counts a message that nobody of ours signed; nothing but its digest is kept. Where too many
/// different ones come in an hour for one reason, the rest is counted in one row: whoever sends them
/// does not fill the disk.
///
/// # Errors
/// What the store said.
pub async fn count_forged(
    tx: &mut Tx<'_>,
    digest: &str,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    if tx.execute(&COUNT_AGAIN, &params![digest, now]).await? > 0 {
        return Ok(());
    }
    let since = now.plus_ms(-HOUR_MS);
    let row = tx.query_one(&FORGED_SINCE, &params![reason, since]).await?;
    let rest = format!("rest:{reason}");
    let digest = match row.int("digests")? {
        ..DIGESTS_PER_HOUR => digest,
        DIGESTS_PER_HOUR.. => rest.as_str(),
    };
    tx.execute_one(&COUNT_FORGED, &params![digest, reason, now])
        .await
}

/// Forgets the counts of forged messages that came last before `before`.
///
/// # Errors
/// What the store said.
pub async fn forget_forged(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(&FORGET_FORGED, &params![before]).await
}

/// How many different forged messages are told apart in an hour, for each reason.
const DIGESTS_PER_HOUR: i64 = 50;

/// How many forged messages came, and how many different ones.
///
/// # Errors
/// What the store said.
pub async fn forged(tx: &mut Tx<'_>) -> Result<(i64, i64), StoreError> {
    let row = tx.query_one(&FORGED, &[]).await?;
    Ok((row.int("times")?, row.int("digests")?))
}
