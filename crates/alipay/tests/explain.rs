//! The sign doctor against messages that were spoiled in every way it knows.

use alipay::{
    AlipayTime, App, Charset, Params,
    explain::{Cause, Explanation, Keys, Kind, explain},
    form,
    keys::{PrivateKey, PublicKey},
    requests::PagePay,
    response,
    sign::{self, SignType},
    testing::{paid_notice, signed_notice},
};
use money::Fen;
use serde_json::{Value, json};
use std::sync::LazyLock;

static APP: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("a key"));
static ALIPAY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("a key"));

fn keys() -> Keys<'static> {
    Keys {
        alipay: Some(ALIPAY.public_key()),
        app: Some(APP.public_key()),
    }
}

fn notice_params() -> Params {
    let mut fields = paid_notice(
        "2021000000000001",
        "2088000000000001",
        "20260821001",
        "88.80",
    );
    fields.set(
        "fund_bill_list",
        r#"[{"amount":"88.80","fundChannel":"ALIPAYACCOUNT"}]"#,
    );
    form::decode(&signed_notice(&ALIPAY, &fields), Charset::Utf8).expect("a form")
}

fn request_params(subject: &str) -> Params {
    let app = App::new(
        "2021000000000001",
        "https://openapi.alipay.com/gateway.do",
        APP.clone(),
        ALIPAY.public_key().clone(),
    );
    let pay = PagePay::new("20260821001", subject, Fen::new(8_880));
    let now = AlipayTime::parse("2026-08-21 09:30:00").expect("a time");
    let url = app
        .page_url(
            &pay,
            Some("https://shop.example/paid"),
            Some("https://pay.example/n"),
            now,
        )
        .expect("a link");
    let (_, query) = url.split_once('?').expect("a query");
    form::decode(query.as_bytes(), Charset::Utf8).expect("a query")
}

fn encoded(params: &Params) -> String {
    form::encode(params, Charset::Utf8).expect("UTF-8")
}

/// Signs `text` with the application's key and puts the signature into `params`.
fn signed_over(mut params: Params, text: &str, charset: Charset) -> String {
    let bytes = charset.encode(text).expect("the charset has it");
    let sign = sign::sign(&APP, SignType::Rsa2, &bytes).expect("signed");
    params.set("sign", &sign);
    encoded(&params)
}

fn changed(mut params: Params, name: &str, value: &str) -> String {
    params.set(name, value);
    encoded(&params)
}

#[track_caller]
fn finds(text: &str, expected: &Cause) -> Explanation {
    let found = explain(text, keys());
    assert_eq!(found.causes, std::slice::from_ref(expected), "{text}");
    assert!(!found.verifies && !found.fix().is_empty());
    found
}

#[test]
fn healthy_messages_verify() {
    let notice = explain(&encoded(&notice_params()), keys());
    assert!(notice.verifies && notice.causes.is_empty());
    assert_eq!(notice.kind, Some(Kind::Notice));
    let request = encoded(&request_params("课"));
    for text in [
        request.clone(),
        format!("https://openapi.alipay.com/gateway.do?{request}"),
    ] {
        let found = explain(&text, keys());
        assert!(found.verifies, "{:?}", found.causes);
        assert_eq!(found.kind, Some(Kind::Request));
    }
    let answer = explain(&answer(), keys());
    assert!(answer.verifies);
    assert_eq!(answer.kind, Some(Kind::Answer));
}

#[test]
fn the_tutorials_damaged_copy_has_both_of_its_ills_named() {
    let file: Value = serde_json::from_str(include_str!("data/tutorial.json")).expect("JSON");
    let key = PublicKey::parse(file["alipay_public_key"].as_str().expect("a key")).expect("a key");
    let keys = Keys {
        alipay: Some(&key),
        app: None,
    };
    let query = file["query"].as_str().expect("a query");
    let healthy = explain(query, keys);
    assert!(healthy.verifies && healthy.kind == Some(Kind::Return));
    let damaged = query
        .replace("charset=utf-8", "charset=utf8")
        .replace("&timestamp=", "×tamp=");
    let found = explain(&damaged, keys);
    assert!(!found.verifies);
    assert_eq!(found.causes, [Cause::HtmlDecoded, Cause::CharsetRenamed]);
    assert!(
        found
            .really_signed
            .expect("found")
            .contains("&timestamp=2022-06-09 11:50:44")
    );
}

