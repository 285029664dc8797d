//! Signatures that are none, or another call's.

use super::row::{FORM, Row, form_of, post, rest_by, row};
use crate::support::{NOTIFY, signed, unsigned};
use alipay::Params;
use serde_json::{Value, json};

const QUERY: &str = "alipay.trade.query";
const REFUND: &str = "alipay.trade.refund";

fn refund() -> Value {
    json!({"out_trade_no": "H1", "refund_amount": "5.00", "out_request_no": "R9"})
}

/// A signed call, changed after signing.
fn changed(method: &str, biz: &Value, name: &str, value: &str) -> Params {
    let mut params = signed(0, method, &biz.to_string(), &[]);
    params.set(name, value);
    params
}

fn in_forms() -> Vec<Row> {
    let (wrong, missing) = ("isv.invalid-signature", "isv.missing-signature");
    let more = refund().to_string().replace("5.00", "8.80");
    let v2 = |what: &str, params: &Params, code: &str| row(what, form_of(params), 200, code);
    let with = |name: &str, value: &str| changed(REFUND, &refund(), name, value);
    let query = json!({"out_trade_no": "H1"});
    vec![
        row(
            "nothing at all",
            post("", FORM, ""),
            200,
            "isv.missing-method",
        ),
        v2(
            "no signature",
            &unsigned(0, REFUND, &refund().to_string()),
            missing,
        ),
        v2("an empty signature", &with("sign", ""), missing),
        v2("no base64", &with("sign", "!!"), wrong),
        v2("zeros", &with("sign", &"A".repeat(344)), wrong),
        v2(
            "a long signature",
            &with("sign", &"A".repeat(100_000)),
            wrong,
        ),
        v2("a changed amount", &with("biz_content", &more), wrong),
        v2(
            "another method",
            &changed(QUERY, &query, "method", REFUND),
            wrong,
        ),
        v2(
            "another application's number",
            &with("app_id", "9021000000000002"),
            wrong,
        ),
        v2("a parameter added", &with("notify_url", NOTIFY), wrong),
        v2("a token added", &with("app_auth_token", "t"), wrong),
        v2(
            "an older hash",
            &with("sign_type", "RSA"),
            "isv.missing-signature-config",
        ),
        v2(
            "no hash",
            &with("sign_type", "none"),
            "isv.invalid-signature-type",
        ),
    ]
}

fn in_headers() -> Vec<Row> {
    let more = refund().to_string().replace("5.00", "8.80");
    let call = |nonce: &str| rest_by(0, "/v3/alipay/trade/refund", &refund().to_string(), nonce);
    let good = call("sign-1").signature(None);
    let head = |auth: &str, sign: &str| {
        let value = format!("ALIPAY-SHA256withRSA {auth},sign={sign}");
        call("sign-1").with(Some(&value))
    };
    let auth = call("sign-1").auth;
    let mut body = call("sign-1");
    body.body = more;
    let value = format!("ALIPAY-SHA256withRSA {auth},sign={good}");
    let mut verb = call("sign-1");
    verb.verb = "GET";
    let late = |ms: i64| {
        let mut call = call("sign-2");
        let at = call
            .auth
            .split("timestamp=")
            .nth(1)
            .unwrap()
            .parse::<i64>()
            .unwrap();
        call.auth = call.auth.replace(&at.to_string(), &(at + ms).to_string());
        call.request()
    };
    vec![
        row(
            "v3 without a header",
            call("sign-1").with(None),
            400,
            "missing-timestamp",
        ),
        row(
            "v3 without a signature",
            head(&auth, ""),
            400,
            "missing-signature",
        ),
        row(
            "v3 with no base64",
            head(&auth, "!!"),
            400,
            "invalid-signature",
        ),
        row(
            "v3 with zeros",
            head(&auth, &"A".repeat(344)),
            400,
            "invalid-signature",
        ),
        row(
            "v3 with another body",
            body.with(Some(&value)),
            400,
            "invalid-signature",
        ),
        row(
            "v3 with another verb",
            verb.with(Some(&value)),
            404,
            "invalid-method",
        ),
        row(
            "v3 with another nonce",
            head(&auth.replace("sign-1", "sign-9"), &good),
            400,
            "invalid-signature",
        ),
        row(
            "v3 with another's number",
            head(&auth.replace("0001,", "0002,"), &good),
            400,
            "invalid-signature",
        ),
        row(
            "v3 of eleven minutes ago",
            late(-660_000),
            400,
            "invalid-timestamp",
        ),
        row(
            "v3 of in eleven minutes",
            late(660_000),
            400,
            "invalid-timestamp",
        ),
    ]
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = in_forms();
    rows.extend(in_headers());
    rows
}
