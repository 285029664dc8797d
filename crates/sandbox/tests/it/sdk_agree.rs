//! Every typed method of agreements, deductions and holds by a payment code, through every face of
//! the SDK.

use crate::sdk_faces::{Face, done, faces, refused};
use crate::support::Bench;
use alipay::answers::{AgreementStatus, FrozenOrderStatus, OperationStatus};
use alipay::requests::{
    AgreementModify, AgreementQuery, AgreementSign, AgreementTransfer, AgreementUnsign, Freeze,
    OperationQuery, Pay, PeriodRule, Unfreeze,
};
use http::StatusCode;
use money::Fen;
use serde_json::{Value, json};
use store::Db;

/// What the tests of this file ask.
pub(crate) const AGREEMENTS: &[&str] = &[
    "alipay.trade.pay",
    "alipay.user.agreement.executionplan.modify",
    "alipay.user.agreement.page.sign",
    "alipay.user.agreement.query",
    "alipay.user.agreement.transfer",
    "alipay.user.agreement.unsign",
];
pub(crate) const FREEZES: &[&str] = &[
    "alipay.fund.auth.operation.detail.query",
    "alipay.fund.auth.order.freeze",
    "alipay.fund.auth.order.unfreeze",
    "alipay.trade.pay",
];

async fn control(bench: &Bench, path: &str, body: Value) -> Value {
    let reply = bench.control(path, body).await;
    assert!(reply.status.is_success(), "{}", reply.text());
    reply.json()
}

/// A plan that is signed, asked about, used, put off and ended.
async fn agreements(bench: &Bench, face: &Face) {
    let rule = PeriodRule::monthly("2026-08-24", Fen::new(1_500));
    let scene = "INDUSTRY|DIGITAL_MEDIA";
    let page = face.page(&AgreementSign::recurring(
        &face.number("A"),
        scene,
        rule.clone(),
    ));
    let signed = control(bench, "consents", json!({"url": page})).await;
    assert_eq!(
        (&signed["kind"], &signed["state"]),
        (&json!("agreement"), &json!("NORMAL"))
    );
    let number = signed["number"].as_str().unwrap();

    let query = AgreementQuery::by_agreement_no(number);
    let there = done(face.ask(&query).await);
    assert_eq!(
        (there.agreement_no.as_str(), there.status),
        (number, AgreementStatus::Normal)
    );
    assert_eq!(there.external_agreement_no, Some(face.number("A")));
    assert_eq!(there.next_deduct_time.as_deref(), Some("2026-08-24"));
    assert_eq!(there.single_quota, Some(Fen::new(1_500)));
    let last = there.execution_plans.last().unwrap();
    assert_eq!(last.execute_time.as_deref(), Some("2026-10-24"));
    assert_eq!(last.latest_execute_time.as_deref(), Some("2026-11-23"));

    // It has that plan already, and keeps it.
    let same = done(
        face.ask(&AgreementTransfer::new(number, rule.clone()))
            .await,
    );
    assert_eq!((same.period, same.amount), (Some(1), Some(Fen::new(1_500))));
    let other = PeriodRule::monthly("2026-08-25", Fen::new(1_500));
    let other = AgreementTransfer::new(number, other);
    refused(face.ask(&other).await, "INVALID_PARAMETER");

    let take = |name: &str, fen: i64| {
        Pay::by_agreement(&face.number(name), "会员月费", Fen::new(fen), number)
    };
    refused(
        face.ask(&take("M", 1_501)).await,
        "CYCLE_PAY_SINGLE_FEE_EXCEED",
    );
    let paid = done(face.ask(&take("D", 1_500)).await);
    assert_eq!(paid.total_amount, Fen::new(1_500));
    refused(
        face.ask(&take("E", 1_500)).await,
        "CYCLE_PAY_DATE_NOT_MATCH",
    );
    let moved = done(
        face.ask(&AgreementModify::new(number, "2026-10-01", "已购买季卡"))
            .await,
    );
    assert_eq!(moved.deduct_time.as_deref(), Some("2026-10-01"));
    let early = AgreementModify::new(number, "2026-09-01", "提前");
    refused(face.ask(&early).await, "ILLEGAL_EXECUTION_TIME");
    done(face.ask(&AgreementUnsign::by_agreement_no(number)).await);
    refused(face.ask(&query).await, "USER_AGREEMENT_NOT_EXIST");
    refused(face.ask(&take("F", 1)).await, "AGREEMENT_INVALID");
    face.has_asked(AGREEMENTS);
}

/// Money that is held by a code, taken in part and let go; and a large amount that waits.
async fn freezes(bench: &Bench, face: &Face) {
    let path = "accounts/buyer@sandbox.com/payment-codes";
    let code = control(bench, path, json!({})).await;
    let code = code["auth_code"].as_str().unwrap();
    let (order, request) = (face.number("F"), "f1");
    let freeze = Freeze::by_barcode(&order, request, "押金", Fen::new(9_900), code);
    let held = done(face.ask(&freeze).await);
    assert_eq!(
        (held.status, held.amount),
        (OperationStatus::Success, Fen::new(9_900))
    );
    let free = Unfreeze::new(&held.auth_no, "u1", Fen::new(900), "归还");
    assert_eq!(done(face.ask(&free).await).fund_amount, Some(Fen::new(900)));
    let take = Pay::from_frozen(
        &face.number("T"),
        "租金",
        Fen::new(3_000),
        &held.auth_no,
        "PRE_AUTH",
    );
    assert_eq!(done(face.ask(&take).await).total_amount, Fen::new(3_000));
    let there = done(face.ask(&OperationQuery::new(&order, request)).await);
    assert_eq!(there.order_status, Some(FrozenOrderStatus::Authorized));
    assert_eq!(there.rest_amount, Some(Fen::new(6_000)));

    let code = control(bench, path, json!({})).await;
    let code = code["auth_code"].as_str().unwrap();
    let large = Freeze::by_barcode(&face.number("L"), "l1", "押金", Fen::new(200_000), code);
    let asked = face.ask(&large).await;
    assert!(asked.is_unknown(), "{asked:?}");
    let there = done(
        face.ask(&OperationQuery::new(&face.number("L"), "l1"))
            .await,
    );
    assert_eq!(there.status, OperationStatus::Init);
    face.has_asked(FREEZES);
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn agreements_and_deductions_through_every_face(db: Db) {
        let bench = Bench::new(db).await;
        for face in faces(&bench).await {
            agreements(&bench, &face).await;
        }
        let twice = bench.control("agreements/1/end", json!({})).await;
        assert_eq!(twice.status, StatusCode::NOT_FOUND);
        bench.assert_balanced().await;
    }

    async fn holds_by_a_code_through_every_face(db: Db) {
        let bench = Bench::new(db).await;
        for face in faces(&bench).await {
            freezes(&bench, &face).await;
        }
        bench.assert_balanced().await;
    }
}
