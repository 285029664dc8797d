//! `GET /v1/orders`: the caller's orders, newest first.

use crate::app::{ListOrders, OrderRef, QueryOrderError, find_order, list_orders};
use crate::context::Merchant;
use crate::http::auth::Caller;
use crate::http::page::{Page, PageQuery};
use crate::http::problems::invalid;
use crate::views::OrderView;
use axum::Json;
use axum::extract::{Query, State};
use service::problem::Problem;

/// Your orders.
#[utoipa::path(get, path = "/v1/orders", operation_id = "list_orders", tag = "orders",
    params(PageQuery),
    responses((status = 200, body = Page<OrderView>)),
    security(("api_key" = [])))]
pub(crate) async fn list(
    State(merchant): State<Merchant>,
    caller: Caller,
    query: Result<Query<PageQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Page<OrderView>>, Problem> {
    let Query(query) = query.map_err(|error| Problem::bad_request(error.body_text()))?;
    if let Some(number) = query.merchant_order_no {
        if number.chars().any(char::is_control) {
            return Err(invalid(
                "merchant_order_no",
                "no number holds such a character",
            ));
        }
        let wanted = OrderRef::Number(number);
        return match find_order(&merchant, caller.name(), &wanted).await {
            Ok(order) => Ok(Json(Page::whole(vec![order]))),
            Err(QueryOrderError::NotFound(_)) => Ok(Json(Page::whole(Vec::new()))),
            Err(error) => Err(error.into()),
        };
    }
    let state = query.state.as_deref().map(str::parse).transpose();
    let state = state.map_err(|_| invalid("state", "there is no such state"))?;
    let before = query.cursor.as_deref().map(str::parse).transpose();
    let before = before.map_err(|_| invalid("cursor", "it is no cursor of ours"))?;
    let limit = query.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(invalid("limit", "it is 1 to 100"));
    }
    let wish = ListOrders {
        merchant: caller.name().to_owned(),
        before,
        state,
        limit: limit + 1,
    };
    let found = list_orders(&merchant, wish).await?;
    let size = usize::try_from(limit).unwrap_or_default();
    Ok(Json(Page::cut(found, size, |order| order.id.to_string())))
}
