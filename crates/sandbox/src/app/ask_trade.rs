//! A merchant asks to be paid by a call: for a QR code, where no trade exists until a wallet scans
//! it, or by a known buyer, where it exists at once.

use super::fresh::Fresh;
use super::open_trade::{OpenTradeError, ask};
use crate::context::Context;
use crate::domain::{App, Offer, Refusal, Trade};
use store::StoreError;

/// Makes the trade of an offer, or gives the same one again for the same offer.
///
/// # Errors
/// When the number is paid, closed or was used for something else, or the database fails.
pub async fn ask_trade(cx: &Context, app: &App, offer: &Offer) -> Result<Trade, OpenTradeError> {
    let first = once(cx, app, offer).await;
    let result = match first {
        // Two requests with a new number at once: the other made the trade, this one gets it too.
        Err(error) if error.as_conflict().is_some() => once(cx, app, offer).await?,
        other => other?,
    };
    cx.wake();
    Ok(result?)
}

async fn once(
    cx: &Context,
    app: &App,
    offer: &Offer,
) -> Result<Result<Trade, Refusal>, StoreError> {
    let fresh = Fresh::take(cx);
    let (app, offer) = (app.clone(), offer.clone());
    cx.db()
        .write(move |tx| {
            let (app, offer, fresh) = (app.clone(), offer.clone(), fresh.clone());
            Box::pin(async move { ask(tx, &app, &offer, &fresh).await })
        })
        .await
}
