//! Messages that are well: made here, and genuine ones of Alipay's.

#[cfg(test)]
#[path = "../vectors/mod.rs"]
mod vectors;

use crate::made::{
    ALIPAY, answer, answer_of, as_object, encoded, notice, notice_fields, request, returned,
};
use crate::spoiled::{signed_by_alipay, signed_by_app};
use alipay::explain::Kind;
use alipay::keys::PublicKey;
use alipay::testing::signed_notice;
use alipay::{Charset, Params, sign};
use serde_json::{Value, json};

pub(crate) fn messages() -> Vec<(&'static str, String, Kind)> {
    let link =
        |params: &Params| format!("https://openapi.alipay.com/gateway.do?{}", encoded(params));
    let request = request("课 A&B=1 + 100% 🎓");
    let quoted = |_: &str, value: &str| Value::from(value).to_string();
    let mut empties = request.clone();
    empties.set("body", "");
    let kept = sign::request_text_keeping_empties(&empties);
    let mut older = notice_fields();
    older.set("notify_type", "servicemarket_order_notify");
    let with_type = sign::request_text(&older);
    let mut gbk = notice_fields();
    gbk.set("charset", "GBK");
    // An answer in GBK was decoded before it was pasted.
    let gbk = signed_notice(&ALIPAY, &gbk);
    let gbk = encoded(&alipay::form::decode(&gbk, Charset::Gbk).expect("a form"));
    let (a, r, n) = (Kind::Answer, Kind::Request, Kind::Notice);
    let refused = json!({
        "code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST",
        "sub_msg": "交易不存在",
    });
    let pretty = format!("\u{feff}\n {} \r\n", answer());
    vec![
        ("a notice's body", encoded(&notice()), n),
        ("a notice as an object", as_object(&notice(), quoted), n),
        (
            "a notice that keeps its type",
            signed_by_alipay(older, &with_type),
            n,
        ),
        ("a notice in GBK, decoded", gbk, n),
        (
            "a return's address",
            format!("https://shop.example/paid?{}", encoded(&returned())),
            Kind::Return,
        ),
        ("a return's query", encoded(&returned()), Kind::Return),
        (
            "a return with a fragment",
            format!("https://shop.example/paid?{}#top", encoded(&returned())),
            Kind::Return,
        ),
        ("a request's query", encoded(&request), r),
        ("a request's link", link(&request), r),
        ("a request in quotes", format!("\"{}\"", link(&request)), r),
        ("a request as an object", as_object(&request, quoted), r),
        (
            "a request with an empty left out",
            encoded(&{
                let mut params = request.clone();
                params.set("body", "");
                params
            }),
            r,
        ),
        (
            "a request with an empty kept",
            signed_by_app(empties, &kept, Charset::Utf8),
            r,
        ),
        ("an answer", answer(), a),
        ("an answer with a line's end", pretty, a),
        ("a refusal", answer_of(&refused), a),
        (
            "an answer with an object",
            answer_of(&json!({"code": "10000", "list": [{"a": "1"}, {}]})),
            a,
        ),
    ]
}

/// The genuine messages, each with the key that signed it.
pub(crate) fn genuine() -> Vec<(PublicKey, String)> {
    let Some(folder) = vectors::vectors() else {
        return Vec::new();
    };
    let text = std::fs::read_to_string(folder.join("genuine.json")).expect("genuine.json");
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let key = PublicKey::parse(file["alipay_public_key"].as_str().expect("a key"));
    let key = key.expect("Alipay's key");
    let messages = file["messages"].as_array().expect("messages");
    let text = |message: &Value| {
        if let Some(fields) = message["fields"].as_object() {
            let pairs = fields.iter();
            let pairs = pairs.map(|(name, value)| (name, value.as_str().expect("text")));
            return encoded(&pairs.collect());
        }
        let text = message["body"].as_str().or(message["query"].as_str());
        text.expect("a message").to_owned()
    };
    let found: Vec<_> = messages
        .iter()
        .map(|message| (key.clone(), text(message)))
        .collect();
    assert!(found.len() >= 10, "the vectors have shrunk");
    found
}
