//! Starting over: rows of trades and notices go, the ledger keeps everything and is corrected.

use crate::domain::TradeId;
use ::store::{StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// Every trade's number, for the jobs that wait for it.
    TRADE_IDS = "SELECT trade_id FROM sandbox_trades";
    /// Every notice that is still to be delivered, for its job.
    PENDING_NOTICES = "SELECT notify_id FROM sandbox_notices WHERE state = 'pending'";
    /// Forgets deliveries.
    DELETE_DELIVERIES = "DELETE FROM sandbox_deliveries";
    /// Forgets notices.
    DELETE_NOTICES = "DELETE FROM sandbox_notices";
    /// Forgets payment codes.
    DELETE_CODES = "DELETE FROM sandbox_payment_codes";
    /// Forgets visits.
    DELETE_VISITS = "DELETE FROM sandbox_visits";
    /// Forgets refunds.
    DELETE_REFUNDS = "DELETE FROM sandbox_refunds";
    /// Forgets histories.
    DELETE_EVENTS = "DELETE FROM sandbox_trade_events";
    /// Forgets trades.
    DELETE_TRADES = "DELETE FROM sandbox_trades";
    /// Forgets short messages.
    DELETE_MESSAGES = "DELETE FROM sandbox_messages";
    /// Forgets gifts.
    DELETE_GIFTS = "DELETE FROM sandbox_gifts";
    /// Forgets which card paid what.
    DELETE_CARD_PAYMENTS = "DELETE FROM sandbox_card_payments";
    /// Takes owners' limits away.
    DELETE_DAILY_LIMITS = "DELETE FROM sandbox_daily_limits";
    /// Forgets calls whose effect the fault dial put off.
    DELETE_LATE_CALLS = "DELETE FROM jobs WHERE kind = 'late_call' AND state = 'waiting'";
    /// Forgets which forms and calls were done.
    DELETE_DONE = "DELETE FROM idempotency";
    /// Takes the locks off every account.
    UNLOCK_ACCOUNTS = "UPDATE sandbox_accounts SET login_wrong = 0, login_locked_until = NULL, pay_wrong = 0, pay_locked_until = NULL";
    /// What each account began with.
    LIST_BEGINNINGS = "SELECT user_id, began_with FROM sandbox_accounts ORDER BY user_id";
    /// Up to where the ledger speaks of trades that are gone.
    INSERT_RESET = "INSERT INTO sandbox_resets (reset_id, at, up_to_seq) SELECT $1, $2, CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM ledger_postings";
}

/// What waits for work that will not come: trades and undelivered notices, by their numbers.
///
/// # Errors
/// What the engine said.
pub async fn waiting(tx: &mut Tx<'_>) -> Result<(Vec<TradeId>, Vec<String>), StoreError> {
    let mut trades = Vec::new();
    for row in tx.query(&TRADE_IDS, &[]).await? {
        trades.push(row.parse("trade_id")?);
    }
    let mut notices = Vec::new();
    for row in tx.query(&PENDING_NOTICES, &[]).await? {
        notices.push(row.text("notify_id")?.to_owned());
    }
    Ok((trades, notices))
}

/// Forgets all trades and what belongs to them, and takes the locks off accounts.
///
/// # Errors
/// What the engine said.
pub async fn forget(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    for statement in [
        DELETE_DELIVERIES,
        DELETE_NOTICES,
        DELETE_CODES,
        DELETE_VISITS,
        DELETE_REFUNDS,
        DELETE_EVENTS,
        DELETE_TRADES,
        DELETE_CARD_PAYMENTS,
        DELETE_DAILY_LIMITS,
        DELETE_GIFTS,
        DELETE_LATE_CALLS,
        DELETE_MESSAGES,
        DELETE_DONE,
        UNLOCK_ACCOUNTS,
    ] {
        tx.execute(&statement, &[]).await?;
    }
    Ok(())
}

/// What each account began with.
///
/// # Errors
/// What the engine said.
pub async fn beginnings(tx: &mut Tx<'_>) -> Result<Vec<(String, Fen)>, StoreError> {
    let rows = tx.query(&LIST_BEGINNINGS, &[]).await?;
    rows.iter()
        .map(|row| {
            let amount = Fen::new(row.int("began_with")?);
            Ok((row.text("user_id")?.to_owned(), amount))
        })
        .collect()
}

/// Notes up to where the ledger speaks of trades that are gone.
///
/// # Errors
/// What the engine said.
pub async fn note(tx: &mut Tx<'_>, reset_id: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute_one(&INSERT_RESET, &params![reset_id, now]).await
}
