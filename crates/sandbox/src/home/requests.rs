//! The gateway's last calls: all of them, those that were refused, and each in full with why.

use super::console::Console;
use super::desk::{Place, narrowed, shell};
use super::words;
use crate::cashier::Asked;
use crate::control::cut;
use crate::exchanges::Exchange;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use service::i18n::Lang;
use service::problem::Problem;

/// Calls on a page.
const PAGE: i64 = 25;
/// How much of a text the page shows, in characters; the control API has all of it.
const MOST_CHARS: usize = 6_000;

#[derive(askama::Template)]
#[template(path = "home/requests.html")]
struct RequestsPage {
    lang: Lang,
    only_refused: bool,
    number: String,
    requests: Vec<RequestLine>,
    first_page: bool,
    newest: String,
    older: Option<String>,
}

/// A call in a table.
pub(super) struct RequestLine {
    pub(super) trace_id: String,
    pub(super) at: String,
    pub(super) method: String,
    pub(super) number: String,
    pub(super) code: String,
    pub(super) good: bool,
    pub(super) struck: Option<&'static str>,
}

impl RequestLine {
    /// The line of a call.
    pub(super) fn of(exchange: &Exchange, lang: Lang) -> Self {
        Self {
            trace_id: exchange.trace_id.clone(),
            at: exchange.at.china(),
            method: exchange.method.clone().unwrap_or_else(|| "?".to_owned()),
            number: exchange.out_trade_no.clone().unwrap_or_default(),
            good: is_good(exchange),
            code: exchange.code.clone(),
            struck: exchange.struck.map(|what| words::fault(what, lang)),
        }
    }
}

fn is_good(exchange: &Exchange) -> bool {
    exchange.code == "10000" || exchange.code == "10003"
}

/// Which calls.
#[derive(Deserialize)]
pub(super) struct RequestsQuery {
    #[serde(default)]
    refused: String,
    #[serde(default)]
    number: String,
    before: Option<String>,
}

/// A page of calls.
pub(super) async fn page(
    State(console): State<Console>,
    Query(query): Query<RequestsQuery>,
    asked: Asked,
) -> Response {
    let lang = asked.lang;
    let only_refused = !query.refused.is_empty();
    let number = query.number.trim().to_owned();
    let wanted = |exchange: &Exchange| {
        (!only_refused || !is_good(exchange))
            && (number.is_empty() || exchange.out_trade_no.as_deref() == Some(number.as_str()))
    };
    let before = query.before.as_deref();
    let most = usize::try_from(PAGE + 1).unwrap_or(usize::MAX);
    let found = console.cx().exchanges().list(before, most, wanted);
    let (found, last) = cut(found, PAGE, |exchange| exchange.trace_id.clone());
    let filter = [("refused", &*query.refused), ("number", &*number)];
    let newest = narrowed("/requests", &filter);
    let page = RequestsPage {
        lang,
        only_refused,
        number,
        first_page: query.before.is_none(),
        older: last.map(|last| format!("{newest}&before={last}")),
        newest,
        requests: found
            .iter()
            .map(|exchange| RequestLine::of(exchange, lang))
            .collect(),
    };
    let title = lang.pick("网关请求", "Requests");
    shell(lang, &asked.uri, Place::Requests, title).page(&page)
}

#[derive(askama::Template)]
#[template(path = "home/request.html")]
struct RequestPage {
    lang: Lang,
    line: RequestLine,
    explain: Option<String>,
    app_id: String,
    request: String,
    params: Vec<(String, String)>,
    signed_text: Option<String>,
    answer: String,
    status: u16,
}

fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(MOST_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// One call as it came and as it was answered.
pub(super) async fn one(
    State(console): State<Console>,
    Path(trace_id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let found = console.cx().exchanges().find(&trace_id);
    let exchange = found.ok_or_else(|| Problem::not_found("The call is not kept any more."))?;
    let query = if exchange.query.is_empty() {
        String::new()
    } else {
        format!("?{}", exchange.query)
    };
    let body = String::from_utf8_lossy(&exchange.body);
    let mut request = format!("{} /gateway.do{query}", exchange.http_method);
    if !exchange.content_type.is_empty() {
        request = format!("{request}\ncontent-type: {}", exchange.content_type);
    }
    if !body.is_empty() {
        request = format!("{request}\n\n{body}");
    }
    let params = exchange.params.iter();
    let page = RequestPage {
        lang,
        line: RequestLine::of(&exchange, lang),
        explain: exchange.advice(lang).map(str::to_owned),
        app_id: exchange.app_id.clone().unwrap_or_default(),
        request: shown(&request),
        params: params
            .map(|(name, value)| (name.clone(), shown(value)))
            .collect(),
        signed_text: exchange.signed_text.as_deref().map(shown),
        answer: shown(&String::from_utf8_lossy(&exchange.answer)),
        status: exchange.status,
    };
    let title = lang.pick("一次网关请求", "A request");
    Ok(shell(lang, &asked.uri, Place::Requests, title).page(&page))
}
