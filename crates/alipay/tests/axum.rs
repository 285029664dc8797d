//! The axum extractor: `success` for what was checked and committed, `failure` for the rest, and
//! the handler never sees anything that Alipay did not sign.

#![cfg(feature = "axum")]

use alipay::{
    App, Params,
    keys::PrivateKey,
    notice::{Expectation, MAX_NOTICE_BYTES},
    testing::{NOTICE_CONTENT_TYPE, paid_notice, signed_notice},
    web::{Apps, NoticeAnswer, ReceiveError, VerifiedNotice},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{FromRef, State},
    http::{Request, StatusCode, header::CONTENT_TYPE},
    routing::post,
};
use money::Fen;
use std::sync::{Arc, LazyLock, Mutex};
use tower::ServiceExt;

static ALIPAY_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(2048).expect("key"));
static OTHER_KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("key"));

const APP_ID: &str = "2021000000000001";
const OTHER_APP: &str = "2021000000000002";
const SELLER: &str = "2088000000000001";
const NUMBER: &str = "20260821001";

#[derive(Clone)]
struct Shop {
    apps: Apps,
    committed: Arc<Mutex<Vec<String>>>,
    broken: bool,
}

impl FromRef<Shop> for Apps {
    fn from_ref(shop: &Shop) -> Self {
        shop.apps.clone()
    }
}

async fn notify(State(shop): State<Shop>, VerifiedNotice(notice): VerifiedNotice) -> NoticeAnswer {
    let expected = Expectation {
        out_trade_no: NUMBER,
        total_amount: Fen::new(8_880),
        app_id: APP_ID,
        seller_id: SELLER,
    };
    let Ok(checked) = notice.check(&expected) else {
        return NoticeAnswer::refused();
    };
    if shop.broken {
        return NoticeAnswer::not_now();
    }
    let mut committed = shop.committed.lock().expect("one thread");
    committed.push(checked.out_trade_no().unwrap_or_default().to_owned());
    NoticeAnswer::committed(checked)
}

fn app(app_id: &str, alipay: &PrivateKey) -> App {
    let gateway = "http://127.0.0.1:8609/gateway.do";
    App::new(
        app_id,
        gateway,
        OTHER_KEY.clone(),
        alipay.public_key().clone(),
    )
}

fn shop(broken: bool) -> Shop {
    Shop {
        apps: Apps::new([app(OTHER_APP, &OTHER_KEY), app(APP_ID, &ALIPAY_KEY)]),
        committed: Arc::default(),
        broken,
    }
}

fn notice() -> Params {
    paid_notice(APP_ID, SELLER, NUMBER, "88.80")
}

/// Posts, and returns status, content type and body of the answer.
async fn deliver(
    shop: &Shop,
    uri: &str,
    kind: &str,
    body: Vec<u8>,
) -> (StatusCode, String, String) {
    let router = Router::new()
        .route("/notify", post(notify))
        .with_state(shop.clone());
    let request = Request::post(uri)
        .header(CONTENT_TYPE, kind)
        .body(Body::from(body))
        .expect("a request");
    let response = router.oneshot(request).await.expect("an answer");
    let status = response.status();
    let kind = response.headers()[CONTENT_TYPE]
        .to_str()
        .expect("text")
        .to_owned();
    let body = to_bytes(response.into_body(), 1_024).await.expect("a body");
    (
        status,
        kind,
        String::from_utf8(body.to_vec()).expect("text"),
    )
}

async fn post_to(shop: &Shop, body: Vec<u8>) -> (StatusCode, String) {
    let (status, kind, body) = deliver(shop, "/notify", NOTICE_CONTENT_TYPE, body).await;
    assert_eq!(kind, "text/plain; charset=utf-8");
    (status, body)
}

#[tokio::test]
async fn a_committed_notice_is_answered_success_and_nothing_else() {
    let shop = shop(false);
    let body = signed_notice(&ALIPAY_KEY, &notice());
    let success = (StatusCode::OK, "success".to_owned());
    assert_eq!(post_to(&shop, body.clone()).await, success);
    // A repeat is answered alike; parameters of the address are not mixed in.
    let (_, _, again) = deliver(&shop, "/notify?lang=zh", NOTICE_CONTENT_TYPE, body).await;
    assert_eq!(again, "success");
    assert_eq!(shop.committed.lock().expect("one thread").len(), 2);
}

#[tokio::test]
async fn what_cannot_be_stored_is_not_acknowledged() {
    let shop = shop(true);
    let (status, body) = post_to(&shop, signed_notice(&ALIPAY_KEY, &notice())).await;
    assert_eq!((status.as_u16(), body.as_str()), (500, "failure"));
}

#[tokio::test]
async fn what_alipay_did_not_sign_never_reaches_the_handler() {
    let shop = shop(false);
    let failure = (StatusCode::OK, "failure".to_owned());
    let good = signed_notice(&ALIPAY_KEY, &notice());
    let text = String::from_utf8(good).expect("a form");
    for body in [
        String::new(),
        text.replace("88.80", "0.01"),
        text.replace("TRADE_SUCCESS", "TRADE_CLOSED"),
        text.replace(APP_ID, OTHER_APP),
        format!("{text}&extra=1"),
        "x".repeat(MAX_NOTICE_BYTES + 1),
    ] {
        assert_eq!(post_to(&shop, body.into_bytes()).await, failure);
    }
    // Signed by the key of another application of this very shop.
    let forged = signed_notice(&OTHER_KEY, &notice());
    assert_eq!(post_to(&shop, forged).await, failure);
    let (_, _, json) = deliver(&shop, "/notify", "application/json", text.into_bytes()).await;
    assert_eq!(json, "failure");
    // Genuine, but about another amount: the handler's own refusal.
    let dearer = paid_notice(APP_ID, SELLER, NUMBER, "88.81");
    assert_eq!(
        post_to(&shop, signed_notice(&ALIPAY_KEY, &dearer)).await,
        failure
    );
    assert!(shop.committed.lock().expect("one thread").is_empty());
}

#[test]
fn each_application_is_verified_with_its_own_key() {
    let apps = shop(false).apps;
    let stranger = paid_notice("2021000000000003", SELLER, NUMBER, "88.80");
    let body = signed_notice(&ALIPAY_KEY, &stranger);
    let error = apps.receive(&body, None).expect_err("not ours");
    assert_eq!(error, ReceiveError::UnknownApp);
    let other = paid_notice(OTHER_APP, SELLER, NUMBER, "88.80");
    let received = apps.receive(&signed_notice(&OTHER_KEY, &other), None);
    assert_eq!(received.expect("genuine").app_id(), Some(OTHER_APP));
}
