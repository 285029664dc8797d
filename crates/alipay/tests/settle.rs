//! Sharing payments: settling, relations, telling how an order went.

use alipay::{
    AlipayTime,
    answers::{ResultCode, RoyaltyState},
    requests::{
        AccountType, Method, OrderinfoSync, RateQuery, RelationBind, RelationQuery, RelationUnbind,
        RequestError, Royalty, RoyaltyReceiver, Settle, SettleQuery,
    },
    testing::TestGateway,
};
use money::Fen;
use serde_json::json;

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

#[tokio::test]
async fn a_payment_is_shared() {
    let gateway = TestGateway::new();
    let method = "alipay.trade.order.settle";
    let request = Settle::new(
        "S1",
        "2026",
        vec![Royalty::to_user("2088101", Fen::new(150))],
    );
    gateway.done(
        method,
        &json!({"trade_no": "2026", "settle_no": "20260821"}),
    );
    let done = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(done.settle_no.as_deref(), Some("20260821"));
    assert_eq!(
        gateway.last_biz_content(),
        json!({
            "out_request_no": "S1", "trade_no": "2026",
            "royalty_parameters": [{
                "royalty_type": "transfer", "trans_in": "2088101", "trans_in_type": "userId",
                "amount": "1.50",
            }],
        })
    );
    gateway.refuses(method, "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR");
    let refused = gateway.client().execute(&request, now()).await;
    assert!(
        refused
            .refusal()
            .expect("refused")
            .is("ALLOC_AMOUNT_VALIDATE_ERROR")
    );
    gateway.loses().done(method, &json!({"trade_no": "2027"}));
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
    let empty = Settle::new("S1", "2026", Vec::new()).biz_content();
    assert_eq!(empty, Err(RequestError::Empty("royalty_parameters")));
}

#[tokio::test]
async fn a_settlement_tells_each_share() {
    let gateway = TestGateway::new();
    let method = "alipay.trade.order.settle.query";
    let detail = json!({
        "operation_type": "transfer", "execute_dt": "2026-08-21 09:30:01", "trans_out": "2088001",
        "trans_out_type": "userId", "trans_in": "2088101", "trans_in_type": "userId",
        "amount": "1.50", "state": "PROCESSING", "detail_id": "1",
    });
    let request = SettleQuery::new("S1", "2026");
    gateway.done(
        method,
        &json!({"out_request_no": "S1", "royalty_detail_list": [detail]}),
    );
    let found = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    let share = &found.royalty_detail_list[0];
    assert_eq!(
        (share.amount, &share.state),
        (Fen::new(150), &RoyaltyState::Processing)
    );
    assert_eq!(share.trans_in_type, Some(AccountType::UserId));
    // A share without its state makes the whole answer unusable, not one share shorter.
    let mut broken = detail;
    broken["state"] = json!("");
    gateway.done(
        method,
        &json!({"out_request_no": "S1", "royalty_detail_list": [broken]}),
    );
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
    assert!(SettleQuery::default().biz_content().is_err());
}

#[tokio::test]
async fn relations_are_bound_asked_and_unbound() {
    let gateway = TestGateway::new();
    let receivers = vec![
        RoyaltyReceiver::user("2088101"),
        RoyaltyReceiver::login("a@b.example", "张三"),
    ];
    gateway.done(
        "alipay.trade.royalty.relation.bind",
        &json!({"result_code": "SUCCESS"}),
    );
    let bind = RelationBind::new("B1", receivers.clone());
    let bound = gateway
        .client()
        .execute(&bind, now())
        .await
        .done()
        .expect("done");
    assert_eq!(bound.result_code, ResultCode::Success);
    assert_eq!(
        gateway.last_biz_content()["receiver_list"][1],
        json!({"type": "loginName", "account": "a@b.example", "name": "张三"})
    );
    gateway.done(
        "alipay.trade.royalty.relation.unbind",
        &json!({"result_code": "FAIL"}),
    );
    let unbind = RelationUnbind::new("B2", receivers.clone());
    let unbound = gateway
        .client()
        .execute(&unbind, now())
        .await
        .done()
        .expect("done");
    assert_eq!(unbound.result_code, ResultCode::Fail);
    gateway.done(
        "alipay.trade.royalty.relation.batchquery",
        &json!({
            "result_code": "SUCCESS", "total_page_num": "1", "total_record_num": 1,
            "receiver_list": [{"type": "userId", "account": "2088101", "login_name": "a***"}],
        }),
    );
    let page = gateway
        .client()
        .execute(&RelationQuery::new("B3"), now())
        .await;
    let page = page.done().expect("done");
    assert_eq!(
        (page.total_page_num, page.total_record_num),
        (Some(1), Some(1))
    );
    assert_eq!(page.receiver_list[0].login_name.as_deref(), Some("a***"));
    gateway.done(
        "alipay.trade.royalty.rate.query",
        &json!({"user_id": "2088721", "max_ratio": "30"}),
    );
    let rate = gateway
        .client()
        .execute(&RateQuery::new("Q1"), now())
        .await
        .done()
        .expect("done");
    assert_eq!(rate.max_ratio, Some(30));
    gateway.refuses("alipay.trade.royalty.relation.bind", "USER_NOT_EXIST");
    assert!(
        gateway
            .client()
            .execute(&bind, now())
            .await
            .refusal()
            .is_some()
    );

    let many = RelationBind::new("B4", vec![RoyaltyReceiver::user("2088101"); 21]);
    assert!(matches!(
        many.biz_content(),
        Err(RequestError::TooMany { max: 20, .. })
    ));
    let mut nameless = receivers;
    nameless[1].name = None;
    let nameless = RelationBind::new("B5", nameless);
    assert!(matches!(nameless.biz_content(), Err(RequestError::Rule(_))));
    let wide = RelationQuery {
        page_size: Some(101),
        ..RelationQuery::new("B6")
    };
    assert!(matches!(wide.biz_content(), Err(RequestError::Rule(_))));
}

#[tokio::test]
async fn alipay_is_told_how_an_order_went() {
    let gateway = TestGateway::new();
    let method = "alipay.trade.orderinfo.sync";
    let request = OrderinfoSync::new("2026", "O1", "CREDIT_AUTH", r#"{"status":"COMPLETE"}"#);
    gateway.done(
        method,
        &json!({"trade_no": "2026", "buyer_open_id": "074a"}),
    );
    let done = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(done.buyer_open_id.as_deref(), Some("074a"));
    assert_eq!(
        gateway.last_biz_content()["order_biz_info"],
        r#"{"status":"COMPLETE"}"#
    );
    gateway.refuses(method, "ACQ.NOTIFY_STATUS_INVALID");
    assert!(
        gateway
            .client()
            .execute(&request, now())
            .await
            .refusal()
            .is_some()
    );
    gateway.loses();
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
}
