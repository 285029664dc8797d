//! All trades, newest first, by application, state or number.

use super::desk::{Place, narrowed, shell};
use super::words::TradeLine;
use crate::app::find_trade::{TradeFilter, list_apps, list_trades, trades_of_number};
use crate::context::Context;
use crate::control::cut;
use axum::extract::{OriginalUri, Query, State};
use axum::response::Response;
use serde::Deserialize;
use service::i18n::Lang;
use service::problem::Problem;

/// Trades on a page.
const PAGE: i64 = 20;

#[derive(askama::Template)]
#[template(path = "home/trades.html")]
struct TradesPage {
    lang: Lang,
    trades: Vec<TradeLine>,
    number: String,
    apps: Vec<Choice>,
    states: Vec<Choice>,
    first_page: bool,
    newest: String,
    older: Option<String>,
    filtered: bool,
}

/// An option of a select.
struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

/// Which trades; empty fields ask for all.
#[derive(Deserialize)]
pub(super) struct TradesQuery {
    #[serde(default)]
    number: String,
    #[serde(default)]
    app: String,
    #[serde(default)]
    state: String,
    before: Option<String>,
}

/// A page of trades.
pub(super) async fn page(
    State(cx): State<Context>,
    Query(query): Query<TradesQuery>,
    lang: Lang,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let apps = list_apps(&cx).await?;
    let number = query.number.trim().to_owned();
    let wanted = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (trades, last) = if number.is_empty() {
        let filter = TradeFilter {
            app_id: wanted(&query.app),
            state: wanted(&query.state),
            before: query.before.clone(),
            limit: PAGE + 1,
        };
        let found = list_trades(&cx, filter).await?;
        cut(found, PAGE, |trade| trade.trade_id.to_string())
    } else {
        let app_id = wanted(&query.app);
        let found = trades_of_number(&cx, &number, app_id.as_deref()).await?;
        (found, None)
    };
    let newest = narrowed("/trades", &[("app", &query.app), ("state", &query.state)]);
    let page = TradesPage {
        lang,
        trades: trades
            .iter()
            .map(|trade| TradeLine::of(trade, &apps, lang))
            .collect(),
        filtered: !(number.is_empty() && query.app.is_empty() && query.state.is_empty()),
        apps: apps
            .iter()
            .map(|app| Choice {
                value: app.app_id.clone(),
                text: app.name.clone(),
                chosen: app.app_id == query.app,
            })
            .collect(),
        states: states(&query.state, lang),
        number,
        first_page: query.before.is_none(),
        older: last.map(|last| format!("{newest}&before={last}")),
        newest,
    };
    let title = lang.pick("交易", "Trades");
    Ok(shell(lang, &uri, Place::Trades, title).page(&page))
}

fn states(chosen: &str, lang: Lang) -> Vec<Choice> {
    [
        ("asked", "等待买家", "No buyer yet"),
        ("waiting", "等待付款", "Waiting"),
        ("paid", "已付款", "Paid"),
        ("finished", "已结束", "Finished"),
        ("closed", "已关闭", "Closed"),
    ]
    .into_iter()
    .map(|(value, zh, en)| Choice {
        value: value.to_owned(),
        text: lang.pick(zh, en).to_owned(),
        chosen: value == chosen,
    })
    .collect()
}
