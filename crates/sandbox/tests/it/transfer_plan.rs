//! An agreement without a plan gets one: `alipay.user.agreement.transfer`.

use crate::agreements::{QUERY, UNSIGN, sign, terms};
use crate::rest::Rest;
use crate::support::{Bench, code, signed, start};
use kernel::time::DAY_MS;
use serde_json::{Value, json};
use store::Db;

const TRANSFER: &str = "alipay.user.agreement.transfer";

fn general(number: &Value) -> Value {
    json!({
        "product_code": "GENERAL_WITHHOLDING", "personal_product_code": "GENERAL_WITHHOLDING_P",
        "sign_scene": "INDUSTRY|DIGITAL_MEDIA", "external_agreement_no": number,
        "access_params": {"channel": "ALIPAYAPP"},
    })
}

fn to_plan(agreement: &str) -> Value {
    json!({
        "agreement_no": agreement, "target_product_code": "CYCLE_PAY_AUTH_P",
        "period_rule_params": {
            "period_type": "MONTH", "period": 1, "execute_time": "2026-09-01",
            "single_amount": "15.00", "total_amount": "20.00", "total_payments": 2,
        },
    })
}

fn take(number: &str, amount: &str, agreement: &str) -> Value {
    json!({
        "out_trade_no": number, "total_amount": amount, "subject": "会员月费",
        "product_code": "GENERAL_WITHHOLDING", "agreement_params": {"agreement_no": agreement},
    })
}

const PAY: &str = "alipay.trade.pay";

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn an_agreement_gets_a_plan_that_counts_from_then_on(db: Db) {
        let bench = Bench::new(db).await;
        let number = sign(&bench, &general(&json!("A1"))).await;
        assert_eq!(code(&bench.node(PAY, &take("D1", "99.00", &number)).await), "10000");
        let node = bench.node(TRANSFER, &to_plan(&number)).await;
        for (name, value) in [
            ("code", "10000"), ("period_type", "MONTH"), ("period", "1"), ("execute_time", "2026-09-01"),
            ("amount", "15.00"), ("total_amount", "20.00"), ("total_payments", "2"),
        ] {
            assert_eq!(node[name], value, "{name}: {node}");
        }
        // A repeat after a lost answer is answered alike.
        assert_eq!(bench.node(TRANSFER, &to_plan(&number)).await, node);
        let there = bench.node(QUERY, &json!({"agreement_no": number})).await;
        for (name, value) in [
            ("status", "NORMAL"), ("personal_product_code", "CYCLE_PAY_AUTH_P"), ("next_deduct_time", "2026-09-01"),
            ("single_quota", "15.00"), ("external_agreement_no", "A1"),
        ] {
            assert_eq!(there[name], value, "{name}: {there}");
        }
        assert_eq!(there["execution_plans"].as_array().unwrap().len(), 2, "{there}");
        // The plan holds now, and what was taken before is none of it.
        assert_eq!(code(&bench.node(PAY, &take("D2", "15.00", &number)).await), "ACQ.CYCLE_PAY_DATE_NOT_MATCH");
        bench.schedule.advance_to(start().plus_ms(11 * DAY_MS)).await.unwrap();
        assert_eq!(code(&bench.node(PAY, &take("D2", "15.01", &number)).await), "ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED");
        assert_eq!(code(&bench.node(PAY, &take("D2", "15.00", &number)).await), "10000");
        bench.schedule.advance_to(start().plus_ms(42 * DAY_MS)).await.unwrap();
        assert_eq!(code(&bench.node(PAY, &take("D3", "5.01", &number)).await), "ACQ.CYCLE_PAY_TOTAL_FEE_EXCEED");
        assert_eq!(code(&bench.node(PAY, &take("D3", "5.00", &number)).await), "10000");
        bench.assert_balanced().await;
    }

    async fn what_cannot_get_that_plan_keeps_what_it_has(db: Db) {
        let bench = Bench::new(db).await;
        let number = sign(&bench, &general(&json!("A1"))).await;
        let with = |name: &str, value: Value| {
            let mut biz = to_plan(&number);
            biz[name] = value;
            biz
        };
        let rule = |name: &str, value: Value| {
            let mut biz = to_plan(&number);
            biz["period_rule_params"][name] = value;
            biz
        };
        for (biz, wanted) in [
            (with("agreement_no", Value::Null), "INVALID_PARAMETER"),
            (with("agreement_no", json!("1")), "USER_AGREEMENT_NOT_EXIST"),
            (with("target_product_code", Value::Null), "INVALID_PARAMETER"),
            (with("target_product_code", json!("GENERAL_WITHHOLDING_P")), "PRODUCT_CODE_NOT_SUPPORTED_ERROR"),
            (with("period_rule_params", Value::Null), "INVALID_PARAMETER"),
            (rule("execute_time", json!("2026-08-20")), "INVALID_PARAMETER"),
            (rule("execute_time", json!("2026-09-29")), "INVALID_PARAMETER"),
            (rule("single_amount", Value::Null), "INVALID_PARAMETER"),
            (rule("period", json!(0)), "INVALID_PARAMETER"),
        ] {
            assert_eq!(code(&bench.node(TRANSFER, &biz).await), wanted, "{biz}");
        }
        let other = signed(1, TRANSFER, &to_plan(&number).to_string(), &[]);
        assert!(bench.post(other).await.text().contains("AUTHOREE_IS_NOT_MATCH"));
        let there = bench.node(QUERY, &json!({"agreement_no": number})).await;
        assert_eq!(there["personal_product_code"], "GENERAL_WITHHOLDING_P", "{there}");
        // Another plan than the one that it has; a plan for what ended.
        let planned = sign(&bench, &terms("A2")).await;
        assert_eq!(code(&bench.node(TRANSFER, &to_plan(&planned)).await), "INVALID_PARAMETER");
        bench.node(UNSIGN, &json!({"agreement_no": number})).await;
        assert_eq!(code(&bench.node(TRANSFER, &to_plan(&number)).await), "USER_AGREEMENT_NOT_EXIST");
        // Without a number of the merchant's there is one of a kind.
        let mut bare = terms("none");
        bare["external_agreement_no"] = Value::Null;
        sign(&bench, &bare).await;
        let second = sign(&bench, &general(&Value::Null)).await;
        assert_eq!(code(&bench.node(TRANSFER, &to_plan(&second)).await), "INVALID_PARAMETER");
    }

    async fn the_third_version_gives_a_plan_too(db: Db) {
        let bench = Bench::new(db).await;
        let number = sign(&bench, &general(&json!("A1"))).await;
        let body = to_plan(&number).to_string();
        let reply = Rest::new("POST", "/v3/alipay/user/agreement/transfer", &body, "n1").send(&bench).await;
        assert_eq!(reply.json()["execute_time"], "2026-09-01", "{}", reply.text());
    }
}
