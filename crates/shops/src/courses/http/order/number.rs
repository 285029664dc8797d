//! The order's number in an address of the API.

use crate::courses::context::Context;
use crate::courses::http::error::ApiError;
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

/// A number that an order may have. Bytes that are no text, and characters that nobody sees, are 400.
pub(in crate::courses::http) struct OrderNumber(pub String);

impl FromRequestParts<Context> for OrderNumber {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, ctx: &Context) -> Result<Self, ApiError> {
        match Path::<String>::from_request_parts(parts, ctx).await {
            Ok(Path(number)) if !number.chars().any(char::is_control) => Ok(Self(number)),
            _ => Err(ApiError::field("out_trade_no", "订单号不合法")),
        }
    }
}
