//! `POST /v1/orders/{id}/close`: ends an order that nobody has paid.

use super::get::order_ref;
use crate::app::{CloseOutcome, close_order_once};
use crate::context::Merchant;
use crate::http::auth::Caller;
use crate::http::body::Keyed;
use crate::views::OrderView;
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::Deserialize;
use service::problem::Problem;

/// Nothing has to be said.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseOrder {}

/// Close an order.
///
/// 200 when Alipay has confirmed that no money can come any more; 202 while it has not (the order
/// says `closing`); 409 when money came first.
#[utoipa::path(post, path = "/v1/orders/{id}/close", operation_id = "close_order", tag = "orders",
    params(("id" = String, Path, description = "Our id, or any number of the order"),
        ("Idempotency-Key" = String, Header, description = "Yours, the same on a repeat")),
    request_body = CloseOrder,
    responses((status = 200, body = OrderView), (status = 202, body = OrderView), (status = 409)),
    security(("api_key" = [])))]
pub(crate) async fn close(
    State(merchant): State<Merchant>,
    caller: Caller,
    Path(id): Path<String>,
    Keyed {
        key,
        body: CloseOrder {},
    }: Keyed<CloseOrder>,
) -> Result<(StatusCode, Json<OrderView>), Problem> {
    let closed = close_order_once(&merchant, caller.name(), &order_ref(&id)?, &key).await?;
    match closed.outcome {
        CloseOutcome::Closed => Ok((StatusCode::OK, Json(closed.order))),
        CloseOutcome::Closing => Ok((StatusCode::ACCEPTED, Json(closed.order))),
        CloseOutcome::Paid => Err(Problem::conflict(
            "order-is-paid",
            "Money came before the order was closed; refund it instead.",
        )
        .with("state", closed.order.state.as_str())),
    }
}
