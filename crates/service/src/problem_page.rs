//! A problem as a page, for somebody who sits at a browser.
//!
//! Programs get the document; a browser that asked for HTML gets the same status with the site's
//! shell around a sentence in its language.

use crate::html::{PageShell, Site, Width};
use crate::i18n::Lang;
use crate::problem::Problem;
use askama::Template;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri, header};

/// Whether a client asked for HTML by name, as browsers do and programs do not.
pub(crate) fn is_wanted(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Who looks, and at what.
pub(crate) struct Viewer {
    site: Site,
    lang: Lang,
    uri: Uri,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    lang: Lang,
    home: &'a str,
    tone: &'static str,
    title: &'a str,
    advice: &'a str,
    detail: Option<&'a str>,
}

impl Viewer {
    pub(crate) fn new(site: Site, request: &Request) -> Self {
        Self {
            site,
            lang: Lang::of(request.uri(), request.headers()),
            uri: request.uri().clone(),
        }
    }

    /// The answer, as a page when it is a problem.
    pub(crate) fn show(self, mut response: Response) -> Response {
        let Some(problem) = response.extensions_mut().remove::<Problem>() else {
            return response;
        };
        let status = problem.status();
        let (title, advice) = words(self.lang, status);
        // Details are written in English.
        let detail = (self.lang == Lang::En)
            .then(|| problem.detail_text())
            .flatten();
        let page = PageShell::new(self.lang, &self.site, &self.uri, title)
            .width(Width::Narrow)
            .status(status)
            .page(&ProblemPage {
                lang: self.lang,
                home: self.site.home,
                tone: if status.is_server_error() {
                    "danger"
                } else {
                    "warn"
                },
                title,
                advice,
                detail,
            });
        // What the problem said in headers (`Retry-After`, cookies) stays said.
        let (mut parts, body) = page.into_parts();
        for (name, value) in response.headers() {
            if !parts.headers.contains_key(name) && name != header::CONTENT_LENGTH {
                parts.headers.append(name, value.clone());
            }
        }
        Response::from_parts(parts, body)
    }
}

/// What happened and what to do, by status. A site may have more to say about some of them.
#[must_use]
pub fn words(lang: Lang, status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::UNAUTHORIZED => (
            lang.pick("请先登录", "Please log in"),
            lang.pick("登录后再试一次。", "Log in and try again."),
        ),
        StatusCode::FORBIDDEN => (
            lang.pick("这里不能这样操作", "This is not allowed"),
            lang.pick(
                "请回到原来的页面，刷新后再试。",
                "Go back to the page, reload it and try again.",
            ),
        ),
        StatusCode::NOT_FOUND | StatusCode::GONE => (
            lang.pick("没有这个页面", "There is no such page"),
            lang.pick(
                "地址可能写错了，或者内容已经不在了。",
                "The address may be wrong, or what was here is gone.",
            ),
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            lang.pick("提交的内容太大", "That is too large"),
            lang.pick("请缩小后再提交。", "Make it smaller and send it again."),
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            lang.pick("操作太频繁", "Too many tries"),
            lang.pick("请稍等一会儿再试。", "Wait a moment and try again."),
        ),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => (
            lang.pick("现在有点忙", "We are busy right now"),
            lang.pick(
                "请稍后刷新；刚才的操作可能已经完成，请先查看结果。",
                "Reload in a moment. What you did may be done; look before you repeat it.",
            ),
        ),
        status if status.is_server_error() => (
            lang.pick("我们这边出错了", "Something went wrong on our side"),
            lang.pick(
                "已经记录下来，请稍后再试。",
                "It is in our log. Please try again later.",
            ),
        ),
        _ => (
            lang.pick("请求有误", "The request is not right"),
            lang.pick(
                "请回到原来的页面再试。",
                "Go back to the page and try again.",
            ),
        ),
    }
}
