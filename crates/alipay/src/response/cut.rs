//! Cutting the node out of an answer, strictly.

use super::strict::{self, parse_strict};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

/// The deepest nesting that is read in an answer. Alipay's own answers have three levels.
pub const MAX_DEPTH: usize = strict::MAX_DEPTH;

/// The node of an answer, as it was sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Node<'a> {
    /// The name under which it stood: the method's own, or `error_response`. Not signed.
    pub name: &'a str,
    /// Its text from `{` to the matching `}` (or with its quotes, when the content is encrypted):
    /// exactly what the signature covers.
    pub raw: &'a str,
    /// The signature in base64. Errors that the gateway raises before it knows the caller have
    /// none; an empty one counts as none.
    pub sign: Option<&'a str>,
    /// The serial number of the certificate that signed it, in certificate mode. Not signed.
    pub cert_sn: Option<&'a str>,
}

/// Why an answer cannot be cut.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CutError {
    /// The bytes are not UTF-8; decode them first when the answer came in GBK.
    #[error("the answer is not UTF-8")]
    NotUtf8,
    /// No JSON object, or something stands behind it.
    #[error("the answer is no JSON object")]
    NotJson,
    /// A name stands twice. Which of the two was verified and which is read could differ, which
    /// has been used to forge answers.
    #[error("the answer has `{0}` twice")]
    Twice(String),
    /// Neither the method's node nor `error_response` is there.
    #[error("the answer has neither `{0}` nor `error_response`")]
    NoNode(String),
    /// Both are there.
    #[error("the answer has both a node and `error_response`")]
    TwoNodes,
    /// `sign` or `alipay_cert_sn` is no plain string.
    #[error("`{0}` of the answer is no plain string")]
    NotPlain(&'static str),
    /// The node is no object, nests too deeply, or has a name twice.
    #[error("the node of the answer is malformed")]
    BadNode,
}

/// Cuts the node of that name (or `error_response`) out of an answer.
///
/// ```
/// use alipay::response::cut;
///
/// let body = br#"{"alipay_trade_query_response":{"code":"10000","msg":"Success"},"sign":"c2ln"}"#;
/// let node = cut(body, "alipay_trade_query_response")?;
/// assert_eq!(node.raw, r#"{"code":"10000","msg":"Success"}"#);
/// assert_eq!(node.sign, Some("c2ln"));
/// # Ok::<(), alipay::response::CutError>(())
/// ```
///
/// # Errors
/// When the answer is not exactly one JSON object with one such node, each name once at every
/// level and nothing behind it.
pub fn cut<'a>(body: &'a [u8], node_name: &str) -> Result<Node<'a>, CutError> {
    let text = std::str::from_utf8(body).map_err(|_| CutError::NotUtf8)?;
    // RawValue keeps text as it stands; a byte order mark or white space around is no problem.
    let text = text.trim_start_matches('\u{feff}');
    let members = members(text)?;
    let find = |name: &str| {
        members
            .iter()
            .find(|(member, _)| member == name)
            .map(|(_, raw)| raw.get())
    };
    let (name, raw) = match (find(node_name), find(ERROR_NODE)) {
        (Some(_), Some(_)) if node_name != ERROR_NODE => return Err(CutError::TwoNodes),
        (Some(raw), _) => (node_name, raw),
        (None, Some(raw)) => (ERROR_NODE, raw),
        (None, None) => return Err(CutError::NoNode(node_name.to_owned())),
    };
    // The name as it stands in the answer, so that the node borrows from nothing else.
    let name = members
        .iter()
        .find_map(|(member, _)| match member {
            Cow::Borrowed(member) if *member == name => Some(*member),
            _ => None,
        })
        .ok_or(CutError::NotPlain("the node's name"))?;
    if !raw.starts_with('"') {
        parse_strict(raw).ok_or(CutError::BadNode)?;
    }
    Ok(Node {
        name,
        raw,
        sign: plain(find("sign"), "sign")?.filter(|sign| !sign.is_empty()),
        cert_sn: plain(find("alipay_cert_sn"), "alipay_cert_sn")?,
    })
}

/// The text between the quotes, when nothing in it is escaped but the slash of base64.
fn plain<'a>(raw: Option<&'a str>, name: &'static str) -> Result<Option<&'a str>, CutError> {
    let Some(raw) = raw else { return Ok(None) };
    if raw == "null" {
        return Ok(None);
    }
    raw.strip_prefix('"')
        .and_then(|raw| raw.strip_suffix('"'))
        .filter(|text| !text.contains('\\'))
        .map(Some)
        .ok_or(CutError::NotPlain(name))
}

