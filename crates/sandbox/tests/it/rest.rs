//! The third version of the protocol: the same methods over REST, signed in a header.

use crate::support::{Bench, NOTIFY, Reply, keys};
use crate::through::{by_cert, by_key, change, client, now, order, text};
use alipay::content::ContentKey;
use alipay::requests::{Close, Precreate, Query, Refund, RefundQuery};
use alipay::sign::{self, SignType};
use alipay::v3::{SIGNATURE_HEADERS, signed_text};
use alipay::{App, Gateway, Outcome, TradeStatus};
use axum::body::Body;
use http::{Request, StatusCode};
use money::Fen;
use sandbox::gateway::{Verb, method_lines};
use serde_json::{Value, json};
use store::Db;

const QUERY: &str = "/v3/alipay/trade/query";
const PRECREATE: &str = "/v3/alipay/trade/precreate";
/// 2026-08-21 09:30:00 in China.
const NOW_MS: i64 = 1_787_275_800_000;

fn done<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Done(done) => done,
        other => panic!("not done: {other:?}"),
    }
}

/// A call before it is signed.
#[derive(Clone)]
pub(crate) struct Rest {
    pub(crate) verb: &'static str,
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) auth: String,
    pub(crate) index: usize,
    /// Its `Content-Type`, unless it is a GET.
    pub(crate) kind: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Rest {
    pub(crate) fn new(verb: &'static str, path: &str, body: &str, nonce: &str) -> Self {
        Self {
            verb,
            path: path.to_owned(),
            body: body.to_owned(),
            auth: format!("app_id=9021000000000001,nonce={nonce},timestamp={NOW_MS}"),
            index: 0,
            kind: "application/json",
            headers: Vec::new(),
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn signature(&self, token: Option<&str>) -> String {
        let mut text = format!(
            "{}\n{}\n{}\n{}\n",
            self.auth, self.verb, self.path, self.body
        );
        if let Some(token) = token {
            text.push_str(token);
            text.push('\n');
        }
        sign::sign(&keys().app[self.index], SignType::Rsa2, text.as_bytes()).unwrap()
    }

    pub(crate) async fn send(&self, bench: &Bench) -> Reply {
        bench.send(self.request()).await
    }

    /// The call, signed.
    pub(crate) fn request(&self) -> Request<Body> {
        let token = self
            .headers
            .iter()
            .find(|(name, _)| *name == "alipay-app-auth-token");
        let signature = self.signature(token.map(|(_, value)| value.as_str()));
        let value = format!("ALIPAY-SHA256withRSA {},sign={signature}", self.auth);
        self.with(Some(&value))
    }

    pub(crate) async fn send_with(&self, bench: &Bench, authorization: Option<&str>) -> Reply {
        bench.send(self.with(authorization)).await
    }

    /// The call with that header.
    pub(crate) fn with(&self, authorization: Option<&str>) -> Request<Body> {
        let mut request = Request::builder().method(self.verb).uri(&self.path);
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        if self.verb != "GET" {
            request = request.header("content-type", self.kind);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request.body(Body::from(self.body.clone())).unwrap()
    }
}

/// The status and the code of an error, which has a link and no signature.
pub(crate) fn refused(reply: &Reply) -> (u16, String) {
    let body = reply.json();
    assert!(
        body["links"][0]["link"]
            .as_str()
            .unwrap()
            .contains("/sandbox/v1/requests/")
    );
    assert!(!body["message"].as_str().unwrap().is_empty());
    assert_eq!(
        reply.header("content-type"),
        Some("application/json;charset=UTF-8")
    );
    assert_eq!(reply.header("alipay-signature"), None);
    assert_eq!(reply.header("alipay-trace-id").map(str::len), Some(32));
    assert!(!reply.explain().is_empty(), "{body}");
    (
        reply.status.as_u16(),
        body["code"].as_str().unwrap().to_owned(),
    )
}

/// The body of a good answer, whose signature must be Alipay's for the first application.
pub(crate) fn accepted(reply: &Reply) -> Value {
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let [time, nonce, signature, _] = SIGNATURE_HEADERS.map(|name| reply.header(name));
    let text = signed_text(time.unwrap(), nonce.unwrap(), &reply.text());
    let key = keys().alipay[0].public_key();
    sign::verify(key, SignType::Rsa2, text.as_bytes(), signature.unwrap()).expect("Alipay's");
    reply.json()
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn our_own_client_goes_through_v3_in_every_mode(db: Db) {
        let bench = Bench::new(db).await;
        let told = change(&bench, 0, json!({"aes_key": "new"})).await;
        let content_key = Some(ContentKey::parse(text(&told, "aes_key")).unwrap());
        let apps = [
            ("K", by_key(0)),
            ("C", by_cert(&bench, 0).await),
            ("A", App { content_key, ..by_key(0) }),
        ];
        for (mode, app) in apps {
            let client = client(&bench, app).with_gateway(Gateway::V3);
            let number = format!("V{mode}1");
            let asked = Precreate::new(&number, "高等数学", Fen::new(880));
            done(client.precreate(&asked, Some(NOTIFY), now()).await);
            let query = Query::by_out_trade_no(&number);
            let refused = client.query(&query, now()).await;
            assert!(matches!(&refused, Outcome::Refused(no) if no.is("ACQ.TRADE_NOT_EXIST")), "{refused:?}");
            bench.control(&format!("trades/{number}/pay"), json!({})).await;
            let found = done(client.query(&query, now()).await);
            assert_eq!(found.trade_status, TradeStatus::Success);
            let refund = Refund::new(&number, "R1", Fen::new(380));
            done(client.refund(&refund, now()).await);
            done(client.refund_query(&RefundQuery::new(&number, "R1"), now()).await);
            let closed = client.close(&Close::by_out_trade_no(&number), now()).await;
            assert!(matches!(&closed, Outcome::Refused(no) if no.is("ACQ.TRADE_STATUS_ERROR")), "{closed:?}");
        }
        bench.schedule.settle().await.unwrap();
        let told = bench.merchant.forms();
        assert_eq!(told[0].get("charset"), Some("UTF-8"), "notify_url stood in the body");
        bench.assert_balanced().await;
    }

    async fn answers_are_bare_and_signed_in_their_headers(db: Db) {
        let bench = Bench::new(db).await;
        let body = order("B1").to_string();
        let made = accepted(&Rest::new("POST", PRECREATE, &body, "1").send(&bench).await);
        let names: Vec<_> = made.as_object().unwrap().keys().collect();
        assert_eq!(names, ["out_trade_no", "qr_code"]);
        // The order in which a client writes its parts is its own affair.
        let mut other = Rest::new("POST", PRECREATE, &body, "x");
        other.auth = format!("nonce=2,timestamp={NOW_MS},expired_seconds=120,app_id=9021000000000001");
        accepted(&other.send(&bench).await);
        let shown = bench.look("requests?method=alipay.trade.precreate").await;
        let kept = &shown["requests"][0];
        assert_eq!(kept["request"]["query"], PRECREATE);
        assert!(kept["signed_text"].as_str().unwrap().contains("\nPOST\n/v3/alipay/trade/precreate\n"));
    }

    async fn errors_have_the_status_of_their_class_and_no_signature(db: Db) {
        let bench = Bench::new(db).await;
        let query = |nonce: &str| Rest::new("POST", QUERY, "{\"out_trade_no\":\"E1\"}", nonce);
        let with_auth = |nonce: &str, auth: String| Rest { auth, ..query(nonce) };
        let none = query("1").send_with(&bench, None).await;
        assert_eq!(refused(&none), (400, "missing-timestamp".to_owned()));
        let app = "app_id=9021000000000001";
        let at = |ms: i64| format!("{app},nonce=n{ms},timestamp={}", NOW_MS + ms);
        for (call, wanted) in [
            (query("2"), (400, "ACQ.TRADE_NOT_EXIST")),
            (with_auth("3", format!("app_id=2021,nonce=3,timestamp={NOW_MS}")), (400, "invalid-app-id")),
            (with_auth("4", format!("nonce=4,timestamp={NOW_MS}")), (400, "missing-app-id")),
            (with_auth("5", format!("{app},nonce=5")), (400, "missing-timestamp")),
            (with_auth("6", format!("{app},nonce=6,timestamp=today")), (400, "invalid-timestamp")),
            (with_auth("7", at(-600_001)), (400, "invalid-timestamp")),
            (with_auth("8", at(600_001)), (400, "invalid-timestamp")),
            (with_auth("9", format!("{},expired_seconds=5", at(-5_001))), (400, "invalid-timestamp")),
            // What a caller says itself makes the time shorter, never longer.
            (with_auth("9", format!("{},expired_seconds=3600", at(-600_002))), (400, "invalid-timestamp")),
            (with_auth("10", at(-600_000)), (400, "ACQ.TRADE_NOT_EXIST")),
            (with_auth("11", format!("{app},timestamp={NOW_MS}")), (400, "invalid-parameter")),
            (with_auth("12", format!("{app},app_cert_sn=0,nonce=12,timestamp={NOW_MS}")), (400, "app-cert-not-exist")),
            (Rest { index: 1, ..query("13") }, (400, "invalid-signature")),
            (Rest::new("POST", "/v3/alipay/trade/fly", "{}", "14"), (404, "invalid-method")),
            (Rest::new("POST", "/v3/alipay/trade/page/pay", "{}", "15"), (404, "invalid-method")),
            (Rest::new("GET", QUERY, "", "16"), (404, "invalid-method")),
            (Rest::new("POST", "/v3/alipay.trade.query", "{}", "17"), (404, "invalid-method")),
            (Rest::new("POST", QUERY, "[]", "18"), (400, "illegal-json")),
            (Rest::new("POST", QUERY, "{\"a\":1,\"a\":2}", "19"), (400, "illegal-json")),
            (Rest::new("POST", QUERY, "{}", "20"), (400, "ACQ.INVALID_PARAMETER")),
            (query("21").header("alipay-encrypt-type", "AES"), (400, "missing-encrypt-key")),
            (query("22").header("alipay-app-auth-token", "none"), (401, "invalid-app-auth-token")),
        ] {
            let reply = call.send(&bench).await;
            let (status, code) = refused(&reply);
            assert_eq!((status, code.as_str()), wanted, "{}", reply.explain());
        }
        bench.control_put("faults", json!({"faults": [{"what": "unavailable"}]})).await;
        assert_eq!(refused(&query("23").send(&bench).await), (500, "unknow-error".to_owned()));
    }

    async fn a_number_is_used_once_and_only_by_whoever_signs(db: Db) {
        let bench = Bench::new(db).await;
        let call = Rest::new("POST", PRECREATE, &order("N1").to_string(), "once");
        // Who cannot sign cannot use up somebody's number.
        let forged = format!("ALIPAY-SHA256withRSA {},sign=AAAA", call.auth);
        assert_eq!(refused(&call.send_with(&bench, Some(&forged)).await).1, "invalid-signature");
        accepted(&call.send(&bench).await);
        assert_eq!(refused(&call.send(&bench).await), (400, "suspected-attack".to_owned()));
        let other = Rest { auth: call.auth.replace("0001,", "0002,"), index: 1, ..call.clone() };
        assert_eq!(other.send(&bench).await.status, StatusCode::OK, "another application's number");
        // When it could be used again, its time is over.
        bench.clock.advance_ms(600_001);
        assert_eq!(refused(&call.send(&bench).await).1, "invalid-timestamp");
    }

    async fn every_byte_of_a_call_is_signed(db: Db) {
        let bench = Bench::new(db).await;
        let body = order("T1").to_string();
        let call = Rest::new("POST", PRECREATE, &body, "1");
        let value = format!("ALIPAY-SHA256withRSA {},sign={}", call.auth, call.signature(None));
        for changed in [
            Rest { body: body.replace("8.80", "0.01"), ..call.clone() },
            Rest { path: format!("{PRECREATE}?a=1"), ..call.clone() },
            Rest { path: "/v3/alipay/trade/query".to_owned(), ..call.clone() },
            call.clone().header("alipay-app-auth-token", "x"),
        ] {
            assert_eq!(refused(&changed.send_with(&bench, Some(&value)).await).1, "invalid-signature");
        }
        let later = value.replace(&NOW_MS.to_string(), &(NOW_MS + 1).to_string());
        assert_eq!(refused(&call.send_with(&bench, Some(&later)).await).1, "invalid-signature");
        assert_eq!(bench.look("trades").await["trades"], json!([]));
        accepted(&call.send_with(&bench, Some(&value)).await);
    }

    async fn a_proxy_may_replace_the_verb(db: Db) {
        let bench = Bench::new(db).await;
        let path = "/v3/alipay/open/app/alipaycert/download?alipay_cert_sn=0";
        let plain = Rest::new("GET", path, "", "1").send(&bench).await;
        assert_eq!(refused(&plain).1, "alipay-cert-not-exist");
        let over = Rest::new("POST", path, "", "2").header("x-http-method-override", "GET");
        assert_eq!(refused(&over.send(&bench).await).1, "alipay-cert-not-exist");
        let none = Rest::new("POST", path, "", "3").send(&bench).await;
        assert_eq!(refused(&none), (404, "invalid-method".to_owned()));
    }

    async fn every_method_with_a_path_answers_there(db: Db) {
        let bench = Bench::new(db).await;
        let mut count = 0;
        for line in method_lines() {
            let Some((verb, path)) = line.v3 else {
                continue;
            };
            let (verb, body) = match verb {
                Verb::Get => ("GET", ""),
                Verb::Post => ("POST", "{}"),
            };
            let reply = Rest::new(verb, &path, body, &format!("m{count}")).send(&bench).await;
            if reply.status == StatusCode::OK {
                accepted(&reply);
            } else {
                let (status, code) = refused(&reply);
                assert!(matches!(status, 400 | 401 | 403), "{path}: {status} {code}");
                assert!(!code.starts_with("isv.") && code != "invalid-method", "{path}: {code}");
            }
            count += 1;
        }
        assert!(count >= 8, "{count}");
    }
}
