//! The v3 gateway: what is signed and sent, and what an answer means.

use alipay::{
    AlipayTime, App, CertMode, Client, Gateway, Outcome, RefusedBy, Secret, Unknown, Why,
    content::ContentKey,
    keys::PrivateKey,
    requests::{Method, Precreate, Query, Refund, RequestError},
    sign::{self, SignType, SignatureError},
    testing::ScriptedTransport,
    transport::{HttpRequest, HttpResponse},
    v3::{self, Nonce, Verb},
};
use money::Fen;
use std::sync::{Arc, LazyLock};

static APP_KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("key"));
static ALIPAY_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(2048).expect("key"));

const NUMBER: &str = "20260821001";
const TRADE: &str = r#"{"out_trade_no":"20260821001","subject":"课程","total_amount":"88.80","trade_no":"2026082122001","trade_status":"TRADE_SUCCESS"}"#;

fn app() -> App {
    let alipay = ALIPAY_KEY.public_key().clone();
    let gateway = "https://openapi.alipay.com/gateway.do";
    App::new("2021000000000001", gateway, APP_KEY.clone(), alipay)
}

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

fn client(app: App, script: &Arc<ScriptedTransport>) -> Client {
    Client::new(app, script.clone()).with_gateway(Gateway::V3)
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let found = request.headers.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.as_str())
}

fn unsigned(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![("alipay-trace-id".to_owned(), "0b1".to_owned())],
        body: body.as_bytes().to_vec(),
    }
}

fn signed(status: u16, body: &str) -> HttpResponse {
    let (timestamp, nonce) = ("1787275800000", "abc");
    let text = v3::signed_text(timestamp, nonce, body);
    let signature = sign::sign(&ALIPAY_KEY, SignType::Rsa2, text.as_bytes()).expect("signed");
    let mut response = unsigned(status, body);
    for (name, value) in [
        ("alipay-timestamp", timestamp),
        ("alipay-nonce", nonce),
        ("alipay-signature", &signature),
    ] {
        response.headers.push((name.to_owned(), value.to_owned()));
    }
    response
}

async fn query(app: App, answer: HttpResponse) -> Outcome<alipay::QueryResponse> {
    let script = Arc::new(ScriptedTransport::new([Ok(answer)]));
    let client = client(app, &script);
    client.query(&Query::by_out_trade_no(NUMBER), now()).await
}

async fn why(answer: HttpResponse) -> Why {
    match query(app(), answer).await {
        Outcome::Unknown(Unknown { why }) => why,
        other => panic!("not unknown: {other:?}"),
    }
}

/// The signature of a request as the gateway verifies it: the authorization's own words, verb,
/// path, body, token, each with a line's end.
fn holds(request: &HttpRequest, path: &str, token: Option<&str>) -> bool {
    let authorization = header(request, "authorization").expect("signed");
    let words = authorization
        .strip_prefix("ALIPAY-SHA256withRSA ")
        .expect("the scheme");
    let (auth, signature) = words.split_once(",sign=").expect("a signature");
    let body = std::str::from_utf8(&request.body).expect("text");
    let mut text = format!("{auth}\n{}\n{path}\n{body}\n", request.method);
    if let Some(token) = token {
        text.push_str(token);
        text.push('\n');
    }
    let key = APP_KEY.public_key();
    sign::verify(key, SignType::Rsa2, text.as_bytes(), signature).is_ok()
}

