//! Calls and what their answers mean: done, refused, or unknown.

use alipay::{
    AlipayTime, App, Client, FundChange, Outcome, Params, RefusedBy, TradeStatus, Unknown, Why,
    canonical::{self, Empties},
    keys::PrivateKey,
    requests::{Close, Precreate, Query, Refund, RefundQuery},
    response::CutError,
    sign::{SignType, SignatureError},
    testing::{ScriptedTransport, answer, signed_answer},
    transport::{HttpResponse, TransportError, TransportErrorKind},
    {Charset, form},
};
use money::Fen;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

static APP_KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("key"));
static ALIPAY_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(2048).expect("key"));

const GATEWAY: &str = "http://127.0.0.1:8609/gateway.do";
const NUMBER: &str = "20260821001";
const QUERY: &str = "alipay.trade.query";

fn app() -> App {
    let alipay = ALIPAY_KEY.public_key().clone();
    App::new("2021000000000001", GATEWAY, APP_KEY.clone(), alipay)
}

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

fn trade(status: &str) -> Value {
    json!({
        "code": "10000", "msg": "Success", "trade_no": "2026082122001", "out_trade_no": NUMBER,
        "trade_status": status, "total_amount": "88.80", "buyer_logon_id": "ifv***@sandbox.com",
        "send_pay_date": "2026-08-21 09:30:10", "receipt_amount": "0.00",
    })
}

fn no(code: &str, sub_code: &str) -> Value {
    json!({"code": code, "msg": "no", "sub_code": sub_code, "sub_msg": "不", "out_trade_no": NUMBER})
}

fn signed(node: &Value) -> HttpResponse {
    signed_answer(&ALIPAY_KEY, QUERY, node)
}

fn unsigned(node_name: &str, node: &Value) -> HttpResponse {
    answer(&format!("{{\"{node_name}\":{node}}}"))
}

async fn query(answer: Result<HttpResponse, TransportError>) -> Outcome<alipay::QueryResponse> {
    let client = Client::new(app(), Arc::new(ScriptedTransport::new([answer])));
    client.query(&Query::by_out_trade_no(NUMBER), now()).await
}

async fn why(answer: HttpResponse) -> Why {
    match query(Ok(answer)).await {
        Outcome::Unknown(Unknown { why }) => why,
        other => panic!("not unknown: {other:?}"),
    }
}

