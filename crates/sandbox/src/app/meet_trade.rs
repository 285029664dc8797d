//! A buyer comes: a wallet scans a QR code, or a phone's buyer confirms. The trade exists now.

use super::fresh::Fresh;
use super::open_trade::{OpenTradeError, born};
use super::touch::{bring_up, schedule_expiry};
use crate::context::Context;
use crate::domain::product::Begins;
use crate::domain::{App, Product, Refusal, Trade, TradeId};
use crate::store::apps;
use crate::store::trades::{self, Key};
use crate::store::visits::{self, Visit};
use store::{StoreError, Tx};

/// A buyer confirms on the phone's cashier: the trade comes into being if it has not yet.
///
/// # Errors
/// When there is no such trade, it is paid, closed or its time is over, or the database fails.
pub async fn meet_trade(cx: &Context, trade_id: &TradeId) -> Result<Trade, OpenTradeError> {
    let fresh = Fresh::take(cx);
    let trade_id = trade_id.clone();
    let result = cx
        .db()
        .write(move |tx| {
            let (trade_id, fresh) = (trade_id.clone(), fresh.clone());
            Box::pin(async move { meet(tx, Key::Id(&trade_id), &fresh).await })
        })
        .await;
    cx.wake();
    let result: Result<_, StoreError> = result;
    Ok(result??)
}

/// A QR code is scanned, by a wallet or by a browser that plays one: the trade comes into being if
/// it has not yet, and a visit starts.
///
/// # Errors
/// When nobody made that code, or its trade is paid, closed or out of time, or the database fails.
pub async fn scan(cx: &Context, code: &str) -> Result<Visit, OpenTradeError> {
    let fresh = Fresh::take(cx);
    let code = code.to_owned();
    let result = cx
        .db()
        .write(move |tx| {
            let (code, fresh) = (code.clone(), fresh.clone());
            Box::pin(async move {
                let trade = match meet(tx, Key::Code(&code), &fresh).await? {
                    Ok(trade) => trade,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let visit = Visit {
                    visit_id: fresh.other_token.clone(),
                    trade_id: trade.trade_id,
                    // Whatever made the code, the visitor holds a phone with a scanned code.
                    product: Product::Precreate,
                    return_url: None,
                    quit_url: None,
                    shown: trade.offer.shown(),
                    charset: trade.offer.charset,
                    created_at: fresh.now,
                };
                visits::insert(tx, &visit).await?;
                Ok::<_, StoreError>(Ok(visit))
            })
        })
        .await?;
    cx.wake();
    Ok(result?)
}

/// Locks a trade and lets it come into being if it has not yet.
///
/// # Errors
/// What the engine said; inside, why nobody can pay it.
pub(super) async fn meet(
    tx: &mut Tx<'_>,
    key: Key<'_>,
    fresh: &Fresh,
) -> Result<Result<Trade, Refusal>, StoreError> {
    let Some(mut trade) = trades::lock(tx, key).await? else {
        return Ok(Err(Refusal::NotExist));
    };
    bring_up(tx, &mut trade, fresh).await?;
    let app = app_of(tx, &trade).await?;
    match trade.meet(app.profile, fresh.now) {
        Err(refusal) => Ok(Err(refusal)),
        Ok(false) => Ok(Ok(trade)),
        Ok(true) => {
            born(&mut trade, &app, fresh);
            let detail = match trade.offer.product.begins() {
                Begins::OnScan => "its QR code was scanned",
                Begins::AtOnce | Begins::OnConfirm => "the buyer confirmed",
            };
            trades::save(tx, &trade, fresh.now, "created", detail).await?;
            schedule_expiry(tx, &trade, fresh).await?;
            Ok(Ok(trade))
        }
    }
}

/// Whose a trade is.
///
/// # Errors
/// What the engine said.
pub(super) async fn app_of(tx: &mut Tx<'_>, trade: &Trade) -> Result<App, StoreError> {
    apps::find(tx, &trade.app_id)
        .await?
        .ok_or_else(|| StoreError::Inconsistent {
            table: "sandbox_trades",
            id: trade.trade_id.to_string(),
            what: "its application is missing".to_owned(),
        })
}
