//! `GET /v1/orders/{id}`: one order with its attempts.

use crate::app::{OrderRef, find_order, list_attempts};
use crate::context::Merchant;
use crate::http::auth::Caller;
use crate::views::{AttemptView, OrderView};
use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use service::problem::Problem;

/// An order and how it was tried.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct OrderDetail {
    #[serde(flatten)]
    order: OrderView,
    /// The first first.
    attempts: Vec<AttemptView>,
}

/// How a path names an order: by our id, or by any of its numbers. What no number can hold, as a
/// NUL, names none.
pub(crate) fn order_ref(text: &str) -> Result<OrderRef, Problem> {
    if text.chars().any(char::is_control) {
        return Err(Problem::not_found("You have no order of that number."));
    }
    match text.parse() {
        Ok(id) => Ok(OrderRef::Id(id)),
        Err(_) => Ok(OrderRef::Number(text.to_owned())),
    }
}

/// One order.
#[utoipa::path(get, path = "/v1/orders/{id}", operation_id = "get_order", tag = "orders",
    params(("id" = String, Path, description = "Our id, or any number of the order")),
    responses((status = 200, body = OrderDetail), (status = 404)),
    security(("api_key" = [])))]
pub(crate) async fn get_order(
    State(merchant): State<Merchant>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<OrderDetail>, Problem> {
    let wanted = order_ref(&id)?;
    let order = find_order(&merchant, caller.name(), &wanted).await?;
    let attempts = list_attempts(&merchant, caller.name(), &wanted).await?;
    Ok(Json(OrderDetail { order, attempts }))
}
