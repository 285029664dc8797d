//! Every call of the control API, and its description.

use super::{
    accounts, agreements, apps, books, cards, certificates, clock, codes, consents, exams, faults,
    grants, guard, notices, people, requests, reset, snapshots, trades, worlds,
};
use crate::context::Context;
use axum::routing::get;
use axum::{Json, Router};
use std::sync::LazyLock;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(info(
    title = "Tongbao sandbox: control API",
    description = "Plays the buyer, moves the clock, looks at notices, books and requests. Open to \
                   this machine; from elsewhere with `Authorization: Bearer <token>`. POST needs \
                   `Content-Type: application/json`. Errors are problem documents (RFC 9457).",
    version = "1"
))]
struct Described;

/// The calls and their description. Every world has the same, so a process makes them once.
static CALLS: LazyLock<(Router<Context>, utoipa::openapi::OpenApi)> = LazyLock::new(calls);

/// The calls, behind the guard.
pub(crate) fn router(cx: &Context) -> Router<Context> {
    let layer = axum::middleware::from_fn_with_state(cx.clone(), guard::guard);
    let router = CALLS.0.clone().layer(layer);
    router.route("/sandbox/openapi.json", get(|| async { Json(&CALLS.1) }))
}

fn calls() -> (Router<Context>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(trades::pay))
        .routes(routes!(codes::show))
        .routes(routes!(codes::refuse))
        .routes(routes!(consents::answer))
        .routes(routes!(agreements::list))
        .routes(routes!(agreements::end))
        .routes(routes!(trades::find))
        .routes(routes!(trades::list))
        .routes(routes!(notices::list))
        .routes(routes!(notices::resend))
        .routes(routes!(clock::show, clock::advance))
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::find))
        .routes(routes!(accounts::top_up))
        .routes(routes!(cards::list, cards::issue))
        .routes(routes!(cards::messages))
        .routes(routes!(books::prove))
        .routes(routes!(apps::list, apps::create))
        .routes(routes!(apps::find, apps::change))
        .routes(routes!(certificates::renew))
        .routes(routes!(grants::create))
        .routes(routes!(grants::take_back))
        .routes(routes!(exams::sit))
        .routes(routes!(faults::show, faults::set))
        .routes(routes!(requests::find))
        .routes(routes!(requests::list))
        .routes(routes!(reset::reset))
        .routes(routes!(people::find_person, people::set_person))
        .routes(routes!(snapshots::list, snapshots::take))
        .routes(routes!(snapshots::restore))
        .routes(routes!(snapshots::delete))
        .routes(routes!(worlds::list, worlds::create))
        .routes(routes!(worlds::find, worlds::delete))
        .split_for_parts()
}