/// The members of an object in order, each with its text as it stands.
pub(crate) fn members(text: &str) -> Result<Vec<(Cow<'_, str>, &RawValue)>, CutError> {
    match serde_json::from_str::<Members<'_>>(text) {
        Ok(members) => match members.twice {
            Some(name) => Err(CutError::Twice(name)),
            None => Ok(members.list),
        },
        Err(_) => Err(CutError::NotJson),
    }
}

/// The members of an object, in order, with the text of each value.
struct Members<'a> {
    list: Vec<(Cow<'a, str>, &'a RawValue)>,
    twice: Option<String>,
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut list: Vec<(Cow<'de, str>, &'de RawValue)> = Vec::with_capacity(4);
                let mut twice = None;
                while let Some(Name(name)) = map.next_key()? {
                    let value = map.next_value()?;
                    if list.len() == MAX_MEMBERS {
                        return Err(A::Error::custom("too many members"));
                    }
                    if list.iter().any(|(member, _)| *member == name) {
                        twice = Some(name.into_owned());
                    } else {
                        list.push((name, value));
                    }
                }
                Ok(Members { list, twice })
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// A member's name, borrowed unless something in it is escaped.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

const ERROR_NODE: &str = "error_response";
/// An answer has three; parameters that somebody pasted as an object may be some dozens.
const MAX_MEMBERS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAME: &str = "alipay_trade_query_response";

    fn of(text: &str) -> Result<Node<'_>, CutError> {
        cut(text.as_bytes(), NAME)
    }

    #[test]
    fn keeps_the_text_of_the_node() {
        let text = r#"{"alipay_trade_query_response": {"a":"{\"}\\", "b":["\/"]} ,"alipay_cert_sn":"ab","sign":"x+/="}"#;
        let node = of(text).expect("a node");
        assert_eq!(node.raw, r#"{"a":"{\"}\\", "b":["\/"]}"#);
        assert_eq!((node.sign, node.cert_sn), (Some("x+/="), Some("ab")));
        let error = of(r#"{"error_response":{"code":"40002"},"sign":""}"#).expect("a node");
        assert_eq!((error.name, error.sign), ("error_response", None));
        let encrypted =
            of(r#"{"alipay_trade_query_response":"c2VjcmV0","sign":"x"}"#).expect("a node");
        assert_eq!(encrypted.raw, "\"c2VjcmV0\"");
    }

    #[test]
    fn refuses_every_ambiguity() {
        let twice = |name: &str| Err(CutError::Twice(name.to_owned()));
        assert_eq!(
            of(
                r#"{"alipay_trade_query_response":{"code":"1"},"sign":"x","alipay_trade_query_response":{"code":"2"}}"#
            ),
            twice(NAME)
        );
        // The second name is the first one, written with an escape.
        assert_eq!(
            of(
                r#"{"alipay_trade_query_response":{"code":"1"},"\u0061lipay_trade_query_response":{"code":"2"},"sign":"x"}"#
            ),
            twice(NAME)
        );
        assert_eq!(
            of(r#"{"sign":"x","sign":"y","error_response":{}}"#),
            twice("sign")
        );
        assert_eq!(
            of(r#"{"alipay_trade_query_response":{},"error_response":{}}"#),
            Err(CutError::TwoNodes)
        );
        assert_eq!(
            of(r#"{"sign":"x"}"#),
            Err(CutError::NoNode(NAME.to_owned()))
        );
        assert_eq!(
            of(r#"{"alipay_trade_query_response":{"a":1,"a":2}}"#),
            Err(CutError::BadNode)
        );
        assert_eq!(
            of(r#"{"alipay_trade_query_response":[1]}"#),
            Err(CutError::BadNode)
        );
        assert_eq!(
            of(r#"{"alipay_trade_query_response":{},"sign":7}"#),
            Err(CutError::NotPlain("sign"))
        );
        for text in ["", "null", "[]", "{", r#"{"sign":"x"} x"#, "<html>"] {
            assert_eq!(of(text), Err(CutError::NotJson), "{text}");
        }
        assert_eq!(cut(b"{\"a\":\"\xb8\"}", NAME), Err(CutError::NotUtf8));
        let deep = format!(
            "{{\"{NAME}\":{}{}}}",
            "{\"a\":".repeat(MAX_DEPTH + 1),
            "1".to_owned() + &"}".repeat(MAX_DEPTH + 1)
        );
        assert_eq!(of(&deep), Err(CutError::BadNode));
    }

    proptest! {
        #[test]
        fn any_text_is_cut_or_refused(text in ".{0,200}") {
            let _ = of(&text);
        }
    }
}
