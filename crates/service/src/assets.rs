//! The stylesheet and icons that every site serves under `/assets/`.
//!
//! Each has an address with its hash in it, kept by browsers for a year, and a plain one that is
//! asked for again each time.

use aws_lc_rs::digest;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, header};
use std::sync::LazyLock;

/// One stylesheet, written in parts so that each can be read.
const CSS: &str = concat!(
    include_str!("../assets/css/1-tokens.css"),
    include_str!("../assets/css/2-base.css"),
    include_str!("../assets/css/3-layout.css"),
    include_str!("../assets/css/4-controls.css"),
    include_str!("../assets/css/5-content.css"),
    include_str!("../assets/css/6-patterns.css"),
);
const ICON: &str = include_str!("../assets/tongbao.svg");

static CSS_HREF: LazyLock<String> = LazyLock::new(|| hashed("tongbao", "css", CSS));
static ICON_HREF: LazyLock<String> = LazyLock::new(|| hashed("tongbao", "svg", ICON));

/// The stylesheet itself.
pub fn css() -> &'static str {
    CSS
}

/// The address of the stylesheet, with its hash.
pub fn css_href() -> &'static str {
    &CSS_HREF
}

/// The address of the icon, with its hash.
pub fn icon_href() -> &'static str {
    &ICON_HREF
}

/// The routes of all assets; merge it into a site's router.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route(
            css_href(),
            get(async || kept("text/css; charset=utf-8", CSS)),
        )
        .route(
            "/assets/tongbao.css",
            get(async || plain("text/css; charset=utf-8", CSS)),
        )
        .route(icon_href(), get(async || kept("image/svg+xml", ICON)))
        .route(
            "/assets/tongbao.svg",
            get(async || plain("image/svg+xml", ICON)),
        )
        .route("/favicon.ico", get(async || plain("image/svg+xml", ICON)))
}

fn hashed(name: &str, extension: &str, content: &str) -> String {
    let hash = hex::encode(digest::digest(&digest::SHA256, content.as_bytes()));
    let short: String = hash.chars().take(12).collect();
    format!("/assets/{name}.{short}.{extension}")
}

fn kept(media_type: &'static str, content: &'static str) -> Response {
    asset(media_type, content, "public, max-age=31536000, immutable")
}

fn plain(media_type: &'static str, content: &'static str) -> Response {
    asset(media_type, content, "no-cache")
}

fn asset(media_type: &'static str, content: &'static str, caching: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (headers, content).into_response()
}
