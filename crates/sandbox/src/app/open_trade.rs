//! A browser opens a signed link: the cashier begins, and for a desktop page the trade too.

use super::fresh::Fresh;
use super::touch::{bring_up, schedule_expiry};
use crate::context::Context;
use crate::domain::product::Begins;
use crate::domain::trade::Reopened;
use crate::domain::{App, Born, Offer, Product, Refusal, Trade, TradeState};
use crate::store::trades::{self, Key};
use crate::store::visits::{self, Visit};
use money::Fen;
use store::{StoreError, Tx};

/// A checked link.
#[derive(Clone, Debug)]
pub struct OpenTrade {
    /// Whose link.
    pub app: App,
    /// What is asked for.
    pub offer: Offer,
    /// Where the buyer goes after paying.
    pub return_url: Option<String>,
    /// Where a phone's buyer goes without paying.
    pub quit_url: Option<String>,
}

/// Why a link leads nowhere.
#[derive(Debug, thiserror::Error)]
pub enum OpenTradeError {
    /// The number is taken by a trade that this link does not continue.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens a link: continues the trade of its number or begins one, and starts a visit.
///
/// # Errors
/// When the number is paid, closed or was used for something else, or the database fails.
pub async fn open_trade(cx: &Context, open: OpenTrade) -> Result<Visit, OpenTradeError> {
    let first = once(cx, open.clone()).await;
    let result = match first {
        // Two links of a new number at once: the other made the trade, this one continues it.
        Err(error) if error.as_conflict().is_some() => once(cx, open).await?,
        other => other?,
    };
    cx.wake();
    Ok(result?)
}

async fn once(cx: &Context, open: OpenTrade) -> Result<Result<Visit, Refusal>, StoreError> {
    let fresh = Fresh::take(cx);
    cx.db()
        .write(move |tx| {
            let (open, fresh) = (open.clone(), fresh.clone());
            Box::pin(async move {
                let trade = match ask(tx, &open.app, &open.offer, &fresh).await? {
                    Ok(trade) => trade,
                    // An overdue trade was closed on the way: that stays.
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let visit = Visit {
                    visit_id: fresh.other_token.clone(),
                    trade_id: trade.trade_id,
                    product: open.offer.product,
                    return_url: open.return_url.clone(),
                    quit_url: open.quit_url.clone(),
                    charset: open.offer.charset.clone(),
                    shown: open.offer.shown(),
                    created_at: fresh.now,
                };
                visits::insert(tx, &visit).await?;
                Ok(Ok(visit))
            })
        })
        .await
}

/// Finds or makes the trade of an offer's number.
///
/// # Errors
/// What the engine said; inside, why the number cannot be used.
pub(super) async fn ask(
    tx: &mut Tx<'_>,
    app: &App,
    offer: &Offer,
    fresh: &Fresh,
) -> Result<Result<Trade, Refusal>, StoreError> {
    let key = Key::Number {
        app_id: &app.app_id,
        out_trade_no: &offer.out_trade_no,
    };
    let Some(mut trade) = trades::lock(tx, key).await? else {
        return begin(tx, app, offer, fresh).await.map(Ok);
    };
    bring_up(tx, &mut trade, fresh).await?;
    let reopened = match trade.reopen(offer, app.profile, fresh.now) {
        Ok(reopened) => reopened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    match reopened {
        Reopened::Continue => {
            // The newest addresses count: a merchant who repaired one opens the link again.
            trade.offer.notify_url.clone_from(&offer.notify_url);
            trade.offer.charset.clone_from(&offer.charset);
            if offer.payer.is_some() {
                trade.offer.payer.clone_from(&offer.payer);
            }
            trade.offer.by_app_id.clone_from(&offer.by_app_id);
            trade.offer.signing.clone_from(&offer.signing);
            trades::save(tx, &trade, fresh.now, "opened", "asked for again").await?;
        }
        Reopened::Replace => {
            trade.offer = offer.clone();
            trade.asked_at = fresh.now;
            // Whoever holds the old code holds another offer, or one that is dead.
            trade.qr_code.clone_from(&fresh.token);
            if offer.product.begins() == Begins::AtOnce {
                born(&mut trade, app, fresh);
            }
            trades::save(tx, &trade, fresh.now, "asked", "asked for anew").await?;
            schedule_expiry(tx, &trade, fresh).await?;
        }
        Reopened::Begin => {
            trade.offer = offer.clone();
            born(&mut trade, app, fresh);
            let detail = begun(offer.product);
            trades::save(tx, &trade, fresh.now, "created", detail).await?;
            schedule_expiry(tx, &trade, fresh).await?;
        }
    }
    Ok(Ok(trade))
}

async fn begin(
    tx: &mut Tx<'_>,
    app: &App,
    offer: &Offer,
    fresh: &Fresh,
) -> Result<Trade, StoreError> {
    let mut trade = Trade {
        trade_id: fresh.trade_id.clone(),
        app_id: app.app_id.clone(),
        seller_id: app.seller_id.clone(),
        offer: offer.clone(),
        qr_code: fresh.token.clone(),
        asked_at: fresh.now,
        state: TradeState::Asked,
        refunded: Fen::ZERO,
    };
    let (what, detail) = match offer.product.begins() {
        Begins::AtOnce => {
            born(&mut trade, app, fresh);
            ("created", begun(offer.product))
        }
        Begins::OnConfirm => (
            "asked",
            "its link was opened; it begins when the buyer confirms",
        ),
        Begins::OnScan => ("asked", "a QR code was made; it begins with the scan"),
    };
    trades::insert(tx, &trade, what, detail).await?;
    schedule_expiry(tx, &trade, fresh).await?;
    Ok(trade)
}

/// How a trade of a product that begins at once came into being.
const fn begun(product: Product) -> &'static str {
    match product {
        Product::Page => "its link was opened",
        Product::Pay => "the seller read the buyer's code",
        Product::Capture => "the seller takes frozen money",
        Product::Deduct => "the seller deducts by agreement",
        Product::Wap | Product::App | Product::Precreate | Product::Create | Product::Jsapi => {
            "the seller made it"
        }
    }
}

/// Lets a trade come into being.
pub(super) fn born(trade: &mut Trade, app: &App, fresh: &Fresh) {
    trade.state = TradeState::Waiting(Born {
        trade_no: fresh.trade_no.clone(),
        created_at: fresh.now,
        expires_at: trade.expiry(app.profile, fresh.now),
    });
}
