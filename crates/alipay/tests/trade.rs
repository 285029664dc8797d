//! Payments by code, in apps and mini programs, cancels and later refunds: what is sent, and what
//! the answers mean.

use alipay::{
    AlipayTime, Charset, Outcome, Why,
    answers::{CancelAction, RefundApplyStatus},
    form,
    requests::{
        AppFreeze, AppPay, Cancel, Create, Goods, Method, Pay, Query, Refund, RefundApply,
        RefundGoods, RefundQuery, RequestError,
    },
    testing::TestGateway,
};
use money::Fen;
use serde_json::json;

const PAY: &str = "alipay.trade.pay";
const NUMBER: &str = "20260821001";

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

fn pay() -> Pay {
    Pay::by_barcode(NUMBER, "Rust 入门", Fen::new(8_880), "28763443825664394")
}

#[tokio::test]
async fn a_payment_by_barcode_is_sent_and_read() {
    let gateway = TestGateway::new();
    gateway.done(
        PAY,
        &json!({
            "trade_no": "2026082122001", "out_trade_no": NUMBER, "total_amount": "88.80",
            "receipt_amount": "88.80", "buyer_pay_amount": "80.00", "point_amount": "0.00",
            "gmt_payment": "2026-08-21 09:30:02", "buyer_logon_id": "ifv***@sandbox.com",
            "buyer_open_id": "074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5",
            "fund_bill_list": [
                {"fund_channel": "ALIPAYACCOUNT", "amount": "80.00", "real_amount": "80.00"},
                {"fund_channel": "COUPON", "amount": "8.80"},
            ],
            "voucher_detail_list": "[{\"id\":\"2026\",\"name\":\"满减\",\"amount\":\"8.80\"}]",
            "field_of_2030": {"a": ["b"]},
        }),
    );
    let mut request = pay();
    request.goods_detail = vec![Goods::new("c1", "课程", 1, Fen::new(8_880))];
    request.notify_url = Some("https://shop.example/n".to_owned());
    request.query_options = vec!["fund_bill_list".to_owned()];
    let paid = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(paid.total_amount, Fen::new(8_880));
    assert_eq!(paid.fund_bill_list.len(), 2);
    assert_eq!(paid.fund_bill_list[1].amount, Fen::new(880));
    assert_eq!(paid.voucher_detail_list[0].name.as_deref(), Some("满减"));
    assert_eq!(paid.node.get("field_of_2030"), Some(&json!({"a": ["b"]})));
    assert_eq!(
        gateway.last_biz_content(),
        json!({
            "out_trade_no": NUMBER, "total_amount": "88.80", "subject": "Rust 入门",
            "scene": "bar_code", "auth_code": "28763443825664394",
            "goods_detail": [{"goods_id": "c1", "goods_name": "课程", "quantity": 1, "price": "88.80"}],
            "query_options": ["fund_bill_list"],
        })
    );
    let sent = gateway.received().remove(0);
    assert_eq!(sent.get("notify_url"), Some("https://shop.example/n"));
    assert!(!format!("{request:?}").contains("28763443825664394"));
}

#[tokio::test]
async fn what_was_accepted_is_not_paid() {
    let gateway = TestGateway::new();
    // Genuine in form: a space in front of the message, amounts of nothing, no sub_code.
    let accepted = json!({
        "code": "10003", "msg": " order success pay inprocess", "out_trade_no": NUMBER,
        "trade_no": "2026082122001", "total_amount": "88.80", "buyer_pay_amount": "0.00",
        "receipt_amount": "0.00",
    });
    gateway.answers(PAY, &accepted);
    match gateway.client().execute(&pay(), now()).await {
        Outcome::Unknown(unknown) => {
            let node = unknown.accepted().expect("accepted");
            assert_eq!(node.text("trade_no"), Some("2026082122001"));
            assert!(matches!(unknown.why, Why::Accepted(_)));
        }
        other => panic!("{other:?}"),
    }
    gateway.loses();
    assert!(gateway.client().execute(&pay(), now()).await.is_unknown());
    gateway.refuses(PAY, "ACQ.SYSTEM_ERROR");
    assert!(gateway.client().execute(&pay(), now()).await.is_unknown());
    gateway.refuses(PAY, "ACQ.PAYMENT_AUTH_CODE_INVALID");
    let refused = gateway.client().execute(&pay(), now()).await;
    assert!(
        refused
            .refusal()
            .expect("refused")
            .is("PAYMENT_AUTH_CODE_INVALID")
    );
    // An answer about another order, and one without a total.
    gateway.done(
        PAY,
        &json!({"trade_no": "1", "out_trade_no": "other", "total_amount": "88.80"}),
    );
    assert!(gateway.client().execute(&pay(), now()).await.is_unknown());
    gateway.done(PAY, &json!({"trade_no": "1", "out_trade_no": NUMBER}));
    assert!(gateway.client().execute(&pay(), now()).await.is_unknown());
}

