//! The rows of orders.

use super::attempts;
use crate::domain::{Attempt, Order, OrderId};
use ::store::{Db, Engine, Row, Script, StoreError, Tx, Value, params};
use money::Fen;

::store::statements! {
    /// Adds an order, unless its merchant has one of that number.
    INSERT = "INSERT INTO orders (order_id, merchant, merchant_order_no, app_id, subject, amount,
            state, expires_at, paid, refunded, reserved, attempts, return_url, notify_url,
            success_url, failure_url, metadata, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 1, $9, $10, $11, $12, $13, $14, $14)
        ON CONFLICT (merchant, merchant_order_no) DO NOTHING";
    /// One order, locked until the transaction ends.
    LOCK = "SELECT * FROM orders WHERE order_id = $1", pg " FOR UPDATE";
    /// One order.
    FIND = "SELECT * FROM orders WHERE order_id = $1";
    /// One order by its merchant's number.
    FIND_BY_NO = "SELECT * FROM orders WHERE merchant = $1 AND merchant_order_no = $2";
    /// An order and the attempt of that number and application, both locked, the order first.
    LOCK_BY_ATTEMPT = "SELECT o.*, a.attempt_id AS a_attempt_id, a.app_id AS a_app_id,
            a.out_trade_no AS a_out_trade_no, a.place AS a_place, a.channel AS a_channel,
            a.product AS a_product, a.state AS a_state, a.trade_no AS a_trade_no,
            a.qr_code AS a_qr_code, a.return_url AS a_return_url, a.notify_url AS a_notify_url,
            a.paid AS a_paid, a.refunded AS a_refunded, a.reserved AS a_reserved,
            a.next_check AS a_next_check, a.created_at AS a_created_at,
            a.updated_at AS a_updated_at
        FROM orders o JOIN attempts a ON a.order_id = o.order_id
        WHERE a.out_trade_no = $1 AND a.app_id = $2", pg " FOR UPDATE";
    /// An order and the attempt of that number and application, as they are.
    FIND_BY_ATTEMPT = "SELECT o.*, a.attempt_id AS a_attempt_id, a.app_id AS a_app_id,
            a.out_trade_no AS a_out_trade_no, a.place AS a_place, a.channel AS a_channel,
            a.product AS a_product, a.state AS a_state, a.trade_no AS a_trade_no,
            a.qr_code AS a_qr_code, a.return_url AS a_return_url, a.notify_url AS a_notify_url,
            a.paid AS a_paid, a.refunded AS a_refunded, a.reserved AS a_reserved,
            a.next_check AS a_next_check, a.created_at AS a_created_at,
            a.updated_at AS a_updated_at
        FROM orders o JOIN attempts a ON a.order_id = o.order_id
        WHERE a.out_trade_no = $1 AND a.app_id = $2";
    /// The merchant's orders, newest first, before a given one.
    LIST = "SELECT * FROM orders
        WHERE merchant = $1 AND (CAST($2 AS TEXT) IS NULL OR order_id < $2)
            AND (CAST($3 AS TEXT) IS NULL OR state = $3)
        ORDER BY order_id DESC LIMIT $4";
    /// Saves what can change of an order.
    SAVE = "UPDATE orders SET state = $2, closing_since = $3, paid_attempt = $4, trade_no = $5,
            paid_at = $6, closed_at = $7, paid = $8, refunded = $9, reserved = $10, attempts = $11,
            updated_at = $12
        WHERE order_id = $1";
    /// The same, while the row is what it was when it was looked at.
    SAVE_IF = "UPDATE orders SET state = $2, closing_since = $3, paid_attempt = $4, trade_no = $5,
            paid_at = $6, closed_at = $7, paid = $8, refunded = $9, reserved = $10, attempts = $11,
            updated_at = $12
        WHERE order_id = $1 AND state = $13 AND closing_since IS NOT DISTINCT FROM $14
            AND paid_attempt IS NOT DISTINCT FROM $15 AND trade_no IS NOT DISTINCT FROM $16
            AND paid_at IS NOT DISTINCT FROM $17 AND closed_at IS NOT DISTINCT FROM $18
            AND paid = $19 AND refunded = $20 AND reserved = $21 AND attempts = $22
            AND updated_at = $23";
}

/// Adds an order; `false` when its merchant has one of that number.
///
/// # Errors
/// What the store said.
pub async fn insert(tx: &mut Tx<'_>, order: &Order) -> Result<bool, StoreError> {
    Ok(tx.execute(&INSERT, &values_of(order)).await? == 1)
}

/// Adds an order whose numbers are new; the script fails when it is not.
pub fn script_new(script: &mut Script, order: &Order) {
    script.add(&INSERT, values_of(order));
}

/// The values of [`INSERT`].
fn values_of(order: &Order) -> Vec<Value> {
    params![
        order.order_id.as_str(),
        order.merchant.as_str(),
        order.merchant_order_no.as_str(),
        order.app_id.as_str(),
        order.subject.as_str(),
        order.amount.fen(),
        order.state.as_str(),
        order.expires_at,
        order.return_url.as_deref(),
        order.notify_url.as_deref(),
        order.success_url.as_deref(),
        order.failure_url.as_deref(),
        order.metadata.as_str(),
        order.created_at,
    ]
    .into()
}

/// One order, locked until the transaction ends.
///
/// # Errors
/// What the store said.
pub async fn lock(tx: &mut Tx<'_>, order_id: &OrderId) -> Result<Option<Order>, StoreError> {
    let row = tx.query_opt(&LOCK, &params![order_id.as_str()]).await?;
    row.as_ref().map(read).transpose()
}

