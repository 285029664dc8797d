//! What is agreed to, what its page says, and what becomes of an answer.

use super::{agreement, freeze, oauth};
pub(super) use crate::cashier::End;
use crate::context::Context;
use crate::domain::account::Denied;
use crate::domain::{Account, App};
use kernel::Timestamp;
use serde::Deserialize;
use service::i18n::Lang;
use store::StoreError;

/// What is agreed to; the word stands in the address.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// Money is held.
    Freeze,
    /// An application learns who somebody is.
    Oauth,
    /// Money is taken again and again.
    Agreement,
}

impl Kind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Freeze => "freeze",
            Self::Oauth => "oauth",
            Self::Agreement => "agreement",
        }
    }
}

/// A line of facts.
pub(crate) type Fact = (&'static str, String);

/// What a page asks.
pub(super) struct Wish {
    pub(super) title: &'static str,
    pub(super) lead: String,
    pub(super) amount: Option<String>,
    pub(super) facts: Vec<Fact>,
    pub(super) points: Vec<&'static str>,
    pub(super) agree: &'static str,
    /// Whether the six digits are needed.
    pub(super) with_password: bool,
    /// The address of a QR code, for a page that a phone may answer.
    pub(super) qr_address: Option<String>,
}

/// What is behind an address.
pub(super) enum Looked {
    Open(Wish),
    Over(End),
}

/// What an answer leads to.
pub(super) enum Answered {
    /// Another page, of whoever asked.
    Go(String),
    /// It ends here.
    Over(End),
    /// The payment password was not taken.
    Denied(Denied),
    /// Something else keeps it from being done; the page says what.
    Not(String),
}

pub(super) async fn look(
    cx: &Context,
    kind: Kind,
    token: &str,
    lang: Lang,
) -> Result<Looked, StoreError> {
    match kind {
        Kind::Freeze => freeze::look(cx, token, lang).await,
        Kind::Oauth => oauth::look(cx, token, lang).await,
        Kind::Agreement => agreement::look(cx, token, lang).await,
    }
}

pub(super) async fn agree(
    cx: &Context,
    (kind, token): (Kind, &str),
    account: &Account,
    password: Option<&str>,
    lang: Lang,
) -> Result<Answered, StoreError> {
    match kind {
        Kind::Freeze => freeze::agree(cx, token, account, password, lang).await,
        Kind::Oauth => oauth::agree(cx, token, account, lang).await,
        Kind::Agreement => agreement::agree(cx, token, account, password, lang).await,
    }
}

pub(super) async fn refuse(
    cx: &Context,
    kind: Kind,
    token: &str,
    lang: Lang,
) -> Result<Answered, StoreError> {
    match kind {
        // The hold stays as it is: another phone may still agree, until its time is over.
        Kind::Freeze => Ok(Answered::Over(refused(lang))),
        Kind::Oauth => oauth::refuse(cx, token, lang).await,
        Kind::Agreement => agreement::refuse(cx, token, lang).await,
    }
}

/// Nobody is asked anything at this address.
pub(super) fn missing(lang: Lang) -> End {
    End {
        class: "result-warn",
        title: lang.pick("没有这个页面", "There is no such page"),
        text: lang.pick(
            "地址可能不完整，或者已经处理过了。请回到商家重新打开。",
            "The address may be cut off, or it was answered already. Go back and open it again.",
        ),
        back: None,
    }
}

/// Somebody said no.
pub(super) fn refused(lang: Lang) -> End {
    End {
        class: "result-warn",
        title: lang.pick("已取消", "Cancelled"),
        text: lang.pick("没有同意任何事情。", "Nothing was agreed to."),
        back: None,
    }
}

/// Who asks.
pub(super) fn asker(app: &App, lang: Lang) -> String {
    crate::cashier::seller_name(app, lang)
}

/// An instant as a person reads it.
pub(super) fn moment(at: Timestamp) -> String {
    at.china().get(..16).unwrap_or_default().to_owned()
}
