//! All orders for staff: found, looked into, refunded.

use crate::courses::app::order_list::{self, StaffOrder};
use crate::courses::app::refund_order::{RefundError, Wish, new_refund_no, refund_order};
use crate::courses::app::sales::{self, Day};
use crate::courses::domain::{Order, OrderRefund, Status};
use crate::courses::pages::catalogue::{page_of, pager};
use crate::courses::pages::form::PostedForm;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::message;
use crate::courses::pages::named::Named;
use crate::courses::pages::staff::door::staff;
use crate::courses::pages::visitor::{Place, Visitor};
use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use money::Fen;
use serde::Deserialize;
use service::chart::Bar;
use service::html::Width;
use service::i18n::Lang;
use service::pager::Pager;

#[derive(Template)]
#[template(path = "courses/staff_orders.html")]
struct OrdersPage<'a> {
    lang: Lang,
    status: Option<Status>,
    text: &'a str,
    count: i64,
    orders: Vec<StaffOrder>,
    pager: Pager,
    taken: Fen,
    paid: i64,
    chart: String,
}

impl OrdersPage<'_> {
    fn shows(&self, status: Status) -> bool {
        self.status == Some(status)
    }
}

#[derive(Template)]
#[template(path = "courses/staff_order.html")]
struct OrderPage<'a> {
    lang: Lang,
    csrf: &'a str,
    order: &'a Order,
    username: &'a str,
    refunds: &'a [OrderRefund],
    refundable: Fen,
    /// The number of the refund that the form asks for.
    refund_no: String,
}

/// What the list's filters say.
#[derive(Deserialize)]
pub(in crate::courses::pages) struct Asked {
    page: Option<String>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    q: String,
}

/// `GET /staff/orders?status=&q=&page=`.
pub(in crate::courses::pages) async fn list(
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Instead> {
    staff(&visitor, None)?;
    let status = asked.status.parse().ok().and_then(Status::from_code);
    let page = page_of(asked.page.as_deref());
    let found = order_list::all(&visitor.ctx, status, Some(&asked.q), page, PAGE_SIZE).await?;
    let days = sales::by_day(&visitor.ctx, DAYS).await?;
    let page = OrdersPage {
        taken: Fen::sum(days.iter().map(|day| day.taken)).unwrap_or_default(),
        paid: days.iter().map(|day| day.orders).sum(),
        chart: chart(&visitor, &days),
        lang: visitor.lang,
        status,
        text: asked.q.trim(),
        count: found.count,
        pager: pager(&visitor, found.page, found.page_size, found.count),
        orders: found.items,
    };
    let title = visitor.pick("订单管理", "Orders");
    Ok(visitor
        .shell(Place::Staff, title)
        .width(Width::Wide)
        .page(&page))
}

/// `GET /staff/orders/{out_trade_no}`.
pub(in crate::courses::pages) async fn show(
    visitor: Visitor,
    Named(out_trade_no): Named,
) -> Result<Response, Instead> {
    staff(&visitor, None)?;
    let found = order_list::details(&visitor.ctx, &out_trade_no).await?;
    let Some((order, username, refunds)) = found else {
        return Ok(message::not_found(&visitor));
    };
    let asked = refunds.iter().filter(|refund| refund.state != "failed");
    let taken = Fen::sum(asked.map(|refund| refund.amount)).unwrap_or(order.total);
    let has_money = order.status == Status::Paid && order.trade_no.is_some();
    let left = order.total.checked_sub(taken).filter(|_| has_money);
    let page = OrderPage {
        lang: visitor.lang,
        csrf: visitor.csrf(),
        order: &order,
        username: &username,
        refunds: &refunds,
        refundable: left.unwrap_or_default(),
        refund_no: new_refund_no(&visitor.ctx),
    };
    let title = visitor.pick("订单详情", "Order");
    Ok(visitor
        .shell(Place::Staff, title)
        .width(Width::Wide)
        .page(&page))
}

/// `POST /staff/orders/{out_trade_no}/refund`: fields `refund_no` as the form has it, `amount` (all
/// that is left when empty) and `reason`.
pub(in crate::courses::pages) async fn refund(
    Named(out_trade_no): Named,
    form: PostedForm,
) -> Result<Response, Instead> {
    let visitor = &form.visitor;
    staff(visitor, Some("/staff/orders"))?;
    let back = format!("/staff/orders/{out_trade_no}");
    let text = form.get("amount").trim();
    let amount = match text {
        "" => Ok(None),
        text => Fen::parse_yuan(text).map(Some),
    };
    let Ok(amount) = amount else {
        let words = (
            "金额不正确",
            "That is no amount",
            "请填写最多两位小数的金额，例如 39.00。".to_owned(),
            "Write an amount with at most two decimals, such as 39.00.".to_owned(),
        );
        return Ok(refused(visitor, &back, words));
    };
    let wish = Wish {
        refund_no: form.get("refund_no").to_owned(),
        amount,
        reason: reason_of(form.get("reason")),
    };
    match refund_order(&visitor.ctx, &out_trade_no, wish).await {
        Ok(_) => Ok(Redirect::to(&back).into_response()),
        Err(RefundError::Number) => Ok(refused(
            visitor,
            &back,
            (
                "页面已过期",
                "The page is out of date",
                "没有退款。请返回订单，刷新后再试。".to_owned(),
                "Nothing was refunded. Go back to the order, reload and try again.".to_owned(),
            ),
        )),
        Err(RefundError::NotFound) => Ok(message::not_found(visitor)),
        Err(RefundError::NothingLeft) => Ok(refused(
            visitor,
            &back,
            (
                "没有可退金额",
                "Nothing is left to refund",
                "订单未支付、为免费订单，或已全部退款。".to_owned(),
                "The order is unpaid, cost nothing, or was refunded.".to_owned(),
            ),
        )),
        Err(RefundError::TooMuch(left)) => Ok(refused(
            visitor,
            &back,
            (
                "退款金额过大",
                "That is too much",
                format!("最多可退 ¥{left}。"),
                format!("At most ¥{left} can be refunded."),
            ),
        )),
        Err(RefundError::Store(error)) => Err(error.into()),
    }
}

/// What the buyer's bill says: what staff wrote, without what cannot be shown.
fn reason_of(text: &str) -> String {
    let shown = text.trim().chars().filter(|c| !c.is_control());
    let reason: String = shown.take(100).collect();
    if reason.is_empty() {
        return "课程退款".to_owned();
    }
    reason
}

fn chart(visitor: &Visitor, days: &[Day]) -> String {
    let bars: Vec<Bar> = days
        .iter()
        .map(|day| Bar {
            label: day.date.chars().skip(5).collect(),
            value: day.taken.fen(),
            shown: format!("¥{}", day.taken),
        })
        .collect();
    service::chart::bars(visitor.pick("每日收入", "Income by day"), &bars)
}

fn refused(
    visitor: &Visitor,
    back: &str,
    (zh, en, text_zh, text_en): (&str, &str, String, String),
) -> Response {
    message::page_to(
        visitor,
        Place::Staff,
        StatusCode::BAD_REQUEST,
        (visitor.pick(zh, en), visitor.pick(&text_zh, &text_en)),
        (visitor.pick("返回订单", "Back to the order"), back),
    )
}

/// How many days the chart shows.
const DAYS: i64 = 14;
const PAGE_SIZE: i64 = 20;
