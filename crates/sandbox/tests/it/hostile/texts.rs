//! Texts that are no JSON or say two things, odd character sets, and characters that no number has.

use super::row::{FORM, Row, by, encoded, form_of, post, row};
use crate::support::{sign_params, signed, unsigned};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

const QUERY: &str = "alipay.trade.query";
const REFUND: &str = "alipay.trade.refund";
const PRECREATE: &str = "alipay.trade.precreate";
const INVALID: &str = "ACQ.INVALID_PARAMETER";

/// So many brackets within each other inside a good query.
pub(super) fn deep(depth: usize) -> String {
    let (open, shut) = ("[".repeat(depth), "]".repeat(depth));
    format!("{{\"out_trade_no\":\"H1\",\"x\":{open}{shut}}}")
}

fn json_texts() -> Vec<Row> {
    let texts = [
        ("deep JSON", QUERY, deep(50_000), "10000"),
        (
            "JSON that ends early",
            QUERY,
            "{\"out_trade_no\":".to_owned(),
            "isv.illegal-json",
        ),
        (
            "JSON and more",
            QUERY,
            "{\"out_trade_no\":\"H1\"}{}".to_owned(),
            "isv.illegal-json",
        ),
        (
            "a list",
            REFUND,
            "[{\"out_trade_no\":\"H1\"}]".to_owned(),
            "isv.illegal-json",
        ),
        (
            "no number of JSON's",
            REFUND,
            "{\"out_trade_no\":\"H1\",\"refund_amount\":NaN}".to_owned(),
            "isv.illegal-json",
        ),
        (
            "half a pair of surrogates",
            QUERY,
            "{\"out_trade_no\":\"\\ud800\"}".to_owned(),
            INVALID,
        ),
        (
            "a field twice",
            REFUND,
            "{\"out_trade_no\":\"H1\",\"refund_amount\":\"0.01\",\"refund_amount\":\"8.80\"}"
                .to_owned(),
            "isv.illegal-json",
        ),
        (
            "a field twice, once escaped",
            REFUND,
            "{\"out_trade_no\":\"H1\",\"refund_amount\":\"0.01\",\"refund_\\u0061mount\":\"8.80\"}"
                .to_owned(),
            "isv.illegal-json",
        ),
        (
            "an object for a number",
            QUERY,
            "{\"out_trade_no\":{\"$ne\":\"\"}}".to_owned(),
            INVALID,
        ),
        (
            "many digits",
            REFUND,
            format!(
                "{{\"out_trade_no\":\"H1\",\"refund_amount\":{}}}",
                "9".repeat(50_000)
            ),
            INVALID,
        ),
        (
            "an exponent",
            REFUND,
            "{\"out_trade_no\":\"H1\",\"refund_amount\":1e-2}".to_owned(),
            INVALID,
        ),
    ];
    let line = |(what, method, biz, code): (&str, &str, String, &str)| {
        row(what, form_of(&signed(0, method, &biz, &[])), 200, code)
    };
    texts.into_iter().map(line).collect()
}

fn doubled() -> Vec<Row> {
    let twice = "isv.invalid-parameter";
    let empty = || encoded(&signed(0, QUERY, "{}", &[]));
    let number = encoded(&signed(0, QUERY, "{\"out_trade_no\":\"H1\"}", &[]));
    let url = |query: &str, body: String| post(query, FORM, body);
    vec![
        row(
            "a name twice in the body",
            url("", format!("{}&method=x", empty())),
            200,
            twice,
        ),
        row(
            "the same twice in the body",
            url("", format!("{}&method={QUERY}", empty())),
            200,
            twice,
        ),
        row(
            "a name twice, once escaped",
            url("", format!("{}&metho%64={REFUND}", empty())),
            200,
            twice,
        ),
        row(
            "another value in the URL",
            url("&method=alipay.trade.refund", number.clone()),
            200,
            twice,
        ),
        row(
            "the charset twice in the URL",
            url("&charset=gbk", empty()),
            200,
            twice,
        ),
        row(
            "another content in the URL",
            url("&biz_content=%7B%7D", number),
            200,
            twice,
        ),
    ]
}

