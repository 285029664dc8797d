//! Every route.

use crate::context::Context;
use crate::{control, gateway};
use axum::Router;
use axum::routing::get;

pub(crate) fn router(cx: &Context) -> Router {
    Router::new()
        .route("/gateway.do", get(gateway::get).post(gateway::post))
        .merge(control::router())
        .with_state(cx.clone())
        .merge(service::assets::router())
}
