//! The books, proved while you wait.

use super::desk::{Place, shell};
use crate::app::books::{Books, prove};
use crate::context::Context;
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use service::html::Width;
use service::i18n::Lang;
use service::problem::Problem;

#[derive(askama::Template)]
#[template(path = "home/books.html")]
struct BooksPage {
    lang: Lang,
    books: Books,
}

/// Recomputes everything and says what it found.
pub(super) async fn page(
    State(cx): State<Context>,
    lang: Lang,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let books = prove(&cx).await?;
    let title = lang.pick("账本", "Books");
    Ok(shell(lang, &uri, Place::Books, title)
        .width(Width::Normal)
        .page(&BooksPage { lang, books }))
}
