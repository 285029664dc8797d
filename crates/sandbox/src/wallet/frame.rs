//! What the wallet's pages have in common: the shell, the open wallet, what was said after a form.

use crate::cashier::{Asked, Buyer, Counter};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use money::Fen;
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

/// The open wallet of a form whose token holds; the way to the login when none is open.
pub(super) async fn owner(
    counter: &Counter,
    asked: &Asked,
    csrf_token: &str,
) -> Result<Result<Buyer, Response>, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), csrf_token)?;
    Ok(buyer.ok_or_else(to_wallet))
}

/// The open wallet of a page; the way to the login when none is open.
pub(super) async fn visitor(
    counter: &Counter,
    asked: &Asked,
) -> Result<Result<Buyer, Response>, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    Ok(buyer.ok_or_else(to_wallet))
}

fn to_wallet() -> Response {
    Redirect::to("/wallet").into_response()
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
