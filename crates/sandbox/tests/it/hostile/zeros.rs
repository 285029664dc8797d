//! Zero bytes, which no text of a database holds, wherever something can be said: in paths, queries,
//! forms and the control API.

use super::people::{DIGITS, form, get};
use super::row::{Row, row};
use super::scene::{BUYER, POOR, Scene};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

const PAGE: &str = "The request is not right";
const BAD: &str = "bad-request";
const NONE: &str = "not-found";

/// What is looked for under a name in a path or a query, and what is said about it.
const LOOKS: &[(&str, u16, &str)] = &[
    ("/cashier/%00", 400, PAGE),
    ("/cashier/%00/pay", 400, PAGE),
    ("/cashier/%00/done", 400, PAGE),
    ("/cashier/%00/cancel", 400, PAGE),
    ("/cashier/%00/card", 400, PAGE),
    ("/cashier/%00/state", 400, BAD),
    ("/qr/%00", 400, PAGE),
    ("/consent/freeze/%00", 400, PAGE),
    ("/consent/oauth/%00", 400, PAGE),
    ("/consent/agreement/%00", 400, PAGE),
    ("/wallet/claim/%00", 400, PAGE),
    ("/apps/%00", 400, PAGE),
    ("/trades/%00", 404, "There is no such page"),
    ("/requests/%00", 404, "There is no such page"),
    ("/sandbox/v1/trades/%00", 400, BAD),
    ("/sandbox/v1/apps/%00", 400, BAD),
    ("/sandbox/v1/accounts/%00", 404, NONE),
    ("/sandbox/v1/accounts/%00/cards", 404, NONE),
    ("/sandbox/v1/accounts/%00/person", 404, NONE),
    ("/sandbox/v1/requests/%00", 404, NONE),
    ("/sandbox/v1/worlds/%00", 404, NONE),
    ("/assets/%00", 404, NONE),
    ("/v3/alipay/%00", 404, "invalid-method"),
    ("/w/%00/gateway.do", 404, NONE),
    ("/trades?number=%00", 400, PAGE),
    ("/accounts?logon_id=%00", 200, "Wallet accounts"),
    ("/notices?number=%00", 200, "Notices"),
    ("/requests?number=%00", 200, "Requests"),
    ("/apps?name=%00", 200, "Applications"),
    ("/inbox?phone=%00", 200, "Messages"),
    ("/wallet?before=%00", 200, "Balance"),
    ("/sandbox/v1/trades?app_id=%00", 400, BAD),
    ("/sandbox/v1/notices?out_trade_no=%00", 400, BAD),
    ("/sandbox/v1/messages?phone=%00", 400, BAD),
    ("/sandbox/v1/trades/H1?app_id=%00", 404, "trade-not-opened"),
    ("/downloadBillFile.resource?bizNo=%00", 404, ""),
    (
        "/oauth2/publicAppAuthorize.htm?app_id=%00&scope=auth_user&redirect_uri=http%3A%2F%2Fa",
        400,
        PAGE,
    ),
    (
        "/oauth2/publicAppAuthorize.htm?app_id=9021000000000001&scope=auth_user&redirect_uri=http%3A%2F%2Fa&state=%00",
        410,
        PAGE,
    ),
];

