//! One trade: what was asked for, what happened, what went back, and every try of every notice.

use super::console::{Console, Said, said};
use super::desk::{Place, shell};
use super::lab::SaidQuery;
use super::notice_line::{NoticeLine, notice_line};
use super::requests::RequestLine;
use super::words::{self, Tag};
use crate::app::accounts::list_after;
use crate::app::find_trade::{TradeStory, list_apps, story};
use crate::app::precreate::qr_address;
use crate::app::send_notice::{NoticeFilter, list_notices};
use crate::cashier::{Asked, grouped};
use crate::context::Context;
use crate::domain::trade::TradeState;
use crate::domain::{Account, Trade, TradeId};
use crate::exchanges::Exchange;
use crate::store::trades;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use money::Fen;
use service::i18n::Lang;
use service::problem::Problem;

/// Notices on the page: a payment, its refunds, an end.
const NOTICES: i64 = 50;
/// Calls on the page, newest first.
const REQUESTS: usize = 25;
/// Buyers to choose from.
const BUYERS: i64 = 20;

#[derive(askama::Template)]
#[template(path = "home/trade.html")]
struct TradePage {
    lang: Lang,
    subject: String,
    amount: String,
    state: Tag,
    facts: Vec<Fact>,
    qr_address: Option<String>,
    steps: Vec<StepLine>,
    refunds: Vec<RefundLine>,
    notify_url: Option<String>,
    notices: Vec<NoticeLine>,
    requests: Vec<RequestLine>,
    buyers: Vec<BuyerChoice>,
    said: Option<Said>,
    csrf_token: String,
    trade_id: String,
}

struct Fact {
    name: &'static str,
    value: String,
    mono: bool,
}

struct StepLine {
    tone: &'static str,
    what: &'static str,
    detail: String,
    at: String,
}

struct RefundLine {
    number: String,
    amount: String,
    reason: String,
    at: String,
}

/// A buyer who can be played.
struct BuyerChoice {
    logon_id: String,
    balance: String,
}

/// The page of a trade.
pub(super) async fn page(
    State(console): State<Console>,
    Path(trade_id): Path<String>,
    Query(query): Query<SaidQuery>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (lang, cx) = (asked.lang, console.cx());
    let missing = || Problem::not_found("There is no such trade.");
    let trade_id: TradeId = trade_id.parse().map_err(|_| missing())?;
    let trade = find(cx, trade_id).await?.ok_or_else(missing)?;
    let apps = list_apps(cx).await?;
    let app = apps.iter().find(|app| app.app_id == trade.app_id);
    let filter = NoticeFilter {
        out_trade_no: Some(trade.offer.out_trade_no.clone()),
        app_id: Some(trade.app_id.clone()),
        before: None,
        limit: NOTICES,
    };
    let notices = list_notices(cx, filter).await?;
    let story = story(cx, trade).await?;
    let trade = &story.trade;
    let app_name = app.map_or_else(String::new, |app| app.name.clone());
    let token = console.token(&asked.headers);
    let page = TradePage {
        lang,
        subject: trade.offer.subject.clone(),
        amount: trade.offer.total_amount.to_string(),
        state: words::state(trade, lang),
        facts: facts(trade, &app_name, lang),
        qr_address: can_be_paid(trade).then(|| qr_address(cx, trade)),
        steps: steps(&story, lang),
        refunds: refunds(&story),
        notify_url: trade.offer.notify_url.clone(),
        notices: notices
            .into_iter()
            .map(|notice| notice_line(notice, lang))
            .map(|line| NoticeLine {
                trade: Some(trade.trade_id.to_string()),
                ..line
            })
            .collect(),
        requests: requests(cx, trade, lang),
        buyers: if can_be_paid(trade) {
            buyers(cx).await?
        } else {
            Vec::new()
        },
        said: said(&query.said, lang),
        csrf_token: token.value,
        trade_id: trade.trade_id.to_string(),
    };
    let title = lang.pick("交易详情", "Trade");
    Ok(shell(lang, &asked.uri, Place::Trades, title)
        .cookie(token.set_cookie)
        .page(&page))
}

