//! `GET /v1/orders/{id}/refunds`: what went back of an order.

use crate::app::list_refunds;
use crate::context::Merchant;
use crate::http::auth::Caller;
use crate::http::orders::get::order_ref;
use crate::http::page::Page;
use crate::views::RefundView;
use axum::Json;
use axum::extract::{Path, State};
use service::problem::Problem;

/// The refunds of an order, the first first.
#[utoipa::path(get, path = "/v1/orders/{id}/refunds", operation_id = "list_refunds",
    tag = "refunds",
    params(("id" = String, Path, description = "Our id, or any number of the order")),
    responses((status = 200, body = Page<RefundView>), (status = 404)),
    security(("api_key" = [])))]
pub(crate) async fn list(
    State(merchant): State<Merchant>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Page<RefundView>>, Problem> {
    let found = list_refunds(&merchant, caller.name(), &order_ref(&id)?).await?;
    Ok(Json(Page::whole(found)))
}
