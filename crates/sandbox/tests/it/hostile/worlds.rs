//! What is one world's, brought to another one.

use super::row::{Row, row};
use super::scene::Scene;
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

const REFUND: &str = "alipay.trade.refund";
const PAY: &str = "alipay.trade.pay";

fn get(path: String) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn control(path: String, body: &Value) -> Request<Body> {
    let request = Request::post(path).header("content-type", "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

/// Calls of one world's application at other addresses.
fn applications(scene: &Scene<'_>) -> Vec<Row> {
    let [a, _] = &scene.worlds;
    let its = json!({"out_trade_no": "N1", "refund_amount": "1.00"});
    let v3 = "/v3/alipay/trade/refund";
    let mut rows = vec![
        row(
            "a's application at no world",
            a.request_at("/w/c/gateway.do", true, REFUND, &its),
            404,
            "not-found",
        ),
        row(
            "a's application below b over v3",
            a.rest_request(&format!("/w/b{v3}"), v3, "world-1", &its),
            400,
            "invalid-app-id",
        ),
        row(
            "signed as below another world",
            a.rest_request(&format!("/w/a{v3}"), &format!("/w/b{v3}"), "world-2", &its),
            400,
            "invalid-signature",
        ),
    ];
    for path in [
        "/w/b/gateway.do",
        "/gateway.do?world=b",
        "/gateway.do?world=default",
    ] {
        let what = format!("a's application at {path}");
        let request = a.request_at(path, true, REFUND, &its);
        rows.push(row(&what, request, 200, "isv.invalid-app-id"));
    }
    rows
}

/// One world's numbers and codes in another one.
fn numbers(scene: &Scene<'_>) -> Vec<Row> {
    let [_, b] = &scene.worlds;
    let by_number = json!({"trade_no": scene.get("a.trade"), "refund_amount": "1.00"});
    let shown = |code: &str| json!({"out_trade_no": "N4", "total_amount": "1.00", "subject": "x", "scene": "bar_code", "auth_code": code});
    let invalid = "ACQ.PAYMENT_AUTH_CODE_INVALID";
    vec![
        row(
            "a's trade by its number",
            b.request_at("/w/b/gateway.do", true, REFUND, &by_number),
            200,
            "ACQ.TRADE_NOT_EXIST",
        ),
        row(
            "a's payment code",
            b.request_at("/w/b/gateway.do", true, PAY, &shown(scene.get("a.shown"))),
            200,
            invalid,
        ),
        row(
            "the root's payment code",
            b.request_at("/w/b/gateway.do", true, PAY, &shown(scene.get("shown"))),
            200,
            invalid,
        ),
        row(
            "a's QR code",
            get(format!("/w/b/qr/{}", scene.get("a.qr"))),
            404,
            "没有这",
        ),
        row(
            "a's QR code at the root",
            get(format!("/qr/{}", scene.get("a.qr"))),
            404,
            "没有这",
        ),
        row(
            "a's visit",
            get(format!("/w/b{}", scene.get("a.visit"))),
            404,
            "没有这",
        ),
    ]
}

/// What is kept of one world, looked for or used in another one.
fn kept(scene: &Scene<'_>) -> Vec<Row> {
    let [a, _] = &scene.worlds;
    // Whoever is logged in at the root is nobody there.
    let session = scene.buyer.request("GET", "/w/b/wallet");
    let session = session.body(Body::empty()).unwrap();
    vec![
        row("the root's session", session, 200, "Log in"),
        row(
            "a's request",
            get(format!(
                "/w/b/sandbox/v1/requests/{}",
                scene.get("a.request")
            )),
            404,
            "not-found",
        ),
        row(
            "a's request on the console",
            get(format!("/w/b/requests/{}", scene.get("a.request"))),
            404,
            "没有这",
        ),
        row(
            "a's snapshot",
            control(
                format!(
                    "/w/b/sandbox/v1/snapshots/{}/restore",
                    scene.get("a.snapshot")
                ),
                &json!({}),
            ),
            404,
            "not-found",
        ),
        row(
            "a's link played in b",
            control(
                "/w/b/sandbox/v1/trades/N5/pay".to_owned(),
                &json!({"url": a.link("N5", "1.00")}),
            ),
            422,
            "isv.invalid-app-id",
        ),
        row(
            "a world made by a world",
            control("/w/b/sandbox/v1/worlds".to_owned(), &json!({"name": "c"})),
            409,
            "no-worlds-here",
        ),
        row(
            "the root, removed",
            Request::delete("/sandbox/v1/worlds/default")
                .body(Body::empty())
                .unwrap(),
            409,
            "root-world",
        ),
        row(
            "a world around the corner",
            get("/w/../sandbox/v1/worlds/..%2f".to_owned()),
            404,
            "not-found",
        ),
    ]
}

pub(super) fn rows(scene: &Scene<'_>) -> Vec<Row> {
    [applications(scene), numbers(scene), kept(scene)]
        .into_iter()
        .flatten()
        .collect()
}
