//! How a client calls: encrypted, for others, again where that is safe, watched, signed elsewhere.

use alipay::{
    AlipayTime, App, CallResult, Charset, Client, Ended, Hook, Outcome, Params, Retry, Sending,
    Unknown, Urls, Why,
    canonical::{self, sign_node},
    content::{ContentError, ContentKey},
    form,
    keys::PrivateKey,
    requests::{PagePay, Query, Refund},
    response::{write_envelope, write_node},
    sign::{self, SignError, SignType, Signer},
    testing::{ScriptedTransport, TestTimer, answer, signed_answer},
    transport::{HttpResponse, TransportError, TransportErrorKind},
};
use money::Fen;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock, Mutex};

static APP_KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("key"));
static ALIPAY_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(2048).expect("key"));

const NUMBER: &str = "20260821001";
const QUERY: &str = "alipay.trade.query";
const CONTENT_KEY: &str = "AAECAwQFBgcICQoLDA0ODw==";

fn app() -> App {
    let alipay = ALIPAY_KEY.public_key().clone();
    let gateway = "http://127.0.0.1:8609/gateway.do";
    App::new("2021000000000001", gateway, APP_KEY.clone(), alipay)
}

fn content_key() -> ContentKey {
    ContentKey::parse(CONTENT_KEY).expect("a key")
}

fn encrypting() -> App {
    App {
        content_key: Some(content_key()),
        ..app()
    }
}

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

fn trade() -> Value {
    json!({
        "code": "10000", "msg": "Success", "trade_no": "2026082122001", "out_trade_no": NUMBER,
        "trade_status": "TRADE_SUCCESS", "total_amount": "88.80", "subject": "课程/1",
    })
}

/// The sent parameters, merged as the gateway merges them.
fn sent(script: &ScriptedTransport, index: usize) -> Params {
    let request = script.requests().remove(index);
    let (_, query) = request.url.split_once('?').expect("a query");
    let query = form::decode(query.as_bytes(), Charset::Utf8).expect("a query");
    let body = form::decode(&request.body, Charset::Utf8).expect("a form");
    query.merged(&body).expect("no name twice")
}

fn verifies(params: &Params) -> bool {
    let key = APP_KEY.public_key();
    canonical::verify_request(params, key, SignType::Rsa2, Charset::Utf8).is_ok()
}

/// An answer whose node is this string, signed with its quotes.
fn sealed(secret: &str) -> HttpResponse {
    let node = format!("\"{}\"", secret.replace('/', "\\/"));
    let key = &ALIPAY_KEY;
    let sign = sign_node(&node, key, SignType::Rsa2, Charset::Utf8).expect("signed");
    answer(&write_envelope(
        "alipay_trade_query_response",
        &node,
        None,
        Some(&sign),
    ))
}

fn client(app: App, script: &Arc<ScriptedTransport>) -> Client {
    Client::new(app, script.clone())
}

async fn query(client: &Client) -> Outcome<alipay::QueryResponse> {
    client.query(&Query::by_out_trade_no(NUMBER), now()).await
}

fn why<T: std::fmt::Debug>(outcome: Outcome<T>) -> Why {
    match outcome {
        Outcome::Unknown(Unknown { why }) => why,
        other => panic!("not unknown: {other:?}"),
    }
}

