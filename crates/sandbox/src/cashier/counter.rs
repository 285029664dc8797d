//! What every page of the cashier is handed, and the shell around it.

use crate::app::fresh::token;
use crate::app::login::find_by_user;
use crate::context::Context;
use crate::domain::Account;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use service::csrf::{Csrf, CsrfToken};
use service::html::{PageShell, Site, Theme, Width};
use service::i18n::Lang;
use service::problem::Problem;
use service::secret::Secret;
use service::session::{DEFAULT_TTL_MS, Session, SessionParts, Sessions};
use std::convert::Infallible;
use store::StoreError;

/// The name in the cookies of this site.
const COOKIE_SITE: &str = "alipay";

/// The cashier in the header of its pages.
const SITE: Site = Site {
    name_zh: "支付宝收银台 · 沙箱",
    name_en: "Alipay cashier · sandbox",
    theme: Theme::Alipay,
    home: "#main",
};

/// The cashier. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Counter {
    cx: Context,
    sessions: Sessions,
    csrf: Csrf,
}

/// How a page is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// In which language.
    pub(crate) lang: Lang,
    /// By which address.
    pub(crate) uri: Uri,
    /// With which headers: the cookies are among them.
    pub(crate) headers: HeaderMap,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self {
            lang: Lang::of(&parts.uri, &parts.headers),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
        })
    }
}

/// A buyer whose wallet is open in this browser.
#[derive(Clone, Debug)]
pub(crate) struct Buyer {
    /// The login.
    pub(crate) session: Session,
    /// The wallet.
    pub(crate) account: Account,
}

impl Counter {
    /// The address of what only the cashier's and the wallet's pages look like.
    pub(crate) const STYLE_HREF: &str = super::watch::STYLE_HREF;

    /// A cashier of that sandbox.
    pub(crate) fn new(cx: &Context) -> Self {
        let parts = cx.parts();
        let secure = parts.public_url.starts_with("https://");
        let sessions = Sessions::new(SessionParts {
            db: parts.db.clone(),
            wall: parts.wall.clone(),
            rng: parts.rng.clone(),
            site: COOKIE_SITE,
            ttl_ms: DEFAULT_TTL_MS,
            secure,
        });
        // A restart makes open pages ask once more; nothing is lost by it.
        let secret = Secret::random(&*parts.rng);
        let csrf = Csrf::new(COOKIE_SITE, secret, parts.rng.clone(), secure);
        Self {
            cx: cx.clone(),
            sessions,
            csrf,
        }
    }

    /// The sandbox behind it.
    pub(crate) fn cx(&self) -> &Context {
        &self.cx
    }

    /// The logins of this site.
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Whose wallet is open in the browser that asks.
    pub(crate) async fn buyer(&self, headers: &HeaderMap) -> Result<Option<Buyer>, StoreError> {
        let Some(session) = self.sessions.find(headers).await? else {
            return Ok(None);
        };
        let account = find_by_user(&self.cx, &session.subject).await?;
        Ok(account.map(|account| Buyer { session, account }))
    }

    /// The token for the forms of a page.
    pub(crate) fn token(&self, headers: &HeaderMap, buyer: Option<&Buyer>) -> CsrfToken {
        self.csrf.token(headers, session_id(buyer))
    }

    /// Checks the token of a form.
    pub(crate) fn check(
        &self,
        headers: &HeaderMap,
        buyer: Option<&Buyer>,
        token: &str,
    ) -> Result<(), Problem> {
        Ok(self.csrf.check(headers, session_id(buyer), token)?)
    }

    /// A number for a form that acts once, however often it is sent.
    pub(crate) fn form_no(&self) -> String {
        token(self.cx.rng())
    }

    /// A page but for its inside.
    pub(crate) fn shell(lang: Lang, uri: &Uri, title: &str) -> PageShell {
        PageShell::new(lang, &SITE, uri, title)
            .width(Width::Narrow)
            .stylesheet(Self::STYLE_HREF)
    }
}

fn session_id(buyer: Option<&Buyer>) -> &str {
    buyer.map_or("", |buyer| &buyer.session.session_id)
}
