//! Over v3: contents, addresses and headers that say two things, or nothing that is known.

use super::row::{Row, rest_by, row};
use super::scene::Scene;
use super::texts::deep;
use crate::rest::Rest;
use serde_json::json;

const QUERY: &str = "/v3/alipay/trade/query";
const REFUND: &str = "/v3/alipay/trade/refund";

fn biz() -> String {
    json!({"out_trade_no": "H1", "refund_amount": "5.00", "out_request_no": "R9"}).to_string()
}

fn refund(nonce: &str) -> Rest {
    rest_by(0, REFUND, &biz(), nonce)
}

fn contents() -> Vec<Row> {
    let query = |body: &str, nonce: &str| rest_by(0, QUERY, body, nonce).request();
    let parts = |body: String, nonce: &str| {
        let mut call = rest_by(0, REFUND, &biz(), nonce);
        let signature = call.signature(None);
        let value = format!("ALIPAY-SHA256withRSA {},sign={signature}", call.auth);
        call.body = body;
        call.kind = "multipart/form-data; boundary=b";
        call.with(Some(&value))
    };
    let part = |value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{value}\r\n")
    };
    let more = biz().replace("5.00", "8.80");
    let two = part(&biz()) + &part(&more) + "--b--\r\n";
    let swapped = part(&more) + &part(&biz()) + "--b--\r\n";
    vec![
        row("deep JSON over v3", query(&deep(50_000), "body-1"), 200, ""),
        row("no JSON over v3", query("{", "body-2"), 400, "illegal-json"),
        row(
            "nothing over v3",
            query("", "body-3"),
            400,
            "ACQ.INVALID_PARAMETER",
        ),
        row(
            "a field twice over v3",
            query(
                "{\"out_trade_no\":\"H1\",\"out_trade_no\":\"H3\"}",
                "body-4",
            ),
            400,
            "illegal-json",
        ),
        row(
            "a zero byte over v3",
            query("{\"out_trade_no\":\"a\\u0000\"}", "body-5"),
            400,
            "ACQ.INVALID_PARAMETER",
        ),
        row(
            "a raw zero byte over v3",
            query("{\"out_trade_no\":\"a\0\"}", "body-6"),
            400,
            "illegal-json",
        ),
        row(
            "too much over v3",
            query(&"a".repeat(2 * 1024 * 1024), "body-7"),
            413,
            "body-too-large",
        ),
        row(
            "two parts of data",
            parts(two, "body-8"),
            400,
            "invalid-parameter",
        ),
        row(
            "two parts of data, the signed one last",
            parts(swapped, "body-9"),
            400,
            "invalid-parameter",
        ),
        row(
            "parts without an end over v3",
            parts(part(&biz()), "body-10"),
            400,
            "invalid-content-type",
        ),
    ]
}

fn addresses() -> Vec<Row> {
    let to = |path: &str, nonce: &str| rest_by(0, path, &biz(), nonce).request();
    let mut other_verb = rest_by(0, REFUND, "", "at-7");
    other_verb.verb = "DELETE";
    let mut get = rest_by(
        0,
        &format!("{REFUND}?out_trade_no=H1&refund_amount=1.00"),
        "",
        "at-8",
    );
    get.verb = "GET";
    let mut with_body = rest_by(
        0,
        "/v3/alipay/fund/account/query?alipay_user_id=2088721000000001&account_type=ACCTRANS_ACCOUNT",
        &biz(),
        "at-9",
    );
    with_body.verb = "GET";
    let none = "invalid-method";
    vec![
        row(
            "a name twice in an address",
            to("/v3/alipay/trade/query?a=1&a=2", "at-1"),
            400,
            "invalid-parameter",
        ),
        row(
            "a name in address and body",
            rest_by(
                0,
                &format!("{QUERY}?out_trade_no=H3"),
                "{\"out_trade_no\":\"H1\"}",
                "at-10",
            )
            .request(),
            200,
            "",
        )
        .hides("H3"),
        row(
            "a broken escape in an address",
            to("/v3/alipay/trade/query?a=%zz", "at-2"),
            400,
            "invalid-parameter",
        ),
        row(
            "around the corner",
            to("/v3/alipay/trade/../trade/refund", "at-3"),
            404,
            none,
        ),
        row(
            "an escaped path",
            to("/v3/alipay/trade%2Frefund", "at-4"),
            404,
            none,
        ),
        row(
            "a slash more",
            to("/v3/alipay/trade/refund/", "at-5"),
            404,
            none,
        ),
        row(
            "a slash twice",
            to("/v3//alipay/trade/refund", "at-11"),
            404,
            none,
        ),
        row(
            "a parameter of the path",
            to("/v3/alipay/trade/refund;a=b", "at-12"),
            404,
            none,
        ),
        row(
            "capitals",
            to("/v3/alipay/trade/Refund", "at-13"),
            404,
            none,
        ),
        row(
            "a page's method",
            to("/v3/alipay/trade/page/pay", "at-6"),
            404,
            none,
        ),
        row("another verb", other_verb.request(), 404, none),
        row("a refund by GET", get.request(), 404, none),
        row("GET with a body", with_body.request(), 200, ""),
    ]
}

