//! A visit by the token in its address, and what every page says about it.

use super::counter::{Asked, Counter};
use super::end::End;
use super::seller;
use crate::app::find_trade::{VisitStory, find_visit};
use crate::app::return_address::return_address;
use crate::consent::{Fact, what_is_agreed};
use crate::domain::trade::{CloseReason, TradeState};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::Timestamp;
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
    /// What went back, if something did.
    pub(super) refunded: Option<String>,
    /// What the payer signs with it; empty when nothing is to be signed.
    pub(super) signs: Vec<Fact>,
}

impl Bill {
    /// What a page shows of the trade of a visit.
    pub(super) fn of(story: &VisitStory, lang: Lang) -> Self {
        let trade = &story.trade;
        Self {
            subject: trade.offer.subject.clone(),
            amount: trade.offer.total_amount.to_string(),
            seller: seller::name(&story.app, lang),
            out_trade_no: trade.offer.out_trade_no.clone(),
            trade_no: trade.born().map(|born| born.trade_no.clone()),
            pay_before: match &trade.state {
                TradeState::Waiting(born) => Some(clock(&minute(born.expires_at), lang)),
                _ => None,
            },
            paid_at: trade
                .payment()
                .map(|payment| clock(&payment.paid_at.china(), lang)),
            refunded: trade
                .refunded
                .is_positive()
                .then(|| trade.refunded.to_string()),
            signs: match &trade.offer.signing {
                None => Vec::new(),
                Some(signing) => {
                    let held = signing.terms.validity;
                    let until = held.map(|held| held.until(signing.asked_at));
                    what_is_agreed(&signing.terms, until, lang)
                }
            },
        }
    }
}

/// An instant as China's clocks show it; who reads no Chinese is told so.
fn clock(at: &str, lang: Lang) -> String {
    format!("{at}{}", lang.pick("", " GMT+8"))
}

/// `yyyy-MM-dd HH:mm` in China.
fn minute(at: Timestamp) -> String {
    at.china().get(..16).unwrap_or_default().to_owned()
}

/// The visit, or the page that says that there is none.
pub(super) async fn find(
    counter: &Counter,
    visit_id: &str,
    asked: &Asked,
) -> Result<Result<VisitStory, Response>, Problem> {
    let found = find_visit(counter.cx(), visit_id).await?;
    Ok(found.ok_or_else(|| gone(asked)))
}

fn gone(asked: &Asked) -> Response {
    let lang = asked.lang;
    let end = End {
        class: "result-warn",
        title: lang.pick("没有这个付款页面", "There is no such payment page"),
        text: lang.pick(
            "链接可能已经失效。请回到商家网站，从订单重新付款。",
            "The link may be old. Go back to the shop and pay from your order again.",
        ),
        back: None,
    };
    end.page(StatusCode::NOT_FOUND, asked)
}

/// The page of a trade that nobody can pay any more; none while somebody can.
pub(super) async fn ended(
    counter: &Counter,
    story: &VisitStory,
    asked: &Asked,
) -> Result<Option<Response>, Problem> {
    let lang = asked.lang;
    let Some((class, title, text)) = end_words(story, counter.cx().now(), lang) else {
        return Ok(None);
    };
    let signed = signed_return(counter, story).await?;
    let is_paid = signed.is_some();
    let end = End {
        class,
        title,
        text,
        back: signed.or_else(|| shop_address(story)),
    };
    Ok(Some(end.page_of(Bill::of(story, lang), is_paid, asked)))
}

/// How it ended: the tone, the title and a sentence.
fn end_words(
    story: &VisitStory,
    now: Timestamp,
    lang: Lang,
) -> Option<(&'static str, &'static str, &'static str)> {
    let expired = (
        "result-warn",
        lang.pick("交易已超时关闭", "The payment has expired"),
        lang.pick(
            "付款时间已过，没有扣款。请回到商家网站重新下单。",
            "The time to pay is over; nothing was charged. Go back to the shop and order again.",
        ),
    );
    if story.trade.changed_since(&story.visit.shown) {
        return Some(changed_words(lang));
    }
    match &story.trade.state {
        // A phone's trade has not begun, but the shop named an instant and it is past.
        TradeState::Asked if now >= story.trade.expiry(story.app.profile, now) => Some(expired),
        TradeState::Asked | TradeState::Waiting(_) => None,
        TradeState::Closed(_, None, CloseReason::Expired, _) => Some(expired),
        TradeState::Closed(_, None, _, _) => Some((
            "result-warn",
            lang.pick("交易已关闭", "The payment is closed"),
            lang.pick(
                "商家已关闭这笔交易，没有扣款。",
                "The shop closed this payment; nothing was charged.",
            ),
        )),
        TradeState::Closed(_, Some(_), _, _) => Some((
            "result-ok",
            lang.pick("交易已全额退款", "The payment was refunded"),
            lang.pick(
                "款项已退回付款账户。",
                "The money went back to the account it came from.",
            ),
        )),
        TradeState::Paid(..) | TradeState::Finished(..) => Some((
            "result-ok",
            lang.pick("这笔订单已经付过款", "This order is paid already"),
            lang.pick("请不要重复付款。", "Please do not pay twice."),
        )),
    }
}

/// The shop asks for something else under the same number since the page was opened.
pub(super) fn changed_words(lang: Lang) -> (&'static str, &'static str, &'static str) {
    (
        "result-warn",
        lang.pick("订单已变更", "The order has changed"),
        lang.pick(
            "打开付款页之后，商家更改了金额或商品，没有扣款。请回到商家网站，从订单重新付款。",
            "The shop changed the amount or the subject after this page was opened; nothing was charged. Go back to the shop and pay from your order again.",
        ),
    )
}

/// Where the shop is, when it told us an address of its own.
pub(super) fn shop_address(story: &VisitStory) -> Option<String> {
    let visit = &story.visit;
    if let Some(quit_url) = &visit.quit_url
        && let Some(url) = web_address(quit_url)
    {
        return Some(url.into());
    }
    let url = web_address(visit.return_url.as_deref()?)?;
    Some(url.origin().ascii_serialization())
}

/// An address that a link may lead to: whoever signs a request could write `javascript:` too.
fn web_address(text: &str) -> Option<url::Url> {
    let url = url::Url::parse(text).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The signed way back of a paid visit; none when it is not paid or the shop wants nobody back.
pub(super) async fn signed_return(
    counter: &Counter,
    story: &VisitStory,
) -> Result<Option<String>, Problem> {
    Ok(return_address(counter.cx(), &story.visit, &story.trade).await?)
}