fn control(verb: &str, path: &str, body: &Value) -> Request<Body> {
    let request = Request::builder()
        .method(verb)
        .uri(format!("/sandbox/v1/{path}"));
    let request = request.header("content-type", "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

/// Forms of the buyer's, and what is said about them.
fn forms(scene: &Scene<'_>) -> Vec<Row> {
    let zero = "a\0b";
    let (card, loose) = (scene.get("card"), scene.get("loose_card"));
    let pay = format!("/cashier/{}/pay", scene.get("visit"));
    let no_form = "The form is not complete";
    let yours = "not in your wallet";
    let give = |kind: &'static str, target: &'static str, message: &'static str| {
        vec![
            ("kind", kind),
            ("target", target),
            ("amount", "1.00"),
            ("message", message),
            DIGITS,
        ]
    };
    let lines = [
        (
            "/wallet/login",
            vec![("logon_id", zero), ("password", zero)],
            422,
            "is wrong",
        ),
        (
            "/wallet/top-up",
            vec![("card_no", zero), ("amount", "1.00"), DIGITS],
            422,
            yours,
        ),
        (
            "/wallet/top-up",
            vec![("card_no", card), ("amount", "1.00\0"), DIGITS],
            422,
            "two decimals",
        ),
        (
            "/wallet/cards/issue",
            vec![("bank", zero), ("phone", zero)],
            422,
            "Choose a bank",
        ),
        (
            "/wallet/cards/bind",
            vec![("card_no", zero), ("phone", zero)],
            422,
            "card number is wrong",
        ),
        (
            "/wallet/cards/confirm",
            vec![("card_no", loose), ("phone", zero), ("code", zero)],
            422,
            "no such card",
        ),
        ("/wallet/cards/unbind", vec![("card_no", zero)], 422, yours),
        (
            "/wallet/give",
            give("account", zero, ""),
            422,
            "no such taker",
        ),
        (
            "/wallet/give",
            give("phone", zero, ""),
            422,
            "no such taker",
        ),
        ("/wallet/give", give("account", POOR, zero), 400, PAGE),
        (
            "/wallet/code",
            vec![("trade_id", zero), ("word", "refuse")],
            303,
            "/wallet/code",
        ),
        (
            "/wallet/scan",
            vec![("address", zero)],
            422,
            "no payment code",
        ),
        ("/wallet/agreements/%00/end", vec![], 400, PAGE),
        ("/wallet/claim/%00", vec![], 400, PAGE),
        ("/consent/freeze/%00/agree", vec![DIGITS], 400, PAGE),
        (&pay, vec![DIGITS, ("card_no", zero)], 422, yours),
        ("/wallet/give", vec![("kind", "account")], 422, no_form),
    ];
    let line = |(path, fields, status, said): (&str, Vec<(&str, &str)>, u16, &str)| {
        let request = form(&scene.buyer, path, scene.get("buyer_token"), &fields);
        row(&format!("POST {path} {fields:?}"), request, status, said)
    };
    lines.into_iter().map(line).collect()
}

/// Calls of the control API, and what is said about them.
fn controls() -> Vec<Row> {
    let zero = "a\0b";
    let top = format!("accounts/{BUYER}/top-up");
    let person =
        json!({"real_name": zero, "nick_name": zero, "gender": "M", "province": "", "city": ""});
    let person_of = format!("accounts/{BUYER}/person");
    let app = "apps/9021000000000001";
    let lines = [
        ("POST", "accounts", json!({"logon_id": zero}), 400, BAD),
        ("POST", &*top, json!({"amount": zero}), 422, "wrong-shape"),
        ("POST", "apps", json!({"name": zero}), 400, BAD),
        (
            "POST",
            "apps",
            json!({"name": "new", "app_public_key": zero}),
            400,
            BAD,
        ),
        ("POST", "snapshots", json!({"name": zero}), 400, BAD),
        (
            "POST",
            "consents",
            json!({"url": zero}),
            422,
            "not-a-consent",
        ),
        ("POST", "trades/%00/pay", json!({}), 400, BAD),
        (
            "POST",
            "trades/H3/pay",
            json!({"buyer_logon_id": zero}),
            400,
            BAD,
        ),
        ("POST", "notices/%00/resend", json!({}), 400, BAD),
        ("POST", "worlds", json!({"name": zero}), 400, BAD),
        ("POST", "snapshots/%00/restore", json!({}), 400, BAD),
        ("DELETE", "snapshots/%00", json!({}), 400, BAD),
        ("PUT", &*person_of, person, 400, BAD),
        (
            "PATCH",
            app,
            json!({"notify": {"app_gateway_url": zero}}),
            400,
            BAD,
        ),
        ("PATCH", app, json!({"aes_key": zero}), 400, BAD),
    ];
    let line = |(verb, path, body, status, said): (&str, &str, Value, u16, &str)| {
        row(
            &format!("{verb} {path} {body}"),
            control(verb, path, &body),
            status,
            said,
        )
    };
    lines.into_iter().map(line).collect()
}

pub(super) fn rows(scene: &Scene<'_>) -> Vec<Row> {
    let looks = LOOKS.iter();
    let looks = looks.map(|(path, status, said)| {
        row(
            &format!("GET {path}"),
            get(&scene.buyer, path),
            *status,
            said,
        )
    });
    let mut rows: Vec<_> = looks.collect();
    rows.extend(forms(scene));
    rows.extend(controls());
    rows
}
