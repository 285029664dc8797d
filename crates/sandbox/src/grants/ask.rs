//! Asks which merchant agrees, and sends the browser back with a code.
//!
//! Alipay knows by the merchant's login which applications are its own. Here whoever sits at the
//! sandbox plays every merchant, and nobody else may.

use crate::app::app_auth::{AppAuthError, grant};
use crate::app::change_app::find_app;
use crate::app::find_trade::list_apps;
use crate::cashier::{Asked, Counter};
use crate::control::may_look;
use crate::domain::App;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use service::client_ip::ClientIp;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;
use url::Url;

#[derive(askama::Template)]
#[template(path = "grants/ask.html")]
struct AskPage {
    lang: Lang,
    by: Named,
    merchants: Vec<Named>,
    redirect_uri: String,
    state: String,
    csrf_token: String,
    problem: Option<&'static str>,
}

struct Named {
    app_id: String,
    name: String,
    seller_id: String,
}

impl Named {
    fn of(app: App) -> Self {
        Self {
            app_id: app.app_id,
            name: app.name,
            seller_id: app.seller_id,
        }
    }
}

/// What a service provider's link says.
#[derive(Deserialize)]
pub(super) struct AskQuery {
    #[serde(default)]
    app_id: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    state: String,
}

/// What is sent.
#[derive(Deserialize)]
pub(super) struct AskFields {
    csrf_token: String,
    app_id: String,
    redirect_uri: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    merchant_app_id: String,
}

/// The question.
pub(super) async fn page(
    State(counter): State<Counter>,
    ip: ClientIp,
    Query(query): Query<AskQuery>,
    asked: Asked,
) -> Result<Response, Problem> {
    may_grant(&counter, ip, &asked)?;
    show(&counter, query, &asked, None).await
}

/// The answer: back to the service provider, with a code.
pub(super) async fn submit(
    State(counter): State<Counter>,
    ip: ClientIp,
    asked: Asked,
    FormBody(fields): FormBody<AskFields>,
) -> Result<Response, Problem> {
    may_grant(&counter, ip, &asked)?;
    counter.check(&asked.headers, None, &fields.csrf_token)?;
    let mut back = way_back(&fields.redirect_uri)?;
    let auth = match grant(counter.cx(), &fields.app_id, &fields.merchant_app_id).await {
        Ok(auth) => auth,
        Err(AppAuthError::Store(error)) => return Err(Problem::internal(&error)),
        Err(_) => {
            let query = AskQuery {
                app_id: fields.app_id,
                redirect_uri: fields.redirect_uri,
                state: fields.state,
            };
            let lang = asked.lang;
            let problem = lang.pick("请选择一个商户应用。", "Choose a merchant's application.");
            return show(&counter, query, &asked, Some(problem)).await;
        }
    };
    let mut pairs = back.query_pairs_mut();
    pairs
        .append_pair("app_id", &auth.by_app_id)
        .append_pair("source", "alipay_app_auth")
        .append_pair("app_auth_code", &auth.code);
    if !fields.state.is_empty() {
        pairs.append_pair("state", &fields.state);
    }
    drop(pairs);
    Ok(Redirect::to(back.as_str()).into_response())
}

fn may_grant(counter: &Counter, ip: ClientIp, asked: &Asked) -> Result<(), Problem> {
    if may_look(counter.cx(), ip, &asked.headers) {
        return Ok(());
    }
    Err(Problem::forbidden(
        "Merchants are played on the machine that runs the sandbox only.",
    ))
}

async fn show(
    counter: &Counter,
    query: AskQuery,
    asked: &Asked,
    problem: Option<&'static str>,
) -> Result<Response, Problem> {
    let cx = counter.cx();
    let back = way_back(&query.redirect_uri)?;
    let found = find_app(cx, &query.app_id).await?;
    let by = found
        .filter(|app| app.settings.third_party)
        .ok_or_else(|| Problem::not_found("There is no third-party application of that app_id."))?;
    let mut merchants = list_apps(cx).await?;
    merchants.retain(|app| app.app_id != by.app_id && !app.settings.third_party);
    let lang = asked.lang;
    let token = counter.token(&asked.headers, None);
    let page = AskPage {
        lang,
        by: Named::of(by),
        merchants: merchants.into_iter().map(Named::of).collect(),
        redirect_uri: query.redirect_uri,
        state: query.state,
        csrf_token: token.value,
        problem,
    };
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let title = lang.pick("商户授权", "A merchant's leave");
    let shell = Counter::shell(lang, &asked.uri, title)
        .status(status)
        .form_origin(back.origin().ascii_serialization())
        .cookie(token.set_cookie);
    Ok(shell.page(&page))
}

/// The address to go back to, which must be a whole one.
fn way_back(text: &str) -> Result<Url, Problem> {
    let parsed = Url::parse(text).ok();
    let whole = parsed.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    whole.ok_or_else(|| Problem::bad_request("redirect_uri is an absolute http or https address."))
}
