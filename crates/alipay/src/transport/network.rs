//! What the async and the blocking network share: what a failure means, and whom no proxy reaches.

use super::{MAX_RESPONSE_BYTES, TransportError, TransportErrorKind};

/// The HTTP method of that name; Alipay knows two.
pub(crate) fn verb(method: &str) -> reqwest::Method {
    match method {
        "GET" => reqwest::Method::GET,
        _ => reqwest::Method::POST,
    }
}

/// What an answer without an end is.
pub(crate) fn too_long() -> TransportError {
    TransportError {
        kind: TransportErrorKind::Lost,
        detail: format!("the answer has more than {MAX_RESPONSE_BYTES} bytes"),
    }
}

/// A failure to connect comes before any byte; everything later may have arrived.
pub(crate) fn failed(error: &reqwest::Error) -> TransportError {
    let kind = if error.is_connect() || error.is_builder() {
        TransportErrorKind::NotSent
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Lost
    };
    // The address holds the signed parameters; the innermost cause says enough.
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    TransportError {
        kind,
        detail: without_query(&cause.to_string()),
    }
}

/// The text without the query of any address in it.
fn without_query(text: &str) -> String {
    match text.find('?') {
        Some(query) => text[..query].to_owned(),
        None => text.to_owned(),
    }
}

pub(crate) fn is_loopback(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// How long a connection may take to be made.
pub(crate) const CONNECT_TIMEOUT_MS: u64 = 5_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_no_proxy_can_reach() {
        for url in [
            "http://127.0.0.1:8609/gateway.do?x=1",
            "http://localhost/",
            "http://pay.localhost:1/",
            "http://[::1]:8609/",
        ] {
            assert!(is_loopback(url), "{url}");
        }
        for url in [
            "https://openapi.alipay.com/gateway.do",
            "http://192.168.1.5/",
            "",
            "localhost",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
    }
}
