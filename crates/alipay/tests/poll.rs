//! Asking until it is known: payments by code, orders, refunds.

use alipay::{
    AlipayTime,
    answers::CancelAction,
    poll::{self, Patience, PayEnd, RefundEnd, Timer, Waited},
    requests::{Pay, Query, Refund},
    testing::{TestGateway, TestTimer},
};
use money::Fen;
use serde_json::{Value, json};

const NUMBER: &str = "20260821001";
const PAY: &str = "alipay.trade.pay";
const QUERY: &str = "alipay.trade.query";
const CANCEL: &str = "alipay.trade.cancel";
const REFUND: &str = "alipay.trade.refund";
const REFUND_QUERY: &str = "alipay.trade.fastpay.refund.query";
const THRICE: Patience = Patience {
    first_ms: 5_000,
    every_ms: 4_000,
    questions: 3,
};

fn timer() -> TestTimer {
    TestTimer::new(AlipayTime::parse("2026-08-21 09:30:00").expect("a time"))
}

fn trade(status: &str) -> Value {
    json!({
        "trade_no": "2026082122001", "out_trade_no": NUMBER, "trade_status": status,
        "total_amount": "88.80",
    })
}

fn request() -> Pay {
    Pay::by_barcode(NUMBER, "课程", Fen::new(8_880), "28763443825664394")
}

fn accepted(gateway: &TestGateway) {
    gateway.answers(
        PAY,
        &json!({"code": "10003", "msg": " order success pay inprocess", "out_trade_no": NUMBER}),
    );
}

#[tokio::test]
async fn a_payment_is_confirmed_by_a_query_at_once() {
    let (gateway, timer) = (TestGateway::new(), timer());
    gateway
        .done(
            PAY,
            &json!({"trade_no": "1", "out_trade_no": NUMBER, "total_amount": "88.80"}),
        )
        .done(QUERY, &trade("TRADE_SUCCESS"));
    let end = poll::pay(&gateway.client(), &request(), THRICE, &timer).await;
    assert!(matches!(end, PayEnd::Paid(found) if found.total_amount == Fen::new(8_880)));
    assert_eq!(timer.waits(), [0]);
}

#[tokio::test]
async fn a_buyer_who_confirms_late_has_paid() {
    let (gateway, timer) = (TestGateway::new(), timer());
    accepted(&gateway);
    gateway
        .done(QUERY, &trade("WAIT_BUYER_PAY"))
        .loses()
        .done(QUERY, &trade("TRADE_SUCCESS"));
    let end = poll::pay(&gateway.client(), &request(), THRICE, &timer).await;
    assert!(matches!(end, PayEnd::Paid(_)));
    assert_eq!(timer.waits(), [5_000, 4_000, 4_000]);
    // Each question is asked at its own time.
    let times = gateway.received();
    assert_eq!(times[3].get("timestamp"), Some("2026-08-21 09:30:13"));
}

#[tokio::test]
async fn what_stays_unknown_is_cancelled_right_after_the_last_question() {
    let (gateway, timer) = (TestGateway::new(), timer());
    gateway
        .loses()
        .refuses(QUERY, "ACQ.TRADE_NOT_EXIST")
        .loses()
        .done(QUERY, &trade("WAIT_BUYER_PAY"))
        .loses()
        .done(CANCEL, &json!({"out_trade_no": NUMBER, "retry_flag": "Y"}))
        .done(
            CANCEL,
            &json!({"out_trade_no": NUMBER, "retry_flag": "N", "action": "refund"}),
        );
    let end = poll::pay(&gateway.client(), &request(), THRICE, &timer).await;
    let PayEnd::Cancelled(done) = end else {
        panic!("{end:?}");
    };
    assert_eq!(done.action, Some(CancelAction::Refund));
    assert_eq!(
        gateway.called(),
        [PAY, QUERY, QUERY, QUERY, CANCEL, CANCEL, CANCEL]
    );
    // No wait between the last question and the first cancel.
    assert_eq!(timer.waits(), [5_000, 4_000, 4_000, 4_000, 4_000]);
}

