//! The rows of attempts.

use crate::domain::{Attempt, AttemptId, OrderId};
use ::store::{Engine, Row, Script, StoreError, Tx, Value, params};
use money::Fen;

::store::statements! {
    /// Adds an attempt, unless its application has one of that number.
    INSERT = "INSERT INTO attempts (attempt_id, order_id, app_id, out_trade_no, place, channel,
            product, state, return_url, notify_url, paid, refunded, reserved, next_check,
            created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, $11, $12, $12)
        ON CONFLICT DO NOTHING";
    /// One attempt.
    FIND = "SELECT * FROM attempts WHERE attempt_id = $1";
    /// The attempts of an order, the first first.
    OF_ORDER = "SELECT * FROM attempts WHERE order_id = $1 ORDER BY place";
    /// Every attempt of that number, whatever application it goes through.
    BY_NUMBER = "SELECT * FROM attempts WHERE out_trade_no = $1 ORDER BY app_id";
    /// How many attempts of an order can still bring money, but for one.
    OTHERS_PENDING = "SELECT COUNT(*) AS pending FROM attempts
        WHERE order_id = $1 AND attempt_id <> $2
            AND state IN ('created', 'sent', 'waiting', 'unknown')";
    /// Saves what can change of an attempt.
    SAVE = "UPDATE attempts SET state = $2, trade_no = $3, qr_code = $4, paid = $5, refunded = $6,
            reserved = $7, next_check = $8, updated_at = $9
        WHERE attempt_id = $1";
    /// The same, while the row is what it was when it was looked at.
    SAVE_IF = "UPDATE attempts SET state = $2, trade_no = $3, qr_code = $4, paid = $5, refunded = $6,
            reserved = $7, next_check = $8, updated_at = $9
        WHERE attempt_id = $1 AND state = $10 AND trade_no IS NOT DISTINCT FROM $11
            AND qr_code IS NOT DISTINCT FROM $12 AND paid = $13 AND refunded = $14
            AND reserved = $15 AND next_check IS NOT DISTINCT FROM $16 AND updated_at = $17";
}

