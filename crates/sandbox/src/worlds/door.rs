//! The door of one world: takes its prefix off what comes in and puts it before what goes out.

use super::rewrite;
use super::world::World;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::uri::PathAndQuery;
use http::{HeaderValue, Uri, header};
use http_body_util::{BodyExt, Limited};
use service::Problem;
use std::sync::Arc;
use tower::ServiceExt;

/// How large a page of ours is at most, bytes.
const MOST_PAGE_BYTES: usize = 16 * 1024 * 1024;

/// The path and query as they came, before a world's prefix was taken off: what some SDKs sign.
#[derive(Clone, Debug)]
pub(crate) struct CameAs(pub(crate) String);

/// Answers a request by a world; `path_and_query` is the one inside of it.
pub(super) async fn through(
    world: Arc<World>,
    mut request: Request,
    path_and_query: &str,
) -> Response {
    let came_as = request.uri().path_and_query().map(PathAndQuery::as_str);
    let came_as = CameAs(came_as.unwrap_or_default().to_owned());
    let Some(inside) = with_path(request.uri(), path_and_query) else {
        return service::problem::no_such_path(request.uri().clone())
            .await
            .into_response();
    };
    // Pages that name their own address do it as if they stood at the root.
    request
        .extensions_mut()
        .insert(axum::extract::OriginalUri(inside.clone()));
    *request.uri_mut() = inside;
    request.extensions_mut().insert(came_as);
    let prefix = world.name().prefix();
    let answered = world.router().oneshot(request).await;
    let mut response = answered.unwrap_or_else(|never| match never {});
    rewrite::headers(response.headers_mut(), &prefix);
    if is_page(&response) {
        return moved(response, &prefix).await;
    }
    response
}

fn with_path(uri: &Uri, path_and_query: &str) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query.parse().ok()?);
    Uri::from_parts(parts).ok()
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

async fn moved(response: Response, prefix: &str) -> Response {
    let (mut head, body) = response.into_parts();
    let page = match Limited::new(body, MOST_PAGE_BYTES).collect().await {
        Ok(page) => page.to_bytes(),
        Err(error) => return Problem::internal(&*error).into_response(),
    };
    let page = rewrite::html(&page, prefix);
    if head.headers.contains_key(header::CONTENT_LENGTH) {
        head.headers
            .insert(header::CONTENT_LENGTH, HeaderValue::from(page.len()));
    }
    Response::from_parts(head, Body::from(page))
}
