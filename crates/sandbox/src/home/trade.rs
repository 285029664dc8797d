//! One trade: what was asked for, what happened, what went back, and every try of every notice.

use super::desk::{Place, shell};
use super::words::{self, Tag};
use crate::app::find_trade::{TradeStory, list_apps, story};
use crate::app::precreate::qr_address;
use crate::app::send_notice::{NoticeFilter, NoticeStory, list_notices};
use crate::context::Context;
use crate::domain::notice::next_delivery;
use crate::domain::trade::TradeState;
use crate::domain::{Trade, TradeId};
use crate::store::notices::NoticeState;
use crate::store::trades;
use axum::extract::{OriginalUri, Path, State};
use axum::response::Response;
use service::i18n::Lang;
use service::problem::Problem;

/// Notices on the page: a payment, its refunds, an end.
const NOTICES: i64 = 50;

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

struct NoticeLine {
    notify_id: String,
    trade_status: String,
    state: Tag,
    next: Option<String>,
    tries: Vec<TryLine>,
}

struct TryLine {
    number: i64,
    by_hand: bool,
    due: String,
    sent: String,
    answer: String,
    delivered: bool,
}

/// The page of a trade.
pub(super) async fn page(
    State(cx): State<Context>,
    Path(trade_id): Path<String>,
    lang: Lang,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("There is no such trade.");
    let trade_id: TradeId = trade_id.parse().map_err(|_| missing())?;
    let trade = find(&cx, trade_id).await?.ok_or_else(missing)?;
    let apps = list_apps(&cx).await?;
    let app = apps.iter().find(|app| app.app_id == trade.app_id);
    let filter = NoticeFilter {
        out_trade_no: Some(trade.offer.out_trade_no.clone()),
        app_id: Some(trade.app_id.clone()),
        before: None,
        limit: NOTICES,
    };
    let notices = list_notices(&cx, filter).await?;
    let story = story(&cx, trade).await?;
    let trade = &story.trade;
    let app_name = app.map_or_else(String::new, |app| app.name.clone());
    let page = TradePage {
        lang,
        subject: trade.offer.subject.clone(),
        amount: trade.offer.total_amount.to_string(),
        state: words::state(trade, lang),
        facts: facts(trade, &app_name, lang),
        qr_address: can_be_paid(trade).then(|| qr_address(&cx, trade)),
        steps: steps(&story, lang),
        refunds: refunds(&story),
        notify_url: trade.offer.notify_url.clone(),
        notices: notices
            .into_iter()
            .map(|notice| notice_line(notice, lang))
            .collect(),
    };
    let title = lang.pick("交易详情", "Trade");
    Ok(shell(lang, &uri, Place::Trades, title).page(&page))
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

fn notice_line(story: NoticeStory, lang: Lang) -> NoticeLine {
    let (class, text) = match story.notice.state {
        NoticeState::Pending => ("tag-info", lang.pick("待送达", "To be delivered")),
        NoticeState::Delivered => ("tag-ok", lang.pick("已送达", "Delivered")),
        NoticeState::GivenUp => ("tag-danger", lang.pick("已放弃", "Given up")),
    };
    let scheduled = || story.deliveries.iter().filter(|one| one.scheduled);
    let next = match (story.notice.state, scheduled().next_back()) {
        (NoticeState::Delivered | NoticeState::GivenUp, _) => None,
        (NoticeState::Pending, None) => Some(story.notice.created_at),
        (NoticeState::Pending, Some(last)) => next_delivery(scheduled().count(), last.sent_at),
    };
    NoticeLine {
        trade_status: story.notice.status,
        state: Tag { class, text },
        next: next.map(kernel::Timestamp::china),
        tries: story
            .deliveries
            .iter()
            .map(|one| TryLine {
                number: one.number,
                by_hand: !one.scheduled,
                due: one.due_at.china(),
                sent: one.sent_at.china(),
                answer: match one.status {
                    Some(status) => format!("{status} {}", one.answer),
                    None => one.answer.clone(),
                },
                delivered: one.delivered,
            })
            .collect(),
        notify_id: story.notice.notify_id,
    }
}