#[test]
fn a_wrong_key_is_told_from_a_changed_text() {
    let stranger = PrivateKey::generate(2048).expect("a key");
    let notice = encoded(&notice_params());
    let with = |alipay: Option<&'static PrivateKey>, app: Option<&'static PrivateKey>| Keys {
        alipay: alipay.map(PrivateKey::public_key),
        app: app.map(PrivateKey::public_key),
    };
    let cause = |text: &str, keys: Keys<'_>| explain(text, keys).causes;
    assert_eq!(
        cause(&notice, with(Some(&APP), Some(&APP))),
        [Cause::AppKeyInsteadOfAlipays]
    );
    assert_eq!(
        cause(&notice, with(Some(&APP), Some(&ALIPAY))),
        [Cause::AppKeyInsteadOfAlipays]
    );
    let request = encoded(&request_params("课"));
    assert_eq!(
        cause(&request, with(Some(&ALIPAY), Some(&ALIPAY))),
        [Cause::AlipaysKeyInsteadOfApps]
    );
    let strange = Keys {
        alipay: Some(stranger.public_key()),
        app: None,
    };
    assert_eq!(cause(&notice, strange), [Cause::WrongKey]);
    assert_eq!(cause(&notice, with(None, Some(&APP))), [Cause::NoKey]);
    assert_eq!(cause(&notice, Keys::default()), [Cause::NoKey]);
    finds(
        &changed(notice_params(), "total_amount", "0.01"),
        &Cause::ContentChanged,
    );
}

#[test]
fn spoiled_signatures_are_named() {
    let params = notice_params();
    let sign = params.get("sign").expect("signed").to_owned();
    assert!(
        sign.contains('+') || sign.contains('/'),
        "a signature of 344 characters has both"
    );
    finds(&changed(params.clone(), "sign", ""), &Cause::NoSignature);
    finds(
        &changed(params.clone(), "sign", "%%%"),
        &Cause::SignatureNotBase64,
    );
    finds(
        &changed(params.clone(), "sign", &sign[..300]),
        &Cause::SignatureCutOff {
            bytes: 225,
            expected: 256,
        },
    );
    finds(
        &changed(params.clone(), "sign", &sign[..303]),
        &Cause::SignatureCutOff {
            bytes: 227,
            expected: 256,
        },
    );
    if sign.contains('+') {
        let spaced = sign.replace('+', " ");
        finds(
            &changed(params.clone(), "sign", &spaced),
            &Cause::PlusBecameSpace,
        );
    }
    let escaped = sign
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    finds(
        &changed(params, "sign", &escaped),
        &Cause::SignatureNotDecoded,
    );
}

#[test]
fn mistakes_in_joining_are_named() {
    let params = request_params("课");
    let without = |params: &Params, names: &[&str]| {
        let mut params = params.clone();
        for name in names {
            params.remove(name);
        }
        params
    };
    let no_type = sign::request_text(&without(&params, &["sign_type"]));
    finds(
        &signed_over(params.clone(), &no_type, Charset::Utf8),
        &Cause::SignTypeLeftOut,
    );

    let as_received = without(&params, &["sign"])
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    finds(
        &signed_over(params.clone(), &as_received, Charset::Utf8),
        &Cause::SortedOtherwise,
    );

    let mut sorted = without(&params, &["sign"]);
    let values = sorted
        .sorted()
        .map(|(name, value)| {
            (
                name.to_owned(),
                encoded(&Params::from([("x", value)]))[2..].to_owned(),
            )
        })
        .collect::<Vec<_>>();
    sorted = values.into_iter().collect();
    let text = sign::request_text(&sorted);
    finds(
        &signed_over(params.clone(), &text, Charset::Utf8),
        &Cause::ValuesEncoded,
    );

    let text = sign::request_text(&params);
    finds(
        &signed_over(params.clone(), &text, Charset::Gbk),
        &Cause::OtherCharset,
    );

    // The gateway takes empties kept as well as dropped.
    let mut empties = params;
    empties.set("body", "");
    let text = sign::request_text_keeping_empties(&empties);
    assert!(explain(&signed_over(empties, &text, Charset::Utf8), keys()).verifies);
}

#[test]
fn a_rewritten_biz_content_is_named() {
    let subject = "高数 A/B";
    for rewrite in [
        r#"{"out_trade_no": "20260821001", "product_code": "FAST_INSTANT_TRADE_PAY", "total_amount": "88.80", "subject": "高数 A/B"}"#,
        r#"{"out_trade_no":"20260821001","product_code":"FAST_INSTANT_TRADE_PAY","total_amount":"88.80","subject":"\u9ad8\u6570 A/B"}"#,
        r#"{"out_trade_no": "20260821001", "product_code": "FAST_INSTANT_TRADE_PAY", "total_amount": "88.80", "subject": "\u9ad8\u6570 A/B"}"#,
        r#"{"out_trade_no":"20260821001","product_code":"FAST_INSTANT_TRADE_PAY","subject":"高数 A/B","total_amount":"88.80"}"#,
        r#"{"out_trade_no":"20260821001","product_code":"FAST_INSTANT_TRADE_PAY","total_amount":"88.80","subject":"高数 A\/B"}"#,
    ] {
        // Signed in that form, sent in ours.
        let params = request_params(subject);
        let mut signed = params.clone();
        signed.set("biz_content", rewrite);
        let text = sign::request_text(&signed);
        let found = finds(
            &signed_over(params, &text, Charset::Utf8),
            &Cause::BizContentRewritten,
        );
        assert!(found.really_signed.expect("found").contains(rewrite));
    }
}

