//! How the desktop's page notices that the phone has paid: a small script that asks.

use super::counter::Counter;
use crate::app::find_trade::find_visit;
use crate::domain::trade::TradeState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use service::problem::Problem;

/// The address of the script. The page works without it.
pub(super) const SCRIPT_HREF: &str = "/assets/cashier.js";

/// The address of what only these pages look like.
pub(super) const STYLE_HREF: &str = "/assets/cashier.css";

/// The script itself.
pub(super) async fn script() -> Response {
    asset(
        "text/javascript; charset=utf-8",
        include_str!("../../assets/cashier.js"),
    )
}

/// The stylesheet itself.
pub(super) async fn style() -> Response {
    asset(
        "text/css; charset=utf-8",
        include_str!("../../assets/cashier.css"),
    )
}

fn asset(content_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}

/// `{"state": "waiting" | "paid" | "closed"}` of a visit.
pub(super) async fn state(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
) -> Result<Response, Problem> {
    let found = find_visit(counter.cx(), &visit_id).await?;
    let Some(story) = found else {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "no-such-visit",
            "There is no such payment page",
        ));
    };
    let state = match story.trade.state {
        TradeState::Asked | TradeState::Waiting(_) => "waiting",
        TradeState::Paid(..) | TradeState::Finished(..) => "paid",
        TradeState::Closed(..) => "closed",
    };
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        Json(json!({ "state": state })),
    )
        .into_response())
}
