//! A merchant asks for a QR code. No trade exists until a wallet scans it.

use super::fresh::Fresh;
use super::open_trade::{OpenTradeError, ask};
use crate::context::Context;
use crate::domain::{App, Offer, Refusal, Trade};
use store::StoreError;

/// Makes the QR code of an offer, or gives the same one again for the same offer.
///
/// # Errors
/// When the number is paid, closed or was used for something else, or the database fails.
pub async fn precreate(cx: &Context, app: &App, offer: &Offer) -> Result<Trade, OpenTradeError> {
    let first = once(cx, app, offer).await;
    let result = match first {
        // Two requests with a new number at once: the other made the code, this one gets it too.
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

/// The address in a trade's QR code: a page that a phone or browser can open.
#[must_use]
pub fn qr_address(cx: &Context, trade: &Trade) -> String {
    format!("{}/qr/{}", cx.public_url(), trade.qr_code)
}
