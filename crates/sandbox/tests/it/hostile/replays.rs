//! What was answered well is sent again as it is: the answer is the same or a refusal, and nothing
//! moves twice.

use super::row::{FORM, Leaves, Row, form_of, row};
use super::scene::Scene;
use axum::body::Body;

/// What a call is told the second time.
const AGAIN: &[(&str, &str)] = &[
    ("a refund", "10000"),
    ("a code for an order", "10000"),
    ("a close", "ACQ.TRADE_STATUS_ERROR"),
    ("a cancel", "10000"),
    ("a payment by a shown code", "ACQ.TRADE_HAS_SUCCESS"),
    ("a code for a hold", "10000"),
    ("money let go", "10000"),
    ("held money taken", "ACQ.TRADE_HAS_SUCCESS"),
    ("an end of an agreement", "USER_AGREEMENT_NOT_EXIST"),
    ("a deduction", "ACQ.TRADE_HAS_SUCCESS"),
    ("a transfer", "10000"),
    ("a receiver bound", "10000"),
    ("a settlement", "10000"),
    ("a report of an order", "10000"),
    ("a login's code", "isv.code-invalid"),
    ("a merchant's code", "AUTH_CODE_NOT_EXIST"),
];

/// The history says that it was asked for again, and its rows are numbered by the trade's version.
const ASKED_AGAIN: &[Leaves] = &[
    Leaves::Row("sandbox_trade_events"),
    Leaves::Value("sandbox_trades", "version"),
];

pub(super) fn rows(scene: &Scene<'_>) -> Vec<Row> {
    assert_eq!(scene.sent.len(), AGAIN.len());
    let again = |(what, params): &(&str, alipay::Params)| {
        let (_, code) = AGAIN.iter().find(|(known, _)| known == what).unwrap();
        row(&format!("{what} again"), form_of(params), 200, code)
    };
    let mut rows: Vec<_> = scene.sent.iter().map(again).collect();
    let asked = rows
        .iter_mut()
        .find(|row| row.what == "a code for an order again");
    asked.unwrap().leaves = ASKED_AGAIN;
    rows.push(row(
        "a refund over v3 again",
        scene.sent_v3.request(),
        400,
        "suspected-attack",
    ));
    for (what, path, body, to) in &scene.forms {
        let request = scene
            .buyer
            .request("POST", path)
            .header("content-type", FORM);
        let status = if to.starts_with('/') { 303 } else { 200 };
        let wanted = if *to == "/done" {
            path.replace("/pay", to)
        } else {
            (*to).to_owned()
        };
        rows.push(row(
            &format!("{what} again"),
            request.body(Body::from(body.clone())).unwrap(),
            status,
            &wanted,
        ));
    }
    rows
}
