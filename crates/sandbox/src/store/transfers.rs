//! Money that applications sent.

use crate::domain::transfer::{Transfer, TransferProduct, TransferState, TransferWish};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// Adds a transfer.
    INSERT_TRANSFER = "INSERT INTO sandbox_transfers (order_id, pay_fund_order_id, app_id, out_biz_no, product_code, biz_scene, amount, payee_type, payee, payee_name, payee_account, payee_user_id, title, remark, passback_params, state, made_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    /// One transfer by the merchant's number.
    FIND_TRANSFER = "SELECT * FROM sandbox_transfers WHERE app_id = $1 AND out_biz_no = $2";
    /// One transfer by one of Alipay's numbers.
    FIND_TRANSFER_BY_ORDER = "SELECT * FROM sandbox_transfers WHERE order_id = $1 OR pay_fund_order_id = $1";
    /// One transfer, held until the transaction ends.
    LOCK_TRANSFER = "SELECT * FROM sandbox_transfers WHERE order_id = $1", pg " FOR UPDATE";
    /// It arrived.
    END_TRANSFER = "UPDATE sandbox_transfers SET state = $2, ended_at = $3 WHERE order_id = $1";
    /// What an application sent since an instant.
    SUM_SENT = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS sent FROM sandbox_transfers WHERE app_id = $1 AND made_at >= $2";
    /// What left an application's account by transfers that arrived, and what came in by others'.
    SUM_TRANSFERS = "SELECT (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM sandbox_transfers WHERE app_id = $1 AND state = 'success') AS sent, (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM sandbox_transfers WHERE payee_account = $2 AND state = 'success') AS got";
    /// Transfers that the ledger does not know of.
    UNSENT = "SELECT s.order_id, s.amount, CAST(COALESCE(l.amount, 0) AS BIGINT) AS moved FROM sandbox_transfers s LEFT JOIN ledger_transfers l ON l.transfer_id = 'transfer:' || s.order_id AND l.debit = 'seller:' || s.app_id AND l.credit = s.payee_account WHERE l.amount IS NULL OR l.amount <> s.amount ORDER BY s.order_id LIMIT $1";
    /// What still waits for a bank.
    LIST_DEALING = "SELECT order_id FROM sandbox_transfers WHERE state = 'dealing' ORDER BY order_id";
    /// Forgets transfers.
    DELETE_TRANSFERS = "DELETE FROM sandbox_transfers";
}

/// Adds a transfer.
///
/// # Errors
/// What the engine said; a conflict when the application used the number before.
pub async fn insert(tx: &mut Tx<'_>, transfer: &Transfer) -> Result<(), StoreError> {
    let wish = &transfer.wish;
    let values = params![
        &transfer.order_id,
        &transfer.pay_fund_order_id,
        &transfer.app_id,
        &wish.out_biz_no,
        wish.product.as_str(),
        &wish.biz_scene,
        wish.amount.fen(),
        &wish.payee_type,
        &wish.payee,
        &wish.payee_name,
        &transfer.payee_account,
        transfer.payee_user_id.as_ref(),
        &wish.title,
        &wish.remark,
        wish.passback_params.as_ref(),
        transfer.state.as_str(),
        transfer.made_at,
        transfer.ended_at,
    ];
    tx.execute_one(&INSERT_TRANSFER, &values).await
}

