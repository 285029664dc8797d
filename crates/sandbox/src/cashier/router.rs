//! Every address of the cashier.

use super::counter::Counter;
use super::{cancel, choose, done, login, pay, scan, watch};
use crate::context::Context;
use axum::Router;
use axum::routing::{get, post};

/// The cashier's pages and what they need.
pub(crate) fn router(cx: &Context) -> Router {
    Router::new()
        .route("/cashier/{visit_id}", get(choose::page))
        .route("/cashier/{visit_id}/login", post(login::submit))
        .route("/cashier/{visit_id}/logout", post(login::leave))
        .route("/cashier/{visit_id}/pay", get(pay::page).post(pay::submit))
        .route("/cashier/{visit_id}/done", get(done::page))
        .route(
            "/cashier/{visit_id}/cancel",
            get(cancel::page).post(cancel::submit),
        )
        .route("/cashier/{visit_id}/state", get(watch::state))
        .route("/qr/{code}", get(scan::open))
        .route(watch::SCRIPT_HREF, get(watch::script))
        .with_state(Counter::new(cx))
}
