//! Bills: their addresses, and what stands in the bill of trades.

use crate::bills::TradeLine;
use crate::domain::TradeId;
use ::store::{StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// Adds the address of a bill.
    INSERT_BILL_LINK = "INSERT INTO sandbox_bill_links (token, app_id, bill_type, bill_date, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    /// The bill behind an address.
    FIND_BILL_LINK = "SELECT app_id, bill_type, bill_date, made_at, expires_at FROM sandbox_bill_links WHERE token = $1";
    /// Forgets the addresses that no longer work.
    DELETE_OLD_BILL_LINKS = "DELETE FROM sandbox_bill_links WHERE expires_at < $1";
    /// What was paid to an application in a stretch of time.
    LIST_PAID = "SELECT trade_id, trade_no, out_trade_no, subject, created_at, paid_at, store_id, terminal_id, buyer_logon_id, total_amount FROM sandbox_trades WHERE app_id = $1 AND paid_at >= $2 AND paid_at < $3 ORDER BY paid_at, trade_id";
    /// What an application gave back in a stretch of time.
    LIST_GIVEN_BACK = "SELECT t.trade_id, t.trade_no, t.out_trade_no, t.subject, t.created_at, t.store_id, t.terminal_id, t.buyer_logon_id, r.out_request_no, r.amount, r.reason, r.refunded_at FROM sandbox_refunds r JOIN sandbox_trades t ON t.trade_id = r.trade_id WHERE t.app_id = $1 AND r.refunded_at >= $2 AND r.refunded_at < $3 ORDER BY r.refunded_at, r.trade_id, r.out_request_no";
    /// Whether anything was paid to an application or given back in a stretch of time.
    COUNT_TRADED = "SELECT (SELECT COUNT(*) FROM sandbox_trades WHERE app_id = $1 AND paid_at >= $2 AND paid_at < $3) + (SELECT COUNT(*) FROM sandbox_refunds r JOIN sandbox_trades t ON t.trade_id = r.trade_id WHERE t.app_id = $1 AND r.refunded_at >= $2 AND r.refunded_at < $3) AS lines";
    /// Since when an application is there.
    REGISTERED_AT = "SELECT created_at FROM sandbox_apps WHERE app_id = $1";
    /// What a trade's movements say of it on the bill of the account.
    FIND_TRADE_NUMBERS = "SELECT trade_no, out_trade_no, subject, buyer_logon_id FROM sandbox_trades WHERE trade_id = $1";
    /// A trade's number of ours by Alipay's or the merchant's.
    FIND_TRADE_ID = "SELECT trade_id FROM sandbox_trades WHERE app_id = $1 AND (CAST($2 AS TEXT) IS NULL OR trade_no = $2) AND (CAST($3 AS TEXT) IS NULL OR out_trade_no = $3)";
}

/// The bill that an address leads to.
#[derive(Clone, Debug)]
pub struct BillLink {
    /// 32 hex digits in the address.
    pub token: String,
    /// Whose bill.
    pub app_id: String,
    /// `trade` or `signcustomer`.
    pub bill_type: String,
    /// The day or month.
    pub bill_date: String,
    /// When it was asked for.
    pub made_at: Timestamp,
    /// Until when the address works.
    pub expires_at: Timestamp,
}

/// Adds an address and forgets those that no longer work.
///
/// # Errors
/// What the engine said.
pub async fn add_link(tx: &mut Tx<'_>, link: &BillLink) -> Result<(), StoreError> {
    // A day longer than they work: whoever comes late is told that, not that there is none.
    let old = link.made_at.plus_ms(-kernel::time::DAY_MS);
    tx.execute(&DELETE_OLD_BILL_LINKS, &params![old]).await?;
    let values = params![
        &link.token,
        &link.app_id,
        &link.bill_type,
        &link.bill_date,
        link.made_at,
        link.expires_at,
    ];
    tx.execute_one(&INSERT_BILL_LINK, &values).await
}

/// The bill behind an address.
///
/// # Errors
/// What the engine said.
pub async fn find_link(tx: &mut Tx<'_>, token: &str) -> Result<Option<BillLink>, StoreError> {
    let row = tx.query_opt(&FIND_BILL_LINK, &params![token]).await?;
    row.map(|row| {
        Ok(BillLink {
            token: token.to_owned(),
            app_id: row.text("app_id")?.to_owned(),
            bill_type: row.text("bill_type")?.to_owned(),
            bill_date: row.text("bill_date")?.to_owned(),
            made_at: row.time("made_at")?,
            expires_at: row.time("expires_at")?,
        })
    })
    .transpose()
}

