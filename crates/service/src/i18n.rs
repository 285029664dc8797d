//! Chinese and English: which of the two a request wants, and how a page offers the other.
//!
//! Texts stand where they are used, as a pair: `lang.pick("支付成功", "Paid")`. A catalogue would
//! only put the two further apart.

use axum::extract::{FromRequestParts, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Uri, header, request::Parts};
use std::convert::Infallible;
use std::fmt;

/// The cookie that remembers the choice.
pub const COOKIE: &str = "tb_lang";

/// A language that pages and messages speak.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Lang {
    /// Chinese as written in China.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// One of a pair of texts.
    #[must_use]
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// The value of `<html lang>` and `Content-Language`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.pick("zh-CN", "en")
    }

    /// The value of `?lang=` and of the cookie.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.pick("zh", "en")
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// What a request wants: `?lang=`, then the cookie, then the browser, then Chinese.
    #[must_use]
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        from_query(uri)
            .or_else(|| crate::cookie::find(headers, COOKIE).and_then(from_tag))
            .or_else(|| from_accept_language(headers))
            .unwrap_or_default()
    }

    /// The same address in this language: the query keeps everything else.
    #[must_use]
    pub fn href(self, uri: &Uri) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            if key != "lang" {
                query.append_pair(&key, &value);
            }
        }
        query.append_pair("lang", self.code());
        format!("{}?{}", uri.path(), query.finish())
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Lang {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.uri, &parts.headers))
    }
}

/// Middleware: a `?lang=` in the address is remembered in the cookie for a year.
pub async fn remember(request: Request, next: Next) -> Response {
    let chosen = from_query(request.uri());
    let mut response = next.run(request).await;
    if let Some(lang) = chosen {
        let cookie = format!(
            "{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax",
            lang.code()
        );
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

fn from_query(uri: &Uri) -> Option<Lang> {
    form_urlencoded::parse(uri.query()?.as_bytes())
        .filter(|(key, _)| key == "lang")
        .find_map(|(_, value)| from_tag(&value))
}

fn from_tag(tag: &str) -> Option<Lang> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().trim();
    if primary.eq_ignore_ascii_case("zh") {
        Some(Lang::Zh)
    } else if primary.eq_ignore_ascii_case("en") {
        Some(Lang::En)
    } else {
        None
    }
}

/// The language of the highest weight that we speak; the earlier one of equals.
fn from_accept_language(headers: &HeaderMap) -> Option<Lang> {
    let value = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(u16, Lang)> = None;
    for item in value.split(',').take(32) {
        let mut parts = item.split(';');
        let Some(lang) = parts.next().and_then(from_tag) else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q="))
            .map_or(1_000, thousandths);
        if weight > 0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

/// A weight `0.835` in thousandths, without a float.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    let whole = whole.parse::<u16>().unwrap_or_default().min(1);
    let fraction = padded.parse::<u16>().unwrap_or_default();
    whole
        .saturating_mul(1_000)
        .saturating_add(fraction)
        .min(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(uri: &str, headers: &[(&'static str, &'static str)]) -> Lang {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        Lang::of(&uri.parse().unwrap(), &map)
    }

    #[test]
    fn query_beats_cookie_beats_browser_beats_chinese() {
        use Lang::{En, Zh};
        let english = ("accept-language", "en-GB,en;q=0.9");
        assert_eq!(lang("/", &[]), Zh);
        assert_eq!(lang("/", &[english]), En);
        assert_eq!(lang("/", &[english, ("cookie", "a=b; tb_lang=zh")]), Zh);
        assert_eq!(lang("/?lang=en", &[("cookie", "tb_lang=zh")]), En);
        assert_eq!(lang("/?lang=zh-CN", &[english]), Zh);
        assert_eq!(lang("/?lang=klingon", &[english]), En);
    }

    #[test]
    fn the_browser_s_weights_count() {
        use Lang::{En, Zh};
        for (header, wanted) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Zh),
            ("en;q=0.5,zh-TW;q=0.7", Zh),
            ("fr,de;q=0.9,en;q=0.3", En),
            ("en;q=0,zh;q=0.001", Zh),
            ("en;q=0", Zh),
            ("*", Zh),
            ("en;q=1.000, zh;q=1", En),
            ("en;q=nonsense, zh;q=0.1", Zh),
            (";;;,,,=", Zh),
        ] {
            assert_eq!(
                lang("/", &[("accept-language", header)]),
                wanted,
                "{header}"
            );
        }
    }

    #[test]
    fn the_switch_keeps_the_address() {
        let uri: Uri = "/order/?page=2&lang=zh&q=%E8%AF%BE+a".parse().unwrap();
        assert_eq!(Lang::En.href(&uri), "/order/?page=2&q=%E8%AF%BE+a&lang=en");
        assert_eq!(Lang::Zh.href(&"/".parse().unwrap()), "/?lang=zh");
    }
}
