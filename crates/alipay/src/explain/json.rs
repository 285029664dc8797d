//! The ways in which serialisers write the same JSON.

use serde_json::Value;

/// Keys in order at every level, as `sort_keys` and tree maps write them.
pub(super) fn write_sorted(json: &Value, text: &mut String) {
    match json {
        Value::Object(members) => {
            let mut members = members.iter().collect::<Vec<_>>();
            members.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (index, (name, value)) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write_sorted(value, text);
            }
            text.push('}');
        }
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_sorted(value, text);
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

/// A space behind each colon and comma, as Python writes by default.
pub(super) fn spaced(compact: &str) -> String {
    let mut text = String::with_capacity(compact.len() * 5 / 4);
    let (mut in_string, mut escaped) = (false, false);
    for character in compact.chars() {
        text.push(character);
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else if character == '"' {
            in_string = true;
        } else if matches!(character, ':' | ',') {
            text.push(' ');
        }
    }
    text
}

/// Everything that is not ASCII as `\uXXXX`, as Python and PHP write by default.
pub(super) fn ascii(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 2);
    for character in text.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                escaped.push_str(&format_unit(*unit));
            }
        }
    }
    escaped
}

fn format_unit(unit: u16) -> String {
    format!("\\u{unit:04x}")
}
