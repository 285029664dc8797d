//! A trade's time is over: unpaid it closes, paid it can no longer be refunded.

use super::fresh::Fresh;
use super::touch::lock_present;
use crate::context::Context;
use crate::domain::{Trade, TradeId};
use crate::store::trades::Key;
use service::worker::Done;
use store::StoreError;

/// The job's turn: ends the trade if its time is over, and harmlessly does nothing otherwise.
///
/// # Errors
/// When the database fails.
pub async fn end_due(cx: &Context, key: &str) -> Result<Done, StoreError> {
    let Ok(trade_id) = key.parse::<TradeId>() else {
        return Ok(Done::Fail {
            error: format!("`{key}` is no trade's number"),
        });
    };
    bring_up(cx, &trade_id).await?;
    Ok(Done::Finished)
}

/// A trade as it stands now, ended if its time is over.
///
/// # Errors
/// When the database fails.
pub async fn bring_up(cx: &Context, trade_id: &TradeId) -> Result<Option<Trade>, StoreError> {
    let fresh = Fresh::take(cx);
    let trade_id = trade_id.clone();
    let trade = cx
        .db()
        .write(move |tx| {
            let (fresh, trade_id) = (fresh.clone(), trade_id.clone());
            Box::pin(async move { lock_present(tx, Key::Id(&trade_id), &fresh).await })
        })
        .await?;
    cx.wake();
    Ok(trade)
}
