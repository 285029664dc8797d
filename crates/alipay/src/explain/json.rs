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

/// A line for each member, its level before it, as pretty-printers write. Empty objects and lists
/// stay on their line.
pub(super) fn over_lines(compact: &str, level: &str) -> String {
    let mut text = String::with_capacity(compact.len() * 2);
    let (mut in_string, mut escaped, mut depth) = (false, false, 0_usize);
    let mut characters = compact.chars().peekable();
    while let Some(character) = characters.next() {
        if in_string {
            text.push(character);
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
            continue;
        }
        match character {
            '{' | '[' => {
                text.push(character);
                if let Some(closing) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    text.push(closing);
                } else {
                    depth += 1;
                    new_line(&mut text, level, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut text, level, depth);
                text.push(character);
            }
            ',' => {
                text.push(',');
                new_line(&mut text, level, depth);
            }
            ':' => text.push_str(": "),
            other => {
                in_string = other == '"';
                text.push(other);
            }
        }
    }
    text
}

fn new_line(text: &mut String, level: &str, depth: usize) {
    text.push('\n');
    for _ in 0..depth.min(crate::response::MAX_DEPTH) {
        text.push_str(level);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_are_those_of_serialisers() {
        let value = json!({"a": {"b": [1, {}, [], "x,:{}\"\\"]}, "c": "课"});
        let pretty = serde_json::to_string_pretty(&value).expect("JSON");
        assert_eq!(over_lines(&value.to_string(), "  "), pretty);
    }
}
