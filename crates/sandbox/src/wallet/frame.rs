//! What the wallet's pages have in common: the shell, the open wallet, what was said after a form.

use crate::cashier::{Asked, Buyer, Counter};
use crate::domain::form_no::FormNo;
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
