//! Whatever answers in the gateway's place.

use super::doctor::ALIPAY;
use alipay::{
    App, Charset, Outcome, judge,
    keys::PrivateKey,
    response::{MAX_DEPTH, cut, parse_strict, write_node},
    testing::{answer, signed_answer, signed_v3_answer},
    v3,
};
use serde_json::{Value, json};
use std::sync::LazyLock;

const METHOD: &str = "alipay.trade.query";
const NAME: &str = "alipay_trade_query_response";

static APP: LazyLock<App> = LazyLock::new(|| {
    let own = PrivateKey::generate(2048).expect("a key");
    let url = "https://openapi.alipay.com/gateway.do";
    App::new("2021000000000001", url, own, ALIPAY.public_key().clone())
});

/// The node in a genuine answer.
static GENUINE: LazyLock<String> = LazyLock::new(|| write_node(&trade()));

/// A node is cut out as it stands, is not deeper than allowed, has no name twice and is written and
/// read alike; nothing is done that nobody signed.
pub(crate) fn run(data: &[u8]) {
    if let Ok(node) = cut(data, NAME) {
        let text = std::str::from_utf8(data).expect("it was cut");
        assert!(text.contains(node.raw));
        assert!(node.name == NAME || node.name == "error_response");
        if !node.raw.starts_with('"') {
            let fields = parse_strict(node.raw).expect("a node is an object");
            assert!(depth(&Value::Object(fields.clone())) <= MAX_DEPTH);
            let written = write_node(&Value::Object(fields.clone()));
            assert_eq!(parse_strict(&written), Some(fields));
        }
    }
    let mut response = answer("");
    response.body = data.to_vec();
    if let Outcome::Done(node) = judge(&APP, METHOD, &[], &response) {
        assert_eq!(node.raw, *GENUINE, "an unsigned answer is believed");
    }
    for charset in [Charset::Utf8, Charset::Gbk] {
        let _ = charset.decode(data);
    }
    let mut rest = signed_v3_answer(&ALIPAY, 200, &trade(), 1_787_275_800_000);
    let genuine = rest.body.clone();
    rest.body = data.to_vec();
    if let Outcome::Done(node) = v3::judge(&APP, &[], &rest) {
        assert_eq!(node.raw.as_bytes(), genuine, "an unsigned body is believed");
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn trade() -> Value {
    json!({
        "code": "10000", "msg": "Success", "trade_no": "2026", "subject": "Rust 入门/1 \"",
        "fund_bill_list": [{"fund_channel": "ALIPAYACCOUNT", "amount": "88.80"}],
    })
}

/// Answers with and without signature, encrypted, doubled, deep.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let deep = format!("{{\"{NAME}\":{}1{}}}", "{\"a\":".repeat(17), "}".repeat(17));
    vec![
        signed_answer(&ALIPAY, METHOD, &trade()).body,
        br#"{"error_response":{"code":"40002","msg":"Invalid Arguments"}}"#.to_vec(),
        br#"{"alipay_trade_query_response":"c2VjcmV0","alipay_cert_sn":"ab","sign":"x"}"#.to_vec(),
        br#"{"alipay_trade_query_response":{"a":1,"a":2},"sign":"x","sign":"y"}"#.to_vec(),
        deep.into_bytes(),
        trade().to_string().into_bytes(),
        b"<html>502</html>".to_vec(),
    ]
}
