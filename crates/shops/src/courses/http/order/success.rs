//! `GET /order/success/?<Alipay's return parameters>`: is it paid?
//!
//! Only a return that Alipay signed, or the order's own user, learns it. A stranger and an unknown
//! number get the same answer.

use crate::courses::app::order_result::{Known, ResultError, order_result};
use crate::courses::context::Context;
use crate::courses::http::auth::MaybeCaller;
use crate::courses::http::error::ApiError;
use crate::courses::http::order::answer;
use axum::extract::{RawQuery, State};
use axum::response::Response;

/// Say whether an order is paid.
pub(in crate::courses::http) async fn success(
    State(ctx): State<Context>,
    MaybeCaller(user): MaybeCaller,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let query = query.unwrap_or_default();
    let result = order_result(&ctx, &query, user.as_ref()).await?;
    let is_paid = result.known == Known::Paid;
    Ok(answer::paid(result.order.dialect, is_paid))
}

impl From<ResultError> for ApiError {
    fn from(error: ResultError) -> Self {
        match error {
            ResultError::NoNumber => Self::field("out_trade_no", "缺少订单号"),
            ResultError::Forbidden => Self::forbidden(),
            ResultError::Ticket(error) => Self::internal(&error),
            ResultError::Fulfil(error) => Self::internal(&error),
            ResultError::Store(error) => error.into(),
        }
    }
}
