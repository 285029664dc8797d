//! JSON without what is not given.

/// The text of some JSON without the members of objects that say nothing: nulls, empty lists, and
/// objects that are empty then. `json` is compact and well formed, as `serde_json` writes it.
pub(super) fn pruned(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    value(json, &mut text);
    text
}

/// Appends the value that `rest` begins with, pruned, and returns what follows it.
fn value<'a>(rest: &'a str, into: &mut String) -> &'a str {
    match rest.as_bytes().first() {
        Some(b'{') => object(rest, into),
        Some(b'[') => list(rest, into),
        Some(b'"') => copy(rest, string_end(rest), into),
        _ => {
            let end = rest.find([',', ']', '}']).unwrap_or(rest.len());
            copy(rest, end, into)
        }
    }
}

fn object<'a>(rest: &'a str, into: &mut String) -> &'a str {
    into.push('{');
    let empty = into.len();
    let mut rest = rest.get(1..).unwrap_or_default();
    while rest.starts_with('"') {
        let before = into.len();
        if before > empty {
            into.push(',');
        }
        rest = copy(rest, string_end(rest), into);
        rest = copy(rest, 1, into);
        let member = into.len();
        rest = value(rest, into);
        if matches!(into.get(member..), Some("null" | "[]" | "{}")) {
            into.truncate(before);
        }
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
    into.push('}');
    rest.get(1..).unwrap_or_default()
}

fn list<'a>(rest: &'a str, into: &mut String) -> &'a str {
    into.push('[');
    let empty = into.len();
    let mut rest = rest.get(1..).unwrap_or_default();
    while !rest.is_empty() && !rest.starts_with(']') {
        if into.len() > empty {
            into.push(',');
        }
        rest = value(rest, into);
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
    into.push(']');
    rest.get(1..).unwrap_or_default()
}

/// Appends the first `length` bytes of `rest` and returns the others.
fn copy<'a>(rest: &'a str, length: usize, into: &mut String) -> &'a str {
    let (piece, rest) = rest.split_at_checked(length).unwrap_or((rest, ""));
    into.push_str(piece);
    rest
}

/// Where the string that `rest` begins with ends, its quote included.
fn string_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|tail| memchr::memchr2(b'"', b'\\', tail))
    {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn what_is_not_given_is_not_there() {
        let text = r#"{"a":null,"b":"x,\"}]\\","c":[],"d":{"e":null,"f":[{"g":null,"h":-1}]},"i":{"j":{}},"k":[[],null,{}],"l":true}"#;
        assert_eq!(
            pruned(text),
            r#"{"b":"x,\"}]\\","d":{"f":[{"h":-1}]},"k":[[],null,{}],"l":true}"#
        );
        assert_eq!(pruned("{}"), "{}");
        assert_eq!(pruned(r#"{"a":null}"#), "{}");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map(".{0,6}", inner, 0..5)
                    .prop_map(|map| map.into_iter().collect::<Value>()),
            ]
        })
    }

    /// The same over values.
    fn slowly(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.values_mut().for_each(slowly);
                members.retain(|_, member| {
                    *member != Value::Null && *member != json!([]) && *member != json!({})
                });
            }
            Value::Array(values) => values.iter_mut().for_each(slowly),
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn the_text_is_pruned_as_the_values_would_be(json in any_json()) {
            let text = pruned(&json.to_string());
            let mut json = json;
            slowly(&mut json);
            prop_assert_eq!(text, json.to_string());
        }
    }
}
