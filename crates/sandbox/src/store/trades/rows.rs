//! Trades and their history.

use super::row::{self, Columns, read};
use crate::domain::{Trade, TradeId};
use crate::store::agreements::signing_text;
use ::store::{StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// Adds a trade.
    INSERT_TRADE = "INSERT INTO sandbox_trades (trade_id, app_id, seller_id, out_trade_no, trade_no, qr_code, product, state, total_amount, refunded, subject, body, passback_params, notify_url, charset, timeout, qr_timeout_ms, store_id, terminal_id, asked_at, created_at, expires_at, buyer_user_id, buyer_logon_id, fund_channel, paid_at, close_reason, ended_at, payer_user_id, payer_logon_id, by_app_id, pay_channels, signing, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, 0)";
    /// One trade by our number.
    FIND_TRADE = "SELECT * FROM sandbox_trades WHERE trade_id = $1";
    /// One trade by our number, held until the transaction ends.
    LOCK_TRADE = "SELECT * FROM sandbox_trades WHERE trade_id = $1", pg " FOR UPDATE";
    /// One trade by the merchant's number.
    FIND_TRADE_BY_NUMBER = "SELECT * FROM sandbox_trades WHERE app_id = $1 AND out_trade_no = $2";
    /// One trade by the merchant's number, held until the transaction ends.
    LOCK_TRADE_BY_NUMBER = "SELECT * FROM sandbox_trades WHERE app_id = $1 AND out_trade_no = $2", pg " FOR UPDATE";
    /// One trade by Alipay's number.
    FIND_TRADE_BY_TRADE_NO = "SELECT * FROM sandbox_trades WHERE app_id = $1 AND trade_no = $2";
    /// One trade by the token in its QR code.
    FIND_TRADE_BY_CODE = "SELECT * FROM sandbox_trades WHERE qr_code = $1";
    /// Every application's trade of that number.
    LIST_TRADES_OF_NUMBER = "SELECT * FROM sandbox_trades WHERE out_trade_no = $1 ORDER BY app_id";
    /// Trades, newest first, of an application, a state or a buyer when these are given.
    LIST_TRADES = "SELECT * FROM sandbox_trades WHERE (CAST($1 AS TEXT) IS NULL OR app_id = $1) AND (CAST($2 AS TEXT) IS NULL OR state = $2) AND (CAST($3 AS TEXT) IS NULL OR trade_id < $3) ORDER BY trade_id DESC LIMIT $4";
    /// A buyer's paid trades, newest first.
    LIST_TRADES_OF_BUYER = "SELECT * FROM sandbox_trades WHERE buyer_user_id = $1 AND (CAST($2 AS TEXT) IS NULL OR trade_id < $2) ORDER BY trade_id DESC LIMIT $3";
    /// What waits for a buyer's word, newest first.
    LIST_WAITING_FOR = "SELECT * FROM sandbox_trades WHERE payer_user_id = $1 AND state = 'waiting' ORDER BY trade_id DESC LIMIT $2";
    /// Writes a trade back, if nobody else did since it was read.
    SAVE_TRADE = "UPDATE sandbox_trades SET trade_no = $2, product = $3, state = $4, total_amount = $5, refunded = $6, subject = $7, body = $8, passback_params = $9, notify_url = $10, charset = $11, timeout = $12, qr_timeout_ms = $13, store_id = $14, terminal_id = $15, asked_at = $16, created_at = $17, expires_at = $18, buyer_user_id = $19, buyer_logon_id = $20, fund_channel = $21, paid_at = $22, close_reason = $23, ended_at = $24, qr_code = $25, payer_user_id = $26, payer_logon_id = $27, by_app_id = $28, pay_channels = $29, signing = $30, version = version + 1 WHERE trade_id = $1";
    /// Adds to a trade's history, numbered by the trade's version.
    INSERT_EVENT = "INSERT INTO sandbox_trade_events (trade_id, version, at, what, detail) SELECT trade_id, version, $2, $3, $4 FROM sandbox_trades WHERE trade_id = $1";
    /// A trade's history, oldest first.
    LIST_EVENTS = "SELECT at, what, detail FROM sandbox_trade_events WHERE trade_id = $1 ORDER BY version";
    /// What each seller should have by the trades: all that was paid, less what went back.
    SUM_BY_APP = "SELECT app_id, CAST(COALESCE(SUM(total_amount - refunded), 0) AS BIGINT) AS held FROM sandbox_trades WHERE paid_at IS NOT NULL GROUP BY app_id";
}