#[tokio::test]
async fn a_signed_answer_about_the_right_trade_is_done() {
    let trade = query(Ok(signed(&trade("TRADE_SUCCESS"))))
        .await
        .done()
        .expect("done");
    assert_eq!(trade.trade_status, TradeStatus::Success);
    assert_eq!(trade.total_amount, Fen::new(8_880));
    assert_eq!(
        trade.send_pay_date.expect("a time").to_string(),
        "2026-08-21 09:30:10"
    );
    assert_eq!(trade.node.text("receipt_amount"), Some("0.00"));
    assert!(
        trade
            .node
            .raw
            .starts_with(r#"{"code":"10000","msg":"Success","#)
    );
}

#[tokio::test]
async fn a_signed_error_is_refused_and_its_code_kept() {
    let missing = query(Ok(signed(&no("40004", "ACQ.TRADE_NOT_EXIST")))).await;
    let refusal = missing.refusal().expect("refused");
    assert!(refusal.is_trade_not_exist() && refusal.is("TRADE_NOT_EXIST"));
    assert_eq!(refusal.by, RefusedBy::Alipay);
    assert!(refusal.explain().is_some());

    let new_code = query(Ok(signed(&no("40004", "ACQ.SOMETHING_OF_2030")))).await;
    let refusal = new_code.refusal().expect("refused");
    assert_eq!(refusal.sub_code, "ACQ.SOMETHING_OF_2030");
    assert!(refusal.explain().is_none());
}

#[tokio::test]
async fn what_alipay_itself_does_not_know_is_unknown() {
    for node in [
        no("20000", "isp.unknow-error"),
        no("20000", "aop.SYSTEM_ERROR"),
        no("20000", "something.new"),
        no("40004", "ACQ.SYSTEM_ERROR"),
        no("40004", "AQC.SYSTEM_ERROR"),
        no("40004", "SYSTEM_ERROR"),
        no("40002", "aop.unknow-error"),
        no("99999", ""),
        json!({"msg": "no code at all"}),
    ] {
        assert!(matches!(why(signed(&node)).await, Why::Busy(_)), "{node}");
        let bare = unsigned("alipay_trade_query_response", &node);
        assert!(matches!(why(bare).await, Why::Busy(_)), "{node}");
    }
    // Accepted, which is neither done nor refused; unsigned it says nothing at all.
    let accepted = no("10003", "");
    assert!(matches!(why(signed(&accepted)).await, Why::Accepted(_)));
    let bare = unsigned("alipay_trade_query_response", &accepted);
    assert!(matches!(why(bare).await, Why::Busy(_)));
    // The gateway's own failure, in GBK although UTF-8 was asked for.
    let text = r#"{"alipay_trade_query_response":{"code":"20000","msg":"Service Currently Unavailable","sub_code":"aop.unknow-error","sub_msg":"系统繁忙"}}"#;
    let mut gbk = answer("");
    gbk.body = Charset::Gbk.encode(text).expect("GBK").into_owned();
    assert!(matches!(why(gbk).await, Why::Busy(refusal) if refusal.sub_msg == "系统繁忙"));
}

#[tokio::test]
async fn unsigned_answers_mean_nothing_but_errors_before_authentication() {
    const NODE: &str = "alipay_trade_query_response";
    for node in [trade("TRADE_SUCCESS"), no("40004", "ACQ.TRADE_NOT_EXIST")] {
        assert_eq!(why(unsigned(NODE, &node)).await, Why::Unsigned);
        let empty = answer(&format!("{{\"{NODE}\":{node},\"sign\":\"\"}}"));
        assert_eq!(why(empty).await, Why::Unsigned);
    }
    for name in [NODE, "error_response"] {
        let outcome = query(Ok(unsigned(name, &no("40002", "isv.invalid-app-id")))).await;
        let refusal = outcome.refusal().expect("refused");
        assert_eq!(refusal.by, RefusedBy::UnsignedGateway);
        assert!(!refusal.is_trade_not_exist());
    }
    let sly = unsigned(NODE, &no("40002", "ACQ.TRADE_NOT_EXIST"));
    let outcome = query(Ok(sly)).await;
    assert!(!outcome.refusal().expect("refused").is_trade_not_exist());
}

#[tokio::test]
async fn a_changed_forged_or_doubled_answer_is_unknown() {
    let good = signed(&trade("WAIT_BUYER_PAY"));
    let text = String::from_utf8(good.body).expect("UTF-8");
    let changed = text.replace("WAIT_BUYER_PAY", "TRADE_SUCCESS");
    assert_eq!(
        why(answer(&changed)).await,
        Why::Signature(SignatureError::Mismatch)
    );
    // The app's own key is not Alipay's.
    let forged = signed_answer(&APP_KEY, QUERY, &trade("TRADE_SUCCESS"));
    assert_eq!(why(forged).await, Why::Signature(SignatureError::Mismatch));
    // A second node before the signed one: some SDKs verify one and read the other.
    let forgery = trade("TRADE_SUCCESS");
    let doubled = text.replacen(
        '{',
        &format!("{{\"alipay_trade_query_response\":{forgery},"),
        1,
    );
    assert!(matches!(
        why(answer(&doubled)).await,
        Why::Malformed(CutError::Twice(_))
    ));
    // White space inside the node changes the signed text.
    let spaced = text.replace("\"msg\":", "\"msg\": ");
    assert!(matches!(why(answer(&spaced)).await, Why::Signature(_)));
}

#[tokio::test]
async fn an_answer_about_another_trade_is_unknown() {
    let mut other = trade("TRADE_SUCCESS");
    other["out_trade_no"] = json!("20260821002");
    assert_eq!(why(signed(&other)).await, Why::OtherTrade("out_trade_no"));
    let mut other = no("40004", "ACQ.TRADE_NOT_EXIST");
    other["out_trade_no"] = json!("20260821002");
    assert_eq!(why(signed(&other)).await, Why::OtherTrade("out_trade_no"));
    let mut nobody = trade("TRADE_SUCCESS");
    nobody
        .as_object_mut()
        .expect("an object")
        .remove("out_trade_no");
    assert_eq!(why(signed(&nobody)).await, Why::Field("out_trade_no"));
    // The amount of a trade has to be one; a JSON number with a fraction would be a float.
    for amount in [json!("1.005"), json!("-1"), json!(88.80), json!(null)] {
        let mut odd = trade("TRADE_SUCCESS");
        odd["total_amount"] = amount;
        assert!(matches!(
            why(signed(&odd)).await,
            Why::Field(_) | Why::Malformed(_)
        ));
    }
    let odd = signed(&trade("TRADE_SOMETHING"));
    assert_eq!(why(odd).await, Why::Field("trade_status"));
}

#[tokio::test]
async fn what_is_no_answer_of_the_gateway_is_unknown() {
    let page = |status, body: &str| HttpResponse {
        status,
        ..answer(body)
    };
    assert_eq!(why(page(502, "")).await, Why::Status(502));
    assert_eq!(why(page(302, "")).await, Why::Status(302));
    assert_eq!(
        why(answer("<html>")).await,
        Why::Malformed(CutError::NotJson)
    );
    assert_eq!(why(answer("")).await, Why::Malformed(CutError::NotJson));
    let mut broken = answer("");
    broken.body = vec![0xff, 0xff];
    assert_eq!(why(broken).await, Why::NotText);
    let other_method = signed_answer(&ALIPAY_KEY, "alipay.trade.close", &trade("TRADE_SUCCESS"));
    assert!(matches!(
        why(other_method).await,
        Why::Malformed(CutError::NoNode(_))
    ));
    // An answer cut in the middle.
    let mut cut = signed(&trade("TRADE_SUCCESS"));
    cut.body.truncate(cut.body.len() - 20);
    assert_eq!(why(cut).await, Why::Malformed(CutError::NotJson));
}

#[tokio::test]
async fn silence_is_unknown_and_says_whether_anything_was_sent() {
    for kind in [
        TransportErrorKind::NotSent,
        TransportErrorKind::Lost,
        TransportErrorKind::Timeout,
    ] {
        let detail = "connection refused".to_owned();
        let outcome = query(Err(TransportError { kind, detail })).await;
        let Outcome::Unknown(unknown) = outcome else {
            panic!("{kind:?} is not unknown");
        };
        assert_eq!(
            unknown.certainly_not_sent(),
            kind == TransportErrorKind::NotSent
        );
    }
}

#[tokio::test]
async fn a_refund_moved_money_only_when_it_says_so() {
    let refund = async |node: Value| {
        let answer = signed_answer(&ALIPAY_KEY, "alipay.trade.refund", &node);
        let client = Client::new(app(), Arc::new(ScriptedTransport::new([Ok(answer)])));
        let request = Refund::new(NUMBER, "R1", Fen::new(100));
        client.refund(&request, now()).await.done().expect("done")
    };
    let base = json!({
        "code": "10000", "msg": "Success", "out_trade_no": NUMBER, "refund_fee": "5.00",
        "gmt_refund_pay": "2026-08-21 10:00:00",
    });
    let with = |value: &str| {
        let mut node = base.clone();
        node["fund_change"] = json!(value);
        node
    };
    let moved = refund(with("Y")).await;
    assert_eq!(moved.fund_change, FundChange::Moved);
    assert_eq!(moved.refunded_total, Some(Fen::new(500)));
    assert_eq!(refund(with("N")).await.fund_change, FundChange::ToBeAsked);
    assert_eq!(
        refund(base.clone()).await.fund_change,
        FundChange::ToBeAsked
    );
}

#[tokio::test]
async fn a_refund_query_without_success_says_nothing_came_back() {
    let ask = async |node: Value| {
        let method = "alipay.trade.fastpay.refund.query";
        let answer = signed_answer(&ALIPAY_KEY, method, &node);
        let client = Client::new(app(), Arc::new(ScriptedTransport::new([Ok(answer)])));
        client
            .refund_query(&RefundQuery::new(NUMBER, "R1"), now())
            .await
    };
    let bare = json!({"code": "10000", "msg": "Success"});
    assert_eq!(ask(bare).await.done().expect("done").refunded(), None);
    let done = json!({
        "code": "10000", "msg": "Success", "out_trade_no": NUMBER, "out_request_no": "R1",
        "refund_amount": "1.00", "refund_status": "REFUND_SUCCESS", "total_amount": "88.80",
    });
    assert_eq!(
        ask(done.clone()).await.done().expect("done").refunded(),
        Some(Fen::new(100))
    );
    let mut other = done.clone();
    other["out_request_no"] = json!("R2");
    assert!(ask(other).await.is_unknown());
    let mut nobody = done.clone();
    nobody
        .as_object_mut()
        .expect("an object")
        .remove("out_request_no");
    assert!(ask(nobody).await.is_unknown());
    let mut failed = done;
    failed["refund_status"] = json!("REFUND_FAIL");
    assert_eq!(ask(failed).await.done().expect("done").refunded(), None);
}

#[tokio::test]
async fn close_and_precreate_are_read() {
    let script = ScriptedTransport::new([
        Ok(signed_answer(
            &ALIPAY_KEY,
            "alipay.trade.close",
            &json!({"code": "10000", "msg": "Success", "out_trade_no": NUMBER, "trade_no": "2"}),
        )),
        Ok(signed_answer(
            &ALIPAY_KEY,
            "alipay.trade.precreate",
            &json!({"code": "10000", "msg": "Success", "out_trade_no": NUMBER, "qr_code": "https://qr.alipay.com/bax"}),
        )),
    ]);
    let client = Client::new(app(), Arc::new(script));
    let closed = client.close(&Close::by_out_trade_no(NUMBER), now()).await;
    assert_eq!(closed.done().expect("done").trade_no.as_deref(), Some("2"));
    let request = Precreate::new(NUMBER, "课程", Fen::new(8_880));
    let made = client
        .precreate(&request, Some("http://127.0.0.1/n"), now())
        .await;
    assert_eq!(
        made.done().expect("done").qr_code,
        "https://qr.alipay.com/bax"
    );
    // The script is at its end: a timeout.
    assert!(
        client
            .close(&Close::by_trade_no("2"), now())
            .await
            .is_unknown()
    );
}

#[tokio::test]
async fn a_request_is_split_over_query_and_body_and_verifies() {
    let script = Arc::new(ScriptedTransport::default());
    let client = Client::new(app(), script.clone()).with_timeout_ms(3_000);
    let mut request = Precreate::new(NUMBER, "高数+A & B=C 🎓", Fen::new(1));
    request.body = Some("50% \"off\"".to_owned());
    let outcome = client
        .precreate(&request, Some("http://127.0.0.1:8600/n"), now())
        .await;
    assert!(outcome.is_unknown());
    let sent = script.requests().remove(0);
    assert_eq!((sent.method, sent.timeout_ms), ("POST", 3_000));
    let (address, query) = sent.url.split_once('?').expect("a query");
    assert_eq!(address, GATEWAY);
    let query = form::decode(query.as_bytes(), Charset::Utf8).expect("a query");
    let body = form::decode(&sent.body, Charset::Utf8).expect("a form");
    assert_eq!(query.get("charset"), Some("utf-8"));
    assert_eq!(query.get("timestamp"), Some("2026-08-21 09:30:00"));
    assert_eq!(query.get("biz_content"), None);
    assert_eq!(
        body.get("biz_content"),
        Some(
            r#"{"out_trade_no":"20260821001","total_amount":"0.01","subject":"高数+A & B=C 🎓","body":"50% \"off\""}"#
        )
    );
    let merged = query.merged(&body).expect("no name twice");
    let matched =
        canonical::verify_request(&merged, APP_KEY.public_key(), SignType::Rsa2, Charset::Utf8);
    assert_eq!(matched, Ok(Empties::Dropped));
    for name in ["biz_content", "app_id", "sign_type", "notify_url"] {
        let mut changed = merged.clone();
        changed.set(name, "x");
        let refused = canonical::verify_request(
            &changed,
            APP_KEY.public_key(),
            SignType::Rsa2,
            Charset::Utf8,
        );
        assert_eq!(refused, Err(SignatureError::Mismatch), "{name}");
    }
}

#[tokio::test]
async fn a_request_that_breaks_a_rule_is_never_sent() {
    let script = Arc::new(ScriptedTransport::default());
    let client = Client::new(app(), script.clone());
    let refused = |refusal: Option<&alipay::Refusal>, word: &str| {
        let refusal = refusal.expect("refused");
        assert_eq!(refusal.by, RefusedBy::Ourselves);
        assert!(refusal.sub_msg.contains(word), "{refusal}");
    };
    refused(
        client.query(&Query::default(), now()).await.refusal(),
        "trade_no",
    );
    let long = Query::by_out_trade_no(&"1".repeat(65));
    refused(client.query(&long, now()).await.refusal(), "64");
    for amount in [Fen::ZERO, Fen::new(-1), Fen::new(10_000_000_001)] {
        let request = Refund::new(NUMBER, "R1", amount);
        refused(
            client.refund(&request, now()).await.refusal(),
            "refund_amount",
        );
    }
    let nameless = Refund::new(NUMBER, "", Fen::new(1));
    refused(
        client.refund(&nameless, now()).await.refusal(),
        "out_request_no",
    );
    let long = Precreate::new(NUMBER, &"课".repeat(257), Fen::new(1));
    refused(client.precreate(&long, None, now()).await.refusal(), "256");
    let mut gbk = app();
    gbk.charset = Charset::Gbk;
    let client = Client::new(gbk, script.clone());
    let emoji = Precreate::new(NUMBER, "🎓", Fen::new(1));
    refused(client.precreate(&emoji, None, now()).await.refusal(), "GBK");
    assert!(script.requests().is_empty());
}

#[test]
fn both_ways_of_treating_empties_are_recognised() {
    let mut params = Params::from([
        ("app_id", "2021"),
        ("notify_url", ""),
        ("sign_type", "RSA2"),
    ]);
    let text = alipay::sign::request_text_keeping_empties(&params);
    let sign = alipay::sign::sign(&APP_KEY, SignType::Rsa2, text.as_bytes()).expect("signed");
    params.set("sign", &sign);
    let verify = |params: &Params| {
        canonical::verify_request(params, APP_KEY.public_key(), SignType::Rsa2, Charset::Utf8)
    };
    assert_eq!(verify(&params), Ok(Empties::Kept));
    params.set("sign", "");
    assert_eq!(verify(&params), Err(SignatureError::Missing));
    params.remove("sign");
    assert_eq!(verify(&params), Err(SignatureError::Missing));
    assert!(
        canonical::invalid_signature_message(&params).ends_with("：app_id=2021&amp;sign_type=RSA2")
    );
}
