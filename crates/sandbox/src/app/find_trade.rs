//! Looks at trades. Whoever looks at one whose time is over sees it ended, even when the job that
//! ends it has not run yet.

use super::close_trade::TradeRef;
use super::end_trade::bring_up;
use crate::context::Context;
use crate::domain::{App, Trade, TradeId};
use crate::store::apps;
use crate::store::refunds::{self, Refund};
use crate::store::royalty;
use crate::store::trades::{self, TradeEvent};
use crate::store::visits::{self, Visit};
use store::StoreError;

/// A trade by the merchant's or Alipay's number, whether or not the merchant may know of it yet.
///
/// # Errors
/// When the database fails.
pub async fn find_trade(cx: &Context, wanted: &TradeRef) -> Result<Option<Trade>, StoreError> {
    let wanted = wanted.clone();
    let found = cx
        .db()
        .read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                match wanted.key() {
                    Some(key) => trades::find(tx, key).await,
                    None => Ok(None),
                }
            })
        })
        .await?;
    present(cx, found).await
}

/// The trade as it stands now.
async fn present(cx: &Context, found: Option<Trade>) -> Result<Option<Trade>, StoreError> {
    match found {
        Some(trade) if trade.is_overdue(cx.now()) || trade.is_past_refund(cx.now()) => {
            bring_up(cx, &trade.trade_id).await
        }
        other => Ok(other),
    }
}

/// A refund of a trade by its number.
///
/// # Errors
/// When the database fails.
pub async fn find_refund(
    cx: &Context,
    trade_id: &TradeId,
    out_request_no: &str,
) -> Result<Option<Refund>, StoreError> {
    let (trade_id, number) = (trade_id.clone(), out_request_no.to_owned());
    cx.db()
        .read(move |tx| {
            let (trade_id, number) = (trade_id.clone(), number.clone());
            Box::pin(async move { refunds::find(tx, &trade_id, &number).await })
        })
        .await
}

/// Every application's trade of that number.
///
/// # Errors
/// When the database fails.
pub async fn trades_of_number(
    cx: &Context,
    out_trade_no: &str,
    app_id: Option<&str>,
) -> Result<Vec<Trade>, StoreError> {
    let (number, app_id) = (out_trade_no.to_owned(), app_id.map(str::to_owned));
    let found = cx
        .db()
        .read(move |tx| {
            let number = number.clone();
            Box::pin(async move { trades::list_of_number(tx, &number).await })
        })
        .await?;
    let mut trades = Vec::new();
    for trade in found {
        let wanted = app_id.as_ref().is_none_or(|app_id| *app_id == trade.app_id);
        if wanted && let Some(trade) = present(cx, Some(trade)).await? {
            trades.push(trade);
        }
    }
    Ok(trades)
}

/// A trade with all that is known about it.
#[derive(Clone, Debug)]
pub struct TradeStory {
    /// The trade.
    pub trade: Trade,
    /// What went back.
    pub refunds: Vec<Refund>,
    /// What happened, oldest first.
    pub history: Vec<TradeEvent>,
}

/// A trade with its refunds and its history.
///
/// # Errors
/// When the database fails.
pub async fn story(cx: &Context, trade: Trade) -> Result<TradeStory, StoreError> {
    cx.db()
        .read(move |tx| {
            let trade = trade.clone();
            Box::pin(async move {
                Ok(TradeStory {
                    refunds: refunds::list(tx, &trade.trade_id).await?,
                    history: trades::history(tx, &trade.trade_id).await?,
                    trade,
                })
            })
        })
        .await
}