/// Every call about the order that is still kept.
fn requests(cx: &Context, trade: &Trade, lang: Lang) -> Vec<RequestLine> {
    let about = |exchange: &Exchange| {
        exchange.out_trade_no.as_deref() == Some(trade.offer.out_trade_no.as_str())
            && exchange.app_id.as_deref() == Some(trade.app_id.as_str())
    };
    let found = cx.exchanges().list(None, REQUESTS, about);
    found
        .iter()
        .map(|exchange| RequestLine::of(exchange, lang))
        .collect()
}

async fn buyers(cx: &Context) -> Result<Vec<BuyerChoice>, Problem> {
    let found = list_after(cx, "", BUYERS).await?;
    let choice = |(account, balance): (Account, Fen)| BuyerChoice {
        logon_id: account.logon_id.to_string(),
        balance: grouped(balance),
    };
    Ok(found.into_iter().map(choice).collect())
}

async fn find(cx: &Context, trade_id: TradeId) -> Result<Option<Trade>, Problem> {
    let found = cx
        .db()
        .read(move |tx| {
            let trade_id = trade_id.clone();
            Box::pin(async move { trades::find(tx, trades::Key::Id(&trade_id)).await })
        })
        .await?;
    Ok(found)
}

const fn can_be_paid(trade: &Trade) -> bool {
    matches!(trade.state, TradeState::Asked | TradeState::Waiting(_))
}

fn facts(trade: &Trade, app_name: &str, lang: Lang) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |zh, en, value: String, mono| {
        facts.push(Fact {
            name: lang.pick(zh, en),
            value,
            mono,
        });
    };
    let number = trade.offer.out_trade_no.clone();
    add("商户订单号", "Order number (out_trade_no)", number, true);
    if let Some(born) = trade.born() {
        let number = born.trade_no.clone();
        add("交易号", "Trade number (trade_no)", number, true);
    }
    let app = format!("{app_name} · {}", trade.app_id);
    add("应用", "Application", app, false);
    let product = words::product(trade.offer.product, lang).to_owned();
    add("产品", "Product", product, false);
    if let Some(status) = trade.status() {
        let status = status.as_str().to_owned();
        add("交易状态", "trade_status", status, true);
    }
    add("发起时间", "Asked at", trade.asked_at.china(), false);
    if let TradeState::Waiting(born) = &trade.state {
        let at = born.expires_at.china();
        add("付款截止", "Closes unpaid at", at, false);
    }
    if let Some(payment) = trade.payment() {
        add("付款时间", "Paid at", payment.paid_at.china(), false);
        let buyer = payment.buyer_logon_id.clone();
        add("买家", "Buyer", buyer, false);
        let channel = payment.fund_channel.clone();
        add("资金渠道", "Fund channel", channel, true);
    }
    if trade.refunded.is_positive() {
        let refunded = format!("¥{}", trade.refunded);
        add("已退款", "Refunded", refunded, false);
    }
    facts
}

fn steps(story: &TradeStory, lang: Lang) -> Vec<StepLine> {
    story
        .history
        .iter()
        .map(|event| {
            let (tone, what) = words::step(&event.what, lang);
            StepLine {
                tone,
                what,
                // Details are written in English.
                detail: match lang {
                    Lang::Zh => String::new(),
                    Lang::En => event.detail.clone(),
                },
                at: event.at.china(),
            }
        })
        .collect()
}

fn refunds(story: &TradeStory) -> Vec<RefundLine> {
    story
        .refunds
        .iter()
        .map(|refund| RefundLine {
            number: refund.out_request_no.clone(),
            amount: refund.amount.to_string(),
            reason: refund.reason.clone().unwrap_or_default(),
            at: refund.refunded_at.china(),
        })
        .collect()
}