#[tokio::test]
async fn content_is_encrypted_then_signed_and_verified_then_decrypted() {
    let secret = content_key()
        .encrypt(write_node(&trade()).as_bytes())
        .expect("encrypted");
    let script = Arc::new(ScriptedTransport::new([Ok(sealed(&secret))]));
    let client = client(encrypting(), &script);
    let trade = query(&client).await.done().expect("done");
    assert_eq!(trade.node.text("subject"), Some("课程/1"));
    // What was signed is kept as evidence: the ciphertext with its quotes.
    assert!(trade.node.raw.starts_with('"'));
    let sent = sent(&script, 0);
    assert_eq!(sent.get("encrypt_type"), Some("AES"));
    let content = sent.get("biz_content").expect("content");
    assert_eq!(
        content_key().decrypt(content).as_deref(),
        Ok(&br#"{"out_trade_no":"20260821001"}"#[..])
    );
    assert!(verifies(&sent));
}

#[tokio::test]
async fn errors_come_unencrypted_and_are_read_as_they_are() {
    let refused = json!({
        "code": "40003", "msg": "Insufficient Conditions",
        "sub_code": "isv.decryption-error-unknown", "sub_msg": "解密出错, 未知错误",
    });
    let script = Arc::new(ScriptedTransport::new([Ok(signed_answer(
        &ALIPAY_KEY,
        QUERY,
        &refused,
    ))]));
    let outcome = query(&client(encrypting(), &script)).await;
    let refusal = outcome.refusal().expect("refused");
    assert_eq!(refusal.sub_code, "isv.decryption-error-unknown");
}

#[tokio::test]
async fn an_answer_that_cannot_be_decrypted_is_unknown() {
    let other = ContentKey::parse("AAECAwQFBgcICQoLDA0OEA==").expect("a key");
    let text = write_node(&trade());
    let theirs = other.encrypt(text.as_bytes()).expect("encrypted");
    let ours = content_key().encrypt(text.as_bytes()).expect("encrypted");
    let ask = async |app: App, answer: HttpResponse| {
        let script = Arc::new(ScriptedTransport::new([Ok(answer)]));
        why(query(&client(app, &script)).await)
    };
    assert!(matches!(
        ask(encrypting(), sealed(&theirs)).await,
        Why::Content(ContentError::Undecryptable | ContentError::NotText)
    ));
    assert_eq!(
        ask(encrypting(), sealed("?")).await,
        Why::Content(ContentError::NotBase64)
    );
    // Encrypted, but this application has no key.
    assert_eq!(
        ask(app(), sealed(&ours)).await,
        Why::Content(ContentError::Key)
    );
    // The signature covers the quotes: without them it does not hold.
    let node = format!("\"{ours}\"");
    let key = &ALIPAY_KEY;
    let sign = sign_node(&ours, key, SignType::Rsa2, Charset::Utf8).expect("signed");
    let name = "alipay_trade_query_response";
    let bare = answer(&write_envelope(name, &node, None, Some(&sign)));
    assert!(matches!(ask(encrypting(), bare).await, Why::Signature(_)));
    // Encrypted and unsigned means nothing, whatever it says.
    let unsigned = answer(&write_envelope(name, &node, None, None));
    assert_eq!(ask(encrypting(), unsigned).await, Why::Unsigned);
}

#[tokio::test]
async fn a_service_provider_calls_for_many_merchants_and_many_apps() {
    let script = Arc::new(ScriptedTransport::default());
    let own = client(app(), &script);
    let other_app = App {
        app_id: "2021000000000002".to_owned(),
        ..app()
    };
    for client in [
        own.on_behalf_of("token-of-a"),
        own.on_behalf_of("token-of-b"),
        own,
        client(other_app, &script),
    ] {
        let _ = query(&client).await;
    }
    let said = |index: usize| {
        let params = sent(&script, index);
        assert!(verifies(&params));
        let get = |name| params.get(name).map(str::to_owned);
        (get("app_id").expect("an id"), get("app_auth_token"))
    };
    let id = "2021000000000001".to_owned();
    assert_eq!(said(0), (id.clone(), Some("token-of-a".to_owned())));
    assert_eq!(said(1), (id.clone(), Some("token-of-b".to_owned())));
    assert_eq!(said(2), (id, None));
    assert_eq!(said(3), ("2021000000000002".to_owned(), None));
    let debug = format!("{:?}", app().on_behalf_of("token-of-a"));
    assert!(!debug.contains("token-of-a"), "{debug}");
}

/// Counts, and signs with a key that it never gives away.
#[derive(Debug)]
struct Module {
    signed: Mutex<u32>,
    broken: bool,
}

impl Signer for Module {
    fn sign(&self, sign_type: SignType, text: &[u8]) -> Result<String, SignError> {
        *self.signed.lock().expect("one thread") += 1;
        if self.broken {
            return Err(SignError::Elsewhere);
        }
        sign::sign(&APP_KEY, sign_type, text)
    }
}

#[tokio::test]
async fn a_signer_of_ones_own_signs_calls_and_links() {
    let with = |broken| {
        let module = Arc::new(Module {
            signed: Mutex::new(0),
            broken,
        });
        let alipay = ALIPAY_KEY.public_key().clone();
        let app = App::with_signer(
            "2021000000000001",
            "http://127.0.0.1/g",
            module.clone(),
            alipay,
        );
        (module, app)
    };
    let (module, app) = with(false);
    let script = Arc::new(ScriptedTransport::default());
    let _ = query(&client(app.clone(), &script)).await;
    assert!(verifies(&sent(&script, 0)));
    let pay = PagePay::new(NUMBER, "课程", Fen::new(1));
    assert!(app.page_url(&pay, None, None, now()).is_ok());
    assert_eq!(*module.signed.lock().expect("one thread"), 2);

    let (_, app) = with(true);
    let outcome = query(&client(app, &script)).await;
    assert!(outcome.refusal().is_some(), "nothing was sent");
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn a_text_can_be_signed_apart() {
    let prepared = app()
        .prepare(QUERY, "{\"out_trade_no\":\"1\"}", Urls::default(), now())
        .expect("prepared");
    assert_eq!(prepared.params().get("sign"), None);
    let text = prepared.text().expect("UTF-8");
    let signature = sign::sign(&APP_KEY, SignType::Rsa2, &text).expect("signed");
    assert!(verifies(&prepared.finish(&signature)));
}

#[derive(Default)]
struct Watch {
    lines: Mutex<Vec<String>>,
}

impl Hook for Watch {
    fn sending(&self, sending: &Sending<'_>) {
        let Sending {
            method,
            attempt,
            url,
            ..
        } = sending;
        let line = format!("> {method} {attempt} {url}");
        self.lines.lock().expect("one thread").push(line);
    }

    fn ended(&self, ended: &Ended<'_>) {
        let word = match ended.result {
            CallResult::Done => "done",
            CallResult::Refused { sub_code, .. } => sub_code,
            CallResult::Unknown(why) => why,
        };
        let trace = ended.trace_id.unwrap_or("-");
        let line = format!("< {:?} {trace} {word}", ended.status);
        self.lines.lock().expect("one thread").push(line);
    }
}

fn failed(kind: TransportErrorKind) -> Result<HttpResponse, TransportError> {
    let detail = "cut".to_owned();
    Err(TransportError { kind, detail })
}

fn busy() -> HttpResponse {
    let node = json!({"code": "20000", "msg": "no", "sub_code": "isp.unknow-error"});
    signed_answer(&ALIPAY_KEY, QUERY, &node)
}

fn done() -> HttpResponse {
    let mut done = signed_answer(&ALIPAY_KEY, QUERY, &trade());
    done.headers.push(("trace_id".to_owned(), "7".to_owned()));
    done
}

#[tokio::test]
async fn a_read_is_sent_again_until_it_is_answered() {
    let script = Arc::new(ScriptedTransport::new([
        failed(TransportErrorKind::Lost),
        Ok(busy()),
        Ok(done()),
    ]));
    let (pauses, watch) = (Arc::new(TestTimer::new(now())), Arc::new(Watch::default()));
    let client = client(app().on_behalf_of("secret-token"), &script)
        .with_retry(Retry::attempts(3).pausing(pauses.clone(), 500))
        .with_hook(watch.clone());
    assert!(query(&client).await.done().is_some());
    assert_eq!(script.requests().len(), 3);
    assert_eq!(pauses.waits(), [500, 1_000]);
    let lines = watch.lines.lock().expect("one thread").clone();
    assert_eq!(lines.len(), 6);
    assert!(lines[0].starts_with(
        "> alipay.trade.query 1 http://127.0.0.1:8609/gateway.do?app_id=2021000000000001&"
    ));
    assert_eq!(lines[1], "< None - transport");
    assert_eq!(lines[3], "< Some(200) - busy");
    assert_eq!(lines[5], "< Some(200) 7 done");
    let all = lines.join("\n");
    let sign = sent(&script, 0).get("sign").expect("signed").to_owned();
    assert!(!all.contains("secret-token") && !all.contains(&sign[..20]));
}

#[tokio::test]
async fn what_is_not_safe_to_repeat_is_sent_once() {
    let calls = async |method: &str, content: &str, first: Result<HttpResponse, TransportError>| {
        let script = Arc::new(ScriptedTransport::new([first]));
        let client = client(app(), &script).with_retry(Retry::attempts(4));
        let outcome = client.call_raw(method, content, None, &[], now()).await;
        assert!(outcome.done().is_none());
        script.requests().len()
    };
    let lost = || failed(TransportErrorKind::Lost);
    let keyed = r#"{"out_request_no":"R1"}"#;
    assert_eq!(calls("alipay.trade.pay", "{}", lost()).await, 1);
    assert_eq!(calls("alipay.trade.refund", "{}", lost()).await, 1);
    assert_eq!(calls("alipay.trade.refund", keyed, lost()).await, 4);
    assert_eq!(calls("alipay.trade.query", "{}", lost()).await, 4);
    // What certainly never left may always be sent again; the script's end is a timeout.
    let not_sent = || failed(TransportErrorKind::NotSent);
    assert_eq!(calls("alipay.trade.pay", "{}", not_sent()).await, 2);
    // A forged or changed answer is no reason to ask again, nor is a refusal.
    assert_eq!(calls(QUERY, "{}", Ok(answer("<html>"))).await, 1);
    let no = json!({"code": "40004", "msg": "no", "sub_code": "ACQ.TRADE_NOT_EXIST"});
    assert_eq!(
        calls(QUERY, "{}", Ok(signed_answer(&ALIPAY_KEY, QUERY, &no))).await,
        1
    );
    let waits = json!({"code": "10003", "msg": " order success pay inprocess"});
    let waits = signed_answer(&ALIPAY_KEY, QUERY, &waits);
    assert_eq!(calls(QUERY, "{}", Ok(waits)).await, 1);
}

#[tokio::test]
async fn nothing_is_repeated_unless_asked_for() {
    let script = Arc::new(ScriptedTransport::new([failed(
        TransportErrorKind::NotSent,
    )]));
    let client = client(app(), &script).with_timeout_ms(1_234);
    let refund = Refund::new(NUMBER, "R1", Fen::new(100));
    assert!(client.refund(&refund, now()).await.is_unknown());
    assert_eq!(script.requests().len(), 1);
    assert_eq!(script.requests()[0].timeout_ms, 1_234);
}