/// Since when an application is there.
///
/// # Errors
/// What the engine said.
pub async fn registered_at(tx: &mut Tx<'_>, app_id: &str) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.query_opt(&REGISTERED_AT, &params![app_id]).await?;
    row.map(|row| row.time("created_at")).transpose()
}

/// Whether an application's bill of trades has any line.
///
/// # Errors
/// What the engine said.
pub async fn has_traded(
    tx: &mut Tx<'_>,
    app_id: &str,
    span: (Timestamp, Timestamp),
) -> Result<bool, StoreError> {
    let values = params![app_id, span.0, span.1];
    Ok(tx.query_one(&COUNT_TRADED, &values).await?.int("lines")? > 0)
}

/// The payments and refunds of an application in a stretch of time, as they happened.
///
/// # Errors
/// What the engine said.
pub async fn trade_lines(
    tx: &mut Tx<'_>,
    app_id: &str,
    span: (Timestamp, Timestamp),
) -> Result<Vec<TradeLine>, StoreError> {
    let values = params![app_id, span.0, span.1];
    let mut lines = Vec::new();
    for row in tx.query(&LIST_PAID, &values).await? {
        lines.push(TradeLine {
            trade_no: row.text("trade_no")?.to_owned(),
            out_trade_no: row.text("out_trade_no")?.to_owned(),
            subject: row.text("subject")?.to_owned(),
            created_at: row.time("created_at")?,
            completed_at: row.time("paid_at")?,
            store_id: row.opt_text("store_id")?.unwrap_or_default().to_owned(),
            terminal_id: row.opt_text("terminal_id")?.unwrap_or_default().to_owned(),
            other_account: row.text("buyer_logon_id")?.to_owned(),
            amount: Fen::new(row.int("total_amount")?),
            out_request_no: None,
            remark: String::new(),
        });
    }
    for row in tx.query(&LIST_GIVEN_BACK, &values).await? {
        lines.push(TradeLine {
            trade_no: row.text("trade_no")?.to_owned(),
            out_trade_no: row.text("out_trade_no")?.to_owned(),
            subject: row.text("subject")?.to_owned(),
            created_at: row.time("created_at")?,
            completed_at: row.time("refunded_at")?,
            store_id: row.opt_text("store_id")?.unwrap_or_default().to_owned(),
            terminal_id: row.opt_text("terminal_id")?.unwrap_or_default().to_owned(),
            other_account: row.text("buyer_logon_id")?.to_owned(),
            amount: Fen::new(row.int("amount")?),
            out_request_no: Some(row.text("out_request_no")?.to_owned()),
            remark: row.opt_text("reason")?.unwrap_or_default().to_owned(),
        });
    }
    // Stable: a payment stands before a refund of the same instant.
    lines.sort_by_key(|line| line.completed_at);
    Ok(lines)
}

/// What the bill of the account says of a trade.
#[derive(Clone, Debug)]
pub struct TradeNumbers {
    /// Alipay's number.
    pub trade_no: String,
    /// The merchant's number.
    pub out_trade_no: String,
    /// What was bought.
    pub subject: String,
    /// The buyer, masked; nothing while nobody paid.
    pub buyer: String,
}

/// What the bill of the account says of a trade.
///
/// # Errors
/// What the engine said.
pub async fn trade_numbers(
    tx: &mut Tx<'_>,
    trade_id: &str,
) -> Result<Option<TradeNumbers>, StoreError> {
    let row = tx
        .query_opt(&FIND_TRADE_NUMBERS, &params![trade_id])
        .await?;
    row.map(|row| {
        Ok(TradeNumbers {
            trade_no: row.opt_text("trade_no")?.unwrap_or_default().to_owned(),
            out_trade_no: row.text("out_trade_no")?.to_owned(),
            subject: row.text("subject")?.to_owned(),
            buyer: row
                .opt_text("buyer_logon_id")?
                .unwrap_or_default()
                .to_owned(),
        })
    })
    .transpose()
}

/// Our number of an application's trade by Alipay's or the merchant's.
///
/// # Errors
/// What the engine said.
pub async fn trade_id(
    tx: &mut Tx<'_>,
    app_id: &str,
    trade_no: Option<&str>,
    out_trade_no: Option<&str>,
) -> Result<Option<TradeId>, StoreError> {
    let values = params![app_id, trade_no, out_trade_no];
    let row = tx.query_opt(&FIND_TRADE_ID, &values).await?;
    row.map(|row| row.parse("trade_id")).transpose()
}