#[tokio::test]
async fn a_request_is_signed_over_words_verb_path_and_body() {
    let script = Arc::new(ScriptedTransport::default());
    let client = client(app(), &script).with_timeout_ms(3_000);
    let request = Precreate::new(NUMBER, "高数+A & B=C 🎓", Fen::new(1));
    let notify = Some("https://shop.example/n?a=\"b\"");
    assert!(client.precreate(&request, notify, now()).await.is_unknown());
    let sent = script.requests().remove(0);
    let path = "/v3/alipay/trade/precreate";
    assert_eq!(sent.url, format!("https://openapi.alipay.com{path}"));
    assert_eq!((sent.method, sent.timeout_ms), ("POST", 3_000));
    assert_eq!(header(&sent, "content-type"), Some("application/json"));
    assert_eq!(
        std::str::from_utf8(&sent.body),
        Ok(
            r#"{"out_trade_no":"20260821001","total_amount":"0.01","subject":"高数+A & B=C 🎓","notify_url":"https://shop.example/n?a=\"b\""}"#
        )
    );
    assert!(holds(&sent, path, None));
    assert!(!holds(&sent, "/v3/alipay/trade/query", None));
    let authorization = header(&sent, "authorization").expect("signed");
    let nonce = header(&sent, "alipay-request-id").expect("an id");
    assert_eq!(nonce.len(), 32);
    assert!(authorization.starts_with(&format!(
        "ALIPAY-SHA256withRSA app_id=2021000000000001,nonce={nonce},timestamp=1787275800000,sign="
    )));
    // Another nonce every time.
    let _ = client.precreate(&request, notify, now()).await;
    let again = script.requests().remove(1);
    assert_ne!(header(&again, "alipay-request-id"), Some(nonce));
}

#[tokio::test]
async fn certificates_and_tokens_are_named_and_signed() {
    let script = Arc::new(ScriptedTransport::default());
    let key = ALIPAY_KEY.public_key().clone();
    let app = App {
        cert_mode: Some(CertMode::from_serials(
            "app-sn",
            "root-sn",
            "alipay-sn",
            key,
        )),
        app_auth_token: Some(Secret::new("the-token")),
        ..app()
    };
    let query = Query::by_out_trade_no(NUMBER);
    let _ = client(app, &script).query(&query, now()).await;
    let sent = script.requests().remove(0);
    assert_eq!(header(&sent, "alipay-root-cert-sn"), Some("root-sn"));
    assert_eq!(header(&sent, "alipay-app-auth-token"), Some("the-token"));
    let authorization = header(&sent, "authorization").expect("signed");
    assert!(authorization.contains("app_id=2021000000000001,app_cert_sn=app-sn,nonce="));
    let path = "/v3/alipay/trade/query";
    assert!(holds(&sent, path, Some("the-token")));
    assert!(!holds(&sent, path, None));
    let debug = format!("{sent:?}");
    let shown = debug.contains("the-token") || debug.contains("ALIPAY-SHA256");
    assert!(!shown && debug.contains("alipay-app-auth-token"), "{debug}");
}

/// A request that v3 reads with `GET`.
struct Download;

impl Method for Download {
    const METHOD: &'static str = "alipay.data.dataservice.bill.downloadurl.query";

    fn biz_content(&self) -> Result<String, RequestError> {
        Ok(r#"{"bill_type":"trade","bill_date":"2026-08-20"}"#.to_owned())
    }
}

impl alipay::answers::ApiMethod for Download {
    type Answer = String;

    fn answer(node: alipay::Answered) -> Result<String, &'static str> {
        let url = node.text("bill_download_url");
        url.map(str::to_owned).ok_or("bill_download_url")
    }
}

#[tokio::test]
async fn a_get_has_its_fields_in_the_query() {
    let body = r#"{"bill_download_url":"https://a.example/b"}"#;
    let script = Arc::new(ScriptedTransport::new([Ok(signed(200, body))]));
    let client = client(app(), &script);
    let outcome = client.execute(&Download, now()).await;
    assert_eq!(outcome.done().as_deref(), Some("https://a.example/b"));
    let sent = script.requests().remove(0);
    let path =
        "/v3/alipay/data/dataservice/bill/downloadurl/query?bill_date=2026-08-20&bill_type=trade";
    assert_eq!(sent.url, format!("https://openapi.alipay.com{path}"));
    assert_eq!((sent.method, sent.body.len()), ("GET", 0));
    assert_eq!(header(&sent, "content-type"), None);
    assert!(holds(&sent, path, None));
}