#[tokio::test]
async fn a_cancel_that_never_comes_through_leaves_it_unknown() {
    let (gateway, timer) = (TestGateway::new(), timer());
    accepted(&gateway);
    let end = poll::pay(&gateway.client(), &request(), THRICE, &timer).await;
    assert!(matches!(end, PayEnd::Unknown(_)));
    assert_eq!(gateway.called().len(), 1 + 3 + 5);
}

#[tokio::test]
async fn only_a_payment_that_was_not_sent_is_said_to_be_so() {
    let (gateway, timer) = (TestGateway::new(), timer());
    gateway.is_unreachable();
    let end = poll::pay(&gateway.client(), &request(), THRICE, &timer).await;
    assert!(matches!(end, PayEnd::NotSent(_)));
    assert_eq!(gateway.called(), [PAY]);
    // The payment went out and its answer was lost; that nothing came through after it proves
    // nothing about it.
    gateway.loses();
    for _ in 0..3 + 5 {
        gateway.is_unreachable();
    }
    let end = poll::pay(&gateway.client(), &request(), THRICE, &timer).await;
    assert!(matches!(end, PayEnd::Unknown(unknown) if unknown.certainly_not_sent()));
}

#[tokio::test]
async fn a_refund_that_was_not_sent_is_not_asked_about() {
    let gateway = TestGateway::new();
    gateway.is_unreachable();
    assert!(matches!(refund(&gateway).await, RefundEnd::NotSent(_)));
    assert_eq!(gateway.called(), [REFUND]);
    // After a lost one it may have been done, whatever becomes of the repeats.
    gateway.loses();
    for _ in 0..6 {
        gateway.is_unreachable();
    }
    assert!(matches!(refund(&gateway).await, RefundEnd::Unknown(_)));
}

#[tokio::test]
async fn a_refused_cancel_is_looked_into() {
    let (gateway, timer) = (TestGateway::new(), timer());
    accepted(&gateway);
    gateway
        .loses()
        .loses()
        .loses()
        .refuses(CANCEL, "ACQ.TRADE_HAS_FINISHED");
    gateway.done(QUERY, &trade("TRADE_FINISHED"));
    let end = poll::pay(&gateway.client(), &request(), THRICE, &timer).await;
    assert!(matches!(end, PayEnd::Paid(_)));

    let gateway = TestGateway::new();
    gateway
        .loses()
        .loses()
        .loses()
        .refuses(CANCEL, "ACQ.CANCEL_NOT_ALLOWED");
    gateway.done(QUERY, &trade("WAIT_BUYER_PAY"));
    let end = poll::settle(&gateway.client(), NUMBER, THRICE, &timer).await;
    assert!(matches!(end, PayEnd::NotCancelled(Some(no)) if no.is("CANCEL_NOT_ALLOWED")));
}

#[tokio::test]
async fn refusals_end_a_payment_unless_it_is_paid_already() {
    let (gateway, timer) = (TestGateway::new(), timer());
    gateway.refuses(PAY, "ACQ.BUYER_BALANCE_NOT_ENOUGH");
    let end = poll::pay(&gateway.client(), &request(), THRICE, &timer).await;
    assert!(matches!(end, PayEnd::Refused(_)));
    gateway
        .refuses(PAY, "ACQ.TRADE_HAS_SUCCESS")
        .done(QUERY, &trade("TRADE_SUCCESS"));
    let end = poll::pay(&gateway.client(), &request(), THRICE, &timer).await;
    assert!(matches!(end, PayEnd::Paid(_)));
    accepted(&gateway);
    gateway.done(QUERY, &trade("TRADE_CLOSED"));
    let end = poll::pay(&gateway.client(), &request(), THRICE, &timer).await;
    assert!(matches!(end, PayEnd::Closed(_)));
}

