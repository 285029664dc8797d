//! `GET /v1/books/verify`: the books, proved on demand.

use crate::app::{BooksProof, verify_books_of};
use crate::context::Merchant;
use crate::http::auth::Caller;
use axum::Json;
use axum::extract::State;
use service::problem::Problem;

/// Recompute your books.
///
/// Everything of yours is summed again from the postings and held against balances and orders.
#[utoipa::path(get, path = "/v1/books/verify", operation_id = "verify_books", tag = "books",
    responses((status = 200, body = BooksProof)),
    security(("api_key" = [])))]
pub(crate) async fn verify(
    State(merchant): State<Merchant>,
    caller: Caller,
) -> Result<Json<BooksProof>, Problem> {
    Ok(Json(verify_books_of(&merchant, caller.name()).await?))
}
