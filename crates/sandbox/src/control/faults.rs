//! The fault dial.

use crate::context::Context;
use crate::faults::{Dial, Fault, Strike};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service::{JsonBody, Problem};
use utoipa::ToSchema;

/// The dial as it is set.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DialView {
    seed: u64,
    faults: Vec<FaultView>,
    /// What struck since the dial was set, oldest first; the last 500.
    strikes: Vec<Strike>,
}

#[derive(Debug, Serialize, ToSchema)]
struct FaultView {
    #[serde(flatten)]
    fault: Fault,
    /// How often it struck since the dial was set.
    struck: u64,
}

fn view(cx: &Context) -> Json<DialView> {
    let shown = cx.faults().show();
    let faults = shown.dial.faults.into_iter().zip(shown.struck);
    Json(DialView {
        seed: shown.dial.seed,
        faults: faults
            .map(|(fault, struck)| FaultView { fault, struck })
            .collect(),
        strikes: shown.strikes,
    })
}

/// What goes wrong on purpose, and how often it did.
#[utoipa::path(get, path = "/sandbox/v1/faults", tag = "faults",
    responses((status = 200, body = DialView)))]
pub(super) async fn show(State(cx): State<Context>) -> Json<DialView> {
    view(&cx)
}

/// Sets what goes wrong; an empty list turns everything off.
#[utoipa::path(put, path = "/sandbox/v1/faults", tag = "faults", request_body = Dial,
    responses((status = 200, body = DialView), (status = 400)))]
pub(super) async fn set(
    State(cx): State<Context>,
    JsonBody(dial): JsonBody<Dial>,
) -> Result<Json<DialView>, Problem> {
    cx.faults()
        .set(dial)
        .map_err(|error| Problem::bad_request(format!("{error}.")))?;
    Ok(view(&cx))
}
