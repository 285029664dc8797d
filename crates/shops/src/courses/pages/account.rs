//! Logging in, registering, logging out.

use crate::courses::app::accounts::{self, LogInError, RegisterError};
use crate::courses::domain::{Credentials, User};
use crate::courses::pages::form::PostedForm;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::visitor::{Place, Visitor, local};
use crate::courses::seed;
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use http::{StatusCode, header};
use service::client_ip::ClientIp;
use service::html::Width;
use service::i18n::Lang;

#[derive(Template)]
#[template(path = "courses/account.html")]
struct AccountPage<'a> {
    lang: Lang,
    csrf: &'a str,
    registers: bool,
    /// Somebody wanted something that needs a login.
    first: bool,
    next: &'a str,
    username: &'a str,
    problem: Option<&'a str>,
    demo: Option<DemoAccounts>,
}

struct DemoAccounts {
    user: &'static str,
    staff: &'static str,
    password: &'static str,
}

impl<'a> AccountPage<'a> {
    fn new(visitor: &'a Visitor, registers: bool, next: &'a str) -> Self {
        Self {
            lang: visitor.lang,
            csrf: visitor.csrf(),
            registers,
            first: false,
            next,
            username: "",
            problem: None,
            demo: visitor.ctx.demo.then_some(DemoAccounts {
                user: seed::DEMO_USER,
                staff: seed::STAFF_USER,
                password: seed::DEMO_PASSWORD,
            }),
        }
    }

    fn show(&self, visitor: &Visitor, status: StatusCode) -> Response {
        let title = if self.registers {
            visitor.pick("注册", "Register")
        } else {
            visitor.pick("登录", "Log in")
        };
        visitor
            .shell(Place::Elsewhere, title)
            .width(Width::Narrow)
            .status(status)
            .page(self)
    }
}

/// `GET /login`.
pub(super) async fn login_form(visitor: Visitor) -> Response {
    let (next, first) = asked(&visitor);
    let mut page = AccountPage::new(&visitor, false, &next);
    page.first = first;
    page.show(&visitor, StatusCode::OK)
}

/// `GET /register`.
pub(super) async fn register_form(visitor: Visitor) -> Response {
    let (next, _) = asked(&visitor);
    AccountPage::new(&visitor, true, &next).show(&visitor, StatusCode::OK)
}

/// `POST /login`.
pub(super) async fn login(ip: ClientIp, form: PostedForm) -> Result<Response, Instead> {
    let given = credentials(&form);
    let visitor = &form.visitor;
    let problem = match accounts::log_in(&visitor.ctx, &given, &ip.rate_key()).await {
        Ok(user) => return enter(visitor, &user, form.get("next")).await,
        Err(LogInError::Refused(refusal)) => refusal.message(),
        Err(LogInError::Wrong) => ("用户名或密码错误", "The user name or password is wrong"),
        Err(LogInError::TooMany(_)) => TOO_MANY,
        Err(LogInError::Store(error)) => return Err(error.into()),
    };
    Ok(again(&form, false, problem))
}

/// `POST /register`.
pub(super) async fn register(ip: ClientIp, form: PostedForm) -> Result<Response, Instead> {
    let given = credentials(&form);
    let visitor = &form.visitor;
    let problem = match accounts::register(&visitor.ctx, &given, &ip.rate_key()).await {
        Ok(user) => return enter(visitor, &user, form.get("next")).await,
        Err(RegisterError::Refused(refusal)) => refusal.message(),
        Err(RegisterError::Taken) => ("用户名已存在", "Somebody has this user name"),
        Err(RegisterError::TooMany(_)) => TOO_MANY,
        Err(RegisterError::Password(error)) => return Err(Instead::broken(&error)),
        Err(RegisterError::Store(error)) => return Err(error.into()),
    };
    Ok(again(&form, true, problem))
}

/// `POST /logout`.
pub(super) async fn logout(form: PostedForm) -> Result<Response, Instead> {
    let visitor = &form.visitor;
    let cookie = visitor.ctx.sessions.end(&visitor.headers).await?;
    let mut response = Redirect::to("/").into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

async fn enter(visitor: &Visitor, user: &User, next: &str) -> Result<Response, Instead> {
    // A session that was there before ends: its cookie is about to be replaced.
    visitor.ctx.sessions.end(&visitor.headers).await?;
    let (_, cookie) = visitor.ctx.sessions.start(user.id.as_str()).await?;
    let mut response = Redirect::to(local(next)).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

fn again(form: &PostedForm, registers: bool, (zh, en): (&str, &str)) -> Response {
    let visitor = &form.visitor;
    let mut page = AccountPage::new(visitor, registers, local(form.get("next")));
    page.username = form.get("username");
    page.problem = Some(visitor.pick(zh, en));
    page.show(visitor, StatusCode::BAD_REQUEST)
}

fn credentials(form: &PostedForm) -> Credentials {
    Credentials {
        username: form.get("username").to_owned(),
        password: form.get("password").to_owned(),
    }
}

/// Where to go afterwards, and whether something needs a login first.
fn asked(visitor: &Visitor) -> (String, bool) {
    let query = visitor.uri.query().unwrap_or_default();
    let mut asked = ("/".to_owned(), false);
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*key {
            "next" => local(&value).clone_into(&mut asked.0),
            "first" => asked.1 = true,
            _ => {}
        }
    }
    asked
}

const TOO_MANY: (&str, &str) = (
    "尝试过于频繁，请稍后再试",
    "Too many tries; wait a moment and try again",
);