fn doubled() -> Vec<Row> {
    let (over, token) = ("x-http-method-override", "alipay-app-auth-token");
    let verbs = refund("head-1").header(over, "DELETE").header(over, "POST");
    let one_verb = refund("head-2").header(over, "DELETE");
    let tokens = refund("head-3").header(token, "a").header(token, "b");
    let strange = refund("head-4").header("authorization", "ALIPAY-SHA256withRSA app_id=1");
    let types = refund("head-5").header("content-type", "text/plain");
    let encrypted = refund("head-6").header("alipay-encrypt-type", "DES");
    let serials = refund("head-7")
        .header("alipay-root-cert-sn", "a")
        .header("alipay-root-cert-sn", "b");
    let serial = refund("head-8").header("alipay-root-cert-sn", "a");
    let _ = (&one_verb, &serial);
    vec![
        row("two verbs", verbs.request(), 400, "invalid-parameter"),
        row("two tokens", tokens.request(), 400, "invalid-parameter"),
        row(
            "two authorizations",
            strange.request(),
            400,
            "invalid-parameter",
        ),
        row(
            "two types of content",
            types.request(),
            400,
            "invalid-parameter",
        ),
        row(
            "two serial numbers",
            serials.request(),
            400,
            "invalid-parameter",
        ),
        row(
            "an unknown encryption",
            encrypted.request(),
            400,
            "invalid-encrypt-type",
        ),
    ]
}

/// Signatures in odd headers.
fn smuggled(scene: &Scene<'_>) -> Vec<Row> {
    let call = refund("smuggle-1");
    let good = call.signature(None);
    let head = |value: String| call.with(Some(&value));
    let auth = &call.auth;
    let added = {
        let mut call = refund("smuggle-2");
        let value = format!(
            "ALIPAY-SHA256withRSA {},sign={}",
            call.auth,
            call.signature(None)
        );
        call.headers.push((
            "alipay-app-auth-token",
            scene.get("app_auth_token").to_owned(),
        ));
        call.with(Some(&value))
    };
    let invalid = "invalid-parameter";
    vec![
        row(
            "two numbers of applications",
            head(format!(
                "ALIPAY-SHA256withRSA app_id=9021000000000002,{auth},sign={good}"
            )),
            400,
            invalid,
        ),
        row(
            "two nonces",
            head(format!("ALIPAY-SHA256withRSA {auth},nonce=x,sign={good}")),
            400,
            invalid,
        ),
        row(
            "the signature first",
            head(format!("ALIPAY-SHA256withRSA sign={good},{auth}")),
            400,
            invalid,
        ),
        row(
            "two signatures",
            head(format!(
                "ALIPAY-SHA256withRSA {auth},sign={good},sign={good}"
            )),
            400,
            invalid,
        ),
        row(
            "behind the signature",
            head(format!(
                "ALIPAY-SHA256withRSA {auth},sign={good},app_id=9021000000000002"
            )),
            400,
            "invalid-signature",
        ),
        row(
            "another scheme",
            head(format!("Bearer {auth},sign={good}")),
            400,
            "invalid-signature-type",
        ),
        row(
            "a scheme in other letters",
            head(format!("alipay-sha256withrsa {auth},sign={good}")),
            400,
            "invalid-signature-type",
        ),
        row(
            "a long header",
            head(format!(
                "ALIPAY-SHA256withRSA {auth},x={},sign={good}",
                "a".repeat(5_000)
            )),
            400,
            invalid,
        ),
        row(
            "a token that is not signed",
            added,
            400,
            "invalid-signature",
        ),
    ]
}

/// What stands in a header beside the signature, and is not listened to.
fn beside() -> Vec<Row> {
    let elsewhere = |name: &'static str, value: &str, nonce: &str| {
        let body = json!({"out_trade_no": "H1"}).to_string();
        rest_by(0, QUERY, &body, nonce)
            .header(name, value)
            .request()
    };
    vec![
        row(
            "another address in a header",
            elsewhere("x-original-url", REFUND, "smuggle-3"),
            200,
            "",
        ),
        row(
            "another address in another header",
            elsewhere("x-rewrite-url", REFUND, "smuggle-4"),
            200,
            "",
        ),
        row(
            "two ways to say how long it is",
            elsewhere("transfer-encoding", "chunked", "smuggle-5"),
            200,
            "",
        ),
        row(
            "another host",
            elsewhere("host", "evil.example", "smuggle-6"),
            200,
            "",
        ),
        row(
            "a prefix in a header",
            elsewhere("x-forwarded-prefix", "/w/a", "smuggle-7"),
            200,
            "",
        ),
    ]
}

pub(super) fn rows(scene: &Scene<'_>) -> Vec<Row> {
    // A zero byte or another line cannot come in by a header at all.
    for text in ["a\0b", "a\r\nx-evil: 1", "a\nb"] {
        assert!(http::HeaderValue::from_str(text).is_err());
    }
    [
        contents(),
        addresses(),
        doubled(),
        smuggled(scene),
        beside(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
