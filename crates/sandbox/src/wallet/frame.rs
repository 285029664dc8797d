//! What the wallet's pages have in common: the shell, the open wallet, its owner's forms, what was
//! said after one.

use crate::cashier::{Asked, Buyer, Counter};
use crate::context::Context;
use crate::domain::form_no::FormNo;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use money::Fen;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use service::csrf::CsrfToken;
use service::form_body::FormBody;
use service::html::{PageShell, Site, Theme, Width};
use service::i18n::Lang;
use service::problem::Problem;

const SITE: Site = Site {
    name_zh: "支付宝钱包 · 沙箱",
    name_en: "Alipay wallet · sandbox",
    theme: Theme::Alipay,
    home: "/wallet",
};

/// A page of the wallet but for its inside.
pub(super) fn shell(lang: Lang, uri: &Uri, title: &str) -> PageShell {
    PageShell::new(lang, &SITE, uri, title)
        .width(Width::Narrow)
        .stylesheet(Counter::STYLE_HREF)
}

/// What a page says about the form that was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Banner {
    /// What went wrong.
    pub(super) problem: Option<String>,
    /// What was done.
    pub(super) done: Option<String>,
}

impl Banner {
    /// Something went wrong.
    pub(super) fn problem(text: impl Into<String>) -> Self {
        Self {
            problem: Some(text.into()),
            done: None,
        }
    }

    /// Something was done.
    pub(super) fn done(text: impl Into<String>) -> Self {
        Self {
            problem: None,
            done: Some(text.into()),
        }
    }

    /// The status of a page with it.
    pub(super) fn status(&self) -> StatusCode {
        if self.problem.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

/// The wallet that is open in the browser that asks. Whoever has none open is led to the login.
pub(super) struct Open {
    pub(super) counter: Counter,
    pub(super) asked: Asked,
    pub(super) buyer: Buyer,
}

/// A form that the owner of the open wallet sent; its token holds.
pub(super) struct Sent<F> {
    pub(super) open: Open,
    pub(super) fields: F,
}

/// The fields of a form that says nothing but who sent it.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// A form as it comes.
#[derive(Deserialize)]
struct Tokened<F> {
    csrf_token: String,
    #[serde(flatten)]
    fields: F,
}

impl Open {
    pub(super) fn lang(&self) -> Lang {
        self.asked.lang
    }

    pub(super) fn cx(&self) -> &Context {
        self.counter.cx()
    }

    pub(super) fn user_id(&self) -> &str {
        &self.buyer.account.user_id
    }

    /// The token for the forms of a page.
    pub(super) fn token(&self) -> CsrfToken {
        self.counter.token(&self.asked.headers, Some(&self.buyer))
    }

    /// A number for a form of a page.
    pub(super) fn form_no(&self) -> String {
        self.counter.form_no()
    }

    /// A page of the wallet but for its inside.
    pub(super) fn shell(&self, title: &str) -> PageShell {
        shell(self.asked.lang, &self.asked.uri, title)
    }
}

impl FromRequestParts<Counter> for Open {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, counter: &Counter) -> Result<Self, Response> {
        let Ok(asked) = Asked::from_request_parts(parts, counter).await;
        let buyer = counter.buyer(&asked.headers).await;
        let buyer = buyer.map_err(|error| Problem::from(error).into_response())?;
        Ok(Self {
            counter: counter.clone(),
            asked,
            buyer: buyer.ok_or_else(to_wallet)?,
        })
    }
}

impl<F: DeserializeOwned + Send> FromRequest<Counter> for Sent<F> {
    type Rejection = Response;

    async fn from_request(request: Request, counter: &Counter) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(asked) = Asked::from_request_parts(&mut parts, counter).await;
        let sent = read(Request::from_parts(parts, body), &asked, counter).await;
        let (buyer, fields) = sent.map_err(IntoResponse::into_response)?;
        Ok(Self {
            open: Open {
                counter: counter.clone(),
                asked,
                buyer: buyer.ok_or_else(to_wallet)?,
            },
            fields,
        })
    }
}

async fn read<F: DeserializeOwned + Send>(
    request: Request,
    asked: &Asked,
    counter: &Counter,
) -> Result<(Option<Buyer>, F), Problem> {
    let FormBody(sent) = FormBody::<Tokened<F>>::from_request(request, counter).await?;
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &sent.csrf_token)?;
    Ok((buyer, sent.fields))
}

fn to_wallet() -> Response {
    Redirect::to("/wallet").into_response()
}

/// The number that a form came with.
pub(super) fn form_no(sent: &str, lang: Lang) -> Result<FormNo, String> {
    sent.parse().map_err(|_| {
        lang.pick(
            "这张表单的编号缺失或不对，什么都没有做。请核对内容后重新提交。",
            "The form came without its number, or with one that is none; nothing was done. Check it and send it again.",
        )
        .to_owned()
    })
}

/// The number of a form stands for something else that was done.
pub(super) fn other_content(lang: Lang) -> String {
    lang.pick(
        "这张表单已用别的内容提交过，这一次什么都没有做。请先看账单，仍要办理就重新提交。",
        "This form was sent before with other content; nothing was done this time. Look at what was done, and send it again if you still want it.",
    )
    .to_owned()
}

/// An amount as it was typed: more than nothing, two decimals at most.
pub(super) fn amount(typed: &str, lang: Lang) -> Result<Fen, String> {
    let parsed = Fen::parse_yuan(typed.trim()).ok();
    parsed.filter(|amount| amount.is_payable()).ok_or_else(|| {
        lang.pick(
            "金额从 0.01 到 100000000.00 元，最多两位小数。",
            "An amount is from 0.01 to 100000000.00 yuan, with two decimals at most.",
        )
        .to_owned()
    })
}

/// `yyyy-MM-dd HH:mm` in China.
pub(super) fn minute(at: kernel::Timestamp) -> String {
    at.china().get(..16).unwrap_or_default().to_owned()
}
