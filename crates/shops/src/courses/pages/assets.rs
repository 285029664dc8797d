//! The shop's own stylesheet and the pictures of its courses.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use std::sync::LazyLock;

const CSS: &str = include_str!("../../../assets/courses/courses.css");

static CSS_HREF: LazyLock<String> = LazyLock::new(|| {
    let hash = service::api_key::hash_hex(CSS);
    let short: String = hash.chars().take(12).collect();
    format!("/assets/courses.{short}.css")
});

/// The address of the stylesheet, with its hash.
pub(super) fn css_href() -> &'static str {
    &CSS_HREF
}

/// `GET /assets/courses.….css`.
pub(super) async fn css() -> Response {
    kept("text/css; charset=utf-8", CSS)
}

/// `GET /covers/{id}.svg`: the picture of a course. A course without one of its own borrows.
pub(super) async fn cover(Path(file): Path<String>) -> Response {
    let id = file
        .strip_suffix(".svg")
        .and_then(|id| id.parse::<usize>().ok())
        .filter(|id| *id > 0);
    match id.and_then(|id| COVERS.get((id - 1) % COVERS.len())) {
        Some(svg) => kept("image/svg+xml", svg),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn kept(media_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=86400"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (headers, content).into_response()
}

const COVERS: [&str; 12] = [
    include_str!("../../../assets/courses/covers/1.svg"),
    include_str!("../../../assets/courses/covers/2.svg"),
    include_str!("../../../assets/courses/covers/3.svg"),
    include_str!("../../../assets/courses/covers/4.svg"),
    include_str!("../../../assets/courses/covers/5.svg"),
    include_str!("../../../assets/courses/covers/6.svg"),
    include_str!("../../../assets/courses/covers/7.svg"),
    include_str!("../../../assets/courses/covers/8.svg"),
    include_str!("../../../assets/courses/covers/9.svg"),
    include_str!("../../../assets/courses/covers/10.svg"),
    include_str!("../../../assets/courses/covers/11.svg"),
    include_str!("../../../assets/courses/covers/12.svg"),
];
