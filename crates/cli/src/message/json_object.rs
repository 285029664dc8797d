//! A JSON object as a request's parameters: strings as they are, everything else dumped compactly
//! with its numbers and the order of its keys untouched.

use alipay::Params;
use anyhow::{Context as _, bail};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Nested deeper than any request.
const MAX_DEPTH: usize = 64;

/// The members of an object in their order, each value as it was written.
pub(crate) struct Members(pub(crate) Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Reads the object.
///
/// # Errors
/// When it is no JSON object, or a name stands twice in it.
pub(crate) fn parameters(text: &str) -> anyhow::Result<Params> {
    let members: Members = serde_json::from_str(text).context("the message is no JSON object")?;
    let mut params = Params::new();
    for (name, value) in members.0 {
        params.push(&name, &as_parameter(value.get())?)?;
    }
    Ok(params)
}

fn as_parameter(raw: &str) -> anyhow::Result<String> {
    match raw.as_bytes().first() {
        Some(b'"') => Ok(serde_json::from_str(raw)?),
        Some(b'n') => Ok(String::new()),
        _ => {
            let mut text = String::with_capacity(raw.len());
            dump(raw, &mut text, 0)?;
            Ok(text)
        }
    }
}

fn dump(raw: &str, out: &mut String, depth: usize) -> anyhow::Result<()> {
    if depth > MAX_DEPTH {
        bail!("the JSON is nested deeper than {MAX_DEPTH}");
    }
    match raw.as_bytes().first() {
        Some(b'{') => {
            let members: Members = serde_json::from_str(raw)?;
            out.push('{');
            for (index, (name, value)) in members.0.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&serde_json::to_string(name)?);
                out.push(':');
                dump(value.get(), out, depth + 1)?;
            }
            out.push('}');
        }
        Some(b'[') => {
            let items: Vec<Box<RawValue>> = serde_json::from_str(raw)?;
            out.push('[');
            for (index, value) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                dump(value.get(), out, depth + 1)?;
            }
            out.push(']');
        }
        Some(b'"') => {
            let text: String = serde_json::from_str(raw)?;
            out.push_str(&serde_json::to_string(&text)?);
        }
        _ => out.push_str(raw),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_dumped_compactly_and_numbers_stay_as_written() {
        let params = parameters(
            r#"{"app_id": "1", "n": 39.00, "t": true, "none": null, "biz_content": { "b" : "中 \u6587", "a": [ 1.10, {"x": "\"/"} ] }}"#,
        )
        .expect("an object");
        assert_eq!(params.get("n"), Some("39.00"));
        assert_eq!(params.get("t"), Some("true"));
        assert_eq!(params.get("none"), Some(""));
        assert_eq!(
            params.get("biz_content"),
            Some(r#"{"b":"中 文","a":[1.10,{"x":"\"/"}]}"#)
        );
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["[1]", "{", "{\"a\":1,\"a\":2}", "1", "{\"a\":1} x"] {
            assert!(parameters(text).is_err(), "{text}");
        }
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100), "]".repeat(100));
        assert!(parameters(&deep).is_err());
    }
}