#[tokio::test]
async fn a_cancel_says_what_it_did() {
    let gateway = TestGateway::new();
    let method = "alipay.trade.cancel";
    let request = Cancel::by_out_trade_no(NUMBER);
    for (action, expected) in [
        (json!("close"), Some(CancelAction::Close)),
        (json!("refund"), Some(CancelAction::Refund)),
        (json!(null), None),
        (json!("melt"), Some(CancelAction::Other("melt".to_owned()))),
    ] {
        gateway.done(
            method,
            &json!({"out_trade_no": NUMBER, "retry_flag": "N", "action": action}),
        );
        let done = gateway
            .client()
            .execute(&request, now())
            .await
            .done()
            .expect("done");
        assert_eq!(done.action, expected);
        assert!(!done.has_to_be_repeated());
    }
    gateway.refuses(method, "AQC.SYSTEM_ERROR");
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
    gateway.loses();
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
    assert_eq!(gateway.last_biz_content(), json!({"out_trade_no": NUMBER}));
}

#[tokio::test]
async fn a_trade_for_a_mini_program_exists_at_once() {
    let gateway = TestGateway::new();
    gateway.done(
        "alipay.trade.create",
        &json!({"out_trade_no": NUMBER, "trade_no": "2026"}),
    );
    let mut request = Create::for_open_id(NUMBER, "课", Fen::new(1), "074a1CcTG1");
    request.product_code = Some("JSAPI_PAY".to_owned());
    request.op_app_id = Some("2021000000000002".to_owned());
    let made = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(made.trade_no, "2026");
    gateway.refuses("alipay.trade.create", "ACQ.CONTEXT_INCONSISTENT");
    let refused = gateway.client().execute(&request, now()).await;
    assert!(refused.refusal().is_some());
    let nobody = Create {
        buyer_open_id: None,
        ..request
    };
    let refused = gateway.client().execute(&nobody, now()).await;
    assert!(
        refused
            .refusal()
            .expect("refused")
            .sub_msg
            .contains("buyer_id")
    );
    assert_eq!(gateway.called().len(), 2);
}

#[tokio::test]
async fn a_later_refund_says_where_it_stands() {
    let gateway = TestGateway::new();
    let method = "alipay.trade.refund.apply";
    let mut request = RefundApply::new(NUMBER, "R1", Fen::new(100));
    request.refund_goods_detail = vec![RefundGoods {
        goods_id: Some("c1".to_owned()),
        refund_amount: Fen::new(100),
        ..RefundGoods::default()
    }];
    for (word, status) in [
        ("REFUND_PROCESSING", RefundApplyStatus::Processing),
        ("REFUND_SUCCESS", RefundApplyStatus::Success),
        ("REFUND_FAIL", RefundApplyStatus::Fail),
    ] {
        gateway.done(
            method,
            &json!({"out_trade_no": NUMBER, "out_request_no": "R1", "refund_status": word}),
        );
        let done = gateway
            .client()
            .execute(&request, now())
            .await
            .done()
            .expect("done");
        assert_eq!(done.refund_status, status);
    }
    gateway.done(
        method,
        &json!({"out_trade_no": NUMBER, "out_request_no": "R1"}),
    );
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
    gateway.done(
        method,
        &json!({"out_trade_no": NUMBER, "out_request_no": "R2", "refund_status": "REFUND_SUCCESS"}),
    );
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
}

