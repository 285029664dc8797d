//! Every address of the wallet.

use super::{overview, scan};
use crate::cashier::{Counter, as_page};
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

/// The wallet's pages. A login here is a login at the cashier too.
pub(crate) fn router(counter: &Counter) -> Router {
    Router::new()
        .route("/wallet", get(overview::page))
        .route("/wallet/login", post(overview::log_in))
        .route("/wallet/logout", post(overview::log_out))
        .route("/wallet/scan", post(scan::submit))
        .layer(from_fn(as_page))
        .with_state(counter.clone())
}
