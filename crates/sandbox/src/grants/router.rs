//! The address of the page, and who may open it.

use super::ask;
use crate::cashier::{Counter, as_page};
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;

/// The page and what it needs.
pub(crate) fn router(counter: &Counter) -> Router {
    Router::new()
        .route("/oauth2/appToAppAuth.htm", get(ask::page).post(ask::submit))
        .layer(from_fn(as_page))
        .with_state(counter.clone())
}
