//! `GET /v1/orders/{id}/timeline`: what happened to an order, with the raw notices as evidence.

use super::get::order_ref;
use crate::app::{Timeline, timeline};
use crate::context::Merchant;
use crate::http::auth::Caller;
use axum::Json;
use axum::extract::{Path, State};
use service::problem::Problem;

/// What happened to an order.
#[utoipa::path(get, path = "/v1/orders/{id}/timeline", operation_id = "get_timeline",
    tag = "orders",
    params(("id" = String, Path, description = "Our id, or any number of the order")),
    responses((status = 200, body = Timeline), (status = 404)),
    security(("api_key" = [])))]
pub(crate) async fn get_timeline(
    State(merchant): State<Merchant>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Timeline>, Problem> {
    let story = timeline(&merchant, caller.name(), &order_ref(&id)?).await?;
    Ok(Json(story))
}
