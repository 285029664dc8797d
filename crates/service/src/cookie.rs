//! Reading and writing cookies. Every cookie of ours is `Path=/; SameSite=Lax`.
//!
//! Lax and not Strict, because the buyer comes back from Alipay by a cross-site navigation and
//! must still be logged in then.

use http::{HeaderMap, HeaderValue, header};

/// The value of the first cookie of that name.
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.trim_matches('"'))
}

/// What a cookie of ours may be.
#[derive(Clone, Copy, Debug)]
pub struct Cookie<'a> {
    /// Its name, with the site's in it: ports do not separate cookies.
    pub name: &'a str,
    /// Hex, digits or a plain word: nothing that needs quoting.
    pub value: &'a str,
    /// How long the browser keeps it; `None` until it is closed, `Some(0)` removes it.
    pub max_age_s: Option<i64>,
    /// Hidden from scripts.
    pub http_only: bool,
    /// Only over HTTPS: set when the site's public address is.
    pub secure: bool,
}

impl Cookie<'_> {
    /// The value of `Set-Cookie`. A name or value that no header can hold gives an empty one.
    #[must_use]
    pub fn to_header(&self) -> HeaderValue {
        let mut text = format!("{}={}; Path=/; SameSite=Lax", self.name, self.value);
        if let Some(seconds) = self.max_age_s {
            text.push_str("; Max-Age=");
            text.push_str(&seconds.to_string());
        }
        if self.http_only {
            text.push_str("; HttpOnly");
        }
        if self.secure {
            text.push_str("; Secure");
        }
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }
}
