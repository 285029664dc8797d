//! Agreements for recurring payments.

use alipay::{
    AlipayTime, Charset,
    answers::AgreementStatus,
    form,
    requests::{
        AgreementModify, AgreementQuery, AgreementSign, AgreementTransfer, AgreementUnsign, Method,
        PeriodRule, RequestError,
    },
    testing::TestGateway,
};
use money::Fen;
use serde_json::json;

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

#[test]
fn an_agreement_is_signed_on_a_page() {
    let rule = PeriodRule::monthly("2026-09-01", Fen::new(1_800));
    let request = AgreementSign::recurring("A1", "INDUSTRY|MEDIA", rule);
    let gateway = TestGateway::new();
    let url = gateway
        .app()
        .page_url(&request, Some("https://shop.example/"), None, now());
    let url = url.expect("a link");
    let (_, query) = url.split_once('?').expect("a query");
    let params = form::decode(query.as_bytes(), Charset::Utf8).expect("a query");
    assert_eq!(
        params.get("method"),
        Some("alipay.user.agreement.page.sign")
    );
    let content = params.get("biz_content").expect("one");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(content).expect("JSON"),
        json!({
            "product_code": "CYCLE_PAY_AUTH", "personal_product_code": "CYCLE_PAY_AUTH_P",
            "sign_scene": "INDUSTRY|MEDIA", "external_agreement_no": "A1",
            "access_params": {"channel": "ALIPAYAPP"},
            "period_rule_params": {
                "period_type": "MONTH", "period": 1, "execute_time": "2026-09-01",
                "single_amount": "18.00",
            },
        })
    );
    let late = PeriodRule::monthly("2026-08-29", Fen::new(1));
    let late = AgreementSign::recurring("A1", "INDUSTRY|MEDIA", late);
    assert!(matches!(late.biz_content(), Err(RequestError::Rule(_))));
    let short = PeriodRule {
        period_type: "DAY".to_owned(),
        period: 6,
        ..PeriodRule::monthly("2026-08-29", Fen::new(1))
    };
    let short = AgreementSign::recurring("A1", "INDUSTRY|MEDIA", short);
    assert!(matches!(short.biz_content(), Err(RequestError::Rule(_))));
    let default = PeriodRule::monthly("2026-09-01", Fen::new(1));
    let default = AgreementSign::recurring("A1", "INDUSTRY|DEFAULT_SCENE", default);
    assert!(matches!(default.biz_content(), Err(RequestError::Rule(_))));
}

#[tokio::test]
async fn an_agreement_is_asked_about_moved_and_ended() {
    let gateway = TestGateway::new();
    let method = "alipay.user.agreement.query";
    let query = AgreementQuery::by_agreement_no("20265909");
    gateway.done(
        method,
        &json!({
            "agreement_no": "20265909", "external_agreement_no": "A1", "status": "NORMAL",
            "sign_time": "2026-08-21 09:30:00", "invalid_time": "2115-02-01 00:00:00",
            "next_deduct_time": "2026-09-01", "single_quota": "18.00",
            "execution_plans": [{"single_amount": "18.00", "period_id": "1", "execute_time": "2026-09-01"}],
        }),
    );
    let found = gateway
        .client()
        .execute(&query, now())
        .await
        .done()
        .expect("done");
    assert_eq!(found.status, AgreementStatus::Normal);
    assert_eq!(
        found.execution_plans[0].single_amount,
        Some(Fen::new(1_800))
    );
    gateway.refuses(method, "USER_AGREEMENT_NOT_EXIST");
    assert!(
        gateway
            .client()
            .execute(&query, now())
            .await
            .refusal()
            .is_some()
    );
    gateway.done(
        method,
        &json!({"agreement_no": "20265910", "status": "NORMAL"}),
    );
    assert!(gateway.client().execute(&query, now()).await.is_unknown());
    assert!(AgreementQuery::default().biz_content().is_err());

    let method = "alipay.user.agreement.executionplan.modify";
    let modify = AgreementModify::new("20265909", "2026-09-03", "用户申请");
    gateway.done(
        method,
        &json!({"agreement_no": "20265909", "deduct_time": "2026-09-03"}),
    );
    let moved = gateway
        .client()
        .execute(&modify, now())
        .await
        .done()
        .expect("done");
    assert_eq!(moved.deduct_time.as_deref(), Some("2026-09-03"));
    gateway.refuses(method, "ILLEGAL_EXECUTION_TIME");
    assert!(
        gateway
            .client()
            .execute(&modify, now())
            .await
            .refusal()
            .is_some()
    );

    let method = "alipay.user.agreement.unsign";
    let unsign = AgreementUnsign::by_agreement_no("20265909");
    gateway.done(method, &json!({})).loses();
    let ended = gateway
        .client()
        .execute(&unsign, now())
        .await
        .done()
        .expect("done");
    assert_eq!(ended.node.text("code"), Some("10000"));
    assert!(gateway.client().execute(&unsign, now()).await.is_unknown());
    assert!(AgreementUnsign::default().biz_content().is_err());
}

#[tokio::test]
async fn an_agreement_gets_a_plan() {
    let gateway = TestGateway::new();
    let transfer = "alipay.user.agreement.transfer";
    let rule = PeriodRule::monthly("2026-09-01", Fen::new(1_500));
    gateway.done(
        transfer,
        &json!({"period_type": "MONTH", "period": "1", "execute_time": "2026-09-01", "amount": "15.00"}),
    );
    let plan = gateway
        .client()
        .execute(&AgreementTransfer::new("20265909", rule), now())
        .await
        .done()
        .expect("done");
    assert_eq!((plan.period, plan.amount), (Some(1), Some(Fen::new(1_500))));
    assert_eq!(
        gateway.last_biz_content()["target_product_code"],
        "CYCLE_PAY_AUTH_P"
    );
    let late = PeriodRule::monthly("2026-08-29", Fen::new(1));
    assert!(matches!(
        AgreementTransfer::new("20265909", late).biz_content(),
        Err(RequestError::Rule(_))
    ));
    gateway.refuses(transfer, "USER_AGREEMENT_NOT_EXIST");
    let rule = PeriodRule::monthly("2026-09-01", Fen::new(1_500));
    let refused = gateway
        .client()
        .execute(&AgreementTransfer::new("1", rule), now())
        .await;
    assert!(refused.refusal().is_some());
}
