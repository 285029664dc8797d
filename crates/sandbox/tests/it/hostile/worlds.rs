//! What is one world's, brought to another one.

use super::row::{Row, row};
use super::scene::Scene;
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

pub(super) fn rows(scene: &Scene<'_>) -> Vec<Row> {
    let [a, b] = &scene.worlds;
    let refund = "alipay.trade.refund";
    let its = json!({"out_trade_no": "N1", "refund_amount": "1.00"});
    let by_number = json!({"trade_no": scene.get("a.trade"), "refund_amount": "1.00"});
    let shown = |code: &str| json!({"out_trade_no": "N4", "total_amount": "1.00", "subject": "x", "scene": "bar_code", "auth_code": code});
    let invalid = "ACQ.PAYMENT_AUTH_CODE_INVALID";
    let control = |path: String, body: Value| {
        let request = Request::post(path).header("content-type", "application/json");
        request.body(Body::from(body.to_string())).unwrap()
    };
    let get = |path: String| Request::get(path).body(Body::empty()).unwrap();
    let mut rows = Vec::new();
    for path in [
        "/w/b/gateway.do",
        "/gateway.do?world=b",
        "/gateway.do?world=default",
    ] {
        rows.push(row(
            &format!("a's application at {path}"),
            a.request_at(path, true, refund, &its),
            200,
            "isv.invalid-app-id",
        ));
    }
    let v3 = "/v3/alipay/trade/refund";
    rows.extend([
        row(
            "a's application at no world",
            a.request_at("/w/c/gateway.do", true, refund, &its),
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
        row(
            "a's trade by its number",
            b.request_at("/w/b/gateway.do", true, refund, &by_number),
            200,
            "ACQ.TRADE_NOT_EXIST",
        ),
        row(
            "a's payment code",
            b.request_at(
                "/w/b/gateway.do",
                true,
                "alipay.trade.pay",
                &shown(scene.get("a.shown")),
            ),
            200,
            invalid,
        ),
        row(
            "the root's payment code",
            b.request_at(
                "/w/b/gateway.do",
                true,
                "alipay.trade.pay",
                &shown(scene.get("shown")),
            ),
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
                json!({}),
            ),
            404,
            "not-found",
        ),
        row(
            "a's link played in b",
            control(
                "/w/b/sandbox/v1/trades/N5/pay".to_owned(),
                json!({"url": a.link("N5", "1.00")}),
            ),
            422,
            "isv.invalid-app-id",
        ),
        row(
            "a world made by a world",
            control("/w/b/sandbox/v1/worlds".to_owned(), json!({"name": "c"})),
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
    ]);
    // Whoever is logged in at the root is nobody there.
    let session = scene
        .buyer
        .request("GET", "/w/b/wallet")
        .body(Body::empty())
        .unwrap();
    rows.push(row("the root's session", session, 200, "Log in"));
    rows
}
