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

#[cfg(test)]
#[expect(clippy::float_arithmetic, reason = "WCAG defines contrast with floats")]
mod tests {
    use super::*;
    use std::collections::HashMap;

    type Colours = HashMap<String, String>;

    /// The custom properties of a block that are plain colours.
    fn colours(sheet: &str, selector: &str) -> Colours {
        let Some((_, block)) = sheet.split_once(&format!("{selector} {{")) else {
            return Colours::new();
        };
        let block = block.split('}').next().unwrap();
        block
            .split(';')
            .filter_map(|line| line.trim().split_once(": "))
            .filter(|(_, value)| value.starts_with('#'))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// What stands on what, and how far apart they must be: 4.5 for text, 3 for large text and
    /// the borders of controls.
    const PAIRS: &[(&str, &[&str], f64)] = &[
        (
            "text",
            &[
                "bg",
                "surface",
                "surface-2",
                "accent-soft",
                "ok-soft",
                "warn-soft",
                "danger-soft",
                "info-soft",
            ],
            4.5,
        ),
        (
            "text-2",
            &["bg", "surface", "surface-2", "surface-3", "accent-soft"],
            4.5,
        ),
        (
            "accent-text",
            &["bg", "surface", "surface-2", "accent-soft"],
            4.5,
        ),
        ("on-accent", &["accent-fill", "accent-fill-hover"], 4.5),
        ("number-small", &["bg", "surface", "accent-soft"], 4.5),
        ("ok", &["ok-soft"], 4.5),
        ("warn", &["warn-soft"], 4.5),
        ("danger", &["danger-soft", "surface"], 4.5),
        ("info", &["info-soft"], 4.5),
        ("number", &["surface", "bg"], 3.0),
        ("line-strong", &["surface", "bg"], 3.0),
    ];

    #[test]
    fn every_theme_can_be_read_in_light_and_dark() {
        let (light, dark) = CSS
            .split_once("@media (prefers-color-scheme: dark) {")
            .unwrap();
        let mut poor = Vec::new();
        for theme in crate::html::THEMES {
            let selector = format!(".{}", theme.class());
            let mut tokens = colours(light, ":root");
            tokens.extend(colours(light, &selector));
            let in_light = tokens.clone();
            let mut tokens = colours(light, ":root");
            tokens.extend(colours(dark, ":root"));
            tokens.extend(colours(light, &selector));
            tokens.extend(colours(dark, &selector));
            for (scheme, tokens) in [("light", &in_light), ("dark", &tokens)] {
                for (front, backs, least) in PAIRS {
                    for back in *backs {
                        let pair = (
                            &tokens[&format!("--{front}")],
                            &tokens[&format!("--{back}")],
                        );
                        let found = contrast(pair.0, pair.1);
                        if found < *least {
                            poor.push(format!("{scheme} {selector} {front} on {back}: {found:.2}"));
                        }
                    }
                }
            }
        }
        assert!(poor.is_empty(), "too little contrast:\n{}", poor.join("\n"));
    }
}
