//! The first page: what this is, how to reach it, and how it stands.

use super::desk::{Place, shell};
use super::words::TradeLine;
use crate::app::accounts::list_after;
use crate::app::books::prove_few;
use crate::app::find_trade::{TradeFilter, list_apps, list_trades};
use crate::cashier::grouped;
use crate::context::Context;
use crate::domain::App;
use crate::store::figures::{PaidDay, paid_by_day};
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use money::Fen;
use service::chart::{Bar, bars};
use service::i18n::Lang;
use service::problem::Problem;

/// Days in the chart.
const DAYS: i64 = 14;
/// Trades and accounts on the first page.
const FEW: i64 = 8;
/// How many applications.
const FEW_APPS: usize = 8;
/// The most postings that are proved on the way; larger books are proved on a page of their own.
const MOST_PROVED: i64 = 20_000;

#[derive(askama::Template)]
#[template(path = "home/overview.html")]
struct OverviewPage {
    lang: Lang,
    gateway_url: String,
    api_url: String,
    now: String,
    balanced: Option<bool>,
    paid_count: i64,
    paid_total: String,
    chart: Option<String>,
    apps: Vec<AppLine>,
    /// Whether there are others.
    more_apps: bool,
    trades: Vec<TradeLine>,
    accounts: Vec<AccountLine>,
    demo: bool,
}

struct AppLine {
    name: String,
    app_id: String,
    seller_id: String,
    sign_type: String,
    profile: &'static str,
    files: Vec<String>,
}

/// An account in a table.
pub(super) struct AccountLine {
    pub(super) logon_id: String,
    pub(super) user_id: String,
    pub(super) balance: String,
}

/// The overview.
pub(super) async fn page(
    State(cx): State<Context>,
    lang: Lang,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let apps = list_apps(&cx).await?;
    let filter = TradeFilter {
        limit: FEW,
        ..TradeFilter::default()
    };
    let trades = list_trades(&cx, filter).await?;
    let accounts = list_after(&cx, "", FEW).await?;
    let now = cx.now();
    let days = cx
        .db()
        .read(move |tx| Box::pin(async move { paid_by_day(tx, now, DAYS).await }))
        .await?;
    let books = prove_few(&cx, MOST_PROVED).await?;
    let paid_total = days
        .iter()
        .try_fold(Fen::ZERO, |sum, day| sum.checked_add(day.total));
    let page = OverviewPage {
        lang,
        gateway_url: format!("{}/gateway.do", cx.public_url()),
        api_url: format!("{}/sandbox/v1/", cx.public_url()),
        now: now.china(),
        balanced: books.map(|books| books.balanced),
        paid_count: days.iter().map(|day| day.trades).sum(),
        paid_total: grouped(paid_total.unwrap_or(Fen::ZERO)),
        chart: chart(&days, lang),
        trades: trades
            .iter()
            .map(|trade| TradeLine::of(trade, &apps, lang))
            .collect(),
        more_apps: apps.len() > FEW_APPS,
        apps: app_lines(&apps),
        accounts: accounts
            .into_iter()
            .map(|(account, balance)| AccountLine {
                logon_id: account.logon_id.to_string(),
                user_id: account.user_id,
                balance: grouped(balance),
            })
            .collect(),
        demo: cx.parts().demo,
    };
    let title = lang.pick("概览", "Overview");
    Ok(shell(lang, &uri, Place::Overview, title).page(&page))
}

fn chart(days: &[PaidDay], lang: Lang) -> Option<String> {
    if days.iter().all(|day| day.trades == 0) {
        return None;
    }
    let bar = |day: &PaidDay| Bar {
        // Month and day of `yyyy-MM-dd HH:mm:ss`.
        label: day.day.china().get(5..10).unwrap_or_default().to_owned(),
        value: day.total.fen(),
        shown: format!("¥{}", day.total),
    };
    let title = lang.pick("每天收款", "Paid a day");
    Some(bars(title, &days.iter().map(bar).collect::<Vec<_>>()))
}

/// Applications with the files that hold their keys, as they lie beside `sandbox.json`: the first
/// one's at the top, the others' in folders of their names.
fn app_lines(apps: &[App]) -> Vec<AppLine> {
    apps.iter()
        .take(FEW_APPS)
        .enumerate()
        .map(|(index, app)| {
            let folder = if index == 0 {
                String::new()
            } else {
                format!("{}/", app.name)
            };
            let private = ["app_private_key.pem", "app_private_key_pkcs8.pem"];
            let public = ["app_public_key.pem", "alipay_public_key.pem"];
            let private = private.iter().filter(|_| app.app_private_key.is_some());
            AppLine {
                name: app.name.clone(),
                app_id: app.app_id.clone(),
                seller_id: app.seller_id.clone(),
                sign_type: app.sign_type.clone(),
                profile: app.profile.as_str(),
                files: private
                    .chain(&public)
                    .map(|name| format!("{folder}{name}"))
                    .collect(),
            }
        })
        .collect()
}
