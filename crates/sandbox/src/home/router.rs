//! Every address of the console, and who may open it.

use super::console::Console;
use super::{
    accounts, app, apps, books, consents, desk, lab, notices, overview, play, requests, trade,
    trades,
};
use crate::context::Context;
use crate::control::may_look;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use service::client_ip::ClientIp;

/// The console's pages: for this machine only, or whoever knows the control API's token.
pub(crate) fn router(cx: &Context) -> Router {
    Router::new()
        .route("/", get(overview::page))
        .route("/trades", get(trades::page))
        .route("/trades/{trade_id}", get(trade::page))
        .route("/accounts", get(accounts::page))
        .route("/books", get(books::page))
        .route("/trades/{trade_id}/pay", post(play::pay))
        .route("/consents", get(consents::page).post(consents::answer))
        .route("/notices", get(notices::page))
        .route("/notices/{notify_id}/resend", post(notices::send_again))
        .route("/requests", get(requests::page))
        .route("/requests/{trace_id}", get(requests::one))
        .route("/apps", get(apps::page).post(apps::create))
        .route("/apps/{app_id}", get(app::page).post(app::change))
        .route("/apps/{app_id}/files/{name}", get(app::file))
        .route("/lab", get(lab::page))
        .route("/lab/clock", post(lab::set_clock))
        .route("/lab/faults", post(lab::set_faults))
        .route("/lab/world", post(lab::change_world))
        .layer(from_fn_with_state(cx.clone(), guard))
        .layer(from_fn(desk::as_page))
        .route(desk::STYLE_HREF, get(desk::style))
        .with_state(Console::new(cx))
}

async fn guard(State(cx): State<Context>, ip: ClientIp, request: Request, next: Next) -> Response {
    if may_look(&cx, ip, request.headers()) {
        return next.run(request).await;
    }
    desk::outside(&cx, &request)
}