fn charsets() -> Vec<Row> {
    let with = |charset: &str, body: String| {
        let request = Request::post(format!("/gateway.do?charset={charset}"));
        request
            .header("content-type", FORM)
            .body(Body::from(body))
            .unwrap()
    };
    let mut order = signed(
        0,
        PRECREATE,
        &json!({"out_trade_no": "X4", "total_amount": "1.00", "subject": "高等"}).to_string(),
        &[],
    );
    let call = |order: &alipay::Params| {
        encoded(
            &order
                .iter()
                .filter(|(name, _)| *name != "charset")
                .collect(),
        )
    };
    let as_it_is = call(&order);
    order.set("sign", &"A".repeat(344));
    vec![
        row(
            "an unknown charset",
            with("utf-7", encoded(&signed(0, QUERY, "{}", &[]))),
            200,
            "isv.invalid-charset",
        ),
        row(
            "a charset of two bytes",
            with("utf-16", as_it_is.clone()),
            200,
            "isv.invalid-charset",
        ),
        row(
            "UTF-8 that is said to be GBK",
            with("gbk", as_it_is.clone()),
            200,
            "isv.invalid-signature",
        ),
        row(
            "a charset in the body alone",
            with("", encoded(&order)),
            200,
            "isv.invalid-parameter",
        ),
        row(
            "bytes that are no text",
            post("", FORM, "method=alipay.trade.query&app_id=%ff%fe"),
            200,
            "isv.invalid-signature",
        ),
        row(
            "a broken escape",
            post("", FORM, "method=alipay.trade.query&app_id=%zz"),
            200,
            "isv.invalid-parameter",
        ),
        row(
            "half a character",
            post("", FORM, "method=alipay.trade.query&app_id=%e9%ab"),
            200,
            "isv.invalid-signature",
        ),
    ]
}

fn controls() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, odd) in [
        ("zero", '\0'),
        ("bell", '\u{7}'),
        ("escape", '\u{1b}'),
        ("delete", '\u{7f}'),
        ("line", '\u{85}'),
    ] {
        let number = json!({"out_trade_no": format!("H1{odd}")});
        rows.push(row(
            &format!("a {name} in a number"),
            by(0, QUERY, &number),
            200,
            INVALID,
        ));
        let order =
            json!({"out_trade_no": "X5", "total_amount": "1.00", "subject": format!("a{odd}b")});
        rows.push(row(
            &format!("a {name} in a subject"),
            by(0, PRECREATE, &order),
            200,
            INVALID,
        ));
    }
    let line: Value = json!({"out_trade_no": "H1\r\nSet-Cookie: a=b"});
    rows.push(row("a line in a number", by(0, QUERY, &line), 200, INVALID));
    rows.push(row(
        "SQL",
        by(0, QUERY, &json!({"out_trade_no": "H1'--"})),
        200,
        "ACQ.TRADE_NOT_EXIST",
    ));
    for (name, value, code) in [
        ("app_id", "9021000000000001\0", "isv.invalid-app-id"),
        (
            "app_id",
            "9021000000000001' OR '1'='1",
            "isv.invalid-app-id",
        ),
        ("method", "alipay.trade.query\0", "isv.invalid-method"),
        ("method", "../alipay.trade.query", "isv.invalid-method"),
        (
            "timestamp",
            "2026-08-21 09:30:00\0",
            "isv.invalid-timestamp",
        ),
        ("timestamp", "2026-02-30 09:30:00", "isv.invalid-timestamp"),
        ("version", "1.0\0", "isv.invalid-parameter"),
        ("format", "JSON\0", "isv.invalid-format"),
        ("app_auth_token", "\0", "aop.invalid-app-auth-token"),
    ] {
        let mut params = unsigned(0, QUERY, "{\"out_trade_no\":\"H1\"}");
        params.set(name, value);
        rows.push(row(
            &format!("{name} is {value:?}"),
            form_of(&sign_params(params, 0)),
            200,
            code,
        ));
    }
    let order = json!({"out_trade_no": "X7", "total_amount": "1.00", "subject": "s"});
    for address in [
        "http://shop.example/\r\nx",
        "http://shop.example/\0",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ] {
        let more = [("notify_url", address)];
        let call = signed(0, PRECREATE, &order.to_string(), &more);
        let what = format!("notices for {address:?}");
        rows.push(row(&what, form_of(&call), 200, "isv.invalid-parameter"));
    }
    let mut serial = unsigned(0, QUERY, "{}");
    serial.set("app_cert_sn", "\0");
    serial.set("alipay_root_cert_sn", "\0");
    rows.push(row(
        "a zero byte in a serial number",
        form_of(&sign_params(serial, 0)),
        200,
        "isv.invalid-alipay-root-cert-sn",
    ));
    rows
}

pub(super) fn rows() -> Vec<Row> {
    [json_texts(), doubled(), charsets(), controls()]
        .into_iter()
        .flatten()
        .collect()
}
