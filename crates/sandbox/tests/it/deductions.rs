//! Deductions: money taken by an agreement, as its plan allows, once in each period.

use crate::agreements::{QUERY, UNSIGN, sign, terms};
use crate::browser::Browser;
use crate::rest::Rest;
use crate::support::{Bench, NOTIFY, code, link, signed, start};
use http::StatusCode;
use kernel::time::DAY_MS;
use serde_json::{Value, json};
use store::Db;

const PAY: &str = "alipay.trade.pay";

fn deduction(number: &str, amount: &str, agreement_no: &str) -> Value {
    json!({
        "out_trade_no": number, "total_amount": amount, "subject": "会员月费",
        "product_code": "CYCLE_PAY_AUTH", "agreement_params": {"agreement_no": agreement_no},
    })
}

fn general(number: &str) -> Value {
    json!({
        "product_code": "GENERAL_WITHHOLDING", "personal_product_code": "GENERAL_WITHHOLDING_P",
        "sign_scene": "INDUSTRY|CARRENTAL", "external_agreement_no": number,
        "access_params": {"channel": "ALIPAYAPP"},
    })
}

async fn balance(bench: &Bench, who: &str) -> Value {
    bench.look(&format!("accounts/{who}")).await["balance"].clone()
}

async fn day(bench: &Bench, days: i64) {
    let at = start().plus_ms(days * DAY_MS);
    bench.schedule.advance_to(at).await.unwrap();
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn money_is_taken_once_in_each_period_and_no_more_than_agreed(db: Db) {
        let bench = Bench::new(db).await;
        let agreement = sign(&bench, &terms("A1")).await;
        let take = |number: &str, amount: &str| deduction(number, amount, &agreement);
        // The 21st of August: the first of September is more than five days away.
        assert_eq!(code(&bench.node(PAY, &take("D1", "15.00")).await), "ACQ.CYCLE_PAY_DATE_NOT_MATCH");
        assert_eq!(code(&bench.node("alipay.trade.query", &json!({"out_trade_no": "D1"})).await), "ACQ.TRADE_NOT_EXIST");
        day(&bench, 6).await;
        assert_eq!(code(&bench.node(PAY, &take("D1", "15.01")).await), "ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED");
        let params = signed(0, PAY, &take("D1", "15.00").to_string(), &[("notify_url", NOTIFY)]);
        let paid = bench.post(params).await.signed_node(PAY);
        assert_eq!((code(&paid), &paid["receipt_amount"], &paid["buyer_logon_id"]), ("10000", &json!("15.00"), &json!("buy***@sandbox.com")), "{paid}");
        assert_eq!(balance(&bench, "buyer@sandbox.com").await, "99985.00");
        bench.assert_balanced().await;
        bench.schedule.settle().await.unwrap();
        let form = bench.merchant.forms().pop().unwrap();
        assert_eq!((form.get("trade_status"), form.get("out_trade_no")), (Some("TRADE_SUCCESS"), Some("D1")));
        assert_eq!((form.get("agreement_no"), form.get("external_agreement_no")), (Some(agreement.as_str()), Some("A1")));
        // The same again is the same; another number waits for the next period.
        assert_eq!(code(&bench.node(PAY, &take("D1", "15.00")).await), "ACQ.TRADE_HAS_SUCCESS");
        assert_eq!(code(&bench.node(PAY, &take("D2", "15.00")).await), "ACQ.CYCLE_PAY_DATE_NOT_MATCH");
        let there = bench.node(QUERY, &json!({"agreement_no": agreement})).await;
        assert_eq!((&there["last_deduct_time"], &there["next_deduct_time"]), (&json!("2026-08-27"), &json!("2026-10-01")));
        // September lapses; on the 15th of October it is October's turn.
        day(&bench, 55).await;
        assert_eq!(code(&bench.node(PAY, &take("D2", "15.00")).await), "10000");
        assert_eq!(bench.node(QUERY, &json!({"agreement_no": agreement})).await["next_deduct_time"], "2026-11-01");
        day(&bench, 75).await;
        assert_eq!(code(&bench.node(PAY, &take("D3", "10.01")).await), "ACQ.CYCLE_PAY_TOTAL_FEE_EXCEED");
        assert_eq!(code(&bench.node(PAY, &take("D3", "1.00")).await), "10000");
        day(&bench, 105).await;
        assert_eq!(code(&bench.node(PAY, &take("D4", "1.00")).await), "ACQ.CYCLE_PAY_TOTAL_TIMES_EXCEED");
        assert_eq!(balance(&bench, "buyer@sandbox.com").await, "99969.00");
        bench.assert_balanced().await;
        // What was taken can be given back; the plan counts it all the same.
        let refund = json!({"out_trade_no": "D1", "refund_amount": "14.00", "out_request_no": "r1"});
        assert_eq!(code(&bench.node("alipay.trade.refund", &refund).await), "10000");
        bench.schedule.settle().await.unwrap();
        let form = bench.merchant.forms().pop().unwrap();
        assert_eq!((form.get("refund_fee"), form.get("agreement_no")), (Some("14.00"), Some(agreement.as_str())));
        bench.assert_balanced().await;
        let wallet = Browser::new(&bench, "zh");
        let page = wallet.open("/wallet").await;
        wallet.log_in(&page, "buyer@sandbox.com").await;
        wallet.open("/wallet/agreements").await.says("¥15.00");
    }

    async fn who_may_not_take_takes_nothing(db: Db) {
        let bench = Bench::new(db).await;
        let agreement = sign(&bench, &terms("A1")).await;
        day(&bench, 11).await;
        let take = || deduction("D1", "15.00", &agreement);
        let with = |name: &str, value: Value| {
            let mut biz = take();
            biz[name] = value;
            biz
        };
        let waiting = bench.get(&link(crate::agreements::SIGN, &terms("A2"))).await;
        assert_eq!(waiting.status, StatusCode::FOUND);
        let temp = bench.node(QUERY, &json!({
            "external_agreement_no": "A2", "personal_product_code": "CYCLE_PAY_AUTH_P",
            "sign_scene": "INDUSTRY|DIGITAL_MEDIA",
        })).await["agreement_no"].clone();
        for (biz, wanted) in [
            (with("agreement_params", json!({"agreement_no": "1"})), "ACQ.AGREEMENT_NOT_EXIST"),
            (with("agreement_params", json!({"agreement_no": temp})), "ACQ.AGREEMENT_STATUS_NOT_NORMAL"),
            (with("agreement_params", json!({})), "ACQ.INVALID_PARAMETER"),
            (with("agreement_params", Value::Null), "ACQ.INVALID_PARAMETER"),
            (with("product_code", json!("GENERAL_WITHHOLDING")), "ACQ.AGREEMENT_ERROR"),
            (with("product_code", Value::Null), "ACQ.INVALID_PARAMETER"),
            (with("buyer_id", json!("2088000000000000")), "ACQ.TRADE_BUYER_NOT_MATCH"),
            (with("seller_id", json!("2088000000000000")), "ACQ.INVALID_RECEIVE_ACCOUNT"),
        ] {
            assert_eq!(code(&bench.node(PAY, &biz).await), wanted, "{biz}");
        }
        // Another application's agreement is as good as none.
        let other = signed(1, PAY, &take().to_string(), &[]);
        assert!(bench.post(other).await.text().contains("ACQ.AGREEMENT_NOT_EXIST"));
        bench.node(UNSIGN, &json!({"agreement_no": agreement})).await;
        assert_eq!(code(&bench.node(PAY, &take()).await), "ACQ.AGREEMENT_INVALID");
        assert_eq!(balance(&bench, "buyer@sandbox.com").await, "100000.00");
        bench.assert_balanced().await;
    }

    async fn an_empty_purse_is_no_deduction_and_may_be_tried_again(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let page = crate::agreements::read(&browser, &general("G1"), "poor@sandbox.com").await;
        page.says("商家扣款");
        browser.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        let there = bench.node(QUERY, &json!({
            "external_agreement_no": "G1", "personal_product_code": "GENERAL_WITHHOLDING_P",
            "sign_scene": "INDUSTRY|CARRENTAL",
        })).await;
        assert!(there.get("execution_plans").is_none());
        let agreement = there["agreement_no"].as_str().unwrap();
        let mut biz = deduction("D1", "5.00", agreement);
        biz["product_code"] = json!("GENERAL_WITHHOLDING");
        assert_eq!(code(&bench.node(PAY, &biz).await), "ACQ.BUYER_BALANCE_NOT_ENOUGH");
        bench.assert_balanced().await;
        let reply = bench.control("accounts/poor@sandbox.com/top-up", json!({"amount": "10.00"})).await;
        assert!(reply.status.is_success());
        // Without a plan it is taken whenever the merchant wants; over the third version too.
        let body = biz.to_string();
        let reply = Rest::new("POST", "/v3/alipay/trade/pay", &body, "n1").send(&bench).await;
        assert_eq!(reply.json()["total_amount"], "5.00", "{}", reply.text());
        biz["out_trade_no"] = json!("D2");
        assert_eq!(code(&bench.node(PAY, &biz).await), "10000");
        assert_eq!(balance(&bench, "poor@sandbox.com").await, "1.00");
        bench.assert_balanced().await;
    }

    async fn many_at_once_take_one_period_once(db: Db) {
        let bench = Bench::new(db).await;
        let agreement = sign(&bench, &terms("A1")).await;
        day(&bench, 11).await;
        let take = |number: usize| {
            let (bench, agreement) = (&bench, &agreement);
            async move {
                let biz = deduction(&format!("D{number}"), "10.00", agreement);
                code(&bench.node(PAY, &biz).await).to_owned()
            }
        };
        let codes = futures::future::join_all((0..6).map(take)).await;
        let paid = codes.iter().filter(|code| *code == "10000").count();
        assert_eq!(paid, 1, "{codes:?}");
        assert!(codes.iter().all(|code| code == "10000" || code == "ACQ.CYCLE_PAY_DATE_NOT_MATCH"), "{codes:?}");
        assert_eq!(balance(&bench, "buyer@sandbox.com").await, "99990.00");
        bench.assert_balanced().await;
        // The same number at once is paid once, and starting over forgets it all.
        day(&bench, 41).await;
        let same = || async { code(&bench.node(PAY, &deduction("E1", "10.00", &agreement)).await).to_owned() };
        let (first, second) = futures::join!(same(), same());
        let mut both = [first, second];
        both.sort();
        assert_eq!(both, ["10000", "ACQ.TRADE_HAS_SUCCESS"]);
        bench.assert_balanced().await;
        assert!(bench.control("reset", json!({})).await.status.is_success());
        assert_eq!(code(&bench.node(QUERY, &json!({"agreement_no": agreement})).await), "USER_AGREEMENT_NOT_EXIST");
        bench.assert_balanced().await;
    }
}
