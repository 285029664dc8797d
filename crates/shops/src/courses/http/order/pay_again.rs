//! `POST /order/{out_trade_no}/pay/`: another link for an unpaid order of one's own.

use crate::courses::app::pay_again::{self, PayAgainError};
use crate::courses::context::Context;
use crate::courses::domain::Status;
use crate::courses::http::auth::Caller;
use crate::courses::http::device::device_of;
use crate::courses::http::error::ApiError;
use crate::courses::http::order::answer;
use crate::courses::http::order::number::OrderNumber;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

/// Pay again.
pub(in crate::courses::http) async fn pay_again(
    State(ctx): State<Context>,
    Caller(user): Caller,
    OrderNumber(out_trade_no): OrderNumber,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let device = device_of(&headers);
    let (order, url) = pay_again::pay_again(&ctx, &user.id, &out_trade_no, device).await?;
    Ok(answer::link(order.dialect, &url))
}

impl From<PayAgainError> for ApiError {
    fn from(error: PayAgainError) -> Self {
        match error {
            PayAgainError::NotFound => Self::not_found(),
            PayAgainError::NotUnpaid(Status::Paid) => Self::whole("订单已支付"),
            PayAgainError::NotUnpaid(Status::Unpaid | Status::Cancelled | Status::TimedOut) => {
                Self::whole("订单已取消，不能支付")
            }
            PayAgainError::Owned(name) => {
                Self::field("course", format!("您已购买过课程《{name}》。"))
            }
            PayAgainError::PriceChanged(name) => {
                Self::whole(format!("课程《{name}》的价格已变化，请重新下单"))
            }
            PayAgainError::Till(error) if error.is_final() => Self::whole("订单不能支付"),
            PayAgainError::Till(error) => Self::internal(&error),
            PayAgainError::Store(error) => error.into(),
        }
    }
}
