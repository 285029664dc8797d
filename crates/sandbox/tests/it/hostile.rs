//! A hostile pass over the gateway: what nobody should send, the code it is answered with, and
//! nothing moved.

use crate::hostile_rest::{addresses, contents, headers};
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

/// What is sent, and the code that it gets.
type Line = (&'static str, Request<Body>, &'static str);

fn number() -> Value {
    json!({"out_trade_no": "H1"})
}

fn refund() -> Value {
    json!({"out_trade_no": "H1", "refund_amount": "5.00", "out_request_no": "R1"})
}

fn deep() -> String {
    let (open, shut) = ("[".repeat(50_000), "]".repeat(50_000));
    format!("{{\"out_trade_no\":\"H1\",\"x\":{open}{shut}}}")
}

fn form_of(params: &Params) -> Request<Body> {
    post("", FORM, encoded(params))
}

fn by(index: usize, method: &str, biz: &Value) -> Request<Body> {
    form_of(&signed(index, method, &biz.to_string(), &[]))
}

fn multi(body: String) -> Request<Body> {
    post("", "multipart/form-data; boundary=b", body)
}

fn part(name: &str, value: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
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

/// Signatures that are none, or another call's.
fn signatures() -> Vec<Line> {
    vec![
        ("nothing at all", post("", FORM, ""), "isv.missing-method"),
        (
            "no signature",
            form_of(&unsigned(0, REFUND, &refund().to_string())),
            "isv.missing-signature",
        ),
        (
            "an empty signature",
            form_of(&changed(REFUND, &refund(), "sign", "")),
            "isv.missing-signature",
        ),
        (
            "no base64",
            form_of(&changed(REFUND, &refund(), "sign", "!!")),
            "isv.invalid-signature",
        ),
        (
            "zeros",
            form_of(&changed(REFUND, &refund(), "sign", &"A".repeat(344))),
            "isv.invalid-signature",
        ),
        (
            "a long signature",
            form_of(&changed(REFUND, &refund(), "sign", &"A".repeat(100_000))),
            "isv.invalid-signature",
        ),
        (
            "a changed amount",
            form_of(&changed(
                REFUND,
                &refund(),
                "biz_content",
                &refund().to_string().replace("5.00", "8.80"),
            )),
            "isv.invalid-signature",
        ),
        (
            "another method",
            form_of(&changed(QUERY, &number(), "method", REFUND)),
            "isv.invalid-signature",
        ),
        (
            "another application's name",
            form_of(&changed(REFUND, &refund(), "app_id", "9021000000000002")),
            "isv.invalid-signature",
        ),
        (
            "a parameter added",
            form_of(&changed(REFUND, &refund(), "notify_url", NOTIFY)),
            "isv.invalid-signature",
        ),
    ]
}

/// What is another application's.
fn others(trade_no: &str) -> Vec<Line> {
    vec![
        (
            "another application's trade",
            by(1, REFUND, &refund()),
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
        ("looked for", by(1, QUERY, &number()), "ACQ.TRADE_NOT_EXIST"),
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
    ]
}

/// Zero bytes.
fn zeros() -> Vec<Line> {
    vec![
        (
            "a zero byte in a number",
            by(0, QUERY, &json!({"out_trade_no": "H1\u{0}"})),
            "ACQ.INVALID_PARAMETER",
        ),
        (
            "a zero byte in an application's number",
            form_of(&changed(
                QUERY,
                &number(),
                "app_id",
                "9021000000000001\u{0}",
            )),
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
            "isv.invalid-alipay-root-cert-sn",
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
                &number(),
                "method",
                "alipay.trade.query\u{0}",
            )),
            "isv.invalid-method",
        ),
    ]
}

/// Texts that are no JSON, and forms that say two things.
fn texts() -> Vec<Line> {
    vec![
        (
            "deep JSON",
            form_of(&signed(0, QUERY, &deep(), &[])),
            "10000",
        ),
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
                encoded(&signed(0, QUERY, &number().to_string(), &[])),
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
    ]
}

/// Bodies of every other kind.
fn bodies() -> Vec<Line> {
    vec![
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
                number().to_string(),
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

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn nothing_hostile_moves_anything(db: Db) {
        let bench = Bench::new(db).await;
        crate::through::certs(&bench, 0).await;
        bench.paid("H1", "8.80").await;
        let before = bench.look("trades/H1").await;
        let trade_no = before["trade_no"].as_str().unwrap().to_owned();
        let rows = bench.look("books").await;
        let mut answers = Vec::new();
        let lines = [signatures(), others(&trade_no), zeros(), texts(), bodies()];
        for (what, request, wanted) in lines.into_iter().flatten() {
            let reply = bench.send(request).await;
            answers.push((what, code_of(&reply), wanted));
            assert!(reply.status.as_u16() < 500, "{what}");
        }
        for (what, call, wanted) in [contents(&trade_no), addresses(), headers()].into_iter().flatten() {
            let reply = call.send(&bench).await;
            answers.push((what, code_of(&reply), wanted));
            assert!(reply.status.as_u16() < 500, "{what}");
            assert!(reply.status == StatusCode::OK || reply.header("alipay-signature").is_none());
        }
        answers.retain(|(_, found, wanted)| found != wanted);
        assert!(answers.is_empty(), "found, wanted: {answers:#?}");
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