/// One step in a trade's history.
#[derive(Clone, Debug)]
pub struct TradeEvent {
    /// When.
    pub at: Timestamp,
    /// What: `asked`, `opened`, `created`, `paid`, `refunded`, `closed`, `finished`.
    pub what: String,
    /// In words.
    pub detail: String,
}

/// Adds a trade with the first step of its history.
///
/// # Errors
/// What the engine said; a conflict when the application used the number before.
pub async fn insert(
    tx: &mut Tx<'_>,
    trade: &Trade,
    what: &str,
    detail: &str,
) -> Result<(), StoreError> {
    let offer = &trade.offer;
    let at = Columns::of(&trade.state);
    let values = params![
        trade.trade_id.as_str(),
        &trade.app_id,
        &trade.seller_id,
        &offer.out_trade_no,
        at.trade_no,
        &trade.qr_code,
        offer.product.as_str(),
        at.state,
        offer.total_amount.fen(),
        trade.refunded.fen(),
        &offer.subject,
        offer.body.as_ref(),
        offer.passback_params.as_ref(),
        offer.notify_url.as_ref(),
        &offer.charset,
        row::timeout_text(offer.timeout),
        offer.qr_timeout_ms,
        offer.store_id.as_ref(),
        offer.terminal_id.as_ref(),
        trade.asked_at,
        at.created_at,
        at.expires_at,
        at.buyer_user_id,
        at.buyer_logon_id,
        at.fund_channel,
        at.paid_at,
        at.close_reason,
        at.ended_at,
        offer.payer.as_ref().map(|payer| payer.user_id.as_str()),
        offer.payer.as_ref().map(|payer| payer.logon_id.as_str()),
        offer.by_app_id.as_ref(),
        offer.channels.column(),
        offer.signing.as_ref().map(signing_text),
    ];
    tx.execute_one(&INSERT_TRADE, &values).await?;
    let values = params![trade.trade_id.as_str(), trade.asked_at, what, detail];
    tx.execute_one(&INSERT_EVENT, &values).await
}

/// Writes a locked trade back and adds a step to its history.
///
/// # Errors
/// What the engine said.
pub async fn save(
    tx: &mut Tx<'_>,
    trade: &Trade,
    at: Timestamp,
    what: &str,
    detail: &str,
) -> Result<(), StoreError> {
    let offer = &trade.offer;
    let columns = Columns::of(&trade.state);
    let values = params![
        trade.trade_id.as_str(),
        columns.trade_no,
        offer.product.as_str(),
        columns.state,
        offer.total_amount.fen(),
        trade.refunded.fen(),
        &offer.subject,
        offer.body.as_ref(),
        offer.passback_params.as_ref(),
        offer.notify_url.as_ref(),
        &offer.charset,
        row::timeout_text(offer.timeout),
        offer.qr_timeout_ms,
        offer.store_id.as_ref(),
        offer.terminal_id.as_ref(),
        trade.asked_at,
        columns.created_at,
        columns.expires_at,
        columns.buyer_user_id,
        columns.buyer_logon_id,
        columns.fund_channel,
        columns.paid_at,
        columns.close_reason,
        columns.ended_at,
        &trade.qr_code,
        offer.payer.as_ref().map(|payer| payer.user_id.as_str()),
        offer.payer.as_ref().map(|payer| payer.logon_id.as_str()),
        offer.by_app_id.as_ref(),
        offer.channels.column(),
        offer.signing.as_ref().map(signing_text),
    ];
    tx.execute_one(&SAVE_TRADE, &values).await?;
    let values = params![trade.trade_id.as_str(), at, what, detail];
    tx.execute_one(&INSERT_EVENT, &values).await
}