#[tokio::test]
async fn the_older_answers_have_their_further_fields() {
    let gateway = TestGateway::new();
    gateway.done(
        "alipay.trade.query",
        &json!({
            "out_trade_no": NUMBER, "trade_no": "2026", "trade_status": "TRADE_SUCCESS",
            "total_amount": "88.80", "receipt_amount": "0.00", "store_name": "一店",
            "fund_bill_list": [{"fund_channel": "PCREDIT", "amount": "88.80"}],
            "trade_settle_info": {
                "trade_settle_detail_list": [{"operation_type": "transfer", "amount": "1.00"}],
                "trade_unsettled_amount": "87.80",
            },
        }),
    );
    let query = Query::by_out_trade_no(NUMBER);
    let trade = gateway
        .client()
        .query(&query, now())
        .await
        .done()
        .expect("done");
    let details = trade.details().expect("details");
    assert_eq!(details.fund_bill_list[0].fund_channel, "PCREDIT");
    let settled = details.trade_settle_info.expect("settled");
    assert_eq!(settled.trade_settle_detail_list[0].amount, Fen::new(100));
    assert_eq!(settled.trade_unsettled_amount, Some(Fen::new(8_780)));

    gateway.done(
        "alipay.trade.refund",
        &json!({"out_trade_no": NUMBER, "fund_change": "Y", "send_back_fee": "1.00"}),
    );
    let refund = Refund::new(NUMBER, "R1", Fen::new(100));
    let done = gateway
        .client()
        .refund(&refund, now())
        .await
        .done()
        .expect("done");
    assert_eq!(
        done.details().expect("details").send_back_fee,
        Some(Fen::new(100))
    );

    gateway.done(
        "alipay.trade.fastpay.refund.query",
        &json!({
            "out_trade_no": NUMBER, "out_request_no": "R1",
            "deposit_back_info": {"has_deposit_back": "true", "dback_status": "P"},
            "refund_royaltys": [{"refund_amount": "0.50", "result_code": "SUCCESS"}],
        }),
    );
    let query = RefundQuery::new(NUMBER, "R1");
    let found = gateway
        .client()
        .refund_query(&query, now())
        .await
        .done()
        .expect("done");
    let details = found.details().expect("details");
    assert_eq!(details.refund_royaltys[0].refund_amount, Fen::new(50));
    let deposit = details.deposit_back_info.expect("a deposit");
    assert_eq!(deposit.dback_status.as_deref(), Some("P"));
}

#[test]
fn an_order_string_is_signed_and_encoded() {
    let gateway = TestGateway::new();
    let mut request = AppPay::new(NUMBER, "高数+A 100%", Fen::new(8_880));
    request.notify_url = Some("https://shop.example/n?a=1".to_owned());
    let order = gateway
        .app()
        .order_string(&request, now())
        .expect("an order");
    let params = form::decode(order.as_bytes(), Charset::Utf8).expect("a form");
    let sorted = params.sorted().map(|(name, _)| name).collect::<Vec<_>>();
    let sent = params.iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(sent, sorted);
    assert_eq!(params.get("method"), Some("alipay.trade.app.pay"));
    assert_eq!(params.get("notify_url"), Some("https://shop.example/n?a=1"));
    assert_eq!(
        params.get("biz_content"),
        Some(
            r#"{"out_trade_no":"20260821001","total_amount":"88.80","subject":"高数+A 100%","product_code":"QUICK_MSECURITY_PAY"}"#
        )
    );
    let freeze = AppFreeze::new("F1", "F1-1", "押金", Fen::new(10_000));
    let order = gateway
        .app()
        .order_string(&freeze, now())
        .expect("an order");
    assert!(order.contains("method=alipay.fund.auth.order.app.freeze"));
}

#[test]
fn rules_are_checked_before_anything_is_signed() {
    let broken = |change: fn(&mut Pay)| {
        let mut request = pay();
        change(&mut request);
        request.biz_content().expect_err("broken")
    };
    assert_eq!(
        broken(|pay| pay.out_trade_no.clear()),
        RequestError::Empty("out_trade_no")
    );
    assert!(matches!(
        broken(|pay| pay.auth_code = None),
        RequestError::OneOf(_)
    ));
    assert!(matches!(
        broken(|pay| pay.total_amount = Fen::ZERO),
        RequestError::Amount {
            name: "total_amount",
            ..
        }
    ));
    assert!(matches!(
        broken(|pay| {
            pay.discountable_amount = Some(Fen::new(1));
            pay.undiscountable_amount = Some(Fen::new(2));
        }),
        RequestError::Rule(_)
    ));
    assert!(matches!(
        broken(|pay| {
            pay.enable_pay_channels = Some("balance".to_owned());
            pay.disable_pay_channels = Some("pcredit".to_owned());
        }),
        RequestError::Rule(_)
    ));
    assert!(matches!(
        broken(|pay| pay.goods_detail = vec![Goods::new("", "x", 1, Fen::new(1))]),
        RequestError::Empty("goods_id")
    ));
    assert_eq!(
        broken(|pay| {
            pay.extra.insert("subject".to_owned(), json!("again"));
        }),
        RequestError::Repeated("subject".to_owned())
    );
    assert!(
        Pay::by_agreement(NUMBER, "月费", Fen::new(900), "2026")
            .biz_content()
            .is_ok()
    );
    assert!(
        Pay::from_frozen(NUMBER, "押金", Fen::new(900), "2026", "PRE_AUTH")
            .biz_content()
            .is_ok()
    );
}
