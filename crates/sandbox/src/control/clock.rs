//! The business clock: looking at it and moving it.

use crate::context::Context;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service::clock_control::{ClockControl, ClockError};
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
    // Past the year 9999 no time can be written any more.
    if at.ms() > 253_000_000_000_000 {
        return Err(Problem::bad_request("That is beyond the year 9986."));
    }
    // A long way with slow merchants outlives the request: it goes on without it.
    let moving = Arc::clone(control);
    let wait = body.wait.unwrap_or(true);
    let moved = tokio::spawn(async move { go(moving.as_ref(), at, is_span, wait).await });
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

/// How often a clock that ticks on may overtake the end of a short span.
const MOST_TRIES: u32 = 16;

/// Moves the clock. A span is never in the past: when the clock ticked past its end meanwhile, it
/// goes to where the clock is, and a little further each time that this is overtaken too.
async fn go(
    control: &dyn ClockControl,
    mut at: Timestamp,
    is_span: bool,
    wait: bool,
) -> Result<u64, ClockError> {
    for tries in 0..MOST_TRIES {
        match control.advance_to(at, wait).await {
            Err(ClockError::Past { now, .. }) if is_span => at = now.plus_ms(1_i64 << tries),
            moved => return moved,
        }
    }
    control.advance_to(at, wait).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::BoxFuture;
    use std::sync::atomic::{AtomicI64, Ordering};

    /// Three milliseconds pass with every look.
    struct Ticking(AtomicI64);

    impl ClockControl for Ticking {
        fn now(&self) -> Timestamp {
            Timestamp::from_ms(self.0.fetch_add(3, Ordering::Relaxed))
        }

        fn advance_to(&self, at: Timestamp, _wait: bool) -> BoxFuture<'_, Result<u64, ClockError>> {
            let now = self.now();
            let moved = if at < now {
                Err(ClockError::Past { at, now })
            } else {
                Ok(0)
            };
            Box::pin(async move { moved })
        }
    }

    #[tokio::test]
    async fn a_span_is_never_in_the_past() {
        let clock = Ticking(AtomicI64::new(1_000));
        let at = clock.now();
        assert!(go(&clock, at, true, true).await.is_ok());
        assert!(matches!(
            go(&clock, at, false, true).await,
            Err(ClockError::Past { .. })
        ));
    }
}
