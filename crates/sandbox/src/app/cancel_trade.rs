//! The merchant undoes a trade whose outcome it does not know: unpaid it closes, paid its money
//! goes back, unknown nothing happens. The same again changes nothing.

use super::close_trade::TradeRef;
use super::fresh::Fresh;
use super::refund_trade::{Given, give_whole};
use super::tell::tell;
use super::touch::bring_up;
use crate::context::Context;
use crate::domain::trade::{Cancel, Cancelled};
use crate::domain::{NoticeKind, Refusal, Trade};
use crate::jobs;
use crate::store::trades;
use money::Fen;
use store::{StoreError, Tx};

/// Why nothing was undone.
#[derive(Debug, thiserror::Error)]
pub enum CancelTradeError {
    /// The trade does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The seller has not enough.
    #[error("the seller's balance of {balance} is too small")]
    SellerBalanceNotEnough {
        /// What is there.
        balance: Fen,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

enum Outcome {
    Nothing,
    Done(Box<Trade>, Cancelled),
    Refused(Refusal),
    NotEnough(Fen),
}

/// Undoes a trade; says what was done, and nothing where there is no trade.
///
/// # Errors
/// When it is too late, the seller's balance does not allow it, or the database fails.
pub async fn cancel_trade(
    cx: &Context,
    wanted: TradeRef,
) -> Result<Option<(Trade, Cancelled)>, CancelTradeError> {
    let fresh = Fresh::take(cx);
    let outcome = cx
        .db()
        .write(move |tx| {
            let (wanted, fresh) = (wanted.clone(), fresh.clone());
            Box::pin(async move { undo(tx, &wanted, &fresh).await })
        })
        .await?;
    cx.wake();
    match outcome {
        Outcome::Nothing => Ok(None),
        Outcome::Done(trade, how) => Ok(Some((*trade, how))),
        Outcome::Refused(refusal) => Err(refusal.into()),
        Outcome::NotEnough(balance) => Err(CancelTradeError::SellerBalanceNotEnough { balance }),
    }
}

async fn undo(tx: &mut Tx<'_>, wanted: &TradeRef, fresh: &Fresh) -> Result<Outcome, StoreError> {
    let locked = match wanted.key() {
        Some(key) => trades::lock(tx, key).await?,
        None => None,
    };
    let Some(mut trade) = locked else {
        return Ok(Outcome::Nothing);
    };
    bring_up(tx, &mut trade, fresh).await?;
    match trade.cancel(fresh.now) {
        Err(refusal) => Ok(Outcome::Refused(refusal)),
        Ok(Cancel::Nothing) => Ok(Outcome::Nothing),
        Ok(Cancel::Already(how)) => Ok(Outcome::Done(Box::new(trade), how)),
        Ok(Cancel::Close(state)) => {
            trade.state = state;
            let detail = "cancelled by the merchant";
            trades::save(tx, &trade, fresh.now, "closed", detail).await?;
            store::jobs::cancel(tx, jobs::EXPIRE_TRADE, trade.trade_id.as_str()).await?;
            let kind = NoticeKind::Ended { at: fresh.now };
            tell(tx, &trade, &kind, fresh).await?;
            Ok(Outcome::Done(Box::new(trade), Cancelled::Closed))
        }
        Ok(Cancel::Refund) => match give_whole(tx, trade, fresh).await? {
            Given::Done(refunded) => {
                Ok(Outcome::Done(Box::new(refunded.trade), Cancelled::Refunded))
            }
            Given::Refused(refusal) => Ok(Outcome::Refused(refusal)),
            Given::Share(_) => Ok(Outcome::Nothing),
            Given::NotEnough(balance) => Ok(Outcome::NotEnough(balance)),
        },
    }
}