#[test]
fn what_frameworks_do_to_notices_is_named() {
    let params = notice_params();
    let form = encoded(&params);
    let extra = |names: &[&str]| {
        Cause::ExtraParameters(names.iter().map(|&name| name.to_owned()).collect())
    };
    finds(&format!("{form}&lang=zh"), &extra(&["lang"]));
    finds(&format!("{form}&lang=zh&shop=1"), &extra(&["lang", "shop"]));
    let fund = params
        .get("fund_bill_list")
        .expect("there")
        .replace('"', "&quot;");
    finds(
        &changed(params.clone(), "fund_bill_list", &fund),
        &Cause::HtmlEscaped,
    );
    finds(
        &changed(params.clone(), "subject", "Rust 入门  第 1 课"),
        &Cause::DecodedTwice(vec!["subject".to_owned()]),
    );
    let as_number = params.clone();
    finds(
        &changed(as_number, "total_amount", "88.8"),
        &Cause::AmountRetyped(vec!["total_amount".to_owned()]),
    );
    finds(
        &changed(params.clone(), "trade_no", " 2026082122001499160501589436 "),
        &Cause::WhiteSpace,
    );
    finds(
        &changed(params.clone(), "charset", "utf8"),
        &Cause::CharsetRenamed,
    );
    finds(&form.replace('&', "&amp;"), &Cause::HtmlEscaped);
    let mut undecoded = params.clone();
    for (name, value) in &params {
        if name != "sign" {
            undecoded.set(name, &encoded(&Params::from([("x", value)]))[2..]);
        }
    }
    finds(&encoded(&undecoded), &Cause::NotDecoded);
    // As a JSON object with numbers, as some frameworks log it.
    let object = params
        .iter()
        .map(|(name, value)| match name {
            "total_amount" => format!("\"{name}\": 88.8"),
            _ => format!("\"{name}\": {}", Value::from(value)),
        })
        .collect::<Vec<_>>();
    finds(
        &format!("{{{}}}", object.join(", ")),
        &Cause::AmountRetyped(vec!["total_amount".to_owned()]),
    );
}

#[test]
fn two_mistakes_at_once_are_both_named() {
    let mut params = notice_params();
    params.set("total_amount", "88.8");
    let found = explain(&format!("{}&lang=zh", encoded(&params)), keys());
    let names = found.causes.iter().map(Cause::as_str).collect::<Vec<_>>();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.contains(&"extra-parameters") && names.contains(&"amount-retyped"));
}

#[test]
fn a_digest_other_than_stated_is_named() {
    // Signed with SHA-256, but said to be `RSA`.
    let mut params = request_params("课");
    params.set("sign_type", "RSA");
    let text = sign::request_text(&params);
    finds(
        &signed_over(params, &text, Charset::Utf8),
        &Cause::SignTypeDiffers,
    );
}

fn answer() -> String {
    let node = json!({
        "code": "10000", "msg": "Success", "out_trade_no": "1",
        "qr_code": "https://qr.alipay.com/bax", "subject": "课",
    });
    let text = response::write_node(&node);
    let sign = sign::sign(&ALIPAY, SignType::Rsa2, text.as_bytes()).expect("signed");
    response::write_envelope("alipay_trade_precreate_response", &text, None, Some(&sign))
}

#[test]
fn rewritten_answers_are_named() {
    let good = answer();
    finds(&good.replace("\\/", "/"), &Cause::AnswerRewritten);
    let parsed: Value = serde_json::from_str(&good).expect("JSON");
    finds(
        &serde_json::to_string_pretty(&parsed).expect("JSON"),
        &Cause::AnswerRewritten,
    );
    finds(&good.replace("课", "\\u8bfe"), &Cause::AnswerRewritten);
    finds(&good.replace("\"1\"", "\"2\""), &Cause::ContentChanged);
    let unsigned = good.split(",\"sign\"").next().expect("the node").to_owned() + "}";
    finds(&unsigned, &Cause::NoSignature);
    let doubled = good.replacen('{', "{\"sign\":\"x\",", 1);
    let found = explain(&doubled, keys());
    assert_eq!(found.cause().map(Cause::as_str), Some("not-a-message"));
    assert!(
        found.fix().contains("`sign` is there twice"),
        "{}",
        found.fix()
    );
    let both = good.replacen('{', "{\"error_response\":{},", 1);
    let found = explain(&both, keys());
    assert_eq!(found.cause().map(Cause::as_str), Some("malformed-answer"));
}

#[test]
fn what_is_no_message_is_named() {
    for text in ["", "hello", "{", "a=%4"] {
        let found = explain(text, keys());
        assert_eq!(
            found.cause().map(Cause::as_str),
            Some("not-a-message"),
            "{text}"
        );
        assert!(found.kind.is_none() && found.signed_text.is_none());
    }
}
