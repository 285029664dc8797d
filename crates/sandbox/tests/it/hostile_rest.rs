//! The same hostile pass over v3: another's trades, doubled headers, odd paths and bodies.

use crate::rest::Rest;
use serde_json::json;

/// What is sent, and the code that it gets.
type Line = (&'static str, Rest, &'static str);

const QUERY: &str = "/v3/alipay/trade/query";
const REFUND: &str = "/v3/alipay/trade/refund";

fn biz() -> String {
    json!({"out_trade_no": "H1", "refund_amount": "5.00", "out_request_no": "R1"}).to_string()
}

fn refund(nonce: &str) -> Rest {
    Rest::new("POST", REFUND, &biz(), nonce)
}

fn query(body: &str, nonce: &str) -> Rest {
    Rest::new("POST", QUERY, body, nonce)
}

/// The second application's.
fn second(body: &str, nonce: &str) -> Rest {
    let call = Rest::new("POST", REFUND, body, nonce);
    Rest {
        auth: call.auth.replace("0001,", "0002,"),
        index: 1,
        ..call
    }
}

fn deep() -> String {
    let (open, shut) = ("[".repeat(50_000), "]".repeat(50_000));
    format!("{{\"out_trade_no\":\"H1\",\"x\":{open}{shut}}}")
}

/// Another's trade, and contents that are none.
pub(crate) fn contents(trade_no: &str) -> Vec<Line> {
    let by_number = json!({"trade_no": trade_no, "refund_amount": "5.00"}).to_string();
    vec![
        (
            "another application's trade",
            second(&biz(), "1"),
            "ACQ.TRADE_NOT_EXIST",
        ),
        (
            "by Alipay's number",
            second(&by_number, "2"),
            "ACQ.TRADE_NOT_EXIST",
        ),
        (
            "another's name",
            Rest {
                index: 1,
                ..refund("3")
            },
            "invalid-signature",
        ),
        ("deep JSON", query(&deep(), "4"), "200"),
        ("no JSON", query("{", "5"), "illegal-json"),
        (
            "a zero byte",
            query("{\"out_trade_no\":\"a\\u0000\"}", "6"),
            "ACQ.INVALID_PARAMETER",
        ),
        (
            "a raw zero byte",
            query("{\"out_trade_no\":\"a\0\"}", "7"),
            "illegal-json",
        ),
        ("too much", query(&"a".repeat(2 * 1024 * 1024), "8"), "413"),
    ]
}

/// Addresses that are none.
pub(crate) fn addresses() -> Vec<Line> {
    let to = |path: &str, nonce: &str| Rest::new("POST", path, &biz(), nonce);
    vec![
        (
            "a name twice",
            to("/v3/alipay/trade/query?a=1&a=2", "10"),
            "invalid-parameter",
        ),
        (
            "a broken escape",
            to("/v3/alipay/trade/query?a=%zz", "11"),
            "invalid-parameter",
        ),
        (
            "around the corner",
            to("/v3/alipay/trade/../trade/refund", "12"),
            "invalid-method",
        ),
        (
            "an escaped path",
            to("/v3/alipay/trade%2Frefund", "13"),
            "invalid-method",
        ),
        (
            "a slash more",
            to("/v3/alipay/trade/refund/", "14"),
            "invalid-method",
        ),
        (
            "another verb",
            Rest::new("DELETE", REFUND, "", "15"),
            "invalid-method",
        ),
    ]
}

/// Headers that say two things, or nothing that is known.
pub(crate) fn headers() -> Vec<Line> {
    let over = "x-http-method-override";
    let token = "alipay-app-auth-token";
    let verbs = refund("20").header(over, "DELETE").header(over, "POST");
    let tokens = refund("21").header(token, "a").header(token, "b");
    let strange = refund("22").header("authorization", "ALIPAY-SHA256withRSA app_id=1");
    let types = refund("23").header("content-type", "text/plain");
    let encrypted = refund("24").header("alipay-encrypt-type", "DES");
    vec![
        ("two verbs", verbs, "invalid-parameter"),
        ("two tokens", tokens, "invalid-parameter"),
        ("two authorizations", strange, "invalid-parameter"),
        ("two types of content", types, "invalid-parameter"),
        ("an unknown encryption", encrypted, "invalid-encrypt-type"),
    ]
}
