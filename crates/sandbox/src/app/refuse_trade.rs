//! The buyer says no on the phone. The merchant is not told: the trade waits until it is cancelled
//! or its time is over, as it does when the buyer never looks.

use super::fresh::Fresh;
use super::touch::bring_up;
use crate::context::Context;
use crate::domain::{Refusal, Trade, TradeId};
use crate::store::trades::{self, Key};
use store::StoreError;

/// Why nothing was refused.
#[derive(Debug, thiserror::Error)]
pub enum RefuseTradeError {
    /// The trade waits for nobody, or for somebody else.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The buyer refuses to pay.
///
/// # Errors
/// When the trade does not wait for that buyer, or the database fails.
pub async fn refuse_trade(
    cx: &Context,
    trade_id: &TradeId,
    user_id: &str,
) -> Result<Trade, RefuseTradeError> {
    let fresh = Fresh::take(cx);
    let (trade_id, user_id) = (trade_id.clone(), user_id.to_owned());
    let result = cx
        .db()
        .write(move |tx| {
            let (trade_id, user_id, fresh) = (trade_id.clone(), user_id.clone(), fresh.clone());
            Box::pin(async move {
                let Some(mut trade) = trades::lock(tx, Key::Id(&trade_id)).await? else {
                    return Ok(Err(Refusal::NotExist));
                };
                bring_up(tx, &mut trade, &fresh).await?;
                if let Err(refusal) = trade.refuse(&user_id) {
                    return Ok(Err(refusal));
                }
                let detail = "the buyer said no";
                trades::save(tx, &trade, fresh.now, "refused", detail).await?;
                Ok::<_, StoreError>(Ok(trade))
            })
        })
        .await?;
    Ok(result?)
}
