//! The question; and for a login with Alipay the address that applications know.

use super::kind::{End, Kind, Looked, look};
use super::page::{self, Said};
use crate::app::oauth::ask_login::ask_login;
use crate::cashier::{Asked, Counter, LeaveFields, LoginFields, opened};
use crate::context::Context;
use crate::domain::oauth::scopes;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;
use store::StoreError;
use url::Url;

/// How long what comes back unchanged may be.
const STATE_BYTES: usize = 512;

/// What an application sends along.
#[derive(Deserialize)]
pub(super) struct AskQuery {
    #[serde(default)]
    app_id: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    state: String,
}

impl AskQuery {
    /// What the query of an address says.
    pub(super) fn of(address: &Url) -> Self {
        let find = |wanted: &str| {
            let found = address.query_pairs().find(|(name, _)| name == wanted);
            found
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        Self {
            app_id: find("app_id"),
            scope: find("scope"),
            redirect_uri: find("redirect_uri"),
            state: find("state"),
        }
    }
}

/// `/oauth2/publicAppAuthorize.htm`: keeps the question and shows it.
pub(super) async fn authorize(
    State(counter): State<Counter>,
    Query(query): Query<AskQuery>,
    asked: Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let token = match keep(counter.cx(), &query).await? {
        Asking::Kept(token) => token,
        Asking::UnknownApp => return Ok(page::end(unknown_app(lang), &asked)),
        Asking::Wrong => return Ok(page::end(wrong(lang), &asked)),
    };
    let page = match asked.uri.query().and_then(lang_of) {
        Some(lang) => format!("/consent/oauth/{token}?lang={lang}"),
        None => format!("/consent/oauth/{token}"),
    };
    Ok(Redirect::to(&page).into_response())
}

/// What became of a question.
pub(super) enum Asking {
    /// It waits under that token.
    Kept(String),
    /// No application asks it.
    UnknownApp,
    /// It is none.
    Wrong,
}

/// Keeps a question that is one.
pub(super) async fn keep(cx: &Context, query: &AskQuery) -> Result<Asking, StoreError> {
    if cx.caller(&query.app_id).await?.is_none() {
        return Ok(Asking::UnknownApp);
    }
    let scope = scopes(&query.scope);
    let redirect = Url::parse(&query.redirect_uri)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    let (Some(scope), Some(redirect)) = (scope, redirect) else {
        return Ok(Asking::Wrong);
    };
    if query.state.len() > STATE_BYTES || query.state.contains(char::is_control) {
        return Ok(Asking::Wrong);
    }
    let scope = scope.join(",");
    let token = ask_login(cx, &query.app_id, &scope, redirect.as_str(), &query.state).await?;
    Ok(Asking::Kept(token))
}

/// A language that the address asks for stays asked for.
fn lang_of(query: &str) -> Option<&'static str> {
    query.split('&').find_map(|pair| match pair {
        "lang=en" => Some("en"),
        "lang=zh" => Some("zh"),
        _ => None,
    })
}

fn unknown_app(lang: Lang) -> End {
    End {
        class: "result-warn",
        title: lang.pick("无效的 app_id", "There is no such application"),
        text: lang.pick(
            "这个沙箱没有该应用，请核对地址里的 app_id。",
            "The sandbox has no application of that app_id; check the address.",
        ),
        back: None,
    }
}

fn wrong(lang: Lang) -> End {
    End {
        class: "result-warn",
        title: lang.pick("授权请求不正确", "The request is not right"),
        text: lang.pick(
            "scope 应为 auth_base 或 auth_user（可用逗号连接），redirect_uri 须为编码后的 http(s) 绝对地址，state 最多 512 个字符。",
            "scope is auth_base or auth_user (joined by commas), redirect_uri an encoded absolute http(s) address, state at most 512 characters.",
        ),
        back: None,
    }
}

/// The question, or the login before it.
pub(super) async fn page(
    State(counter): State<Counter>,
    Path((kind, token)): Path<(Kind, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    again(&counter, (kind, &token), Said::default(), &asked).await
}

/// The question with what is to be said beside it.
pub(super) async fn again(
    counter: &Counter,
    (kind, token): (Kind, &str),
    said: Said,
    asked: &Asked,
) -> Result<Response, Problem> {
    let wish = match look(counter.cx(), kind, token, asked.lang).await? {
        Looked::Open(wish) => wish,
        Looked::Over(end) => return Ok(page::end(end, asked)),
    };
    let buyer = counter.buyer(&asked.headers).await?;
    let which = (kind, token);
    Ok(page::show(
        counter,
        which,
        wish,
        buyer.as_ref(),
        said,
        asked,
    ))
}

/// Opens a wallet and comes back to the question.
pub(super) async fn log_in(
    State(counter): State<Counter>,
    Path((kind, token)): Path<(Kind, String)>,
    asked: Asked,
    FormBody(fields): FormBody<LoginFields>,
) -> Result<Response, Problem> {
    let before = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, before.as_ref(), &fields.csrf_token)?;
    match opened(&counter, fields, asked.lang).await? {
        Ok(cookie) => {
            let next = Redirect::to(&format!("/consent/{}/{token}", kind.as_str()));
            Ok(([(header::SET_COOKIE, cookie)], next).into_response())
        }
        Err(login) => {
            let said = Said {
                login,
                problem: None,
            };
            again(&counter, (kind, &token), said, &asked).await
        }
    }
}

/// Closes the wallet in this browser, to answer with another.
pub(super) async fn leave(
    State(counter): State<Counter>,
    Path((kind, token)): Path<(Kind, String)>,
    asked: Asked,
    FormBody(fields): FormBody<LeaveFields>,
) -> Result<Response, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let cookie = counter.sessions().end(&asked.headers).await?;
    let next = Redirect::to(&format!("/consent/{}/{token}", kind.as_str()));
    Ok(([(header::SET_COOKIE, cookie)], next).into_response())
}
