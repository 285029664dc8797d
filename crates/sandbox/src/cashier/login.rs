//! Opening a wallet in this browser, and closing it.

use super::counter::Counter;
use super::{choose, pay, visit};
use crate::app::login::{LoginError, login};
use crate::domain::Product;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Timestamp;
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

/// What the form shows.
#[derive(Clone, Debug, Default)]
pub(super) struct LoginForm {
    /// What was typed.
    pub(super) logon_id: String,
    /// What is wrong with it.
    pub(super) problem: Option<String>,
    /// Its token.
    pub(super) csrf_token: String,
    /// Whether to say the demo's credentials.
    pub(super) demo: bool,
}

/// What is sent.
#[derive(Deserialize)]
pub(super) struct LoginFields {
    csrf_token: String,
    logon_id: String,
    password: String,
}

/// Opens the wallet and goes on to pay, or says what is wrong.
pub(super) async fn submit(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    lang: Lang,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    FormBody(fields): FormBody<LoginFields>,
) -> Result<Response, Problem> {
    let before = counter
        .buyer(&headers)
        .await
        .map_err(|error| Problem::internal(&error))?;
    counter.check(&headers, before.as_ref(), &fields.csrf_token)?;
    match login(counter.cx(), &fields.logon_id, &fields.password).await {
        Ok(account) => {
            let (_, cookie) = counter
                .sessions()
                .start(&account.user_id)
                .await
                .map_err(|error| Problem::internal(&error))?;
            let next = Redirect::to(&format!("/cashier/{visit_id}/pay"));
            Ok(([(header::SET_COOKIE, cookie)], next).into_response())
        }
        Err(LoginError::Store(error)) => Err(Problem::internal(&error)),
        Err(LoginError::Wrong) => {
            let text = lang.pick(
                "账号或登录密码不对，请再试一次。",
                "The account or its password is wrong. Please try again.",
            );
            refused(
                &counter,
                &visit_id,
                fields,
                text.to_owned(),
                lang,
                &uri,
                &headers,
            )
            .await
        }
        Err(LoginError::Locked { until }) => {
            let text = locked(lang, until);
            refused(&counter, &visit_id, fields, text, lang, &uri, &headers).await
        }
    }
}

/// The words for too many wrong passwords.
pub(super) fn locked(lang: Lang, until: Timestamp) -> String {
    let until = until.china();
    match lang {
        Lang::Zh => format!("密码错误次数过多，请在 {until} 之后再试。"),
        Lang::En => format!("Too many wrong passwords. Try again after {until}."),
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one request")]
async fn refused(
    counter: &Counter,
    visit_id: &str,
    fields: LoginFields,
    problem: String,
    lang: Lang,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let story = match visit::find(counter, visit_id, lang, uri).await {
        Ok(story) => story,
        Err(page) => return Ok(page),
    };
    if let Some(ended) = visit::ended(&story, lang, uri) {
        return Ok(ended);
    }
    let form = LoginForm {
        logon_id: fields.logon_id,
        problem: Some(problem),
        ..LoginForm::default()
    };
    if story.visit.product == Product::Page {
        choose::show(counter, story, form, lang, uri, headers).await
    } else {
        pay::show_login(counter, &story, form, lang, uri, headers)
    }
}

/// What closing sends.
#[derive(Deserialize)]
pub(super) struct LeaveFields {
    csrf_token: String,
}

/// Closes the wallet in this browser, to pay with another.
pub(super) async fn leave(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    headers: HeaderMap,
    FormBody(fields): FormBody<LeaveFields>,
) -> Result<Response, Problem> {
    let buyer = counter
        .buyer(&headers)
        .await
        .map_err(|error| Problem::internal(&error))?;
    counter.check(&headers, buyer.as_ref(), &fields.csrf_token)?;
    let cookie = counter
        .sessions()
        .end(&headers)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let next = Redirect::to(&format!("/cashier/{visit_id}"));
    Ok(([(header::SET_COOKIE, cookie)], next).into_response())
}