/// One transfer by the merchant's number.
///
/// # Errors
/// What the engine said.
pub async fn find(
    tx: &mut Tx<'_>,
    app_id: &str,
    out_biz_no: &str,
) -> Result<Option<Transfer>, StoreError> {
    let row = tx
        .query_opt(&FIND_TRANSFER, &params![app_id, out_biz_no])
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// One transfer by one of Alipay's numbers, whoever sent it.
///
/// # Errors
/// What the engine said.
pub async fn find_by_order(
    tx: &mut Tx<'_>,
    order_id: &str,
) -> Result<Option<Transfer>, StoreError> {
    let row = tx
        .query_opt(&FIND_TRANSFER_BY_ORDER, &params![order_id])
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// One transfer, held until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock(tx: &mut Tx<'_>, order_id: &str) -> Result<Option<Transfer>, StoreError> {
    let row = tx.query_opt(&LOCK_TRANSFER, &params![order_id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// It arrived.
///
/// # Errors
/// What the engine said.
pub async fn end(tx: &mut Tx<'_>, order_id: &str, at: Timestamp) -> Result<(), StoreError> {
    let values = params![order_id, TransferState::Success.as_str(), at];
    tx.execute_one(&END_TRANSFER, &values).await
}

/// What an application sent since an instant.
///
/// # Errors
/// What the engine said.
pub async fn sent_since(
    tx: &mut Tx<'_>,
    app_id: &str,
    since: Timestamp,
) -> Result<Fen, StoreError> {
    let row = tx.query_one(&SUM_SENT, &params![app_id, since]).await?;
    Ok(Fen::new(row.int("sent")?))
}

/// What an application's account has more by transfers: what came in, less what was sent.
///
/// # Errors
/// What the engine said.
pub async fn net_of(tx: &mut Tx<'_>, app_id: &str, account: &str) -> Result<i64, StoreError> {
    let row = tx
        .query_one(&SUM_TRANSFERS, &params![app_id, account])
        .await?;
    Ok(row.int("got")?.saturating_sub(row.int("sent")?))
}

/// Transfers that the ledger does not know of, in words.
///
/// # Errors
/// What the engine said.
pub async fn differences(tx: &mut Tx<'_>, most: i64) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(&UNSENT, &params![most]).await?;
    rows.iter()
        .map(|row| {
            Ok(format!(
                "transfer order {} sends {} fen, but the ledger moved {}",
                row.text("order_id")?,
                row.int("amount")?,
                row.int("moved")?
            ))
        })
        .collect()
}

/// What still waits for a bank.
///
/// # Errors
/// What the engine said.
pub async fn dealing(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(&LIST_DEALING, &[]).await?;
    rows.iter()
        .map(|row| Ok(row.text("order_id")?.to_owned()))
        .collect()
}

/// Forgets all transfers.
///
/// # Errors
/// What the engine said.
pub async fn forget(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute(&DELETE_TRANSFERS, &[]).await.map(|_| ())
}

fn read(row: &Row) -> Result<Transfer, StoreError> {
    let order_id = row.text("order_id")?.to_owned();
    let inconsistent = |what: &str| StoreError::Inconsistent {
        table: "sandbox_transfers",
        id: order_id.clone(),
        what: what.to_owned(),
    };
    let product = TransferProduct::parse(row.text("product_code")?)
        .ok_or_else(|| inconsistent("the product is none"))?;
    let state = TransferState::parse(row.text("state")?)
        .ok_or_else(|| inconsistent("the state is none"))?;
    Ok(Transfer {
        pay_fund_order_id: row.text("pay_fund_order_id")?.to_owned(),
        app_id: row.text("app_id")?.to_owned(),
        wish: TransferWish {
            out_biz_no: row.text("out_biz_no")?.to_owned(),
            product,
            biz_scene: row.text("biz_scene")?.to_owned(),
            amount: Fen::new(row.int("amount")?),
            payee_type: row.text("payee_type")?.to_owned(),
            payee: row.text("payee")?.to_owned(),
            payee_name: row.text("payee_name")?.to_owned(),
            title: row.text("title")?.to_owned(),
            remark: row.text("remark")?.to_owned(),
            passback_params: row.opt_text("passback_params")?.map(str::to_owned),
        },
        payee_account: row.text("payee_account")?.to_owned(),
        payee_user_id: row.opt_text("payee_user_id")?.map(str::to_owned),
        state,
        made_at: row.time("made_at")?,
        ended_at: row.opt_time("ended_at")?,
        order_id,
    })
}
