//! `/pay/success`: where Alipay sends the buyer back to. It says what is known, and nothing else.
//!
//! Until it is known the page asks again by itself, a bounded number of times, without a script.

use crate::courses::app::order_result::{Known, OrderResult, ResultError, order_result};
use crate::courses::domain::{Detail, Status};
use crate::courses::pages::instead::Instead;
use crate::courses::pages::message;
use crate::courses::pages::visitor::{Place, Visitor};
use askama::Template;
use axum::response::Response;
use http::StatusCode;
use service::html::{PageShell, Width};
use service::i18n::Lang;

#[derive(Template)]
#[template(path = "courses/result.html")]
struct ResultPage<'a> {
    lang: Lang,
    kind: Kind,
    out_trade_no: &'a str,
    trade_no: Option<&'a str>,
    paid_at: Option<String>,
    total: String,
    details: &'a [Detail],
    status: &'a str,
    again: String,
    is_users: bool,
}

/// What the page says.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Paid,
    Refunded,
    Waiting,
    NotPaid,
    Ended,
    Unclear,
}

/// `GET /pay/success?<Alipay's return parameters>`.
pub(super) async fn show(visitor: Visitor) -> Result<Response, Instead> {
    let query = visitor.uri.query().unwrap_or_default();
    let result = order_result(&visitor.ctx, query, visitor.user.as_ref()).await;
    match result {
        Ok(result) => Ok(told(&visitor, &result, asked_before(query))),
        Err(ResultError::NoNumber) => Ok(explains_itself(&visitor)),
        Err(ResultError::Forbidden) => Ok(refused(&visitor)),
        Err(ResultError::Ticket(error)) => Err(Instead::broken(&error)),
        Err(ResultError::Fulfil(error)) => Err(Instead::broken(&error)),
        Err(ResultError::Store(error)) => Err(error.into()),
    }
}

fn told(visitor: &Visitor, result: &OrderResult, asked: u32) -> Response {
    let order = &result.order;
    let kind = match result.known {
        Known::Paid if order.is_refunded() => Kind::Refunded,
        Known::Paid => Kind::Paid,
        Known::Ended => Kind::Ended,
        Known::NotYet | Known::Unclear if asked < MOST_ASKED => Kind::Waiting,
        Known::NotYet => Kind::NotPaid,
        Known::Unclear => Kind::Unclear,
    };
    let address = |asked: u32| {
        format!(
            "/pay/success?out_trade_no={}&ticket={}&asked={asked}",
            order.out_trade_no, result.ticket
        )
    };
    let status = order.status.words();
    let page = ResultPage {
        lang: visitor.lang,
        kind,
        out_trade_no: &order.out_trade_no,
        trade_no: order.trade_no.as_deref(),
        paid_at: order.paid_at.map(kernel::Timestamp::china),
        total: order.total.to_string(),
        details: &order.details,
        status: visitor.pick(status.0, status.1),
        again: address(0),
        is_users: visitor
            .user
            .as_ref()
            .is_some_and(|user| user.id == order.user_id),
    };
    let title = match (kind, order.status) {
        (Kind::Paid, _) => visitor.pick("支付成功", "Paid"),
        (Kind::Refunded, _) => visitor.pick("订单已退款", "Refunded"),
        (Kind::Waiting, _) => visitor.pick("正在确认支付结果", "Confirming the payment"),
        (_, Status::Cancelled | Status::TimedOut) => {
            visitor.pick("订单已结束", "The order has ended")
        }
        (_, Status::Unpaid | Status::Paid) => visitor.pick("支付结果", "Payment result"),
    };
    let shell = shell(visitor, title);
    let shell = match kind {
        Kind::Waiting => shell.refresh_to(SECONDS_BETWEEN, address(asked + 1)),
        Kind::Paid | Kind::Refunded | Kind::NotPaid | Kind::Ended | Kind::Unclear => shell,
    };
    shell.page(&page)
}

fn explains_itself(visitor: &Visitor) -> Response {
    let title = visitor.pick("支付结果页", "The payment result page");
    let text = visitor.pick(
        "从支付宝付款后会自动回到这里，并显示订单是否支付成功。直接打开时没有订单可以查询；已有的订单请到“我的订单”查看。",
        "Alipay brings you back here after a payment, and the page says whether it arrived. Opened by itself it has no order to ask about; yours are under “My orders”.",
    );
    let link = (visitor.pick("我的订单", "My orders"), "/orders");
    message::page_to(visitor, Place::Orders, StatusCode::OK, (title, text), link)
}

fn refused(visitor: &Visitor) -> Response {
    let title = visitor.pick("不能显示这个订单", "This order cannot be shown");
    let text = visitor.pick(
        "链接不完整或已被改动，或者订单不属于当前账号。请登录下单的账号，在“我的订单”里查看。",
        "The link is incomplete or was changed, or the order is not this account's. Log in with the account that ordered and look under “My orders”.",
    );
    let link = (visitor.pick("我的订单", "My orders"), "/orders");
    message::page_to(
        visitor,
        Place::Orders,
        StatusCode::FORBIDDEN,
        (title, text),
        link,
    )
}

fn shell(visitor: &Visitor, title: &str) -> PageShell {
    visitor.shell(Place::Orders, title).width(Width::Narrow)
}

/// How often this page asked before, as its own address says.
fn asked_before(query: &str) -> u32 {
    form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "asked")
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0)
}

/// The page asks this often by itself, then leaves it to the buyer.
const MOST_ASKED: u32 = 10;
const SECONDS_BETWEEN: u32 = 2;
