//! `POST /v1/orders/{id}/attempts`: tries to pay an order once more, under a new number.

use super::create::{product, url};
use super::get::order_ref;
use crate::app::{PayOrder, PayWith, pay_order};
use crate::context::Merchant;
use crate::http::auth::Caller;
use crate::http::body::Keyed;
use crate::views::PlacedView;
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::Deserialize;
use service::problem::Problem;

/// How the buyer pays this time.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateAttempt {
    /// `page`, `wap` or `qr`.
    product: String,
    /// `alipay`.
    channel: Option<String>,
    /// Where the buyer's browser goes afterwards; where the order says when it is not given.
    return_url: Option<String>,
}

/// Try to pay an order once more.
#[utoipa::path(post, path = "/v1/orders/{id}/attempts", operation_id = "create_attempt",
    tag = "orders",
    params(("id" = String, Path, description = "Our id, or any number of the order"),
        ("Idempotency-Key" = String, Header, description = "Yours, the same on a repeat")),
    request_body = CreateAttempt,
    responses((status = 201, body = PlacedView), (status = 404), (status = 409)),
    security(("api_key" = [])))]
pub(crate) async fn create_attempt(
    State(merchant): State<Merchant>,
    caller: Caller,
    Path(id): Path<String>,
    Keyed { key, body }: Keyed<CreateAttempt>,
) -> Result<(StatusCode, Json<PlacedView>), Problem> {
    let wish = PayOrder {
        merchant: caller.name().to_owned(),
        order: order_ref(&id)?,
        product: product(&body.product, body.channel.as_deref())?,
        with: PayWith::New,
        return_url: url("return_url", body.return_url)?,
        key: Some(key),
    };
    let placed = pay_order(&merchant, wish).await?;
    Ok((StatusCode::CREATED, Json(placed)))
}