/// Adds an attempt; `false` when its number is taken.
///
/// # Errors
/// What the store said.
pub async fn insert(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<bool, StoreError> {
    Ok(tx.execute(&INSERT, &values_of(attempt)).await? == 1)
}

/// Adds an attempt whose number is new; the script fails when it is not.
pub fn script_new(script: &mut Script, attempt: &Attempt) {
    script.add(&INSERT, values_of(attempt));
}

/// The values of [`INSERT`].
fn values_of(attempt: &Attempt) -> Vec<Value> {
    params![
        attempt.attempt_id.as_str(),
        attempt.order_id.as_str(),
        attempt.app_id.as_str(),
        attempt.out_trade_no.as_str(),
        attempt.place,
        attempt.channel.as_str(),
        attempt.product.as_str(),
        attempt.state.as_str(),
        attempt.return_url.as_deref(),
        attempt.notify_url.as_deref(),
        attempt.next_check,
        attempt.created_at,
    ]
    .into()
}

/// One attempt.
///
/// # Errors
/// What the store said.
pub async fn find(tx: &mut Tx<'_>, id: &AttemptId) -> Result<Option<Attempt>, StoreError> {
    let row = tx.query_opt(&FIND, &params![id.as_str()]).await?;
    row.as_ref().map(read).transpose()
}

/// The attempts of an order, the first first.
///
/// # Errors
/// What the store said.
pub async fn of_order(tx: &mut Tx<'_>, order_id: &OrderId) -> Result<Vec<Attempt>, StoreError> {
    let rows = tx.query(&OF_ORDER, &params![order_id.as_str()]).await?;
    rows.iter().map(read).collect()
}

/// Every attempt of that number.
///
/// # Errors
/// What the store said.
pub async fn by_number(tx: &mut Tx<'_>, out_trade_no: &str) -> Result<Vec<Attempt>, StoreError> {
    let rows = tx.query(&BY_NUMBER, &params![out_trade_no]).await?;
    rows.iter().map(read).collect()
}

/// Whether another attempt of the order can still bring money.
///
/// # Errors
/// What the store said.
pub async fn others_pending(
    tx: &mut Tx<'_>,
    order_id: &OrderId,
    but: &AttemptId,
) -> Result<bool, StoreError> {
    let values = params![order_id.as_str(), but.as_str()];
    let row = tx.query_one(&OTHERS_PENDING, &values).await?;
    Ok(row.int("pending")? > 0)
}

/// Saves what can change of an attempt whose order is locked.
///
/// # Errors
/// What the store said.
pub async fn save(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<(), StoreError> {
    let mut values = params![attempt.attempt_id.as_str()].to_vec();
    values.extend(changing(attempt));
    tx.later(&SAVE, values, 1).await
}

/// Saves what has changed of an attempt since it was looked at, locked or not.
///
/// # Errors
/// [`StoreError::Affected`], perhaps not before the commit, when somebody else has changed it
/// meanwhile; otherwise what the store said.
pub async fn save_if(tx: &mut Tx<'_>, was: &Attempt, attempt: &Attempt) -> Result<(), StoreError> {
    // What this transaction looked at, nobody else has changed: on SQLite there is one writer.
    if tx.engine() == Engine::Sqlite && !tx.is_on_paper() {
        return save(tx, attempt).await;
    }
    let mut values = params![attempt.attempt_id.as_str()].to_vec();
    values.extend(changing(attempt));
    values.extend(changing(was));
    tx.later(&SAVE_IF, values, 1).await
}

/// What can change of an attempt, as [`SAVE`] has it.
fn changing(attempt: &Attempt) -> [Value; 8] {
    params![
        attempt.state.as_str(),
        attempt.trade_no.as_deref(),
        attempt.qr_code.as_deref(),
        attempt.paid.fen(),
        attempt.refunded.fen(),
        attempt.reserved.fen(),
        attempt.next_check,
        attempt.updated_at,
    ]
}

/// Reads an attempt whose columns carry the prefix `a_`, beside its order.
pub(super) fn read_joined(row: &Row) -> Result<Attempt, StoreError> {
    let opt_text = |column| Ok::<_, StoreError>(row.opt_text(column)?.map(str::to_owned));
    Ok(Attempt {
        attempt_id: row.parse("a_attempt_id")?,
        order_id: row.parse("order_id")?,
        app_id: row.text("a_app_id")?.to_owned(),
        out_trade_no: row.text("a_out_trade_no")?.to_owned(),
        place: row.int("a_place")?,
        channel: row.parse("a_channel")?,
        product: row.parse("a_product")?,
        state: row.parse("a_state")?,
        trade_no: opt_text("a_trade_no")?,
        qr_code: opt_text("a_qr_code")?,
        return_url: opt_text("a_return_url")?,
        notify_url: opt_text("a_notify_url")?,
        paid: Fen::new(row.int("a_paid")?),
        refunded: Fen::new(row.int("a_refunded")?),
        reserved: Fen::new(row.int("a_reserved")?),
        next_check: row.opt_time("a_next_check")?,
        created_at: row.time("a_created_at")?,
        updated_at: row.time("a_updated_at")?,
    })
}

fn read(row: &Row) -> Result<Attempt, StoreError> {
    let opt_text = |column| Ok::<_, StoreError>(row.opt_text(column)?.map(str::to_owned));
    Ok(Attempt {
        attempt_id: row.parse("attempt_id")?,
        order_id: row.parse("order_id")?,
        app_id: row.text("app_id")?.to_owned(),
        out_trade_no: row.text("out_trade_no")?.to_owned(),
        place: row.int("place")?,
        channel: row.parse("channel")?,
        product: row.parse("product")?,
        state: row.parse("state")?,
        trade_no: opt_text("trade_no")?,
        qr_code: opt_text("qr_code")?,
        return_url: opt_text("return_url")?,
        notify_url: opt_text("notify_url")?,
        paid: Fen::new(row.int("paid")?),
        refunded: Fen::new(row.int("refunded")?),
        reserved: Fen::new(row.int("reserved")?),
        next_check: row.opt_time("next_check")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
