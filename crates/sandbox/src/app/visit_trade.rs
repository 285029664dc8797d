//! A buyer opens, in the wallet, a trade that waits for that buyer: a visit starts.

use super::fresh::Fresh;
use super::touch::lock_present;
use crate::context::Context;
use crate::domain::{Product, TradeId, TradeState};
use crate::store::trades::Key;
use crate::store::visits::{self, Visit};
use store::StoreError;

/// Starts a visit; none when the trade does not wait for that buyer.
///
/// # Errors
/// When the database fails.
pub async fn visit_trade(
    cx: &Context,
    trade_id: &TradeId,
    user_id: &str,
) -> Result<Option<Visit>, StoreError> {
    let fresh = Fresh::take(cx);
    let (trade_id, user_id) = (trade_id.clone(), user_id.to_owned());
    cx.db()
        .write(move |tx| {
            let (trade_id, user_id, fresh) = (trade_id.clone(), user_id.clone(), fresh.clone());
            Box::pin(async move {
                let Some(trade) = lock_present(tx, Key::Id(&trade_id), &fresh).await? else {
                    return Ok(None);
                };
                let payer = trade.offer.payer.as_ref();
                let is_mine = payer.is_some_and(|payer| payer.user_id == user_id);
                if !is_mine || !matches!(trade.state, TradeState::Waiting(_)) {
                    return Ok(None);
                }
                let visit = Visit {
                    visit_id: fresh.other_token.clone(),
                    trade_id: trade.trade_id,
                    // The visitor holds a phone; there is no page to return to.
                    product: Product::Precreate,
                    return_url: None,
                    quit_url: None,
                    shown: trade.offer.shown(),
                    charset: trade.offer.charset,
                    created_at: fresh.now,
                };
                visits::insert(tx, &visit).await?;
                Ok(Some(visit))
            })
        })
        .await
}
