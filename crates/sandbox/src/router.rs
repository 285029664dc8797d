//! Every route.

use crate::context::Context;
use crate::{cashier, consent, control, gateway, grants, home, wallet};
use axum::Router;
use axum::routing::{any, get};
use service::edge::{self, EdgeParts};
use std::sync::Arc;

pub(crate) fn router(cx: &Context) -> Router {
    let counter = cashier::Counter::new(cx);
    let routes = Router::new()
        .route(
            "/gateway.do",
            get(gateway::get)
                .post(gateway::post)
                .head(service::problem::no_such_method),
        )
        .route("/downloadBillFile.resource", get(gateway::download))
        .route("/v3/{*path}", any(gateway::serve_v3))
        .merge(control::router(cx))
        .with_state(cx.clone())
        .merge(home::router(cx))
        .merge(cashier::router(&counter))
        .merge(grants::router(&counter))
        .merge(wallet::router(&counter))
        .merge(consent::router(&counter))
        .merge(service::assets::router())
        .fallback(service::problem::no_such_path);
    edge::guard(
        routes,
        // Moving the clock runs what becomes due on the way before it answers.
        EdgeParts::new("sandbox", Arc::clone(&cx.parts().rng))
            .untimed(&["/sandbox/v1/clock", "/lab/clock"]),
    )
}
