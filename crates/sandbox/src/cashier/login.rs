//! Opening a wallet in this browser, and closing it.

use super::counter::{Asked, Counter};
use super::{choose, pay, visit};
use crate::app::login::{LoginError, login};
use crate::domain::Product;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Timestamp;
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

/// What the form shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct LoginForm {
    /// What was typed.
    pub(crate) logon_id: String,
    /// What is wrong with it.
    pub(crate) problem: Option<String>,
    /// Its token.
    pub(crate) csrf_token: String,
    /// Where it is sent.
    pub(crate) action: String,
    /// Whether to say the demo's credentials.
    pub(crate) demo: bool,
}

impl LoginForm {
    /// The same form with its address and token.
    pub(crate) fn ready(self, counter: &Counter, action: String, csrf_token: String) -> Self {
        Self {
            csrf_token,
            action,
            demo: counter.cx().parts().demo,
            ..self
        }
    }

    /// The status of a page with this form.
    pub(crate) fn status(&self) -> StatusCode {
        if self.problem.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct LoginFields {
    pub(crate) csrf_token: String,
    logon_id: String,
    password: String,
}

/// Opens a wallet: the session's cookie, or the form that says what is wrong.
pub(crate) async fn opened(
    counter: &Counter,
    fields: LoginFields,
    lang: Lang,
) -> Result<Result<HeaderValue, LoginForm>, Problem> {
    let problem = match login(counter.cx(), &fields.logon_id, &fields.password).await {
        Ok(account) => {
            let (_, cookie) = counter.sessions().start(&account.user_id).await?;
            return Ok(Ok(cookie));
        }
        Err(LoginError::Store(error)) => return Err(error.into()),
        Err(LoginError::Wrong) => lang
            .pick(
                "账号或登录密码不对，请再试一次。",
                "The account or its password is wrong. Please try again.",
            )
            .to_owned(),
        Err(LoginError::Locked { until }) => locked(lang, until),
    };
    Ok(Err(LoginForm {
        logon_id: fields.logon_id,
        problem: Some(problem),
        ..LoginForm::default()
    }))
}

/// Opens the wallet and goes on to pay, or says what is wrong.
pub(super) async fn submit(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<LoginFields>,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let before = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, before.as_ref(), &fields.csrf_token)?;
    let form = match opened(&counter, fields, lang).await? {
        Ok(cookie) => {
            let next = Redirect::to(&format!("/cashier/{visit_id}/pay"));
            return Ok(([(header::SET_COOKIE, cookie)], next).into_response());
        }
        Err(form) => form,
    };
    let story = match visit::find(&counter, &visit_id, &asked).await? {
        Ok(story) => story,
        Err(page) => return Ok(page),
    };
    if let Some(ended) = visit::ended(&counter, &story, &asked).await? {
        return Ok(ended);
    }
    if story.visit.product == Product::Page {
        choose::show(&counter, &story, form, &asked).await
    } else {
        Ok(pay::show_login(&counter, &story, form, &asked))
    }
}

/// The words for too many wrong passwords.
pub(crate) fn locked(lang: Lang, until: Timestamp) -> String {
    let until = until.china();
    match lang {
        Lang::Zh => format!("密码错误次数过多，请在 {until} 之后再试。"),
        Lang::En => format!("Too many wrong passwords. Try again after {until} (China time)."),
    }
}

/// What closing sends.
#[derive(Deserialize)]
pub(crate) struct LeaveFields {
    pub(crate) csrf_token: String,
}

/// Closes the wallet in this browser, to pay with another.
pub(super) async fn leave(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<LeaveFields>,
) -> Result<Response, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let cookie = counter.sessions().end(&asked.headers).await?;
    let next = Redirect::to(&format!("/cashier/{visit_id}"));
    Ok(([(header::SET_COOKIE, cookie)], next).into_response())
}
