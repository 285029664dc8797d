//! The merchant closes a trade that nobody paid.

use super::fresh::Fresh;
use super::tell::tell;
use super::touch::bring_up;
use crate::context::Context;
use crate::domain::{CloseReason, NoticeKind, Refusal, Trade};
use crate::jobs;
use crate::store::trades::{self, Key};
use store::StoreError;

/// Which trade a merchant means: Alipay's number when both are given.
#[derive(Clone, Debug)]
pub struct TradeRef {
    /// Whose.
    pub app_id: String,
    /// The merchant's number.
    pub out_trade_no: Option<String>,
    /// Alipay's number; it wins.
    pub trade_no: Option<String>,
}

impl TradeRef {
    /// The key to look it up by; none when neither number is given.
    #[must_use]
    pub fn key(&self) -> Option<Key<'_>> {
        let app_id = &self.app_id;
        match (&self.trade_no, &self.out_trade_no) {
            (Some(trade_no), _) => Some(Key::TradeNo { app_id, trade_no }),
            (None, Some(out_trade_no)) => Some(Key::Number {
                app_id,
                out_trade_no,
            }),
            (None, None) => None,
        }
    }
}

/// Why it was not closed.
#[derive(Debug, thiserror::Error)]
pub enum CloseTradeError {
    /// The trade cannot be closed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Closes a trade.
///
/// # Errors
/// When it does not exist, is paid or over, or the database fails.
pub async fn close_trade(cx: &Context, wanted: TradeRef) -> Result<Trade, CloseTradeError> {
    let fresh = Fresh::take(cx);
    let result = cx
        .db()
        .write(move |tx| {
            let (wanted, fresh) = (wanted.clone(), fresh.clone());
            Box::pin(async move {
                let Some(key) = wanted.key() else {
                    return Ok(Err(Refusal::NotExist));
                };
                let Some(mut trade) = trades::lock(tx, key).await? else {
                    return Ok(Err(Refusal::NotExist));
                };
                bring_up(tx, &mut trade, &fresh).await?;
                match trade.close(CloseReason::Merchant, fresh.now) {
                    Ok(state) => trade.state = state,
                    Err(refusal) => return Ok(Err(refusal)),
                }
                let what = "by the merchant";
                trades::save(tx, &trade, fresh.now, "closed", what).await?;
                store::jobs::cancel(tx, jobs::EXPIRE_TRADE, trade.trade_id.as_str()).await?;
                let kind = NoticeKind::Ended { at: fresh.now };
                tell(tx, &trade, &kind, &fresh).await?;
                Ok::<_, StoreError>(Ok(trade))
            })
        })
        .await?;
    cx.wake();
    Ok(result?)
}
