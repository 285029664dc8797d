//! Starting over.

use crate::app::reset::{self, ResetError};
use crate::context::Context;
use axum::extract::State;
use http::StatusCode;
use service::Problem;

/// Starts over: no trades but those of the seed data, no notices or requests, every account with
/// what it began with and unlocked.
/// Applications, their keys and the clock stay.
#[utoipa::path(post, path = "/sandbox/v1/reset", tag = "world",
    responses((status = 204), (status = 409, description = "in the demo")))]
pub(super) async fn reset(State(cx): State<Context>) -> Result<StatusCode, Problem> {
    match reset::reset(&cx).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(ResetError::Demo) => Err(Problem::conflict(
            "demo-has-no-reset",
            "In the demo merchant and shops would not follow. Stop it, delete its data folder and start it again.",
        )),
        Err(ResetError::Fill(error)) => Err(Problem::internal(&*error)),
        Err(ResetError::Store(error)) => Err(Problem::internal(&error)),
    }
}
