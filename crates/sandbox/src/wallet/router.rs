//! Every address of the wallet.

use super::{overview, payment_code, scan};
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
        .route(
            "/wallet/code",
            get(payment_code::page).post(payment_code::answer),
        )
        .route("/wallet/code/state/{seen}", get(payment_code::state))
        .layer(from_fn(as_page))
        .with_state(counter.clone())
}
