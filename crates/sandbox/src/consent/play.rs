//! Plays the buyer on a page of agreement: whatever address the page has, and without its
//! password. The control API and the console do it.

use super::ask::{AskQuery, Asking, keep};
use super::kind::Kind;
use crate::app::agreement::ask_agreement::AgreementError;
use crate::app::agreement::find_agreement;
use crate::app::agreement::sign_agreement::{refuse_agreement, sign_agreement};
use crate::app::agreement::way_back::way_back;
use crate::app::oauth::answer_login::{agree_login, refuse_login};
use crate::app::oauth::ask_login::find_ask;
use crate::app::preauth::ask_freeze::FreezeError;
use crate::app::preauth::find_freeze;
use crate::app::preauth::freeze_money::freeze_money;
use crate::context::Context;
use crate::gateway::{Landing, Opened, link_for_wallet, open_link};
use crate::worlds::without_world;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as WordError, StrDeserializer};
use service::i18n::Lang;
use store::StoreError;
use url::Url;

/// A page that asks somebody.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    kind: Kind,
    token: String,
}

/// Why an address leads to no page that asks somebody.
#[derive(Debug)]
pub(crate) enum NoConsent {
    /// It is no address of such a page.
    NotOne,
    /// It leads to the cashier.
    Payment,
    /// The gateway refused the link.
    Refused {
        /// Alipay's code.
        sub_code: String,
        /// Alipay's words.
        sub_msg: String,
        /// In words what to change.
        explain: Option<String>,
    },
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for NoConsent {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What the buyer answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Word<'a> {
    /// Agrees, as that user, with the six digits where they are given.
    Agree {
        /// 16 digits.
        user_id: &'a str,
        /// Checked when it is there.
        pay_password: Option<&'a str>,
    },
    /// Refuses.
    Refuse,
}

/// What the buyer is left with.
#[derive(Clone, Debug)]
pub(crate) struct Played {
    /// `freeze`, `agreement` or `oauth`.
    pub(crate) kind: &'static str,
    /// Alipay's number of what was agreed to; the application's of a login.
    pub(crate) number: String,
    /// Where it stands now, as the wire calls it.
    pub(crate) state: &'static str,
    /// Where the buyer's browser would go.
    pub(crate) return_url: Option<String>,
}

/// Why nothing was agreed to.
#[derive(Debug)]
pub(crate) enum NotPlayed {
    /// Nobody is asked there any more.
    Gone,
    /// A hold does not allow it.
    Freeze(FreezeError),
    /// An agreement does not allow it.
    Agreement(AgreementError),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for NotPlayed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Opens an address as the buyer would: a signed link, an order string, a QR code, an address for
/// the wallet, a login, or a page of agreement itself.
pub(crate) async fn open(cx: &Context, text: &str, lang: Lang) -> Result<Consent, NoConsent> {
    let text = text.trim();
    if let Some(query) = link_for_wallet(text) {
        return by_link(cx, &query, lang).await;
    }
    if !text.contains("://") && !text.starts_with('/') {
        return by_link(cx, text, lang).await;
    }
    let base = Url::parse(cx.public_url()).map_err(|_| NoConsent::NotOne)?;
    let url = base.join(text).map_err(|_| NoConsent::NotOne)?;
    let parts: Vec<&str> = url.path().trim_matches('/').split('/').collect();
    // Which world an address names does not matter: the signature or the token says whose it is.
    let inside = match parts.as_slice() {
        ["w", _, inside @ ..] => inside,
        whole => whole,
    };
    match inside {
        ["gateway.do"] => by_link(cx, url.query().unwrap_or_default(), lang).await,
        ["qr", code] => by_code(cx, code).await,
        ["consent", kind, token] => consent(kind, token),
        ["oauth2", "publicAppAuthorize.htm"] => by_login(cx, &url).await,
        _ => Err(NoConsent::NotOne),
    }
}

fn consent(kind: &str, token: &str) -> Result<Consent, NoConsent> {
    let word: StrDeserializer<'_, WordError> = kind.into_deserializer();
    let kind = Kind::deserialize(word).map_err(|_| NoConsent::NotOne)?;
    Ok(Consent {
        kind,
        token: token.to_owned(),
    })
}

async fn by_link(cx: &Context, query: &str, lang: Lang) -> Result<Consent, NoConsent> {
    match open_link(cx, &without_world(query), lang).await {
        Opened::Landing(Landing::Page(page)) => {
            match page.trim_matches('/').split('/').collect::<Vec<_>>()[..] {
                ["consent", kind, token] => consent(kind, token),
                _ => Err(NoConsent::NotOne),
            }
        }
        Opened::Landing(Landing::Cashier(_)) => Err(NoConsent::Payment),
        Opened::NotALink => Err(NoConsent::NotOne),
        Opened::Refused {
            sub_code,
            sub_msg,
            explain,
        } => Err(NoConsent::Refused {
            sub_code,
            sub_msg,
            explain,
        }),
    }
}

async fn by_code(cx: &Context, code: &str) -> Result<Consent, NoConsent> {
    let kind = if find_freeze::by_code(cx, code).await?.is_some() {
        Kind::Freeze
    } else if find_agreement::by_code(cx, code).await?.is_some() {
        Kind::Agreement
    } else {
        return Err(NoConsent::NotOne);
    };
    Ok(Consent {
        kind,
        token: code.to_owned(),
    })
}

async fn by_login(cx: &Context, url: &Url) -> Result<Consent, NoConsent> {
    match keep(cx, &AskQuery::of(url)).await? {
        Asking::Kept(token) => Ok(Consent {
            kind: Kind::Oauth,
            token,
        }),
        Asking::UnknownApp | Asking::Wrong => Err(NoConsent::NotOne),
    }
}

impl Consent {
    /// The user for whom it waits, where it does.
    pub(crate) async fn waits_for(&self, cx: &Context) -> Result<Option<String>, StoreError> {
        if self.kind != Kind::Freeze {
            return Ok(None);
        }
        let found = find_freeze::by_code(cx, &self.token).await?;
        Ok(found.and_then(|(freeze, _)| freeze.payer.map(|payer| payer.user_id)))
    }

