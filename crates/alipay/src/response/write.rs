//! Writing an answer as the gateway does, for whoever plays the gateway.

use serde_json::{Map, Value};

/// The name of a method's node: `alipay.trade.query` → `alipay_trade_query_response`.
#[must_use]
pub fn node_name(method: &str) -> String {
    let mut name = method.replace('.', "_");
    name.push_str("_response");
    name
}

/// The text of a node in the one form that Alipay emits and every SDK can cut: compact, `code` and
/// `msg` first, the rest sorted (nested objects too), `/` as `\/`, other characters raw.
///
/// ```
/// use alipay::response::write_node;
/// use serde_json::json;
///
/// let node = json!({"qr_code": "https://qr.alipay.com/bax", "msg": "Success", "code": "10000"});
/// assert_eq!(
///     write_node(&node),
///     r#"{"code":"10000","msg":"Success","qr_code":"https:\/\/qr.alipay.com\/bax"}"#
/// );
/// ```
#[must_use]
pub fn write_node(node: &Value) -> String {
    let mut text = String::with_capacity(512);
    value(node, &mut text);
    text
}

/// The whole answer: node, serial number of the certificate (in certificate mode) and signature,
/// in the order by which some SDKs cut it, without white space.
#[must_use]
pub fn write_envelope(
    node_name: &str,
    node: &str,
    cert_sn: Option<&str>,
    sign: Option<&str>,
) -> String {
    let mut text = String::with_capacity(node.len() + 512);
    text.push('{');
    string(node_name, &mut text);
    text.push(':');
    text.push_str(node);
    for (name, value) in [("alipay_cert_sn", cert_sn), ("sign", sign)] {
        if let Some(value) = value {
            text.push_str(",\"");
            text.push_str(name);
            text.push_str("\":\"");
            // Base64 and hexadecimal need no escape, and Alipay leaves the slash here as it is.
            text.push_str(value);
            text.push('"');
        }
    }
    text.push('}');
    text
}

fn value(json: &Value, text: &mut String) {
    match json {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(content) => string(content, text),
        Value::Array(values) => {
            text.push('[');
            for (index, item) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                value(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => object(members, text),
    }
}

fn object(members: &Map<String, Value>, text: &mut String) {
    let mut sorted = members.iter().collect::<Vec<_>>();
    let rank = |name: &str| match name {
        "code" => 0,
        "msg" => 1,
        _ => 2,
    };
    sorted.sort_by(|(left, _), (right, _)| {
        (rank(left), left.as_str()).cmp(&(rank(right), right.as_str()))
    });
    text.push('{');
    for (index, (name, member)) in sorted.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        string(name, text);
        text.push(':');
        value(member, text);
    }
    text.push('}');
}

fn string(content: &str, text: &mut String) {
    text.push('"');
    for character in content.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '/' => text.push_str("\\/"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            control if u32::from(control) < 0x20 => {
                text.push_str("\\u");
                for digit in [12, 8, 4, 0].map(|shift| (u32::from(control) >> shift) & 0xf) {
                    text.extend(char::from_digit(digit, 16));
                }
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn writes_the_form_that_alipay_emits() {
        let node = json!({
            "trade_no": "2023", "code": "10000", "buyer_logon_id": "ifv***@sandbox.com",
            "msg": "Success", "subject": "高等数学 \"上\"\\\n\u{1}",
            "fund_bill_list": [{"fund_channel": "ALIPAYACCOUNT", "amount": "0.01"}],
        });
        assert_eq!(
            write_node(&node),
            r#"{"code":"10000","msg":"Success","buyer_logon_id":"ifv***@sandbox.com","fund_bill_list":[{"amount":"0.01","fund_channel":"ALIPAYACCOUNT"}],"subject":"高等数学 \"上\"\\\n\u0001","trade_no":"2023"}"#
        );
        assert_eq!(
            write_envelope("a_response", "{}", Some("ab"), Some("x/+=")),
            r#"{"a_response":{},"alipay_cert_sn":"ab","sign":"x/+="}"#
        );
        assert_eq!(
            write_envelope("a_response", "{}", None, None),
            r#"{"a_response":{}}"#
        );
        assert_eq!(
            node_name("alipay.trade.query"),
            "alipay_trade_query_response"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_cut_and_read(
            fields in proptest::collection::btree_map(".{1,12}", ".{0,40}", 0..10),
        ) {
            let node = Value::Object(fields.into_iter().map(|(k, v)| (k, v.into())).collect());
            let text = write_node(&node);
            let body = write_envelope("x_response", &text, None, Some("c2ln"));
            let cut = crate::response::cut(body.as_bytes(), "x_response").expect("a node");
            prop_assert_eq!(cut.raw, &text);
            prop_assert_eq!(Value::Object(crate::response::parse_strict(cut.raw).expect("JSON")), node);
        }
    }
}
