//! Every address of the console, and who may open it.

use super::{accounts, books, desk, overview, trade, trades};
use crate::context::Context;
use crate::control::may_look;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use service::client_ip::ClientIp;

/// The console's pages: for this machine only, or whoever knows the control API's token.
pub(crate) fn router(cx: &Context) -> Router {
    Router::new()
        .route("/", get(overview::page))
        .route("/trades", get(trades::page))
        .route("/trades/{trade_id}", get(trade::page))
        .route("/accounts", get(accounts::page))
        .route("/books", get(books::page))
        .layer(from_fn_with_state(cx.clone(), guard))
        .layer(from_fn(desk::as_page))
        .with_state(cx.clone())
}

async fn guard(State(cx): State<Context>, ip: ClientIp, request: Request, next: Next) -> Response {
    if may_look(&cx, ip, request.headers()) {
        return next.run(request).await;
    }
    desk::outside(&cx, &request)
}
