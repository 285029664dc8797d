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
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use kernel::Rng;
use std::sync::Arc;

/// What a refused form's problem is called.
pub const SLUG: &str = "form-not-ours";
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
            SLUG,
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
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        // A neighbour on another port is `same-site`; our own pages are `same-origin`.
        return !matches!(site, "same-origin" | "none");
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else {
        return false;
    };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_none_or(|authority| !authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::SeededRng;

    fn forms(site: &'static str, seed: u64) -> Csrf {
        let rng = Arc::new(SeededRng::new(seed));
        Csrf::new(site, Secret::new([7; 32]), rng, false)
    }

    /// What a browser sends after it was given that cookie.
    fn browser(token: &CsrfToken) -> HeaderMap {
        let set = token.set_cookie.clone().unwrap();
        let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, pair.parse().unwrap());
        headers
    }

    #[test]
    fn our_own_form_passes_and_the_cookie_is_given_once() {
        let forms = forms("courses", 1);
        let token = forms.token(&HeaderMap::new(), "");
        let set_cookie = token.set_cookie.as_ref().unwrap().to_str().unwrap();
        assert!(set_cookie.starts_with("tb_courses_form="), "{set_cookie}");
        assert!(set_cookie.ends_with("; Path=/; SameSite=Lax; HttpOnly"));
        let headers = browser(&token);
        assert_eq!(forms.check(&headers, "", &token.value), Ok(()));
        let again = forms.token(&headers, "");
        assert_eq!(again.value, token.value);
        assert!(again.set_cookie.is_none());
    }

    #[test]
    fn what_an_attacker_can_make_does_not_pass() {
        let ours = forms("courses", 1);
        let victim = ours.token(&HeaderMap::new(), "session-of-victim");
        let headers = browser(&victim);
        let attacker = ours.token(&HeaderMap::new(), "session-of-attacker");
        let wrong = Err(CsrfRefusal::WrongToken);
        let check = |token: &str| ours.check(&headers, "session-of-victim", token);
        assert_eq!(check(""), wrong);
        assert_eq!(check(&attacker.value), wrong);
        assert_eq!(check(&"0".repeat(64)), wrong);
        assert_eq!(check(&victim.value[..63]), wrong);
        // A cookie that the attacker planted gives a token, but not for the victim's session.
        let planted = browser(&attacker);
        assert_eq!(
            ours.check(&planted, "session-of-victim", &attacker.value),
            wrong
        );
        // A token of before the login does not hold after it, and none of a neighbouring site does.
        let before = ours.token(&headers, "");
        assert_eq!(check(&before.value), wrong);
        let neighbour = forms("mall", 1).token(&headers, "session-of-victim");
        assert_eq!(check(&neighbour.value), wrong);
        let none = ours.check(&HeaderMap::new(), "session-of-victim", &victim.value);
        assert_eq!(none, Err(CsrfRefusal::NoCookie));
        assert_eq!(check(&victim.value), Ok(()));
    }

    #[test]
    fn the_browser_s_own_word_counts() {
        let forms = forms("courses", 1);
        let token = forms.token(&HeaderMap::new(), "");
        let check = |extra: &[(&'static str, &'static str)]| {
            let mut headers = browser(&token);
            for (name, value) in extra {
                let name = HeaderName::from_static(name);
                headers.insert(name, HeaderValue::from_static(value));
            }
            forms.check(&headers, "", &token.value).is_ok()
        };
        assert!(check(&[("sec-fetch-site", "same-origin")]));
        assert!(check(&[("sec-fetch-site", "none")]));
        assert!(!check(&[("sec-fetch-site", "cross-site")]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
        let host = ("host", "shop.example:8601");
        assert!(check(&[host, ("origin", "http://shop.example:8601")]));
        assert!(!check(&[host, ("origin", "http://shop.example:8602")]));
        assert!(!check(&[host, ("origin", "https://evil.example")]));
        assert!(!check(&[host, ("origin", "null")]));
    }
}
