//! What is shown: the question with its two answers, or the login before it, or the end.

use super::kind::{End, Fact, Kind, Wish};
use crate::cashier::{Asked, Buyer, Counter, LoginForm};
use axum::http::StatusCode;
use axum::response::Response;
use service::i18n::Lang;

#[derive(askama::Template)]
#[template(path = "consent/ask.html")]
struct AskPage {
    lang: Lang,
    base: String,
    title: &'static str,
    lead: String,
    amount: Option<String>,
    facts: Vec<Fact>,
    points: Vec<&'static str>,
    agree: &'static str,
    with_password: bool,
    buyer: Option<String>,
    problem: Option<String>,
    login: LoginForm,
    csrf_token: String,
    demo: bool,
    qr: Option<Qr>,
}

/// A QR code and where it leads.
struct Qr {
    svg: String,
    address: String,
}

/// What a page says beside its question.
#[derive(Default)]
pub(super) struct Said {
    pub(super) login: LoginForm,
    pub(super) problem: Option<String>,
}

pub(super) fn show(
    counter: &Counter,
    (kind, token): (Kind, &str),
    wish: Wish,
    buyer: Option<&Buyer>,
    said: Said,
    asked: &Asked,
) -> Response {
    let lang = asked.lang;
    let csrf = counter.token(&asked.headers, buyer);
    let base = format!("/consent/{}/{token}", kind.as_str());
    let status = if said.problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        said.login.status()
    };
    let label = lang.pick("签约二维码", "QR code of the agreement");
    let page = AskPage {
        lang,
        // Whoever is logged in here answers here.
        qr: wish
            .qr_address
            .filter(|_| buyer.is_none())
            .map(|address| Qr {
                svg: service::qr::svg(&address, label),
                address,
            }),
        title: wish.title,
        lead: wish.lead,
        amount: wish.amount,
        facts: wish.facts,
        points: wish.points,
        agree: wish.agree,
        with_password: wish.with_password,
        buyer: buyer.map(|buyer| buyer.account.logon_id.to_string()),
        problem: said.problem,
        login: said
            .login
            .ready(counter, format!("{base}/login"), csrf.value.clone()),
        csrf_token: csrf.value,
        demo: counter.cx().parts().demo,
        base,
    };
    Counter::shell(lang, &asked.uri, wish.title)
        .status(status)
        .cookie(csrf.set_cookie)
        .page(&page)
}

pub(super) fn end(end: End, asked: &Asked) -> Response {
    let status = if end.class == "result-ok" {
        StatusCode::OK
    } else {
        StatusCode::GONE
    };
    end.page(status, asked)
}
