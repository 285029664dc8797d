//! The rows of refunds.

use crate::domain::{AttemptId, OrderId, Refund, RefundId};
use ::store::{Row, StoreError, Tx, params};
use money::Fen;

::store::statements! {
    /// Adds a refund, unless its merchant has one of that number.
    INSERT = "INSERT INTO refunds (refund_id, order_id, attempt_id, merchant, merchant_refund_no,
            out_request_no, amount, reason, origin, state, tries, next_check, created_at,
            updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $12)
        ON CONFLICT (merchant, merchant_refund_no) DO NOTHING";
    /// One refund.
    FIND = "SELECT r.*, o.merchant_order_no FROM refunds r
        JOIN orders o ON o.order_id = r.order_id
        WHERE r.refund_id = $1";
    /// One refund by its merchant's number.
    FIND_BY_NO = "SELECT r.*, o.merchant_order_no FROM refunds r
        JOIN orders o ON o.order_id = r.order_id
        WHERE r.merchant = $1 AND r.merchant_refund_no = $2";
    /// The refunds of an order, the first first.
    OF_ORDER = "SELECT r.*, o.merchant_order_no FROM refunds r
        JOIN orders o ON o.order_id = r.order_id
        WHERE r.order_id = $1 ORDER BY r.refund_id";
    /// The refunds of an attempt that Alipay has not decided.
    PENDING_OF_ATTEMPT = "SELECT r.*, o.merchant_order_no FROM refunds r
        JOIN orders o ON o.order_id = r.order_id
        WHERE r.attempt_id = $1 AND r.state IN ('reserved', 'sent', 'unknown') ORDER BY r.refund_id";
    /// Saves what can change of a refund.
    SAVE = "UPDATE refunds SET state = $2, failure = $3, tries = $4, next_check = $5,
            updated_at = $6
        WHERE refund_id = $1";
}

/// Adds a refund; `false` when its merchant has one of that number.
///
/// # Errors
/// What the store said.
pub async fn insert(tx: &mut Tx<'_>, refund: &Refund) -> Result<bool, StoreError> {
    let values = params![
        refund.refund_id.as_str(),
        refund.order_id.as_str(),
        refund.attempt_id.as_str(),
        refund.merchant.as_str(),
        refund.merchant_refund_no.as_str(),
        refund.out_request_no.as_str(),
        refund.amount.fen(),
        refund.reason.as_deref(),
        refund.origin.as_str(),
        refund.state.as_str(),
        refund.next_check,
        refund.created_at,
    ];
    Ok(tx.execute(&INSERT, &values).await? == 1)
}

/// One refund.
///
/// # Errors
/// What the store said.
pub async fn find(tx: &mut Tx<'_>, id: &RefundId) -> Result<Option<Refund>, StoreError> {
    let row = tx.query_opt(&FIND, &params![id.as_str()]).await?;
    row.as_ref().map(read).transpose()
}

/// One refund by its merchant's number.
///
/// # Errors
/// What the store said.
pub async fn find_by_no(
    tx: &mut Tx<'_>,
    merchant: &str,
    merchant_refund_no: &str,
) -> Result<Option<Refund>, StoreError> {
    let row = tx
        .query_opt(&FIND_BY_NO, &params![merchant, merchant_refund_no])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The refunds of an order, the first first.
///
/// # Errors
/// What the store said.
pub async fn of_order(tx: &mut Tx<'_>, order_id: &OrderId) -> Result<Vec<Refund>, StoreError> {
    let rows = tx.query(&OF_ORDER, &params![order_id.as_str()]).await?;
    rows.iter().map(read).collect()
}

/// The refunds of an attempt that Alipay has not decided.
///
/// # Errors
/// What the store said.
pub async fn pending_of_attempt(
    tx: &mut Tx<'_>,
    attempt_id: &AttemptId,
) -> Result<Vec<Refund>, StoreError> {
    let rows = tx
        .query(&PENDING_OF_ATTEMPT, &params![attempt_id.as_str()])
        .await?;
    rows.iter().map(read).collect()
}

/// Saves what can change of a refund whose order is locked.
///
/// # Errors
/// What the store said.
pub async fn save(tx: &mut Tx<'_>, refund: &Refund) -> Result<(), StoreError> {
    let values = params![
        refund.refund_id.as_str(),
        refund.state.as_str(),
        refund.failure.as_deref(),
        refund.tries,
        refund.next_check,
        refund.updated_at,
    ];
    tx.later(&SAVE, values, 1).await
}

fn read(row: &Row) -> Result<Refund, StoreError> {
    let opt_text = |column| Ok::<_, StoreError>(row.opt_text(column)?.map(str::to_owned));
    Ok(Refund {
        refund_id: row.parse("refund_id")?,
        order_id: row.parse("order_id")?,
        merchant_order_no: row.text("merchant_order_no")?.to_owned(),
        attempt_id: row.parse("attempt_id")?,
        merchant: row.text("merchant")?.to_owned(),
        merchant_refund_no: row.text("merchant_refund_no")?.to_owned(),
        out_request_no: row.text("out_request_no")?.to_owned(),
        amount: Fen::new(row.int("amount")?),
        reason: opt_text("reason")?,
        origin: row.parse("origin")?,
        state: row.parse("state")?,
        failure: opt_text("failure")?,
        tries: row.int("tries")?,
        next_check: row.opt_time("next_check")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
