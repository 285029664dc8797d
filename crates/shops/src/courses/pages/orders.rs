//! My orders: what was bought, paying again, cancelling.

use crate::courses::app::cancel_order::{CancelError, Cancelled, cancel_order};
use crate::courses::app::order_list;
use crate::courses::app::pay_again::{PayAgainError, pay_again};
use crate::courses::domain::{Order, Status};
use crate::courses::http::device_of;
use crate::courses::pages::catalogue::{page_of, pager};
use crate::courses::pages::form::PostedForm;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::message;
use crate::courses::pages::named::Named;
use crate::courses::pages::visitor::{Place, Visitor};
use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use serde::Deserialize;
use service::i18n::Lang;
use service::pager::Pager;

#[derive(Template)]
#[template(path = "courses/orders.html")]
struct OrdersPage<'a> {
    lang: Lang,
    csrf: &'a str,
    orders: Vec<Order>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "courses/order.html")]
struct OrderPage<'a> {
    lang: Lang,
    csrf: &'a str,
    order: &'a Order,
}

/// Which page of a list.
#[derive(Deserialize)]
pub(super) struct Asked {
    page: Option<String>,
}

/// `GET /orders`.
pub(super) async fn list(
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Instead> {
    let user = visitor.user_or_login(None)?;
    let page = page_of(asked.page.as_deref());
    let found = order_list::mine(&visitor.ctx, &user.id, page, PAGE_SIZE).await?;
    let page = OrdersPage {
        lang: visitor.lang,
        csrf: visitor.csrf(),
        pager: pager(&visitor, found.page, found.page_size, found.count),
        orders: found.items,
    };
    let title = visitor.pick("我的订单", "My orders");
    Ok(visitor.shell(Place::Orders, title).page(&page))
}

/// `GET /orders/{out_trade_no}`.
pub(super) async fn show(
    visitor: Visitor,
    Named(out_trade_no): Named,
) -> Result<Response, Instead> {
    let user = visitor.user_or_login(None)?;
    let found = order_list::one_of_mine(&visitor.ctx, &user.id, &out_trade_no).await?;
    let Some(order) = found else {
        return Ok(message::not_found(&visitor));
    };
    let page = OrderPage {
        lang: visitor.lang,
        csrf: visitor.csrf(),
        order: &order,
    };
    let title = visitor.pick("订单详情", "Order");
    Ok(visitor.shell(Place::Orders, title).page(&page))
}

/// `POST /orders/{out_trade_no}/pay`.
pub(super) async fn pay(Named(out_trade_no): Named, form: PostedForm) -> Result<Response, Instead> {
    let visitor = &form.visitor;
    let user = visitor.user_or_login(Some("/orders"))?;
    let device = device_of(&visitor.headers);
    let words = match pay_again(&visitor.ctx, &user.id, &out_trade_no, device).await {
        Ok((_, url)) => return Ok(Redirect::to(&url).into_response()),
        Err(PayAgainError::NotFound) => return Ok(message::not_found(visitor)),
        Err(PayAgainError::NotUnpaid(Status::Paid)) => ("订单已支付", "The order is paid already"),
        Err(PayAgainError::NotUnpaid(_)) => (
            "订单已取消，不能支付",
            "The order was cancelled and cannot be paid",
        ),
        Err(PayAgainError::Owned(_)) => (
            "订单中的课程您已经购买过",
            "You have a course of this order already",
        ),
        Err(PayAgainError::PriceChanged(_)) => (
            "价格已变化，请重新下单",
            "The price has changed; please order again",
        ),
        Err(PayAgainError::Till(error)) if error.is_final() => (
            "订单已结束，请重新下单",
            "The order has ended; please order again",
        ),
        Err(PayAgainError::Till(error)) => return Err(Instead::broken(&error)),
        Err(PayAgainError::Store(error)) => return Err(error.into()),
    };
    Ok(refused(visitor, words))
}

/// `POST /orders/{out_trade_no}/cancel`.
pub(super) async fn cancel(
    Named(out_trade_no): Named,
    form: PostedForm,
) -> Result<Response, Instead> {
    let visitor = &form.visitor;
    let user = visitor.user_or_login(Some("/orders"))?;
    let paid = (
        "订单已支付，不能取消",
        "The order is paid and cannot be cancelled",
    );
    match cancel_order(&visitor.ctx, &user.id, &out_trade_no).await {
        Ok(Cancelled::Done) => Ok(Redirect::to(&format!("/orders/{out_trade_no}")).into_response()),
        Ok(Cancelled::Paid) | Err(CancelError::Paid) => Ok(refused(visitor, paid)),
        Err(CancelError::NotFound) => Ok(message::not_found(visitor)),
        Err(CancelError::Till(error)) => Err(Instead::broken(&error)),
        Err(CancelError::Fulfil(error)) => Err(Instead::broken(&error)),
        Err(CancelError::Store(error)) => Err(error.into()),
    }
}

fn refused(visitor: &Visitor, (zh, en): (&str, &str)) -> Response {
    let link = (visitor.pick("我的订单", "My orders"), "/orders");
    let text = visitor.pick("没有发生任何扣款。", "Nothing was charged.");
    message::page_to(
        visitor,
        Place::Orders,
        StatusCode::BAD_REQUEST,
        (visitor.pick(zh, en), text),
        link,
    )
}

const PAGE_SIZE: i64 = 10;
