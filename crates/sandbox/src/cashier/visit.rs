//! A visit by the token in its address, and what every page says about it.

use super::counter::Counter;
use crate::app::find_trade::{VisitStory, find_visit};
use crate::domain::trade::{CloseReason, TradeState};
use crate::notices::returns::return_address;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use service::i18n::Lang;
use service::problem::Problem;

/// What a page shows of a trade.
#[derive(Clone, Debug)]
pub(super) struct Bill {
    /// What for.
    pub(super) subject: String,
    /// Yuan with two decimals.
    pub(super) amount: String,
    /// Who gets it.
    pub(super) seller: String,
    /// The merchant's number.
    pub(super) out_trade_no: String,
    /// Alipay's number, once it exists.
    pub(super) trade_no: Option<String>,
    /// China's time at which it closes unpaid.
    pub(super) pay_before: Option<String>,
    /// China's time at which it was paid.
    pub(super) paid_at: Option<String>,
}

impl Bill {
    /// What a page shows of the trade of a visit.
    pub(super) fn of(story: &VisitStory) -> Self {
        let trade = &story.trade;
        Self {
            subject: trade.offer.subject.clone(),
            amount: trade.offer.total_amount.to_string(),
            seller: story.app.name.clone(),
            out_trade_no: trade.offer.out_trade_no.clone(),
            trade_no: trade.born().map(|born| born.trade_no.clone()),
            pay_before: match &trade.state {
                TradeState::Waiting(born) => Some(born.expires_at.china()),
                _ => None,
            },
            paid_at: trade.payment().map(|payment| payment.paid_at.china()),
        }
    }
}

/// The visit, or the page that says that there is none.
pub(super) async fn find(
    counter: &Counter,
    visit_id: &str,
    lang: Lang,
    uri: &Uri,
) -> Result<VisitStory, Response> {
    match find_visit(counter.cx(), visit_id).await {
        Ok(Some(story)) => Ok(story),
        Ok(None) => Err(gone(lang, uri)),
        Err(error) => Err(Problem::internal(&error).into_response()),
    }
}

fn gone(lang: Lang, uri: &Uri) -> Response {
    let title = lang.pick("没有这个付款页面", "There is no such payment page");
    let text = lang.pick(
        "链接可能已经失效。请回到商家网站，从订单重新付款。",
        "The link may be old. Go back to the shop and pay from your order again.",
    );
    plain_end(lang, uri, StatusCode::NOT_FOUND, title, text)
}

/// A page that ends here and knows of no trade.
pub(super) fn plain_end(
    lang: Lang,
    uri: &Uri,
    status: StatusCode,
    title: &str,
    text: &str,
) -> Response {
    let class = if status == StatusCode::OK {
        "result-ok"
    } else {
        "result-warn"
    };
    let page = Ended {
        lang,
        class,
        title,
        text,
        bill: None,
        back: None,
    };
    Counter::shell(lang, uri, title).status(status).page(&page)
}

/// Where a trade that waits for nobody sends its visitor; none while it can still be paid.
pub(super) fn ended(story: &VisitStory, lang: Lang, uri: &Uri) -> Option<Response> {
    let (title, text) = match &story.trade.state {
        TradeState::Asked | TradeState::Waiting(_) => return None,
        TradeState::Closed(_, None, CloseReason::Expired, _) => (
            lang.pick("交易已超时关闭", "The payment has expired"),
            lang.pick(
                "付款时间已过，没有扣款。请回到商家网站重新下单。",
                "The time to pay is over; nothing was charged. Go back to the shop and order again.",
            ),
        ),
        TradeState::Closed(_, None, _, _) => (
            lang.pick("交易已关闭", "The payment is closed"),
            lang.pick(
                "商家已关闭这笔交易，没有扣款。",
                "The shop closed this payment; nothing was charged.",
            ),
        ),
        TradeState::Closed(_, Some(_), _, _) => (
            lang.pick("交易已全额退款", "The payment was refunded"),
            lang.pick("款项已退回付款账户。", "The money went back to the account it came from."),
        ),
        TradeState::Paid(..) | TradeState::Finished(..) => (
            lang.pick("这笔订单已经付过款", "This order is paid already"),
            lang.pick("请不要重复付款。", "Please do not pay twice."),
        ),
    };
    let paid = matches!(
        story.trade.state,
        TradeState::Paid(..) | TradeState::Finished(..)
    );
    let page = Ended {
        lang,
        class: if paid { "result-ok" } else { "result-warn" },
        title,
        text,
        bill: Some(Bill::of(story)),
        back: shop_address(story),
    };
    Some(Counter::shell(lang, uri, title).page(&page))
}

/// Where the shop is, when it told us an address of its own.
pub(super) fn shop_address(story: &VisitStory) -> Option<String> {
    let visit = &story.visit;
    if let Some(quit_url) = &visit.quit_url {
        return Some(quit_url.clone());
    }
    let url = url::Url::parse(visit.return_url.as_deref()?).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
}

/// The signed way back of a paid visit; none when the shop wants nobody back.
pub(super) async fn signed_return(
    counter: &Counter,
    story: &VisitStory,
) -> Result<Option<String>, Problem> {
    let Some(return_url) = &story.visit.return_url else {
        return Ok(None);
    };
    let cx = counter.cx();
    let caller = cx
        .caller(&story.app.app_id)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let Some(caller) = caller else {
        return Ok(None);
    };
    let visit = &story.visit;
    return_address(
        return_url,
        visit.product,
        &visit.charset,
        &story.trade,
        &caller.keys,
        cx.now(),
    )
    .map_err(|error| Problem::internal(&error))
}

/// A page that ends here.
#[derive(askama::Template)]
#[template(path = "cashier/ended.html")]
struct Ended<'a> {
    lang: Lang,
    class: &'a str,
    title: &'a str,
    text: &'a str,
    bill: Option<Bill>,
    back: Option<String>,
}