/// Which trades to list.
#[derive(Clone, Debug, Default)]
pub struct TradeFilter {
    /// Only this application's.
    pub app_id: Option<String>,
    /// Only those in this state: `asked`, `waiting`, `paid`, `finished`, `closed`.
    pub state: Option<String>,
    /// Only those older than this trade.
    pub before: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// Trades, newest first, as the rows have them.
///
/// # Errors
/// When the database fails.
pub async fn list_trades(cx: &Context, filter: TradeFilter) -> Result<Vec<Trade>, StoreError> {
    cx.db()
        .read(move |tx| {
            let filter = filter.clone();
            Box::pin(async move {
                let app_id = filter.app_id.as_deref();
                let state = filter.state.as_deref();
                let before = filter.before.as_deref();
                trades::list(tx, app_id, state, before, filter.limit).await
            })
        })
        .await
}

/// What a buyer paid, newest first: the wallet's bills.
///
/// # Errors
/// When the database fails.
pub async fn trades_of_buyer(
    cx: &Context,
    user_id: &str,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<Trade>, StoreError> {
    let (user_id, before) = (user_id.to_owned(), before.map(str::to_owned));
    cx.db()
        .read(move |tx| {
            let (user_id, before) = (user_id.clone(), before.clone());
            Box::pin(
                async move { trades::list_of_buyer(tx, &user_id, before.as_deref(), limit).await },
            )
        })
        .await
}

/// Notes what a merchant reports about an order; the same number again is passed over.
///
/// # Errors
/// When the database fails.
pub async fn report_order(
    cx: &Context,
    trade_id: &TradeId,
    out_request_no: &str,
    biz_type: &str,
    info: Option<String>,
) -> Result<(), StoreError> {
    let (trade_id, number) = (trade_id.clone(), out_request_no.to_owned());
    let (biz_type, now) = (biz_type.to_owned(), cx.now());
    cx.db()
        .write(move |tx| {
            let (trade_id, number) = (trade_id.clone(), number.clone());
            let (biz_type, info) = (biz_type.clone(), info.clone());
            Box::pin(async move {
                let info = info.as_deref();
                royalty::report(tx, &trade_id, &number, &biz_type, info, now).await
            })
        })
        .await
}

/// What waits for a buyer's word and can still be paid, newest first: what a phone asks about.
///
/// # Errors
/// When the database fails.
pub async fn waiting_for(cx: &Context, user_id: &str) -> Result<Vec<Trade>, StoreError> {
    const MOST: i64 = 20;
    let user_id = user_id.to_owned();
    let mut found = cx
        .db()
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { trades::list_waiting_for(tx, &user_id, MOST).await })
        })
        .await?;
    found.retain(|trade| !trade.is_overdue(cx.now()));
    Ok(found)
}

/// What a cashier's page shows.
#[derive(Clone, Debug)]
pub struct VisitStory {
    /// The visit.
    pub visit: Visit,
    /// The trade as it stands now.
    pub trade: Trade,
    /// Whose.
    pub app: App,
}

/// A visit with its trade, by the token in its address.
///
/// # Errors
/// When the database fails.
pub async fn find_visit(cx: &Context, visit_id: &str) -> Result<Option<VisitStory>, StoreError> {
    let visit_id = visit_id.to_owned();
    let found = cx
        .db()
        .read(move |tx| {
            let visit_id = visit_id.clone();
            Box::pin(async move {
                let Some(visit) = visits::find(tx, &visit_id).await? else {
                    return Ok(None);
                };
                let key = trades::Key::Id(&visit.trade_id);
                let Some(trade) = trades::find(tx, key).await? else {
                    return Ok(None);
                };
                let app = apps::find(tx, &trade.app_id).await?;
                Ok::<_, StoreError>(app.map(|app| VisitStory { visit, trade, app }))
            })
        })
        .await?;
    let Some(mut story) = found else {
        return Ok(None);
    };
    if let Some(trade) = present(cx, Some(story.trade.clone())).await? {
        story.trade = trade;
    }
    Ok(Some(story))
}

/// Every application.
///
/// # Errors
/// When the database fails.
pub async fn list_apps(cx: &Context) -> Result<Vec<App>, StoreError> {
    cx.db()
        .read(|tx| Box::pin(async move { apps::list(tx).await }))
        .await
}
