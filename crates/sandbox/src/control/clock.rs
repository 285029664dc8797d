//! The business clock: looking at it and moving it.

use crate::app::move_clock::{LATEST, move_clock};
use crate::context::Context;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service::clock_control::ClockError;
use service::{JsonBody, Problem};
use std::sync::Arc;
use utoipa::ToSchema;

/// What the clock shows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClockView {
    #[schema(value_type = String)]
    now: Timestamp,
    /// How many pieces of due work ran on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    ran: Option<u64>,
}

/// How to move it: by a span or to an instant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockBody {
    /// Forward by so many milliseconds.
    advance_ms: Option<i64>,
    /// To this instant, RFC 3339.
    #[schema(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// Whether to wait until due work on the way has run; yes unless said.
    wait: Option<bool>,
}

/// What the business clock shows.
#[utoipa::path(get, path = "/sandbox/v1/clock", tag = "clock",
    responses((status = 200, body = ClockView)))]
pub(super) async fn show(State(cx): State<Context>) -> Json<ClockView> {
    Json(ClockView {
        now: cx.now(),
        ran: None,
    })
}

/// Moves the business clock through every instant at which work is due.
#[utoipa::path(post, path = "/sandbox/v1/clock", tag = "clock", request_body = ClockBody,
    responses((status = 200, body = ClockView), (status = 409, description = "the clock cannot be moved")))]
pub(super) async fn advance(
    State(cx): State<Context>,
    JsonBody(body): JsonBody<ClockBody>,
) -> Result<Json<ClockView>, Problem> {
    let Some(control) = &cx.parts().clock_control else {
        return Err(Problem::conflict(
            "clock-fixed",
            "This sandbox runs on a clock that cannot be moved.",
        ));
    };
    let (at, is_span) = match (body.advance_ms, body.to) {
        (Some(ms), None) if ms >= 0 => (control.now().plus_ms(ms), true),
        (None, Some(to)) => (to, false),
        _ => {
            return Err(Problem::bad_request(
                "Give either advance_ms (not negative) or to.",
            ));
        }
    };
    if at > LATEST {
        return Err(Problem::bad_request("That is beyond the year 9986."));
    }
    // A long way with slow merchants outlives the request: it goes on without it.
    let moving = Arc::clone(control);
    let wait = body.wait.unwrap_or(true);
    let moved = tokio::spawn(async move { move_clock(moving.as_ref(), at, is_span, wait).await });
    let moved = match moved.await {
        Ok(moved) => moved,
        Err(stopped) => return Err(Problem::internal(&stopped)),
    };
    match moved {
        Ok(ran) => Ok(Json(ClockView {
            now: control.now(),
            ran: Some(ran),
        })),
        Err(error @ ClockError::Past { .. }) => Err(Problem::new(
            StatusCode::CONFLICT,
            "clock-goes-forward",
            "Time does not go back",
        )
        .detail(format!("{error}."))),
        Err(ClockError::Store(error)) => Err(Problem::internal(&error)),
    }
}