/// The order and the attempt that has this number at this application, locked.
///
/// # Errors
/// What the store said.
pub async fn lock_by_attempt(
    tx: &mut Tx<'_>,
    out_trade_no: &str,
    app_id: &str,
) -> Result<Option<(Order, Attempt)>, StoreError> {
    let row = tx
        .query_opt(&LOCK_BY_ATTEMPT, &params![out_trade_no, app_id])
        .await?;
    row.map(|row| Ok((read(&row)?, attempts::read_joined(&row)?)))
        .transpose()
}

/// The same outside of a transaction.
///
/// # Errors
/// What the store said.
pub async fn look_by_attempt(
    db: &Db,
    out_trade_no: &str,
    app_id: &str,
) -> Result<Option<(Order, Attempt)>, StoreError> {
    let rows = db.look(&FIND_BY_ATTEMPT, params![out_trade_no, app_id]);
    let rows = rows.await?;
    let found = rows.first();
    found
        .map(|row| Ok((read(row)?, attempts::read_joined(row)?)))
        .transpose()
}

/// The order and the attempt that has this number at this application, as they are.
///
/// # Errors
/// What the store said.
pub async fn find_by_attempt(
    tx: &mut Tx<'_>,
    out_trade_no: &str,
    app_id: &str,
) -> Result<Option<(Order, Attempt)>, StoreError> {
    let row = tx
        .query_opt(&FIND_BY_ATTEMPT, &params![out_trade_no, app_id])
        .await?;
    row.map(|row| Ok((read(&row)?, attempts::read_joined(&row)?)))
        .transpose()
}

/// One order.
///
/// # Errors
/// What the store said.
pub async fn find(tx: &mut Tx<'_>, order_id: &OrderId) -> Result<Option<Order>, StoreError> {
    let row = tx.query_opt(&FIND, &params![order_id.as_str()]).await?;
    row.as_ref().map(read).transpose()
}

/// One order by its merchant's number.
///
/// # Errors
/// What the store said.
pub async fn find_by_no(
    tx: &mut Tx<'_>,
    merchant: &str,
    merchant_order_no: &str,
) -> Result<Option<Order>, StoreError> {
    let row = tx
        .query_opt(&FIND_BY_NO, &params![merchant, merchant_order_no])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The merchant's orders, newest first, older than `before`, at most `limit`.
///
/// # Errors
/// What the store said.
pub async fn list(
    tx: &mut Tx<'_>,
    merchant: &str,
    before: Option<&OrderId>,
    state: Option<&str>,
    limit: i64,
) -> Result<Vec<Order>, StoreError> {
    let before = before.map(OrderId::as_str);
    let rows = tx
        .query(&LIST, &params![merchant, before, state, limit])
        .await?;
    rows.iter().map(read).collect()
}

/// Saves what can change of an order that is locked.
///
/// # Errors
/// What the store said.
pub async fn save(tx: &mut Tx<'_>, order: &Order) -> Result<(), StoreError> {
    let mut values = params![order.order_id.as_str()].to_vec();
    values.extend(changing(order));
    tx.later(&SAVE, values, 1).await
}

/// Saves what has changed of an order since it was looked at, locked or not.
///
/// # Errors
/// [`StoreError::Affected`], perhaps not before the commit, when somebody else has changed it
/// meanwhile; otherwise what the store said.
pub async fn save_if(tx: &mut Tx<'_>, was: &Order, order: &Order) -> Result<(), StoreError> {
    // What this transaction looked at, nobody else has changed: on SQLite there is one writer.
    if tx.engine() == Engine::Sqlite && !tx.is_on_paper() {
        return save(tx, order).await;
    }
    let mut values = params![order.order_id.as_str()].to_vec();
    values.extend(changing(order));
    values.extend(changing(was));
    tx.later(&SAVE_IF, values, 1).await
}

/// What can change of an order, as [`SAVE`] has it.
fn changing(order: &Order) -> [Value; 11] {
    params![
        order.state.as_str(),
        order.closing_since,
        order
            .paid_attempt
            .as_ref()
            .map(crate::domain::AttemptId::as_str),
        order.trade_no.as_deref(),
        order.paid_at,
        order.closed_at,
        order.paid.fen(),
        order.refunded.fen(),
        order.reserved.fen(),
        order.attempts,
        order.updated_at,
    ]
}

fn read(row: &Row) -> Result<Order, StoreError> {
    let text = |column| row.text(column).map(str::to_owned);
    let opt_text = |column| Ok::<_, StoreError>(row.opt_text(column)?.map(str::to_owned));
    Ok(Order {
        order_id: row.parse("order_id")?,
        merchant: text("merchant")?,
        merchant_order_no: text("merchant_order_no")?,
        app_id: text("app_id")?,
        subject: text("subject")?,
        amount: Fen::new(row.int("amount")?),
        state: row.parse("state")?,
        expires_at: row.time("expires_at")?,
        closing_since: row.opt_time("closing_since")?,
        paid_attempt: row
            .opt_text("paid_attempt")?
            .is_some()
            .then(|| row.parse("paid_attempt"))
            .transpose()?,
        trade_no: opt_text("trade_no")?,
        paid_at: row.opt_time("paid_at")?,
        closed_at: row.opt_time("closed_at")?,
        paid: Fen::new(row.int("paid")?),
        refunded: Fen::new(row.int("refunded")?),
        reserved: Fen::new(row.int("reserved")?),
        attempts: row.int("attempts")?,
        return_url: opt_text("return_url")?,
        notify_url: opt_text("notify_url")?,
        success_url: opt_text("success_url")?,
        failure_url: opt_text("failure_url")?,
        metadata: text("metadata")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