#[tokio::test]
async fn an_order_is_waited_for() {
    let (gateway, timer) = (TestGateway::new(), timer());
    let query = Query::by_out_trade_no(NUMBER);
    let wait = async || poll::wait_until_paid(&gateway.client(), &query, THRICE, &timer).await;
    gateway
        .refuses(QUERY, "ACQ.TRADE_NOT_EXIST")
        .done(QUERY, &trade("WAIT_BUYER_PAY"))
        .done(QUERY, &trade("TRADE_SUCCESS"));
    assert!(matches!(wait().await, Waited::Paid(_)));
    gateway.done(QUERY, &trade("TRADE_CLOSED"));
    assert!(matches!(wait().await, Waited::Closed(_)));
    for _ in 0..3 {
        gateway.refuses(QUERY, "ACQ.TRADE_NOT_EXIST");
    }
    assert!(matches!(wait().await, Waited::NotOpened(_)));
    gateway
        .loses()
        .loses()
        .done(QUERY, &trade("WAIT_BUYER_PAY"));
    assert!(matches!(wait().await, Waited::Unpaid(_)));
    gateway.loses().loses().loses();
    assert!(matches!(wait().await, Waited::Unknown(_)));
    gateway.refuses(QUERY, "ACQ.INVALID_PARAMETER");
    assert!(matches!(wait().await, Waited::Refused(_)));
    assert_eq!(timer.waits().len(), 14);
    assert!(timer.now() > AlipayTime::parse("2026-08-21 09:30:30").expect("a time"));
}

#[cfg(feature = "client")]
#[tokio::test]
async fn tokios_timer_waits() {
    let now = AlipayTime::parse("2026-08-21 09:30:00").expect("a time");
    let timer = poll::TokioTimer::new(move || now);
    assert_eq!(timer.now(), now);
    timer.wait(0).await;
    tokio::select! {
        biased;
        () = timer.wait(600_000) => panic!("ten minutes are not over"),
        () = std::future::ready(()) => {}
    }
}

fn refunded() -> Value {
    json!({
        "out_trade_no": NUMBER, "out_request_no": "R1", "refund_amount": "1.00",
        "refund_status": "REFUND_SUCCESS", "total_amount": "88.80",
    })
}

fn moved(fund_change: &str) -> Value {
    json!({"out_trade_no": NUMBER, "fund_change": fund_change, "refund_fee": "1.00"})
}

async fn refund(gateway: &TestGateway) -> RefundEnd {
    let request = Refund::new(NUMBER, "R1", Fen::new(100));
    poll::refund(&gateway.client(), &request, THRICE, &timer()).await
}

#[tokio::test]
async fn a_refund_ends_when_money_moved() {
    let gateway = TestGateway::new();
    gateway.done(REFUND, &moved("Y"));
    assert!(matches!(refund(&gateway).await, RefundEnd::Moved(_)));
    // Accepted, not moved: asked, then repeated under the same number.
    gateway
        .done(REFUND, &moved("N"))
        .done(REFUND_QUERY, &json!({}))
        .done(REFUND, &moved("N"))
        .done(REFUND_QUERY, &refunded());
    assert!(matches!(refund(&gateway).await, RefundEnd::Confirmed(found)
        if found.refunded() == Some(Fen::new(100))));
    for sent in gateway.received() {
        assert!(
            sent.get("biz_content")
                .expect("one")
                .contains("\"out_request_no\":\"R1\"")
        );
    }
}

#[tokio::test]
async fn a_refusal_after_a_lost_refund_is_looked_into() {
    let gateway = TestGateway::new();
    gateway.refuses(REFUND, "ACQ.SELLER_BALANCE_NOT_ENOUGH");
    assert!(matches!(refund(&gateway).await, RefundEnd::Refused(_)));
    // The lost one refunded all of it, which closed the trade.
    gateway
        .loses()
        .loses()
        .refuses(REFUND, "ACQ.TRADE_HAS_CLOSE")
        .done(REFUND_QUERY, &refunded());
    assert!(matches!(refund(&gateway).await, RefundEnd::Confirmed(_)));
    gateway
        .loses()
        .loses()
        .refuses(REFUND, "ACQ.TRADE_HAS_CLOSE")
        .done(REFUND_QUERY, &json!({}));
    assert!(matches!(refund(&gateway).await, RefundEnd::Refused(_)));
    // The script is at its end: silence.
    assert!(matches!(refund(&gateway).await, RefundEnd::Unknown(_)));
}
