//! A hostile pass over the gateway: what nobody should send, the code it is answered with, and
//! nothing moved.

use crate::rest::Rest;
use crate::support::{Bench, NOTIFY, Reply, page_link, sign_params, signed, unsigned};
use crate::through::{change, order};
use alipay::{Charset, Params, form};
use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use store::Db;

const QUERY: &str = "alipay.trade.query";
const REFUND: &str = "alipay.trade.refund";
const CLOSE: &str = "alipay.trade.close";
const PRECREATE: &str = "alipay.trade.precreate";
const FORM: &str = "application/x-www-form-urlencoded";

/// The sub_code of an answer, or the code of one over v3; its status where it has neither.
fn code_of(reply: &Reply) -> String {
    let text = reply.text();
    let Ok(body) = serde_json::from_str::<Value>(&text) else {
        return reply.status.as_u16().to_string();
    };
    let nodes = body.as_object().unwrap();
    let node = nodes.iter().find(|(name, _)| name.ends_with("_response"));
    let code = node.map_or(&body, |(_, node)| node);
    let found = code["sub_code"].as_str().or_else(|| code["code"].as_str());
    found.map_or_else(|| reply.status.as_u16().to_string(), str::to_owned)
}

fn post(query: &str, content_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(format!("/gateway.do?charset=utf-8{query}"))
        .header("content-type", content_type)
        .body(body.into())
        .unwrap()
}

fn encoded(params: &Params) -> String {
    form::encode(params, Charset::Utf8).unwrap()
}

/// A signed call, changed after signing.
fn changed(method: &str, biz: &Value, name: &str, value: &str) -> Params {
    let mut params = signed(0, method, &biz.to_string(), &[]);
    params.set(name, value);
    params
}

