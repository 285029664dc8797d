//! Refunds that the shop asked for.

use crate::courses::domain::OrderRefund;
use kernel::Timestamp;
use money::Fen;
use store::{StoreError, Tx, params};

store::statements! {
    /// A new refund, unless its number is there.
    INSERT_REFUND = "INSERT INTO order_refunds (refund_no, out_trade_no, amount_fen, reason, state, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    /// How a refund stands. What is finished stays as it is.
    SET_REFUND_STATE = "UPDATE order_refunds SET state = $2, updated_at = $3 WHERE refund_no = $1 AND state NOT IN ('succeeded', 'failed')";
    /// One refund.
    REFUND = "SELECT refund_no, out_trade_no, amount_fen, reason, state, created_at FROM order_refunds WHERE refund_no = $1";
    /// The refunds of an order.
    REFUNDS_OF = "SELECT refund_no, out_trade_no, amount_fen, reason, state, created_at FROM order_refunds WHERE out_trade_no = $1 ORDER BY created_at, refund_no";
}

/// Writes down that a refund was asked for, before anybody is asked. Returns `false` when its
/// number is there.
pub(in crate::courses) async fn insert(
    tx: &mut Tx<'_>,
    refund: &OrderRefund,
) -> Result<bool, StoreError> {
    let values = params![
        refund.refund_no.as_str(),
        refund.out_trade_no.as_str(),
        refund.amount.fen(),
        refund.reason.as_str(),
        refund.state.as_str(),
        refund.created_at,
        refund.created_at,
    ];
    Ok(tx.execute(&INSERT_REFUND, &values).await? == 1)
}

/// Notes how a refund stands. Returns `false` when it is finished already, or none of ours.
pub(in crate::courses) async fn set_state(
    tx: &mut Tx<'_>,
    refund_no: &str,
    state: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![refund_no, state, now];
    Ok(tx.execute(&SET_REFUND_STATE, &values).await? == 1)
}

/// One refund.
pub(in crate::courses) async fn find(
    tx: &mut Tx<'_>,
    refund_no: &str,
) -> Result<Option<OrderRefund>, StoreError> {
    let row = tx.query_opt(&REFUND, &params![refund_no]).await?;
    row.map(|row| read(&row)).transpose()
}

/// The refunds of an order, the oldest first.
pub(in crate::courses) async fn of_order(
    tx: &mut Tx<'_>,
    out_trade_no: &str,
) -> Result<Vec<OrderRefund>, StoreError> {
    let rows = tx.query(&REFUNDS_OF, &params![out_trade_no]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &store::Row) -> Result<OrderRefund, StoreError> {
    Ok(OrderRefund {
        refund_no: row.text("refund_no")?.to_owned(),
        out_trade_no: row.text("out_trade_no")?.to_owned(),
        amount: Fen::new(row.int("amount_fen")?),
        reason: row.text("reason")?.to_owned(),
        state: row.text("state")?.to_owned(),
        created_at: row.time("created_at")?,
    })
}
