//! What a browser sees when a form or an address is refused: a page with a way on, not a document
//! for programs.

use super::counter::Counter;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use service::csrf;
use service::i18n::Lang;
use service::problem::Problem;
use service::problem_page;

#[derive(askama::Template)]
#[template(path = "cashier/trouble.html")]
struct TroublePage {
    class: &'static str,
    title: &'static str,
    text: &'static str,
    again: Option<(String, &'static str)>,
}

/// Middleware: turns a problem into a page, whatever the client says it accepts.
pub(crate) async fn as_page(request: Request, next: Next) -> Response {
    let lang = Lang::of(request.uri(), request.headers());
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let status = problem.status();
    let (title, text) = words(lang, &problem);
    let page = TroublePage {
        class: if status.is_server_error() {
            "result-danger"
        } else {
            "result-warn"
        },
        title,
        text,
        again: way_on(uri.path(), lang),
    };
    let shell = Counter::shell(lang, &uri, title).status(status);
    let mut page = shell.page(&page);
    if let Some(wait) = response.headers().get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    page
}

/// The page to begin again from: the visit's first one, or the wallet.
fn way_on(path: &str, lang: Lang) -> Option<(String, &'static str)> {
    let mut parts = path.split('/').skip(1);
    match (parts.next(), parts.next()) {
        (Some("cashier"), Some(visit_id)) => Some((
            format!("/cashier/{visit_id}"),
            lang.pick("重新打开付款页", "Open the payment page again"),
        )),
        (Some("wallet"), _) => Some(("/wallet".to_owned(), lang.pick("回到钱包", "To the wallet"))),
        _ => None,
    }
}

/// What every site says, and what matters where money is paid.
fn words(lang: Lang, problem: &Problem) -> (&'static str, &'static str) {
    let status = problem.status();
    match status {
        StatusCode::FORBIDDEN if problem.slug() == csrf::SLUG => (
            lang.pick("这个页面已经过期", "This page is out of date"),
            lang.pick(
                "您可能换了账户，或浏览器没有保存 Cookie。什么都没有发生，请重新打开页面再试。",
                "You may have changed accounts, or the browser keeps no cookies. Nothing has happened; open the page again.",
            ),
        ),
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::UNPROCESSABLE_ENTITY => (
            lang.pick("提交的内容不完整", "The form is not complete"),
            lang.pick(
                "什么都没有发生，请重新打开页面再试。",
                "Nothing has happened; open the page again.",
            ),
        ),
        StatusCode::INTERNAL_SERVER_ERROR => (
            problem_page::words(lang, status).0,
            lang.pick(
                "请先查看是否已经付款，再决定要不要重试。",
                "Look whether it is paid before you try again.",
            ),
        ),
        status => problem_page::words(lang, status),
    }
}
