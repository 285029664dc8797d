//! Forms that only our own pages can send.
//!
//! A visitor carries a random cookie of the site; a form carries an HMAC over that cookie, the
//! session and the site. Another site can make the browser send the cookie but cannot read it, and
//! a cookie planted by a neighbour on another port fits no form of a logged-in session. Browsers
//! that say where a request comes from (`Sec-Fetch-Site`, `Origin`) are believed as well.

use crate::api_key::same;
use crate::cookie::{self, Cookie};
use crate::problem::Problem;
use crate::secret::Secret;
use aws_lc_rs::hmac;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::Rng;
use std::sync::Arc;

/// The name of the hidden field.
pub const FIELD: &str = "csrf_token";

/// Makes and checks the tokens of one site's forms.
#[derive(Clone, Debug)]
pub struct Csrf {
    secret: Secret,
    rng: Arc<dyn Rng>,
    site: &'static str,
    cookie_name: String,
    secure: bool,
}

/// The token for the forms of one page.
#[derive(Clone, Debug)]
pub struct CsrfToken {
    /// The value of the hidden field [`FIELD`].
    pub value: String,
    /// The cookie that belongs to it, when the visitor has none yet.
    pub set_cookie: Option<HeaderValue>,
}

/// A form that did not come from our own page.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CsrfRefusal {
    /// The browser says that another site sent it.
    #[error("the form was sent by another site")]
    CrossSite,
    /// The visitor's cookie is missing: cookies are off, or the page is old.
    #[error("the form's cookie is missing")]
    NoCookie,
    /// The token is another visitor's, another session's, or made up.
    #[error("the form's token does not fit")]
    WrongToken,
}

impl From<CsrfRefusal> for Problem {
    fn from(refusal: CsrfRefusal) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "form-not-ours",
            "The form was not sent from our page",
        )
        .detail(format!(
            "{refusal}; open the page again and send it once more."
        ))
    }
}

impl Csrf {
    /// The forms of `site`; `secure` when its public address is HTTPS.
    #[must_use]
    pub fn new(site: &'static str, secret: Secret, rng: Arc<dyn Rng>, secure: bool) -> Self {
        Self {
            secret,
            rng,
            site,
            cookie_name: format!("tb_{site}_form"),
            secure,
        }
    }

    /// The token for a page's forms. `session_id` is that of [`Session`](crate::session::Session),
    /// or empty for a visitor who is not logged in.
    #[must_use]
    pub fn token(&self, headers: &HeaderMap, session_id: &str) -> CsrfToken {
        if let Some(visitor) = self.visitor(headers) {
            return CsrfToken {
                value: self.mac(visitor, session_id),
                set_cookie: None,
            };
        }
        let mut bytes = [0; 32];
        self.rng.fill(&mut bytes);
        let visitor = hex::encode(bytes);
        let cookie = Cookie {
            name: &self.cookie_name,
            value: &visitor,
            max_age_s: None,
            http_only: true,
            secure: self.secure,
        };
        CsrfToken {
            value: self.mac(&visitor, session_id),
            set_cookie: Some(cookie.to_header()),
        }
    }

    /// Checks the token that came with a form. Do it before anything else is looked at.
    ///
    /// # Errors
    /// When the form is not one of our pages'.
    pub fn check(
        &self,
        headers: &HeaderMap,
        session_id: &str,
        token: &str,
    ) -> Result<(), CsrfRefusal> {
        if came_from_elsewhere(headers) {
            return Err(CsrfRefusal::CrossSite);
        }
        let visitor = self.visitor(headers).ok_or(CsrfRefusal::NoCookie)?;
        if same(&self.mac(visitor, session_id), token) {
            Ok(())
        } else {
            Err(CsrfRefusal::WrongToken)
        }
    }

    fn visitor<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        cookie::find(headers, &self.cookie_name)
            .filter(|value| value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()))
    }

    fn mac(&self, visitor: &str, session_id: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.bytes());
        // Lengths are fixed or the part is last, so no two inputs give the same text.
        let text = format!("csrf\n{visitor}\n{}\n{session_id}", self.site);
        hex::encode(hmac::sign(&key, text.as_bytes()))
    }
}

/// What the browser itself says about the sender. `null` origins are sandboxed frames.
fn came_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|v: &HeaderValue| v.to_str().ok())
    };
    if let Some(site) = text(http::HeaderName::from_static("sec-fetch-site")) {
        return site == "cross-site";
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else {
        return false;
    };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_none_or(|authority| !authority.eq_ignore_ascii_case(host))
}
