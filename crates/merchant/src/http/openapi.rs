//! `/openapi.json`, and the routes that it describes: one list for both.

use super::{books, health, notify, orders, refunds};
use crate::context::Merchant;
use axum::routing::{get, post};
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(
    info(title = "Tongbao merchant service", description = "Orders, refunds and what happened to them. \
        Amounts are strings of yuan, times RFC 3339, errors RFC 9457 problem documents."),
    tags((name = "orders", description = "What is to be paid"),
        (name = "refunds", description = "What goes back"),
        (name = "books", description = "The double entry"))
)]
struct Document;

/// Every route of the service.
pub(crate) fn routes(merchant: &Merchant) -> Router {
    let mut document = Document::openapi();
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("api_key", SecurityScheme::Http(scheme));
    let (rest, document) = OpenApiRouter::with_openapi(document)
        .routes(routes!(orders::create::create_order, orders::list::list))
        .routes(routes!(orders::get::get_order))
        .routes(routes!(orders::attempts::create_attempt))
        .routes(routes!(orders::close::close))
        .routes(routes!(refunds::create::create_refund, refunds::list::list))
        .routes(routes!(orders::timeline::get_timeline))
        .routes(routes!(orders::explain::explain_order))
        .routes(routes!(books::verify))
        .split_for_parts();
    let document = serde_json::to_value(&document).unwrap_or_default();
    rest.route("/notify/alipay", post(notify::receive))
        .route("/notify/alipay/", post(notify::receive))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(move || async move { Json(document) }))
        .fallback(service::problem::no_such_path)
        .method_not_allowed_fallback(service::problem::no_such_method)
        .with_state(merchant.clone())
}
