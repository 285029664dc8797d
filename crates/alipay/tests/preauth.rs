//! Freezing money, giving it back, asking, cancelling.

use alipay::{
    AlipayTime,
    answers::{FreezeCancelAction, FrozenOrderStatus, OperationStatus},
    requests::{
        Freeze, Method, OperationCancel, OperationQuery, OperationType, RequestError, Unfreeze,
        VoucherCreate,
    },
    testing::TestGateway,
};
use money::Fen;
use serde_json::json;

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

#[tokio::test]
async fn money_is_frozen_only_when_it_says_so() {
    let gateway = TestGateway::new();
    let method = "alipay.fund.auth.order.freeze";
    let request = Freeze::by_barcode("F1", "F1-1", "押金", Fen::new(10_000), "28763443825664394");
    let node = |status: &str| {
        json!({
            "auth_no": "2026082110002001", "out_order_no": "F1", "operation_id": "20260821",
            "out_request_no": "F1-1", "amount": "100.00", "status": status,
            "gmt_trans": "2026-08-21 09:30:01", "fund_amount": "60.00", "credit_amount": "40.00",
        })
    };
    gateway
        .done(method, &node("SUCCESS"))
        .done(method, &node("INIT"));
    let done = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(
        (done.status, done.amount),
        (OperationStatus::Success, Fen::new(10_000))
    );
    let waits = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(waits.status, OperationStatus::Init);
    assert_eq!(
        gateway.last_biz_content(),
        json!({
            "out_order_no": "F1", "out_request_no": "F1-1", "auth_code": "28763443825664394",
            "auth_code_type": "bar_code", "order_title": "押金", "amount": "100.00",
            "product_code": "PRE_AUTH",
        })
    );
    gateway.answers(
        method,
        &json!({"code": "10003", "msg": " order success pay inprocess", "out_order_no": "F1"}),
    );
    gateway.loses().done(method, &json!({"out_order_no": "F2"}));
    for _ in 0..3 {
        assert!(gateway.client().execute(&request, now()).await.is_unknown());
    }
    gateway.refuses(method, "MONEY_NOT_ENOUGH");
    assert!(
        gateway
            .client()
            .execute(&request, now())
            .await
            .refusal()
            .is_some()
    );
}

#[tokio::test]
async fn a_code_to_scan_is_made() {
    let gateway = TestGateway::new();
    let request = VoucherCreate::new("F1", "F1-1", "押金", Fen::new(1));
    gateway.done(
        "alipay.fund.auth.order.voucher.create",
        &json!({
            "out_order_no": "F1", "out_request_no": "F1-1", "code_type": "qrCode",
            "code_value": "https://qr.alipay.com/bax", "code_url": "https://mobilecodec.alipay.com/x",
        }),
    );
    let made = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(made.code_value, "https://qr.alipay.com/bax");
    gateway.refuses("alipay.fund.auth.order.voucher.create", "UNIQUE_VIOLATION");
    assert!(
        gateway
            .client()
            .execute(&request, now())
            .await
            .refusal()
            .is_some()
    );
}

#[tokio::test]
async fn frozen_money_is_given_back() {
    let gateway = TestGateway::new();
    let method = "alipay.fund.auth.order.unfreeze";
    let request = Unfreeze::new("2026", "F1-2", Fen::new(4_000), "还车");
    gateway.done(
        method,
        &json!({"auth_no": "2026", "out_request_no": "F1-2", "amount": "40.00", "status": "SUCCESS"}),
    );
    let done = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(
        (done.status, done.amount),
        (OperationStatus::Success, Fen::new(4_000))
    );
    gateway.refuses(method, "REQUEST_AMOUNT_EXCEED").loses();
    assert!(
        gateway
            .client()
            .execute(&request, now())
            .await
            .refusal()
            .is_some()
    );
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
    let silent = Unfreeze::new("2026", "F1-2", Fen::new(1), "");
    assert_eq!(silent.biz_content(), Err(RequestError::Empty("remark")));
}

#[tokio::test]
async fn an_operation_is_asked_about_and_cancelled() {
    let gateway = TestGateway::new();
    let method = "alipay.fund.auth.operation.detail.query";
    let mut request = OperationQuery::new("F1", "F1-1");
    request.operation_type = Some(OperationType::Freeze);
    gateway.done(
        method,
        &json!({
            "auth_no": "2026", "out_order_no": "F1", "out_request_no": "F1-1",
            "operation_type": "FREEZE", "order_status": "AUTHORIZED", "status": "SUCCESS",
            "amount": "100.00", "rest_amount": "60.00", "total_freeze_amount": "100.00",
            "total_pay_amount": "40.00",
        }),
    );
    let found = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(found.order_status, Some(FrozenOrderStatus::Authorized));
    assert_eq!(found.rest_amount, Some(Fen::new(6_000)));
    gateway.refuses(method, "AUTH_ORDER_NOT_EXIST");
    assert!(
        gateway
            .client()
            .execute(&request, now())
            .await
            .refusal()
            .is_some()
    );
    assert!(matches!(
        OperationQuery::default().biz_content(),
        Err(RequestError::OneOf(_))
    ));
    let cancel = OperationCancel::new("F1", "F1-1", "顾客离开");
    let method = "alipay.fund.auth.operation.cancel";
    gateway.done(
        method,
        &json!({"auth_no": "2026", "out_order_no": "F1", "action": "unfreeze"}),
    );
    let done = gateway
        .client()
        .execute(&cancel, now())
        .await
        .done()
        .expect("done");
    assert_eq!(done.action, Some(FreezeCancelAction::Unfreeze));
    gateway.refuses(method, "CANCEL_OPERATION_TIME_OUT").loses();
    assert!(
        gateway
            .client()
            .execute(&cancel, now())
            .await
            .refusal()
            .is_some()
    );
    assert!(gateway.client().execute(&cancel, now()).await.is_unknown());
}
