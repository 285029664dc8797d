//! The shell around the console's pages, and the pages that say why there is nothing to see.

use crate::cashier::Counter;
use crate::context::Context;
use axum::extract::Request;
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header;
use service::html::{NavLink, PageShell, Site, Theme, Width};
use service::i18n::Lang;
use service::problem::Problem;
use service::problem_page;

const SITE: Site = Site {
    name_zh: "支付宝沙箱",
    name_en: "Alipay sandbox",
    theme: Theme::Console,
    home: "/",
};

/// The address of what only these pages look like.
pub(super) const STYLE_HREF: &str = "/assets/console.css";

/// The stylesheet itself.
pub(super) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let style = include_str!("../../assets/console.css");
    std::future::ready((headers, style).into_response()).await
}

/// Where a page belongs in the navigation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    Overview,
    Trades,
    Consents,
    Notices,
    Requests,
    Apps,
    Lab,
    Accounts,
    Books,
}

/// A page but for its inside.
pub(super) fn shell(lang: Lang, uri: &Uri, place: Place, title: &str) -> PageShell {
    let link = |label: &str, href: &str, to: Place| NavLink::new(label, href, place == to);
    let nav = vec![
        link(lang.pick("概览", "Overview"), "/", Place::Overview),
        link(lang.pick("交易", "Trades"), "/trades", Place::Trades),
        link(lang.pick("授权", "Consents"), "/consents", Place::Consents),
        link(lang.pick("通知", "Notices"), "/notices", Place::Notices),
        link(lang.pick("请求", "Requests"), "/requests", Place::Requests),
        link(lang.pick("应用", "Apps"), "/apps", Place::Apps),
        link(lang.pick("实验台", "Lab"), "/lab", Place::Lab),
        link(lang.pick("账户", "Accounts"), "/accounts", Place::Accounts),
        link(lang.pick("账本", "Books"), "/books", Place::Books),
        NavLink::new(lang.pick("钱包", "Wallet"), "/wallet", false),
    ];
    PageShell::new(lang, &SITE, uri, title)
        .nav(nav)
        .stylesheet(Counter::STYLE_HREF)
        .stylesheet(STYLE_HREF)
        .width(Width::Wide)
}

#[derive(askama::Template)]
#[template(path = "home/nothing.html")]
struct NothingPage<'a> {
    lang: Lang,
    title: &'a str,
    text: &'a str,
    gateway_url: Option<String>,
}

/// What somebody on another machine sees: what this is, and no more.
pub(super) fn outside(cx: &Context, request: &Request) -> Response {
    let lang = Lang::of(request.uri(), request.headers());
    let title = lang.pick("支付宝沙箱", "Alipay sandbox");
    let page = NothingPage {
        lang,
        title,
        text: lang.pick(
            "这里是一个离线的支付宝，供开发和测试用。应用、账户和交易只在运行它的机器上显示。",
            "This is an offline Alipay for building and testing. Applications, accounts and trades are shown on the machine that runs it only.",
        ),
        gateway_url: Some(format!("{}/gateway.do", cx.public_url())),
    };
    PageShell::new(lang, &SITE, request.uri(), title)
        .width(Width::Narrow)
        .status(StatusCode::FORBIDDEN)
        .page(&page)
}

/// Middleware: turns a problem into a page.
pub(super) async fn as_page(request: Request, next: Next) -> Response {
    let lang = Lang::of(request.uri(), request.headers());
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let (title, text) = problem_page::words(lang, problem.status());
    let page = NothingPage {
        lang,
        title,
        text,
        gateway_url: None,
    };
    shell(lang, &uri, Place::Overview, title)
        .width(Width::Narrow)
        .status(problem.status())
        .page(&page)
}

/// The address of a list with what it is narrowed to.
pub(super) fn narrowed(path: &str, filter: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(filter);
    format!("{path}?{}", query.finish())
}
