//! Bodies of every other kind: too large, cut off, of another type, in parts that are none.

use super::row::{FORM, Row, encoded, form_of, post, row};
use super::texts::deep;
use crate::support::signed;
use axum::body::Body;
use futures::stream;
use http::{Method, Request};
use serde_json::json;

const QUERY: &str = "alipay.trade.query";
const REFUND: &str = "alipay.trade.refund";
const MEGABYTE: usize = 1024 * 1024;

fn part(name: &str, value: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

fn multi(body: String) -> Request<Body> {
    post("", "multipart/form-data; boundary=b", body)
}

/// A body that comes in pieces and breaks off, where the last piece is an error.
fn pieces(pieces: Vec<Result<Vec<u8>, &'static str>>) -> Body {
    let pieces = pieces
        .into_iter()
        .map(|piece| piece.map_err(std::io::Error::other));
    Body::from_stream(stream::iter(pieces))
}

fn types() -> Vec<Row> {
    let wrong = "isv.invalid-content-type";
    let number = json!({"out_trade_no": "H1"}).to_string();
    let named = "&method=alipay.trade.query";
    let refund = json!({"out_trade_no": "H1", "refund_amount": "1.00"}).to_string();
    let good = encoded(&signed(0, REFUND, &refund, &[]));
    vec![
        row(
            "JSON for a form",
            post(named, "application/json", number),
            200,
            wrong,
        ),
        row(
            "a form that is called text",
            post(named, "text/plain", good.clone()),
            200,
            wrong,
        ),
        row(
            "a form that is called XML",
            post(named, "text/xml", good.clone()),
            200,
            wrong,
        ),
        row(
            "two types in one",
            post(named, "text/plain, application/x-www-form-urlencoded", good),
            200,
            wrong,
        ),
    ]
}

fn parts() -> Vec<Row> {
    let (wrong, twice) = ("isv.invalid-content-type", "isv.invalid-parameter");
    let many: String = (0..200).map(|n| part(&format!("p{n}"), "1")).collect();
    let named = "&method=alipay.trade.query";
    vec![
        row(
            "parts without an end",
            multi(part("method", QUERY)),
            200,
            wrong,
        ),
        row(
            "parts without a boundary",
            post(named, "multipart/form-data", "--b--"),
            200,
            wrong,
        ),
        row(
            "parts of another boundary",
            post(
                named,
                "multipart/form-data; boundary=c",
                part("method", QUERY) + "--b--\r\n",
            ),
            200,
            wrong,
        ),
        row(
            "parts of nothing",
            multi("\r\n\r\n--b\r\n".repeat(10)),
            200,
            wrong,
        ),
        row(
            "a part twice",
            multi(part("method", QUERY) + &part("method", REFUND) + "--b--\r\n"),
            200,
            twice,
        ),
        row(
            "a part with a broken head",
            multi(
                "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b--\r\n".to_owned(),
            ),
            200,
            wrong,
        ),
        row(
            "a part without a name",
            multi("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n".to_owned()),
            200,
            wrong,
        ),
        row(
            "a part with a zero byte",
            multi(part("method", QUERY) + &part("app_id", "\u{0}") + "--b--\r\n"),
            200,
            "isv.invalid-app-id",
        ),
        row("two hundred parts", multi(many + "--b--\r\n"), 200, wrong),
    ]
}

fn sizes() -> Vec<Row> {
    let names: Vec<_> = (0..2_000).map(|n| format!("p{n}=1")).collect();
    let refund = json!({"out_trade_no": "H1", "refund_amount": "1.00"}).to_string();
    let good = encoded(&signed(0, REFUND, &refund, &[])).into_bytes();
    let (head, tail) = good.split_at(good.len() / 2);
    let broken = vec![Ok(head.to_vec()), Err("gone")];
    let after_the_end = vec![Ok(head.to_vec()), Ok(tail.to_vec()), Err("gone")];
    let many = (0..200).map(|_| Ok(vec![b'a'; MEGABYTE / 100])).collect();
    vec![
        row(
            "two thousand parameters",
            post("", FORM, names.join("&")),
            200,
            "isv.invalid-parameter",
        ),
        row(
            "two megabytes",
            post("", FORM, "a".repeat(2 * MEGABYTE)),
            413,
            "body-too-large",
        ),
        row(
            "two megabytes in pieces",
            post("", FORM, pieces(many)),
            413,
            "body-too-large",
        ),
        row(
            "a body that breaks off",
            post("", FORM, pieces(broken)),
            400,
            "body-broken",
        ),
        row(
            "a body that breaks off behind its end",
            post("", FORM, pieces(after_the_end)),
            400,
            "body-broken",
        ),
        row(
            "a wallet's text from a server",
            form_of(&signed(
                0,
                "alipay.trade.app.pay",
                &json!({"out_trade_no": "X6", "total_amount": "1.00", "subject": "s"}).to_string(),
                &[],
            )),
            200,
            "isv.invalid-method",
        ),
    ]
}

fn verbs() -> Vec<Row> {
    let query = encoded(&signed(
        0,
        QUERY,
        &json!({"out_trade_no": "H1"}).to_string(),
        &[],
    ));
    let refund = encoded(&signed(
        0,
        REFUND,
        &json!({"out_trade_no": "H1", "refund_amount": "1.00"}).to_string(),
        &[],
    ));
    let at = |verb: Method, query: &str, kind: &str, body: &str| {
        let request = Request::builder()
            .method(verb)
            .uri(format!("/gateway.do?{query}"));
        request
            .header("content-type", kind)
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    vec![
        row(
            "GET with another call as its body",
            at(Method::GET, &query, FORM, &refund),
            200,
            "isv.invalid-parameter",
        ),
        row(
            "GET with a parameter more in its body",
            at(Method::GET, &query, FORM, "refund_amount=1"),
            200,
            "isv.invalid-signature",
        ),
        row(
            "GET with a body that is none",
            at(
                Method::GET,
                &query,
                "application/json",
                "{\"refund_amount\":1}",
            ),
            200,
            "isv.invalid-content-type",
        ),
        row(
            "PUT",
            at(Method::PUT, &refund, FORM, ""),
            405,
            "method-not-allowed",
        ),
        row(
            "DELETE",
            at(Method::DELETE, &refund, FORM, ""),
            405,
            "method-not-allowed",
        ),
        row("HEAD", at(Method::HEAD, &refund, FORM, ""), 405, ""),
        row(
            "PATCH",
            at(Method::PATCH, "", FORM, &refund),
            405,
            "method-not-allowed",
        ),
    ]
}

/// The control API, which takes JSON.
fn control() -> Vec<Row> {
    let at = |path: &str, kind: &str, body: Body| {
        let request = Request::post(format!("/sandbox/v1/{path}"));
        request.header("content-type", kind).body(body).unwrap()
    };
    let top = "accounts/buyer@sandbox.com/top-up";
    let json = "application/json";
    let twice = "{\"amount\":\"1.00\",\"amount\":\"2.00\"}";
    vec![
        row(
            "a form for the control API",
            at(top, FORM, "amount=1.00".into()),
            415,
            "not-json-type",
        ),
        row(
            "JSON that is called text",
            at(top, "text/plain", "{\"amount\":\"1.00\"}".into()),
            415,
            "not-json-type",
        ),
        row(
            "JSON cut off",
            at(top, json, "{\"amount\":".into()),
            400,
            "not-json",
        ),
        row(
            "a field twice for the control API",
            at(top, json, twice.into()),
            422,
            "wrong-shape",
        ),
        row(
            "a field too many",
            at(top, json, "{\"amount\":\"1.00\",\"x\":1}".into()),
            422,
            "wrong-shape",
        ),
        row(
            "deep JSON for the control API",
            at(top, json, deep(20_000).into()),
            422,
            "wrong-shape",
        ),
        row(
            "a megabyte for the control API",
            at(top, json, "a".repeat(MEGABYTE).into()),
            413,
            "body-too-large",
        ),
        row(
            "a broken body for the control API",
            at(top, json, pieces(vec![Ok(b"{".to_vec()), Err("gone")])),
            400,
            "body-broken",
        ),
        row(
            "less than nothing",
            at(top, json, "{\"amount\":\"-1.00\"}".into()),
            422,
            "wrong-shape",
        ),
        row(
            "half a fen",
            at(top, json, "{\"amount\":\"0.005\"}".into()),
            422,
            "wrong-shape",
        ),
        row(
            "a float",
            at(top, json, "{\"amount\":1.0}".into()),
            422,
            "wrong-shape",
        ),
        row(
            "an account that is none",
            at("accounts/%00/top-up", json, "{\"amount\":\"1.00\"}".into()),
            404,
            "not-found",
        ),
    ]
}

pub(super) fn rows() -> Vec<Row> {
    [types(), parts(), sizes(), verbs(), control()]
        .into_iter()
        .flatten()
        .collect()
}