/// What is sent to `/gateway.do`, and the code that it gets.
fn calls(trade_no: &str) -> Vec<(&'static str, Request<Body>, &'static str)> {
    let number = json!({"out_trade_no": "H1"});
    let refund = json!({"out_trade_no": "H1", "refund_amount": "5.00", "out_request_no": "R1"});
    let form_of = |params: &Params| post("", FORM, encoded(params));
    let multi = |body: String| post("", "multipart/form-data; boundary=b", body);
    let deep = format!(
        "{{\"out_trade_no\":\"H1\",\"x\":{}{}}}",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let by = |index: usize, method: &str, biz: &Value| {
        form_of(&signed(index, method, &biz.to_string(), &[]))
    };
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    vec![
        ("nothing at all", post("", FORM, ""), "isv.missing-method"),
        (
            "no signature",
            form_of(&unsigned(0, REFUND, &refund.to_string())),
            "isv.missing-signature",
        ),
        (
            "an empty signature",
            form_of(&changed(REFUND, &refund, "sign", "")),
            "isv.missing-signature",
        ),
        (
            "no base64",
            form_of(&changed(REFUND, &refund, "sign", "!!")),
            "isv.invalid-signature",
        ),
        (
            "zeros",
            form_of(&changed(REFUND, &refund, "sign", &"A".repeat(344))),
            "isv.invalid-signature",
        ),
        (
            "a long signature",
            form_of(&changed(REFUND, &refund, "sign", &"A".repeat(100_000))),
            "isv.invalid-signature",
        ),
        (
            "a changed amount",
            form_of(&changed(
                REFUND,
                &refund,
                "biz_content",
                &refund.to_string().replace("5.00", "8.80"),
            )),
            "isv.invalid-signature",
        ),
        (
            "another method",
            form_of(&changed(QUERY, &number, "method", REFUND)),
            "isv.invalid-signature",
        ),
        (
            "another application's name",
            form_of(&changed(REFUND, &refund, "app_id", "9021000000000002")),
            "isv.invalid-signature",
        ),
        (
            "a parameter added",
            form_of(&changed(REFUND, &refund, "notify_url", NOTIFY)),
            "isv.invalid-signature",
        ),
        (
            "another application's trade",
            by(1, REFUND, &refund),
            "ACQ.TRADE_NOT_EXIST",
        ),
        (
            "the same by Alipay's number",
            by(
                1,
                REFUND,
                &json!({"trade_no": trade_no, "refund_amount": "5.00"}),
            ),
            "ACQ.TRADE_NOT_EXIST",
        ),
        ("looked for", by(1, QUERY, &number), "ACQ.TRADE_NOT_EXIST"),
        (
            "closed",
            by(1, CLOSE, &json!({"trade_no": trade_no})),
            "ACQ.TRADE_NOT_EXIST",
        ),
        (
            "as another seller",
            by(
                0,
                PRECREATE,
                &json!({"out_trade_no": "H2", "total_amount": "1.00", "subject": "s", "seller_id": "2088721000000002"}),
            ),
            "ACQ.INVALID_RECEIVE_ACCOUNT",
        ),
        (
            "SQL",
            by(0, QUERY, &json!({"out_trade_no": "H1'--"})),
            "ACQ.TRADE_NOT_EXIST",
        ),
        (
            "a zero byte in a number",
            by(0, QUERY, &json!({"out_trade_no": "H1\u{0}"})),
            "ACQ.INVALID_PARAMETER",
        ),
        (
            "a zero byte in an application's number",
            form_of(&changed(QUERY, &number, "app_id", "9021000000000001\u{0}")),
            "isv.invalid-app-id",
        ),
        (
            "a zero byte in a serial number",
            form_of(&sign_params(
                {
                    let mut p = unsigned(0, QUERY, "{}");
                    p.set("app_cert_sn", "\u{0}");
                    p.set("alipay_root_cert_sn", "\u{0}");
                    p
                },
                0,
            )),
            "isv.app-cert-not-exist",
        ),
        (
            "a zero byte in a token",
            form_of(&signed(0, QUERY, "{}", &[("app_auth_token", "\u{0}")])),
            "aop.invalid-app-auth-token",
        ),
        (
            "a zero byte in the method",
            form_of(&changed(
                QUERY,
                &number,
                "method",
                "alipay.trade.query\u{0}",
            )),
            "isv.invalid-method",
        ),
        ("deep JSON", form_of(&signed(0, QUERY, &deep, &[])), "10000"),
        (
            "JSON that ends early",
            form_of(&signed(0, QUERY, "{\"out_trade_no\":", &[])),
            "isv.illegal-json",
        ),
        (
            "a field twice",
            form_of(&signed(
                0,
                REFUND,
                "{\"out_trade_no\":\"H1\",\"refund_amount\":\"0.01\",\"refund_amount\":\"8.80\"}",
                &[],
            )),
            "isv.illegal-json",
        ),
        (
            "a name twice in the body",
            post(
                "",
                FORM,
                format!("{}&method=x", encoded(&signed(0, QUERY, "{}", &[]))),
            ),
            "isv.invalid-parameter",
        ),
        (
            "another value in the URL",
            post(
                "&method=alipay.trade.refund",
                FORM,
                encoded(&signed(0, QUERY, &number.to_string(), &[])),
            ),
            "isv.invalid-parameter",
        ),
        (
            "the charset twice in the URL",
            post("&charset=gbk", FORM, encoded(&signed(0, QUERY, "{}", &[]))),
            "isv.invalid-parameter",
        ),
        (
            "an unknown charset",
            Request::post("/gateway.do?charset=utf-7")
                .header("content-type", FORM)
                .body(Body::from(encoded(&signed(0, QUERY, "{}", &[]))))
                .unwrap(),
            "isv.invalid-charset",
        ),
        (
            "bytes that are no text",
            post("", FORM, "method=alipay.trade.query&app_id=%ff%fe"),
            "isv.invalid-signature",
        ),
        (
            "a broken escape",
            post("", FORM, "method=alipay.trade.query&app_id=%zz"),
            "isv.invalid-parameter",
        ),
        (
            "two thousand parameters",
            post(
                "",
                FORM,
                (0..2_000)
                    .map(|n| format!("p{n}=1"))
                    .collect::<Vec<_>>()
                    .join("&"),
            ),
            "isv.invalid-parameter",
        ),
        (
            "JSON for a form",
            post(
                "&method=alipay.trade.query",
                "application/json",
                number.to_string(),
            ),
            "isv.invalid-content-type",
        ),
        (
            "parts without an end",
            multi(part("method", QUERY)),
            "isv.invalid-content-type",
        ),
        (
            "parts without a boundary",
            post("&method=alipay.trade.query", "multipart/form-data", "--b--"),
            "isv.invalid-content-type",
        ),
        (
            "parts of nothing",
            multi("\r\n\r\n--b\r\n".repeat(10)),
            "isv.invalid-content-type",
        ),
        (
            "a part twice",
            multi(part("method", QUERY) + &part("method", REFUND) + "--b--\r\n"),
            "isv.invalid-parameter",
        ),
        (
            "a part with a broken head",
            multi(
                "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b--\r\n".to_owned(),
            ),
            "isv.invalid-content-type",
        ),
        (
            "a part with a zero byte",
            multi(part("method", QUERY) + &part("app_id", "\u{0}") + "--b--\r\n"),
            "isv.invalid-app-id",
        ),
        (
            "two megabytes",
            post("", FORM, "a".repeat(2 * 1024 * 1024)),
            "413",
        ),
        (
            "a wallet's text from a server",
            form_of(&signed(
                0,
                "alipay.trade.app.pay",
                &order("H3").to_string(),
                &[],
            )),
            "isv.invalid-method",
        ),
    ]
}

/// What is sent to `/v3/…`, and the code that it gets.
fn rest_calls(trade_no: &str) -> Vec<(&'static str, Rest, &'static str)> {
    let refund = "/v3/alipay/trade/refund";
    let biz =
        json!({"out_trade_no": "H1", "refund_amount": "5.00", "out_request_no": "R1"}).to_string();
    let query = "/v3/alipay/trade/query";
    let deep = format!(
        "{{\"out_trade_no\":\"H1\",\"x\":{}{}}}",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let second = |path: &str, body: &str, nonce: &str| {
        let call = Rest::new("POST", path, body, nonce);
        Rest {
            auth: call.auth.replace("0001,", "0002,"),
            index: 1,
            ..call
        }
    };
    vec![
        (
            "another application's trade",
            second(refund, &biz, "1"),
            "ACQ.TRADE_NOT_EXIST",
        ),
        (
            "by Alipay's number",
            second(
                refund,
                &json!({"trade_no": trade_no, "refund_amount": "5.00"}).to_string(),
                "2",
            ),
            "ACQ.TRADE_NOT_EXIST",
        ),
        (
            "another's name",
            Rest {
                index: 1,
                ..Rest::new("POST", refund, &biz, "3")
            },
            "invalid-signature",
        ),
        ("deep JSON", Rest::new("POST", query, &deep, "4"), "200"),
        (
            "no JSON",
            Rest::new("POST", query, "{", "5"),
            "illegal-json",
        ),
        (
            "a zero byte",
            Rest::new("POST", query, "{\"out_trade_no\":\"a\\u0000\"}", "6"),
            "ACQ.INVALID_PARAMETER",
        ),
        (
            "a raw zero byte",
            Rest::new("POST", query, "{\"out_trade_no\":\"a\0\"}", "7"),
            "illegal-json",
        ),
        (
            "a name twice in the address",
            Rest::new("POST", &format!("{query}?a=1&a=2"), "{}", "8"),
            "invalid-parameter",
        ),
        (
            "a broken escape",
            Rest::new("POST", &format!("{query}?a=%zz"), "{}", "9"),
            "invalid-parameter",
        ),
        (
            "a path around the corner",
            Rest::new("POST", "/v3/alipay/trade/../trade/refund", &biz, "10"),
            "invalid-method",
        ),
        (
            "an escaped path",
            Rest::new("POST", "/v3/alipay/trade%2Frefund", &biz, "11"),
            "invalid-method",
        ),
        (
            "another verb",
            Rest::new("DELETE", refund, "", "12"),
            "invalid-method",
        ),
        (
            "a verb behind a verb",
            Rest::new("POST", refund, &biz, "13")
                .header("x-http-method-override", "DELETE")
                .header("x-http-method-override", "POST"),
            "invalid-parameter",
        ),
        (
            "two tokens",
            Rest::new("POST", refund, &biz, "14")
                .header("alipay-app-auth-token", "a")
                .header("alipay-app-auth-token", "b"),
            "invalid-parameter",
        ),
        (
            "two authorizations",
            Rest::new("POST", refund, &biz, "15")
                .header("authorization", "ALIPAY-SHA256withRSA app_id=1"),
            "invalid-parameter",
        ),
        (
            "two types of content",
            Rest::new("POST", refund, &biz, "16").header("content-type", "text/plain"),
            "invalid-parameter",
        ),
        (
            "another way of encrypting",
            Rest::new("POST", refund, &biz, "17").header("alipay-encrypt-type", "DES"),
            "invalid-encrypt-type",
        ),
        (
            "too much",
            Rest::new("POST", query, &"a".repeat(2 * 1024 * 1024), "18"),
            "413",
        ),
        (
            "a line feed in the number used once",
            Rest {
                auth: Rest::new("POST", refund, &biz, "19")
                    .auth
                    .replace("nonce=19", "nonce=1%0a9"),
                index: 1,
                ..Rest::new("POST", refund, &biz, "x")
            },
            "invalid-signature",
        ),
    ]
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn nothing_hostile_moves_anything(db: Db) {
        let bench = Bench::new(db).await;
        crate::through::certs(&bench, 0).await;
        bench.paid("H1", "8.80").await;
        let before = bench.look("trades/H1").await;
        let trade_no = before["trade_no"].as_str().unwrap().to_owned();
        let rows = bench.look("books").await;
        for (what, request, wanted) in calls(&trade_no) {
            let reply = bench.send(request).await;
            assert_eq!(code_of(&reply), wanted, "{what}: {}", reply.text());
            assert!(reply.status.as_u16() < 500, "{what}");
        }
        for (what, call, wanted) in rest_calls(&trade_no) {
            let reply = call.send(&bench).await;
            assert_eq!(code_of(&reply), wanted, "{what}: {}", reply.text());
            assert!(reply.status.as_u16() < 500, "{what}");
            assert!(reply.status == StatusCode::OK || reply.header("alipay-signature").is_none());
        }
        // A zero byte or another line cannot come in by a header at all.
        for text in ["a\0b", "a\r\nx-evil: 1", "a\nb"] {
            assert!(http::HeaderValue::from_str(text).is_err());
        }
        assert_eq!(bench.look("trades/H1").await, before);
        assert_eq!(bench.look("books").await, rows);
        let list = bench.look("trades").await;
        assert_eq!(list["trades"].as_array().unwrap().len(), 1, "{list}");
        bench.assert_balanced().await;
    }

    async fn a_call_sent_again_moves_no_money_again(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("S1", "8.80").await;
        let refund = json!({"out_trade_no": "S1", "refund_amount": "5.00", "out_request_no": "R1"});
        let params = signed(0, REFUND, &refund.to_string(), &[]);
        let first = bench.post(params.clone()).await.signed_node(REFUND);
        let again = bench.post(params).await.signed_node(REFUND);
        assert_eq!((&first["fund_change"], &again["fund_change"]), (&json!("Y"), &json!("N")));
        assert_eq!(again["refund_fee"], "5.00");
        let body = json!({"out_trade_no": "S1", "refund_amount": "3.80", "out_request_no": "R2"});
        let call = Rest::new("POST", "/v3/alipay/trade/refund", &body.to_string(), "once");
        assert_eq!(call.send(&bench).await.status, StatusCode::OK);
        assert_eq!(code_of(&call.send(&bench).await), "suspected-attack");
        bench.assert_balanced().await;
    }

    async fn a_merchant_cannot_reach_what_was_granted_to_somebody_else(db: Db) {
        let bench = Bench::new(db).await;
        change(&bench, 0, json!({"third_party": true})).await;
        let strange = json!({"grant_type": "authorization_code", "code": "x".repeat(41)});
        let method = "alipay.open.auth.token.app";
        let reply = bench.post(signed(0, method, &strange.to_string(), &[])).await;
        assert_eq!(code_of(&reply), "ACQ.INVALID_PARAMETER");
        let page = page_link("G1", "1.00");
        let refused = bench.open(&page).await.expect_err("a page without leave");
        let text = Charset::Gbk.decode(&refused.body).unwrap().into_owned();
        assert!(text.contains("insufficient-isv-permissions"), "{text}");
        assert_eq!(bench.look("trades").await["trades"], json!([]));
    }
}
