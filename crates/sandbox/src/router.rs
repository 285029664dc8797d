//! Every route.

use crate::context::Context;
use crate::{cashier, control, gateway};
use axum::Router;
use axum::routing::get;
use service::edge::{self, EdgeParts};
use std::sync::Arc;

pub(crate) fn router(cx: &Context) -> Router {
    let routes = Router::new()
        .route("/gateway.do", get(gateway::get).post(gateway::post))
        .merge(control::router(cx))
        .with_state(cx.clone())
        .merge(cashier::router(&cashier::Counter::new(cx)))
        .merge(service::assets::router());
    edge::guard(
        routes,
        EdgeParts::new("sandbox", Arc::clone(&cx.parts().rng)),
    )
}
