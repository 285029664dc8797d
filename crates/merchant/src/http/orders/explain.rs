//! `GET /v1/orders/{id}/explain`: why is it unpaid?

use super::get::order_ref;
use crate::app::{Explanation, explain};
use crate::context::Merchant;
use crate::http::auth::Caller;
use axum::Json;
use axum::extract::{Path, State};
use service::problem::Problem;

/// Why an order is what it is, in words.
#[utoipa::path(get, path = "/v1/orders/{id}/explain", operation_id = "explain_order",
    tag = "orders",
    params(("id" = String, Path, description = "Our id, or any number of the order")),
    responses((status = 200, body = Explanation), (status = 404)),
    security(("api_key" = [])))]
pub(crate) async fn explain_order(
    State(merchant): State<Merchant>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Explanation>, Problem> {
    let found = explain(&merchant, caller.name(), &order_ref(&id)?).await?;
    Ok(Json(found))
}
