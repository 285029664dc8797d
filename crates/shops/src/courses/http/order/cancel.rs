//! `POST /order/{out_trade_no}/cancel/`: an unpaid order of one's own is given up.

use crate::courses::app::cancel_order::{CancelError, Cancelled, cancel_order};
use crate::courses::context::Context;
use crate::courses::http::auth::Caller;
use crate::courses::http::error::ApiError;
use crate::courses::http::order::number::OrderNumber;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

/// Cancel.
pub(in crate::courses::http) async fn cancel(
    State(ctx): State<Context>,
    Caller(user): Caller,
    OrderNumber(out_trade_no): OrderNumber,
) -> Result<Json<Value>, ApiError> {
    match cancel_order(&ctx, &user.id, &out_trade_no).await? {
        Cancelled::Done => Ok(Json(json!({"data": "订单已取消"}))),
        Cancelled::Paid => Err(CancelError::Paid.into()),
    }
}

impl From<CancelError> for ApiError {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::NotFound => Self::not_found(),
            CancelError::Paid => Self::whole("订单已支付，不能取消"),
            CancelError::Till(error) => Self::internal(&error),
            CancelError::Fulfil(error) => Self::internal(&error),
            CancelError::Store(error) => error.into(),
        }
    }
}
