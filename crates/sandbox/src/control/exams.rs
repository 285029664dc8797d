//! Exams: a bad day played against a merchant's back end, told line by line while it is played.

use crate::app::change_app::find_app;
use crate::app::find_trade::list_apps;
use crate::app::fresh;
use crate::context::Context;
use crate::domain::App;
use crate::exam::{Exam, ExamError, HttpExaminee, HttpSpec, Line, Order, Waits};
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use serde::Deserialize;
use serde_json::{Value, json};
use service::i18n::Lang;
use service::{JsonBody, Problem};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::mpsc;
use utoipa::ToSchema;

/// How many orders may be given.
const MOST_ORDERS: usize = 100;
/// How many headers may be given.
const MOST_HEADERS: usize = 20;
/// How long may be waited for a back end to come to rest or to change, in milliseconds.
const LONGEST_WAIT_MS: u64 = 60_000;
/// The pause between the pieces of a slow notice.
const PAUSE: Duration = Duration::from_millis(400);

/// The back end to be examined.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExamBody {
    /// Which application the back end is configured with; needed where there are several.
    app_id: Option<String>,
    /// Where notices are posted.
    notify_url: String,
    /// Where the browser comes back to.
    return_url: Option<String>,
    /// Orders that wait to be paid: signed links, or `NUMBER=AMOUNT`.
    #[serde(default)]
    orders: Vec<String>,
    /// Makes an order with each POST; answers with its link, or with `out_trade_no` and
    /// `total_amount`.
    order_url: Option<String>,
    /// The JSON of that POST; `{n}` is another text each time, in headers and address too.
    order_body: Option<String>,
    /// Shows what was delivered for `{out_trade_no}`.
    state_url: Option<String>,
    /// Which members of its JSON count; all of it when left out.
    #[serde(default)]
    state_fields: Vec<String>,
    /// Sent to `order_url` and `state_url`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// How long an order must stay the same to be at rest; 300 unless said.
    rest_ms: Option<u64>,
    /// How long a change is waited for that must come; 10000 unless said.
    change_ms: Option<u64>,
}

/// Plays a bad day against a merchant's back end. The answer is JSON lines, one as each row was
/// played (`{"line":{…}}`), then the card (`{"card":{…},"text":"…"}`) or why there was no exam
/// (`{"error":"…"}`). Who goes away ends it.
#[utoipa::path(post, path = "/sandbox/v1/exams", tag = "exams", request_body = ExamBody,
    responses((status = 200, description = "lines of JSON", content_type = "application/x-ndjson", body = String),
        (status = 400, description = "a field is none"), (status = 404, description = "no such application"),
        (status = 409, description = "several applications")))]
pub(super) async fn sit(
    State(cx): State<Context>,
    lang: Lang,
    JsonBody(body): JsonBody<ExamBody>,
) -> Result<Response, Problem> {
    let app = which(&cx, body.app_id.as_deref()).await?;
    let waits = Waits {
        rest: wait("rest_ms", body.rest_ms, Waits::default().rest)?,
        change: wait("change_ms", body.change_ms, Waits::default().change)?,
    };
    let examinee =
        HttpExaminee::new(spec(&cx, body)?).map_err(|error| Problem::internal(&error))?;
    let (tell, told) = mpsc::unbounded_channel::<Value>();
    tokio::spawn(async move {
        tokio::select! {
            () = play(&cx, app, &examinee, waits, lang, &tell) => {}
            () = tell.closed() => {}
        }
    });
    let lines = stream::unfold(told, |mut told| async move {
        let line = told.recv().await?;
        Some((Ok::<_, Infallible>(Bytes::from(format!("{line}\n"))), told))
    });
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}

async fn play(
    cx: &Context,
    app: App,
    examinee: &HttpExaminee,
    waits: Waits,
    lang: Lang,
    tell: &mpsc::UnboundedSender<Value>,
) {
    // Whoever listened may have gone; then the exam ends.
    let listener = |line: &Line| {
        let _ = tell.send(json!({ "line": line.to_json(lang) }));
    };
    let card = match Exam::new(cx, app, examinee) {
        Ok(exam) => exam.waiting(waits).told_to(&listener).sit().await,
        Err(error) => Err(error),
    };
    let end = match card {
        Ok(card) => json!({ "card": card.to_json(lang), "text": card.to_text(lang) }),
        Err(ExamError::Store(error)) => {
            tracing::error!("the exam could not go on: {error}");
            json!({ "error": "the sandbox failed; its log says why" })
        }
        Err(error) => json!({ "error": error.to_string() }),
    };
    let _ = tell.send(end);
}

async fn which(cx: &Context, app_id: Option<&str>) -> Result<App, Problem> {
    if let Some(app_id) = app_id {
        let found = find_app(cx, app_id).await;
        let found = found.map_err(|error| Problem::internal(&error))?;
        return found.ok_or_else(|| super::apps::no_such_app(app_id));
    }
    let apps = list_apps(cx).await;
    let mut apps = apps.map_err(|error| Problem::internal(&error))?;
    match (apps.pop(), apps.len()) {
        (Some(app), 0) => Ok(app),
        _ => Err(Problem::conflict(
            "which-app",
            "There are several applications; app_id says which is meant.",
        )),
    }
}

fn spec(cx: &Context, body: ExamBody) -> Result<HttpSpec, Problem> {
    if body.orders.len() > MOST_ORDERS || body.headers.len() > MOST_HEADERS {
        return Err(Problem::bad_request(format!(
            "At most {MOST_ORDERS} orders and {MOST_HEADERS} headers."
        )));
    }
    for (field, url) in [
        ("notify_url", Some(&body.notify_url)),
        ("return_url", body.return_url.as_ref()),
        ("order_url", body.order_url.as_ref()),
        ("state_url", body.state_url.as_ref()),
    ] {
        let is_good = |url: &String| {
            url::Url::parse(url)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        };
        if !url.is_none_or(is_good) {
            return Err(invalid(field, "is no http or https address"));
        }
    }
    let orders = body.orders.iter().map(|text| text.parse::<Order>());
    let orders = orders.collect::<Result<Vec<_>, _>>();
    let mut headers = Vec::with_capacity(body.headers.len());
    for (name, value) in body.headers {
        let name: HeaderName = name
            .parse()
            .map_err(|_| invalid("headers", &format!("holds `{name}`, which names no header")))?;
        headers.push((name, value));
    }
    Ok(HttpSpec {
        notify_url: body.notify_url,
        return_url: body.return_url,
        order_url: body.order_url,
        order_body: body.order_body,
        orders: orders.map_err(|why| invalid("orders", &format!("cannot be read: {why}")))?,
        state_url: body.state_url,
        state_fields: body.state_fields,
        headers,
        pause: PAUSE,
        run: format!("{}n", fresh::digits(cx.rng(), 8)),
    })
}

fn wait(field: &str, ms: Option<u64>, usual: Duration) -> Result<Duration, Problem> {
    match ms {
        None => Ok(usual),
        Some(ms) if ms <= LONGEST_WAIT_MS => Ok(Duration::from_millis(ms)),
        Some(_) => Err(invalid(
            field,
            &format!("is at most {LONGEST_WAIT_MS} milliseconds"),
        )),
    }
}

fn invalid(field: &str, what: &str) -> Problem {
    Problem::bad_request(format!("{field} {what}.")).with("field", field)
}