/// Which trade is meant.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// By our number.
    Id(&'a TradeId),
    /// By an application's own number.
    Number {
        /// Whose number.
        app_id: &'a str,
        /// The merchant's number.
        out_trade_no: &'a str,
    },
    /// By Alipay's number.
    TradeNo {
        /// Whose trade.
        app_id: &'a str,
        /// 28 digits.
        trade_no: &'a str,
    },
    /// By the token in its QR code.
    Code(&'a str),
}

/// One trade.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, key: Key<'_>) -> Result<Option<Trade>, StoreError> {
    let row = match key {
        Key::Id(trade_id) => {
            let values = params![trade_id.as_str()];
            tx.query_opt(&FIND_TRADE, &values).await?
        }
        Key::Number {
            app_id,
            out_trade_no,
        } => {
            let values = params![app_id, out_trade_no];
            tx.query_opt(&FIND_TRADE_BY_NUMBER, &values).await?
        }
        Key::TradeNo { app_id, trade_no } => {
            let values = params![app_id, trade_no];
            tx.query_opt(&FIND_TRADE_BY_TRADE_NO, &values).await?
        }
        Key::Code(code) => tx.query_opt(&FIND_TRADE_BY_CODE, &params![code]).await?,
    };
    row.map(|row| read(&row)).transpose()
}

/// One trade, held until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock(tx: &mut Tx<'_>, key: Key<'_>) -> Result<Option<Trade>, StoreError> {
    let row = match key {
        Key::Number {
            app_id,
            out_trade_no,
        } => {
            let values = params![app_id, out_trade_no];
            tx.query_opt(&LOCK_TRADE_BY_NUMBER, &values).await?
        }
        Key::Id(trade_id) => {
            let values = params![trade_id.as_str()];
            tx.query_opt(&LOCK_TRADE, &values).await?
        }
        Key::TradeNo { .. } | Key::Code(_) => {
            let Some(found) = find(tx, key).await? else {
                return Ok(None);
            };
            let values = params![found.trade_id.as_str()];
            tx.query_opt(&LOCK_TRADE, &values).await?
        }
    };
    row.map(|row| read(&row)).transpose()
}

/// Every application's trade of that number.
///
/// # Errors
/// What the engine said.
pub async fn list_of_number(tx: &mut Tx<'_>, out_trade_no: &str) -> Result<Vec<Trade>, StoreError> {
    let rows = tx
        .query(&LIST_TRADES_OF_NUMBER, &params![out_trade_no])
        .await?;
    rows.iter().map(read).collect()
}

/// Trades, newest first, of an application and in a state when these are given, before a cursor.
///
/// # Errors
/// What the engine said.
pub async fn list(
    tx: &mut Tx<'_>,
    app_id: Option<&str>,
    state: Option<&str>,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Trade>, StoreError> {
    let values = params![app_id, state, before, limit];
    let rows = tx.query(&LIST_TRADES, &values).await?;
    rows.iter().map(read).collect()
}

/// A buyer's paid trades, newest first, before a cursor.
///
/// # Errors
/// What the engine said.
pub async fn list_of_buyer(
    tx: &mut Tx<'_>,
    user_id: &str,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Trade>, StoreError> {
    let values = params![user_id, before, limit];
    let rows = tx.query(&LIST_TRADES_OF_BUYER, &values).await?;
    rows.iter().map(read).collect()
}

/// What waits for a buyer's word, newest first.
///
/// # Errors
/// What the engine said.
pub async fn list_waiting_for(
    tx: &mut Tx<'_>,
    user_id: &str,
    limit: i64,
) -> Result<Vec<Trade>, StoreError> {
    let rows = tx
        .query(&LIST_WAITING_FOR, &params![user_id, limit])
        .await?;
    rows.iter().map(read).collect()
}

/// A trade's history, oldest first.
///
/// # Errors
/// What the engine said.
pub async fn history(tx: &mut Tx<'_>, trade_id: &TradeId) -> Result<Vec<TradeEvent>, StoreError> {
    let rows = tx.query(&LIST_EVENTS, &params![trade_id.as_str()]).await?;
    rows.iter()
        .map(|row| {
            Ok(TradeEvent {
                at: row.time("at")?,
                what: row.text("what")?.to_owned(),
                detail: row.text("detail")?.to_owned(),
            })
        })
        .collect()
}

/// What each application's seller should have by the trades.
///
/// # Errors
/// What the engine said.
pub async fn held_by_app(tx: &mut Tx<'_>) -> Result<Vec<(String, Fen)>, StoreError> {
    let rows = tx.query(&SUM_BY_APP, &[]).await?;
    rows.iter()
        .map(|row| Ok((row.text("app_id")?.to_owned(), Fen::new(row.int("held")?))))
        .collect()
}
