//! Every address of the cashier.

use super::counter::Counter;
use super::{cancel, card, choose, done, login, pay, scan, trouble, watch};
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

/// The cashier's pages and what they need.
pub(crate) fn router(counter: &Counter) -> Router {
    let pages = Router::new()
        .route("/cashier/{visit_id}", get(choose::page))
        .route("/cashier/{visit_id}/login", post(login::submit))
        .route("/cashier/{visit_id}/logout", post(login::leave))
        .route("/cashier/{visit_id}/pay", get(pay::page).post(pay::submit))
        .route(
            "/cashier/{visit_id}/card",
            get(card::page).post(card::submit),
        )
        .route("/cashier/{visit_id}/card/code", post(card::code))
        .route("/cashier/{visit_id}/done", get(done::page))
        .route(
            "/cashier/{visit_id}/cancel",
            get(cancel::page).post(cancel::submit),
        )
        .route(
            "/qr/{code}",
            get(scan::open).head(service::problem::no_such_method),
        )
        .layer(from_fn(trouble::as_page));
    Router::new()
        .route("/cashier/{visit_id}/state", get(watch::state))
        .route(watch::SCRIPT_HREF, get(watch::script))
        .route(watch::STYLE_HREF, get(watch::style))
        .merge(pages)
        .with_state(counter.clone())
}
