//! The whole world, saved and put back.

use crate::app::snapshots::{self, SnapshotError};
use crate::context::Context;
use crate::store::snapshots::Snapshot;
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service::{JsonBody, Problem};
use utoipa::ToSchema;

/// A saved world.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SnapshotView {
    id: String,
    name: String,
    /// What the business clock showed; putting it back sets the clock to this.
    #[schema(value_type = String)]
    at: Timestamp,
    /// What the wall clock showed.
    #[schema(value_type = String)]
    saved_at: Timestamp,
    /// How many rows it has.
    rows: i64,
}

impl From<Snapshot> for SnapshotView {
    fn from(snapshot: Snapshot) -> Self {
        Self {
            id: snapshot.snapshot_id,
            name: snapshot.name,
            at: snapshot.at,
            saved_at: snapshot.saved_at,
            rows: snapshot.rows,
        }
    }
}

/// All saved worlds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SnapshotList {
    snapshots: Vec<SnapshotView>,
}

/// How to save it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SnapshotBody {
    /// What to call it, for people.
    name: Option<String>,
}

fn problem(error: SnapshotError) -> Problem {
    match error {
        SnapshotError::Demo => Problem::conflict(
            "demo-has-no-snapshots",
            "In the demo merchant and shops would not follow: their orders would speak of trades that are gone. Run `tongbao sandbox` to save and put back worlds.",
        ),
        SnapshotError::ClockFixed => Problem::conflict(
            "clock-fixed",
            "This sandbox runs on a clock that cannot be set, so that no world can be put back.",
        ),
        SnapshotError::TooMany => Problem::conflict("too-many-snapshots", format!("{error}.")),
        SnapshotError::Name => Problem::bad_request(format!("{error}.")),
        SnapshotError::Unknown => Problem::not_found("There is no such snapshot."),
        SnapshotError::Store(error) => Problem::internal(&error),
    }
}

/// Saves the whole world: accounts, ledger, trades, notices, jobs, visits, faults and the time.
#[utoipa::path(post, path = "/sandbox/v1/snapshots", tag = "world", request_body = SnapshotBody,
    responses((status = 201, body = SnapshotView), (status = 409, description = "in the demo")))]
pub(super) async fn take(
    State(cx): State<Context>,
    JsonBody(body): JsonBody<SnapshotBody>,
) -> Result<(StatusCode, Json<SnapshotView>), Problem> {
    let snapshot = snapshots::take(&cx, body.name).await.map_err(problem)?;
    Ok((StatusCode::CREATED, Json(snapshot.into())))
}

/// Saved worlds, newest first.
#[utoipa::path(get, path = "/sandbox/v1/snapshots", tag = "world",
    responses((status = 200, body = SnapshotList)))]
pub(super) async fn list(State(cx): State<Context>) -> Result<Json<SnapshotList>, Problem> {
    let found = snapshots::list(&cx).await;
    let found = found.map_err(|error| Problem::internal(&error))?;
    Ok(Json(SnapshotList {
        snapshots: found.into_iter().map(Into::into).collect(),
    }))
}

/// Puts a saved world in the place of this one, its time too, back if need be. The snapshot stays.
#[utoipa::path(post, path = "/sandbox/v1/snapshots/{id}/restore", tag = "world",
    params(("id" = String, Path)),
    responses((status = 200, body = SnapshotView), (status = 404), (status = 409, description = "in the demo")))]
pub(super) async fn restore(
    State(cx): State<Context>,
    Path(id): Path<String>,
) -> Result<Json<SnapshotView>, Problem> {
    // A caller that leaves does not stop half of it.
    let restored = tokio::spawn(async move { snapshots::restore(&cx, &id).await }).await;
    let restored = restored.map_err(|stopped| Problem::internal(&stopped))?;
    Ok(Json(restored.map_err(problem)?.into()))
}

/// Forgets a saved world.
#[utoipa::path(delete, path = "/sandbox/v1/snapshots/{id}", tag = "world",
    params(("id" = String, Path)), responses((status = 204), (status = 404)))]
pub(super) async fn delete(
    State(cx): State<Context>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    snapshots::delete(&cx, &id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
