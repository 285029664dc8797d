//! Pages that say one thing: refused, missing, broken.

use crate::courses::pages::visitor::{Place, Visitor, local};
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use service::Problem;
use service::html::Width;
use service::i18n::Lang;

#[derive(Template)]
#[template(path = "courses/message.html")]
struct MessagePage<'a> {
    lang: Lang,
    tone: &'static str,
    title: &'a str,
    text: &'a str,
    link: &'a str,
    href: &'a str,
}

/// A page with a sentence and the way back to the courses.
pub(super) fn page(
    visitor: &Visitor,
    place: Place,
    status: StatusCode,
    title: &str,
    text: &str,
) -> Response {
    let link = visitor.pick("浏览课程", "See the courses");
    page_to(visitor, place, status, (title, text), (link, "/"))
}

/// A page with a sentence and a way on.
pub(super) fn page_to(
    visitor: &Visitor,
    place: Place,
    status: StatusCode,
    (title, text): (&str, &str),
    (link, href): (&str, &str),
) -> Response {
    let page = MessagePage {
        lang: visitor.lang,
        tone: if status.is_success() { "info" } else { "warn" },
        title,
        text,
        link,
        href,
    };
    visitor
        .shell(place, title)
        .width(Width::Narrow)
        .status(status)
        .page(&page)
}

/// 404 in the form of a page.
pub(super) fn not_found(visitor: &Visitor) -> Response {
    let title = visitor.pick("没有这个页面", "There is no such page");
    let text = visitor.pick(
        "它可能已经下架，或者地址写错了。",
        "It may have been taken down, or the address is wrong.",
    );
    page(
        visitor,
        Place::Elsewhere,
        StatusCode::NOT_FOUND,
        title,
        text,
    )
}

/// What no route serves: the page without a slash at its end, a page that says so for browsers, a
/// problem for programs.
pub(in crate::courses) async fn missing(
    visitor: Result<Visitor, Problem>,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if let Some(href) = without_slash(&uri)
        && method == Method::GET
    {
        return Redirect::temporary(&href).into_response();
    }
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    match visitor {
        Ok(visitor) if accepts.is_some_and(|accepts| accepts.contains("text/html")) => {
            not_found(&visitor)
        }
        Ok(_) | Err(_) => service::problem::no_such_path(uri).await.into_response(),
    }
}

/// The same address without the slash at its end, when that leads nowhere else.
fn without_slash(uri: &Uri) -> Option<String> {
    let path = uri.path().strip_suffix('/').filter(|path| path.len() > 1)?;
    let href = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    (local(&href) == href && !path.ends_with('/')).then_some(href)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_too_many_leads_home_and_not_away() {
        let of = |uri: &str| without_slash(&uri.parse().expect("an address"));
        assert_eq!(of("/orders/?page=2").as_deref(), Some("/orders?page=2"));
        assert_eq!(of("/courses/1/").as_deref(), Some("/courses/1"));
        for uri in ["/", "/orders", "//evil.test/", "/x//"] {
            assert_eq!(of(uri), None, "{uri}");
        }
    }
}
