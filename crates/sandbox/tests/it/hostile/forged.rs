//! Forms that our pages did not send, sessions that are none, and people who sit elsewhere.

use super::people::{DIGITS, form, get};
use super::row::{Row, row};
use super::scene::{PHONE, POOR, Scene};
use crate::browser::Browser;
use axum::body::Body;
use axum::extract::ConnectInfo;
use std::net::SocketAddr;

const NOT_OURS: &str = "out of date";

/// Forms that our pages did not send.
fn forged(scene: &Scene<'_>) -> Vec<Row> {
    let stranger = Browser::new(scene.bench, "en");
    let pay = format!("/cashier/{}/pay", scene.get("visit"));
    let (own, other) = (scene.get("buyer_token"), scene.get("poor_token"));
    let buyer = |path: &str, token: &str| form(&scene.buyer, path, token, &[DIGITS]);
    let mut elsewhere = buyer(&pay, own);
    elsewhere
        .headers_mut()
        .insert("origin", "http://evil.example".parse().unwrap());
    let mut fetched = buyer(&pay, own);
    fetched
        .headers_mut()
        .insert("sec-fetch-site", "cross-site".parse().unwrap());
    let mut as_text = buyer(&pay, own);
    as_text
        .headers_mut()
        .insert("content-type", "text/plain".parse().unwrap());
    let twice = form(
        &scene.buyer,
        "/wallet/top-up",
        own,
        &[
            ("card_no", scene.get("card")),
            ("amount", "1.00"),
            ("amount", "2.00"),
            DIGITS,
        ],
    );
    let large = form(
        &scene.buyer,
        "/wallet/give",
        own,
        &[("message", &"a".repeat(100_000))],
    );
    let no_limit = form(&scene.buyer, "/wallet/settings/limit", own, &[DIGITS]);
    vec![
        row("a limit without its amount", no_limit, 422, "not complete"),
        row("a form without a token", buyer(&pay, ""), 403, NOT_OURS),
        row(
            "a form with another's token",
            buyer(&pay, other),
            403,
            NOT_OURS,
        ),
        row(
            "a stranger with a buyer's token",
            form(&stranger, &pay, own, &[DIGITS]),
            403,
            NOT_OURS,
        ),
        row("a form from another site", elsewhere, 403, NOT_OURS),
        row(
            "a form that a browser calls another site's",
            fetched,
            403,
            NOT_OURS,
        ),
        row("a form that is called text", as_text, 422, "form"),
        row("a form with an amount twice", twice, 422, "form"),
        row("a form of a hundred kilobytes", large, 413, "too large"),
        row(
            "a payment by GET",
            get(
                &scene.buyer,
                &format!("{pay}?pay_password=111111&csrf_token={own}"),
            ),
            200,
            "Confirm payment",
        ),
    ]
}

/// Every form of the wallet's with another's token.
fn of_another(scene: &Scene<'_>) -> Vec<Row> {
    let other = scene.get("poor_token");
    let mut rows = Vec::new();
    for path in [
        "/wallet/top-up",
        "/wallet/withdraw",
        "/wallet/give",
        "/wallet/cards/issue",
        "/wallet/cards/bind",
        "/wallet/cards/unbind",
        "/wallet/settings/limit",
        "/wallet/settings/pay-password",
        "/wallet/settings/login-password",
        "/wallet/logout",
        "/wallet/code",
    ] {
        let fields = [
            ("card_no", scene.get("card")),
            ("amount", "1.00"),
            DIGITS,
            ("kind", "account"),
            ("target", POOR),
            ("message", ""),
            ("bank", "CMB"),
            ("phone", PHONE),
            ("limit", "1"),
            ("old", "111111"),
            ("new", "222222"),
            ("old_password", "111111"),
            ("new_password", "222222"),
            ("trade_id", scene.get("waiting")),
            ("word", "refuse"),
        ];
        let request = form(&scene.buyer, path, other, &fields);
        rows.push(row(
            &format!("another's token at {path}"),
            request,
            403,
            NOT_OURS,
        ));
    }
    rows
}

/// Sessions that are none, and people who sit elsewhere.
fn strangers(scene: &Scene<'_>) -> Vec<Row> {
    let stranger = Browser::new(scene.bench, "en");
    let mut made_up = get(&stranger, "/wallet/cards");
    made_up.headers_mut().insert(
        "cookie",
        format!("tb_alipay_session={}", "a".repeat(64))
            .parse()
            .unwrap(),
    );
    let far: SocketAddr = "203.0.113.9:1".parse().unwrap();
    let from_far = |verb: &str, path: &str, token: Option<&str>| {
        let mut request = stranger
            .request(verb, path)
            .extension(ConnectInfo(far))
            .header("content-type", "application/json");
        for name in ["x-forwarded-for", "x-real-ip", "forwarded"] {
            request = request.header(name, "127.0.0.1");
        }
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request.body(Body::from("{\"amount\":\"1.00\"}")).unwrap()
    };
    let top = "/sandbox/v1/accounts/poor@sandbox.com/top-up";
    let mut rebound = from_far("POST", top, None);
    rebound.extensions_mut().clear();
    rebound
        .headers_mut()
        .insert("host", "evil.example".parse().unwrap());
    vec![
        row("a session made up", made_up, 303, "/wallet"),
        row(
            "nobody's cards",
            get(&stranger, "/wallet/cards"),
            303,
            "/wallet",
        ),
        row(
            "the control API from elsewhere",
            from_far("POST", top, None),
            401,
            "unauthorized",
        ),
        row(
            "with a wrong token",
            from_far("POST", top, Some("let-me-out")),
            401,
            "unauthorized",
        ),
        row(
            "with half a token",
            from_far("POST", top, Some("let-me-")),
            401,
            "unauthorized",
        ),
        row(
            "a snapshot from elsewhere",
            from_far("POST", "/sandbox/v1/snapshots", None),
            401,
            "unauthorized",
        ),
        row(
            "a reset from elsewhere",
            from_far("POST", "/sandbox/v1/reset", None),
            401,
            "unauthorized",
        ),
        row(
            "worlds from elsewhere",
            from_far("DELETE", "/sandbox/v1/worlds/a", None),
            401,
            "unauthorized",
        ),
        row("under another's name", rebound, 403, "forbidden"),
        row(
            "the console from elsewhere",
            from_far("GET", "/trades", None),
            403,
            "Alipay sandbox",
        ),
        row(
            "grants from elsewhere",
            from_far(
                "GET",
                "/oauth2/appToAppAuth.htm?app_id=9021000000000003&redirect_uri=http%3A%2F%2Fshop.example",
                None,
            ),
            403,
            "not allowed",
        ),
    ]
}

pub(super) fn rows(scene: &Scene<'_>) -> Vec<Row> {
    [forged(scene), of_another(scene), strangers(scene)]
        .into_iter()
        .flatten()
        .collect()
}