    /// Answers.
    pub(crate) async fn answer(&self, cx: &Context, word: Word<'_>) -> Result<Played, NotPlayed> {
        match self.kind {
            Kind::Freeze => self.freeze(cx, word).await,
            Kind::Agreement => self.agreement(cx, word).await,
            Kind::Oauth => self.login(cx, word).await,
        }
    }

    async fn freeze(&self, cx: &Context, word: Word<'_>) -> Result<Played, NotPlayed> {
        let found = find_freeze::by_code(cx, &self.token).await?;
        let (freeze, _) = found.ok_or(NotPlayed::Gone)?;
        let freeze = match word {
            // The hold stays as it is: another phone may still agree, until its time is over.
            Word::Refuse => freeze,
            Word::Agree {
                user_id,
                pay_password,
            } => {
                let held = freeze_money(cx, &freeze.auth_no, user_id, pay_password);
                held.await.map_err(NotPlayed::Freeze)?.0
            }
        };
        Ok(Played {
            kind: self.kind.as_str(),
            number: freeze.auth_no,
            state: freeze.state.as_str(),
            return_url: None,
        })
    }

    async fn agreement(&self, cx: &Context, word: Word<'_>) -> Result<Played, NotPlayed> {
        let found = find_agreement::by_code(cx, &self.token).await?;
        let (agreement, _) = found.ok_or(NotPlayed::Gone)?;
        let number = &agreement.agreement_no;
        let answered = match word {
            Word::Refuse => refuse_agreement(cx, number).await,
            Word::Agree {
                user_id,
                pay_password,
            } => sign_agreement(cx, number, user_id, pay_password).await,
        };
        let agreement = answered.map_err(NotPlayed::Agreement)?;
        Ok(Played {
            kind: self.kind.as_str(),
            return_url: way_back(cx, &agreement).await?,
            state: agreement.state.as_str(),
            number: agreement.agreement_no,
        })
    }

    async fn login(&self, cx: &Context, word: Word<'_>) -> Result<Played, NotPlayed> {
        let found = find_ask(cx, &self.token).await?;
        let (ask, app) = found.ok_or(NotPlayed::Gone)?;
        let (state, return_url) = match word {
            Word::Refuse => ("refused", refuse_login(cx, &ask).await?),
            Word::Agree { user_id, .. } => {
                let address = agree_login(cx, &ask, user_id).await?;
                ("agreed", address.ok_or(NotPlayed::Gone)?)
            }
        };
        Ok(Played {
            kind: self.kind.as_str(),
            number: app.app_id,
            state,
            return_url: Some(return_url),
        })
    }
}
