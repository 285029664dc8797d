//! `GET /order/`: one's own orders, the newest first.

use crate::courses::app::order_list;
use crate::courses::context::Context;
use crate::courses::domain::{Detail, Order};
use crate::courses::http::auth::Caller;
use crate::courses::http::error::ApiError;
use crate::courses::http::paging::Paging;
use axum::Json;
use axum::extract::{RawQuery, State};
use kernel::Timestamp;
use money::Fen;
use serde::Serialize;

/// An order. `title` and `status` have the second name that a front end knows them by.
#[derive(Serialize)]
pub(in crate::courses::http) struct OrderJson {
    out_trade_no: String,
    title: String,
    subject: String,
    total_amount: Fen,
    trade_no: Option<String>,
    status: i64,
    order_status: i64,
    order_status_name: &'static str,
    pay_type: i64,
    coupon: Option<String>,
    pay_time: Option<Timestamp>,
    created_time: Timestamp,
    updated_time: Timestamp,
    refunded_amount: Fen,
    user: String,
    courses: Vec<DetailJson>,
}

/// A course in an order.
#[derive(Serialize)]
struct DetailJson {
    id: i64,
    course_name: String,
    quantity: i64,
    price: Fen,
    real_price: Fen,
}

/// List my orders; a page of 100 unless the query says otherwise.
pub(in crate::courses::http) async fn list(
    State(ctx): State<Context>,
    Caller(user): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<OrderJson>>, ApiError> {
    let paging = Paging::read(&query.unwrap_or_default(), PAGE_SIZE)?;
    let page = order_list::mine(&ctx, &user.id, paging.page, paging.page_size).await?;
    let show = |order| OrderJson::new(order, &user.username);
    Ok(Json(page.items.into_iter().map(show).collect()))
}

impl OrderJson {
    fn new(order: Order, username: &str) -> Self {
        let words = order.words();
        Self {
            out_trade_no: order.out_trade_no,
            subject: order.title.clone(),
            title: order.title,
            total_amount: order.total,
            trade_no: order.trade_no,
            status: order.status.code(),
            order_status: order.status.code(),
            order_status_name: words.0,
            pay_type: order.pay_type.code(),
            coupon: order.coupon,
            pay_time: order.paid_at,
            created_time: order.created_at,
            updated_time: order.updated_at,
            refunded_amount: order.refunded,
            user: username.to_owned(),
            courses: order.details.into_iter().map(DetailJson::new).collect(),
        }
    }
}

impl DetailJson {
    fn new(detail: Detail) -> Self {
        Self {
            id: detail.course_id,
            course_name: detail.course_name,
            quantity: detail.quantity,
            price: detail.price,
            real_price: detail.real_price,
        }
    }
}

const PAGE_SIZE: i64 = 100;
