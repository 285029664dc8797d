//! Tells the forms apart: JSON object, full URL, query string or form body.

use super::json_object;
use alipay::{Charset, Params, form};
use anyhow::Context as _;

/// Returns `true` for a JSON object.
pub(crate) fn is_json(message: &[u8]) -> bool {
    message.trim_ascii_start().first() == Some(&b'{')
}

/// Reads the parameters of a query string, a full URL, a form body or a JSON object.
///
/// # Errors
/// When it is none of these; says where it breaks.
pub(crate) fn parameters(message: &[u8]) -> anyhow::Result<Params> {
    if is_json(message) {
        let text = std::str::from_utf8(message).context("the JSON is not UTF-8")?;
        return json_object::parameters(text);
    }
    let query = query(message.trim_ascii());
    form::decode(query, charset(query)).context("the message is no query string, URL or form body")
}

/// What stands behind the `?` of a URL, without its fragment; everything else as it is.
fn query(message: &[u8]) -> &[u8] {
    let is_url = message.starts_with(b"http://") || message.starts_with(b"https://");
    let rest = if is_url || message.first() == Some(&b'?') {
        message
            .iter()
            .position(|byte| *byte == b'?')
            .map_or(&[][..], |at| &message[at + 1..])
    } else {
        message
    };
    let end = if is_url {
        rest.iter().position(|byte| *byte == b'#')
    } else {
        None
    };
    &rest[..end.unwrap_or(rest.len())]
}

/// The character set that the message itself names; it is ASCII in either.
fn charset(query: &[u8]) -> Charset {
    query
        .split(|byte| *byte == b'&')
        .find_map(|field| field.strip_prefix(b"charset="))
        .and_then(|label| std::str::from_utf8(label).ok())
        .and_then(Charset::parse)
        .unwrap_or(Charset::Utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_once() {
        for message in [
            "a=1&b=%E4%B8%AD+x",
            "?a=1&b=%E4%B8%AD+x",
            "https://x.example/gateway.do?a=1&b=%E4%B8%AD%20x#top",
            " {\"a\":1,\"b\":\"中 x\"}",
        ] {
            let params = parameters(message.as_bytes()).expect(message);
            assert_eq!(params.get("a"), Some("1"), "{message}");
            assert_eq!(params.get("b"), Some("中 x"), "{message}");
        }
        let gbk = parameters(b"charset=GBK&subject=%D6%D0").expect("GBK");
        assert_eq!(gbk.get("subject"), Some("中"));
        assert!(parameters(b"a=%zz").is_err());
        assert!(parameters(b"subject=%D6%D0").is_err(), "not UTF-8");
    }
}
