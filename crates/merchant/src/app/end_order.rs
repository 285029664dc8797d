//! Ends an order at its expiry, when none of its attempts can bring money any more.

use super::close_order::end;
use crate::context::Merchant;
use crate::domain::OrderId;
use crate::store::{attempts, orders};
use ::store::StoreError;

/// Ends the order, unless an attempt still hangs: that one's own job ends both. Safe to repeat.
pub(crate) async fn end_order(merchant: &Merchant, order_id: &OrderId) -> Result<(), StoreError> {
    let mint = merchant.mint();
    let (service, order_id) = (merchant.clone(), order_id.clone());
    merchant
        .db()
        .write(move |tx| {
            let (service, order_id) = (service.clone(), order_id.clone());
            Box::pin(async move {
                let Some(mut order) = orders::lock(tx, &order_id).await? else {
                    return Ok(());
                };
                if !order.state.is_pending() || !order.is_ending(mint.now) {
                    return Ok(());
                }
                let all = attempts::of_order(tx, &order_id).await?;
                if all.iter().any(|attempt| attempt.state.is_pending()) {
                    return Ok(());
                }
                end(tx, &service, mint, &mut order, "expiry").await
            })
        })
        .await
}