#[tokio::test]
async fn any_method_can_be_called_by_its_name() {
    let script = Arc::new(ScriptedTransport::new([
        Ok(signed(200, r#"{"a":"b"}"#)),
        Ok(signed(200, TRADE)),
    ]));
    let client = client(app(), &script);
    let content = r#"{"x":"1","y":[2]}"#;
    let (get, post) = ("alipay.user.agreement.query", "alipay.something.of.2030");
    let got = client
        .call_v3_raw(get, Verb::Get, content, &[], now())
        .await;
    assert_eq!(got.done().expect("done").text("a"), Some("b"));
    let other = [("out_trade_no", "another")];
    let posted = client.call_v3_raw(post, Verb::Post, content, &other, now());
    assert!(posted.await.is_unknown(), "it is about another trade");
    let sent = script.requests();
    let path = "/v3/alipay/user/agreement/query?x=1&y=%5B2%5D";
    assert!(sent[0].url.ends_with(path) && holds(&sent[0], path, None));
    let path = "/v3/alipay/something/of/2030";
    assert!(sent[1].url.ends_with(path) && holds(&sent[1], path, None));
    assert_eq!(sent[1].body, content.as_bytes());
    let broken = client.call_v3_raw(get, Verb::Get, "no object", &[], now());
    assert!(broken.await.refusal().is_some());
}

#[tokio::test]
async fn the_same_request_goes_through_either_gateway() {
    let trade = query(app(), signed(200, TRADE)).await.done().expect("done");
    assert!(trade.trade_status.is_paid());
    assert_eq!(trade.total_amount, Fen::new(8_880));
    assert_eq!(trade.node.raw, TRADE);
    let script = Arc::new(ScriptedTransport::default());
    let refund = Refund::new(NUMBER, "R1", Fen::new(100));
    let client = client(app(), &script);
    let _ = client.refund(&refund, now()).await;
    let _ = client
        .with_gateway(Gateway::V2)
        .refund(&refund, now())
        .await;
    let urls = script.requests();
    assert!(urls[0].url.ends_with("/v3/alipay/trade/refund"));
    assert!(urls[1].url.contains("/gateway.do?"));
}

#[tokio::test]
async fn a_success_is_believed_only_when_signed_over_these_very_bytes() {
    assert_eq!(why(unsigned(200, TRADE)).await, Why::Unsigned);
    let mut changed = signed(200, TRADE);
    changed.body = TRADE.replace("88.80", "88.81").into_bytes();
    let mismatch = Why::Signature(SignatureError::Mismatch);
    assert_eq!(why(changed).await, mismatch);
    for name in ["alipay-timestamp", "alipay-nonce"] {
        let mut other = signed(200, TRADE);
        for (header, value) in &mut other.headers {
            if header == name {
                "0".clone_into(value);
            }
        }
        assert_eq!(why(other).await, mismatch, "{name}");
        let mut without = signed(200, TRADE);
        without.headers.retain(|(header, _)| header != name);
        assert!(matches!(why(without).await, Why::Field(_)));
    }
    let mut empty = signed(200, TRADE);
    for (header, value) in &mut empty.headers {
        if header == "alipay-signature" {
            value.clear();
        }
    }
    assert_eq!(why(empty).await, Why::Unsigned);
    let other = TRADE.replace(NUMBER, "20260821002");
    assert_eq!(
        why(signed(200, &other)).await,
        Why::OtherTrade("out_trade_no")
    );
    for odd in ["", "[]", "{", "<html>", r#"{"a":1,"a":2}"#] {
        assert!(
            matches!(why(signed(200, odd)).await, Why::Field(_)),
            "{odd}"
        );
    }
}

#[tokio::test]
async fn a_status_from_400_is_refused_and_says_who_said_so() {
    let body = r#"{"code":"ACQ.TRADE_NOT_EXIST","links":[{"link":"https://open.alipay.com/api/errCheck","desc":"解决方案"}],"message":"交易不存在"}"#;
    let outcome = query(app(), unsigned(400, body)).await;
    let refusal = outcome.refusal().expect("refused");
    assert_eq!(refusal.by, RefusedBy::UnsignedGateway);
    assert!(refusal.is("TRADE_NOT_EXIST") && !refusal.is_trade_not_exist());
    assert_eq!(
        (refusal.code.as_str(), refusal.sub_msg.as_str()),
        ("400", "交易不存在")
    );
    let outcome = query(app(), signed(400, body)).await;
    assert!(outcome.refusal().expect("refused").is_trade_not_exist());
    let mut forged = signed(400, body);
    forged.body = body.replace("NOT_EXIST", "HAS_CLOSE").into_bytes();
    assert_eq!(why(forged).await, Why::Signature(SignatureError::Mismatch));
    for (status, code) in [(401, "invalid-auth-token"), (429, "app-call-limited")] {
        let body = format!(r#"{{"code":"{code}","message":"不"}}"#);
        let outcome = query(app(), unsigned(status, &body)).await;
        assert_eq!(outcome.refusal().expect("refused").sub_code, code);
    }
}

#[tokio::test]
async fn what_alipay_does_not_know_is_unknown() {
    for (status, code) in [
        (400, "unknow-error"),
        (400, "ACQ.SYSTEM_ERROR"),
        (500, "unknow-error"),
        (502, "anything"),
        (202, "anything"),
    ] {
        let body = format!(r#"{{"code":"{code}","message":"系统繁忙"}}"#);
        let answer = unsigned(status, &body);
        assert!(matches!(why(answer).await, Why::Busy(_)), "{status} {code}");
    }
    assert_eq!(why(unsigned(502, "<html>")).await, Why::Status(502));
    assert_eq!(why(unsigned(404, "not here")).await, Why::Status(404));
    assert_eq!(why(unsigned(202, "")).await, Why::Status(202));
    assert_eq!(why(unsigned(202, TRADE)).await, Why::Status(202));
    // v2's `10003`: accepted, and nothing is paid yet.
    let accepted = why(signed(202, TRADE)).await;
    assert!(
        matches!(&accepted, Why::Accepted(node) if node.raw == TRADE),
        "{accepted:?}"
    );
    let forged = signed(202, &TRADE.replace(NUMBER, "20260821002"));
    assert_eq!(why(forged).await, Why::OtherTrade("out_trade_no"));
    let mut broken = unsigned(200, "");
    broken.body = vec![0xff];
    assert_eq!(why(broken).await, Why::NotText);
}

#[tokio::test]
async fn content_is_encrypted_both_ways() {
    let key = ContentKey::parse("AAECAwQFBgcICQoLDA0ODw==").expect("a key");
    let app = App {
        content_key: Some(key.clone()),
        ..app()
    };
    let secret = key.encrypt(TRADE.as_bytes()).expect("encrypted");
    let script = Arc::new(ScriptedTransport::new([Ok(signed(200, &secret))]));
    let client = client(app, &script);
    let query = Query::by_out_trade_no(NUMBER);
    assert!(client.query(&query, now()).await.done().is_some());
    let sent = script.requests().remove(0);
    assert_eq!(header(&sent, "content-type"), Some("text/plain"));
    assert_eq!(header(&sent, "alipay-encrypt-type"), Some("AES"));
    assert!(holds(&sent, "/v3/alipay/trade/query", None));
    let body = std::str::from_utf8(&sent.body).expect("base64");
    let content = key.decrypt(body).expect("decrypted");
    assert_eq!(content, br#"{"out_trade_no":"20260821001"}"#);
}

#[test]
fn a_nonce_is_short_and_plain() {
    assert!(Nonce::new("a-b_C9").is_some());
    for odd in ["", "a b", "a,b", "a\n", &"a".repeat(33)] {
        assert_eq!(Nonce::new(odd), None, "{odd}");
    }
}
