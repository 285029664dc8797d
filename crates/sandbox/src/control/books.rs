//! The books, proved on demand.

use crate::app::books::{self, Books};
use crate::context::Context;
use axum::Json;
use axum::extract::State;
use service::Problem;

/// Recomputes the ledger from its postings and holds it against balances, trades and refunds.
#[utoipa::path(get, path = "/sandbox/v1/books", tag = "books",
    responses((status = 200, body = Books)))]
pub(super) async fn prove(State(cx): State<Context>) -> Result<Json<Books>, Problem> {
    books::prove(&cx)
        .await
        .map(Json)
        .map_err(|error| Problem::internal(&error))
}
