//! `POST /v1/orders/{id}/refunds`: sends money back.

use crate::app::{RefundOrder, refund_order};
use crate::context::Merchant;
use crate::http::auth::Caller;
use crate::http::body::{Keyed, amount};
use crate::http::orders::get::order_ref;
use crate::views::RefundView;
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use service::problem::Problem;

/// What is to go back.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateRefund {
    /// Your number of this refund, 1 to 60 letters, digits or `_`, never used for another.
    merchant_refund_no: String,
    /// Yuan as a string or number with at most two decimals.
    #[schema(value_type = String)]
    amount: Box<RawValue>,
    /// What for; Alipay shows it to the buyer.
    reason: Option<String>,
}

/// Refund an order, in whole or in part.
///
/// The answer may say `unknown`: its money stays reserved and Alipay is asked until it says what
/// happened. Look at the refund again; a repeat of this call gives this answer.
#[utoipa::path(post, path = "/v1/orders/{id}/refunds", operation_id = "create_refund",
    tag = "refunds",
    params(("id" = String, Path, description = "Our id, or any number of the order"),
        ("Idempotency-Key" = String, Header, description = "Yours, the same on a repeat")),
    request_body = CreateRefund,
    responses((status = 201, body = RefundView), (status = 409), (status = 422)),
    security(("api_key" = [])))]
pub(crate) async fn create_refund(
    State(merchant): State<Merchant>,
    caller: Caller,
    Path(id): Path<String>,
    Keyed { key, body }: Keyed<CreateRefund>,
) -> Result<(StatusCode, Json<RefundView>), Problem> {
    let wish = RefundOrder {
        merchant: caller.name().to_owned(),
        order: order_ref(&id)?,
        merchant_refund_no: body.merchant_refund_no,
        amount: amount("amount", &body.amount)?,
        reason: body.reason,
        key: Some(key),
    };
    let refund = refund_order(&merchant, wish).await?;
    Ok((StatusCode::CREATED, Json(refund)))
}
