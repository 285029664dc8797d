//! Every address on which somebody agrees.

use super::{answer, ask};
use crate::cashier::{Counter, as_page};
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

/// The pages. A login here is a login at the cashier and in the wallet too.
pub(crate) fn router(counter: &Counter) -> Router {
    Router::new()
        .route("/oauth2/publicAppAuthorize.htm", get(ask::authorize))
        .route("/consent/{kind}/{token}", get(ask::page))
        .route("/consent/{kind}/{token}/login", post(ask::log_in))
        .route("/consent/{kind}/{token}/logout", post(ask::leave))
        .route("/consent/{kind}/{token}/agree", post(answer::yes))
        .route("/consent/{kind}/{token}/refuse", post(answer::no))
        .layer(from_fn(as_page))
        .with_state(counter.clone())
}
