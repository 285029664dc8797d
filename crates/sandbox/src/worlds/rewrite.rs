//! Puts a world's prefix before every path of our own in an answer, so that no page needs to know
//! where it stands.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Attributes of our pages that hold addresses.
const ATTRIBUTES: &[&str] = &[
    "href",
    "src",
    "action",
    "formaction",
    "data-watch",
    "data-paid",
    "data-closed",
];
const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// The headers that hold paths: where to go, and for which paths a cookie is.
pub(super) fn headers(headers: &mut HeaderMap, prefix: &str) {
    let change = |text: &str| is_own(text.as_bytes()).then(|| format!("{prefix}{text}"));
    replace(headers, &header::LOCATION, change);
    replace(headers, &REFRESH, |text| {
        let (seconds, to) = text.split_once("; url=")?;
        is_own(to.as_bytes()).then(|| format!("{seconds}; url={prefix}{to}"))
    });
    let cookies: Vec<HeaderValue> = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .cloned()
        .collect();
    if cookies.is_empty() {
        return;
    }
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        let moved = cookie.to_str().ok().map(|text| {
            let parts = text.split("; ").map(|part| match part {
                "Path=/" => format!("Path={prefix}"),
                other => other.to_owned(),
            });
            parts.collect::<Vec<_>>().join("; ")
        });
        let moved = moved.and_then(|text| HeaderValue::from_str(&text).ok());
        headers.append(header::SET_COOKIE, moved.unwrap_or(cookie));
    }
}

fn replace(headers: &mut HeaderMap, name: &HeaderName, change: impl Fn(&str) -> Option<String>) {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    let changed = text.and_then(change);
    if let Some(value) = changed.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(name.clone(), value);
    }
}

/// The addresses in a page of ours. Whatever people wrote stands there escaped, without quotes, so
/// that it holds no attribute. Works in every charset whose second bytes are no spaces.
pub(super) fn html(page: &[u8], prefix: &str) -> Vec<u8> {
    const BEGINS: &[u8] = b"=\"/";
    let mut moved = Vec::with_capacity(page.len() + page.len() / 16);
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = position(&page[at..], BEGINS) {
        let equals = at + found;
        let value = equals + 2;
        if is_address(&page[..equals]) && is_own(&page[value..]) {
            moved.extend_from_slice(&page[copied..value]);
            moved.extend_from_slice(prefix.as_bytes());
            copied = value;
        }
        at = equals + BEGINS.len();
    }
    moved.extend_from_slice(&page[copied..]);
    moved
}

/// Whether a text ends with a space and an attribute's name.
fn is_address(before: &[u8]) -> bool {
    ATTRIBUTES.iter().any(|name| {
        before
            .strip_suffix(name.as_bytes())
            .and_then(<[u8]>::last)
            .is_some_and(u8::is_ascii_whitespace)
    })
}

/// Whether an address is a path here and none of another host.
fn is_own(address: &[u8]) -> bool {
    address.first() == Some(&b'/') && address.get(1) != Some(&b'/')
}

fn position(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> String {
        String::from_utf8(html(text.as_bytes(), "/w/a")).expect("text")
    }

    #[test]
    fn only_addresses_of_our_own_are_moved() {
        for (before, after) in [
            (r#"<a href="/wallet?x=1">"#, r#"<a href="/w/a/wallet?x=1">"#),
            (r#"<a class="b" href="/">"#, r#"<a class="b" href="/w/a/">"#),
            (
                "<form\n action=\"/lab/clock\">",
                "<form\n action=\"/w/a/lab/clock\">",
            ),
            (
                r#"<p data-watch="/c/1/state" data-paid="/c/1">"#,
                r#"<p data-watch="/w/a/c/1/state" data-paid="/w/a/c/1">"#,
            ),
            (
                r#"<a href="//evil.example/">"#,
                r#"<a href="//evil.example/">"#,
            ),
            (
                r#"<a href="https://x.example/">"#,
                r#"<a href="https://x.example/">"#,
            ),
            (r##"<a href="#main">"##, r##"<a href="#main">"##),
            (r#"<input value="/wallet">"#, r#"<input value="/wallet">"#),
            (r#"<a xhref="/wallet">"#, r#"<a xhref="/wallet">"#),
            ("href=&#34;/wallet&#34;", "href=&#34;/wallet&#34;"),
            ("", ""),
        ] {
            assert_eq!(page(before), after);
        }
    }

    #[test]
    fn headers_lead_into_the_world() {
        let mut map = HeaderMap::new();
        map.insert(header::LOCATION, HeaderValue::from_static("/cashier/1"));
        map.insert(REFRESH, HeaderValue::from_static("5; url=/done"));
        for cookie in ["tb_alipay=1; Path=/; SameSite=Lax", "x=1; Path=/other"] {
            map.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
        }
        headers(&mut map, "/w/a");
        assert_eq!(map[header::LOCATION], "/w/a/cashier/1");
        assert_eq!(map[REFRESH], "5; url=/w/a/done");
        let cookies: Vec<_> = map.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(
            cookies,
            ["tb_alipay=1; Path=/w/a; SameSite=Lax", "x=1; Path=/other"]
        );
        for elsewhere in ["https://shop.example/", "//shop.example/"] {
            map.insert(header::LOCATION, HeaderValue::from_static(elsewhere));
            headers(&mut map, "/w/a");
            assert_eq!(map[header::LOCATION], elsewhere);
        }
    }
}
