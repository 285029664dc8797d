//! Refunds: one row for each number that a merchant gave one.

use crate::domain::TradeId;
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// Adds a refund.
    INSERT_REFUND = "INSERT INTO sandbox_refunds (trade_id, out_request_no, amount, reason, refunded_at, refunded_total) VALUES ($1, $2, $3, $4, $5, $6)";
    /// One refund.
    FIND_REFUND = "SELECT out_request_no, amount, reason, refunded_at, refunded_total FROM sandbox_refunds WHERE trade_id = $1 AND out_request_no = $2";
    /// The refunds of a trade, in the order in which they came.
    LIST_REFUNDS = "SELECT out_request_no, amount, reason, refunded_at, refunded_total FROM sandbox_refunds WHERE trade_id = $1 ORDER BY refunded_total";
}

/// Money that went back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refund {
    /// The merchant's number, unique within the trade.
    pub out_request_no: String,
    /// How much, in fen.
    pub amount: Fen,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub refunded_at: Timestamp,
    /// What had gone back of the trade with it.
    pub refunded_total: Fen,
}

/// Adds a refund. The trade's row is locked.
///
/// # Errors
/// What the engine said; a conflict when the number is taken.
pub async fn insert(
    tx: &mut Tx<'_>,
    trade_id: &TradeId,
    refund: &Refund,
) -> Result<(), StoreError> {
    let values = params![
        trade_id.as_str(),
        &refund.out_request_no,
        refund.amount.fen(),
        refund.reason.as_ref(),
        refund.refunded_at,
        refund.refunded_total.fen(),
    ];
    tx.execute_one(&INSERT_REFUND, &values).await
}

/// One refund.
///
/// # Errors
/// What the engine said.
pub async fn find(
    tx: &mut Tx<'_>,
    trade_id: &TradeId,
    out_request_no: &str,
) -> Result<Option<Refund>, StoreError> {
    let values = params![trade_id.as_str(), out_request_no];
    let row = tx.query_opt(&FIND_REFUND, &values).await?;
    row.map(|row| read(&row)).transpose()
}

/// The refunds of a trade, in the order in which they came.
///
/// # Errors
/// What the engine said.
pub async fn list(tx: &mut Tx<'_>, trade_id: &TradeId) -> Result<Vec<Refund>, StoreError> {
    let rows = tx.query(&LIST_REFUNDS, &params![trade_id.as_str()]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Refund, StoreError> {
    Ok(Refund {
        out_request_no: row.text("out_request_no")?.to_owned(),
        amount: Fen::new(row.int("amount")?),
        reason: row.opt_text("reason")?.map(str::to_owned),
        refunded_at: row.time("refunded_at")?,
        refunded_total: Fen::new(row.int("refunded_total")?),
    })
}
