//! Money that is held by the code that a buyer shows; and what goes back with the last capture.

use crate::browser::Browser;
use crate::rest::Rest;
use crate::support::{Bench, NOTIFY, code, signed};
use alipay::Params;
use kernel::time::MINUTE_MS;
use serde_json::{Value, json};
use store::Db;

const FREEZE: &str = "alipay.fund.auth.order.freeze";
const DETAIL: &str = "alipay.fund.auth.operation.detail.query";
const PAY: &str = "alipay.trade.pay";

async fn shown(bench: &Bench, who: &str) -> String {
    let path = format!("accounts/{who}/payment-codes");
    let reply = bench.control(&path, json!({})).await;
    reply.json()["auth_code"].as_str().unwrap().to_owned()
}

fn wish(number: &str, amount: &str, auth_code: &str) -> Value {
    json!({
        "out_order_no": number, "out_request_no": format!("{number}r"), "order_title": "酒店押金",
        "amount": amount, "product_code": "PRE_AUTH", "auth_code": auth_code, "auth_code_type": "bar_code",
    })
}

async fn freeze(bench: &Bench, biz: &Value) -> Value {
    let params = signed(0, FREEZE, &biz.to_string(), &[("notify_url", NOTIFY)]);
    bench.post(params).await.signed_node(FREEZE)
}

async fn balance(bench: &Bench, who: &str) -> Value {
    bench.look(&format!("accounts/{who}")).await["balance"].clone()
}

fn told(bench: &Bench, notify_type: &str) -> Vec<Params> {
    let mut forms = bench.merchant.forms();
    forms.retain(|form| form.get("notify_type") == Some(notify_type));
    forms
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_code_holds_a_small_amount_at_once(db: Db) {
        let bench = Bench::new(db).await;
        let auth_code = shown(&bench, "buyer@sandbox.com").await;
        let node = freeze(&bench, &wish("F1", "99.00", &auth_code)).await;
        assert_eq!((code(&node), &node["status"], &node["amount"]), ("10000", &json!("SUCCESS"), &json!("99.00")), "{node}");
        assert_eq!((&node["payer_logon_id"], &node["fund_amount"]), (&json!("buy***@sandbox.com"), &json!("99.00")));
        assert_eq!(balance(&bench, "buyer@sandbox.com").await, "99901.00");
        bench.assert_balanced().await;
        bench.schedule.settle().await.unwrap();
        let forms = told(&bench, "fund_auth_freeze");
        assert_eq!((forms.len(), forms[0].get("auth_no")), (1, node["auth_no"].as_str()));
        // The code is used up, and the number says that it holds.
        assert_eq!(code(&freeze(&bench, &wish("F1", "99.00", &auth_code)).await), "FREEZE_ALREADY_SUCCESS");
        assert_eq!(code(&freeze(&bench, &wish("F2", "1.00", &auth_code)).await), "PAYMENT_AUTH_CODE_INVALID");
        let used = json!({"out_trade_no": "T1", "total_amount": "1.00", "subject": "x", "auth_code": auth_code});
        assert_eq!(code(&bench.node(PAY, &used).await), "ACQ.PAYMENT_AUTH_CODE_INVALID");
        // Over the third version, for the product of apps.
        let mut online = wish("F3", "1.00", &shown(&bench, "buyer@sandbox.com").await);
        online["product_code"] = json!("PRE_AUTH_ONLINE");
        let body = online.to_string();
        let reply = Rest::new("POST", "/v3/alipay/fund/auth/order/freeze", &body, "n1").send(&bench).await;
        assert_eq!(reply.json()["status"], "SUCCESS", "{}", reply.text());
        bench.assert_balanced().await;
    }

    async fn a_large_amount_waits_for_the_password_of_that_buyer(db: Db) {
        let bench = Bench::new(db).await;
        let auth_code = shown(&bench, "buyer@sandbox.com").await;
        let node = freeze(&bench, &wish("F1", "2000.00", &auth_code)).await;
        assert_eq!((&node["code"], &node["status"]), (&json!("10003"), &json!("INIT")), "{node}");
        assert_eq!(balance(&bench, "buyer@sandbox.com").await, "100000.00");
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 0);
        // Nobody else may agree.
        let poor = Browser::new(&bench, "zh");
        let page = poor.open("/wallet").await;
        let page = poor.log_in(&page, "poor@sandbox.com").await;
        assert!(!page.text().contains("酒店押金"));
        let phone = Browser::new(&bench, "zh");
        let page = phone.open("/wallet").await;
        let page = phone.log_in(&page, "buyer@sandbox.com").await;
        page.says("酒店押金");
        let address = page.link("查看并确认").unwrap();
        let other = poor.open(&address).await;
        let other = poor.submit(&other, "/agree", &[("pay_password", "111111")]).await;
        other.says("另一位用户");
        let page = phone.open(&address).await;
        let page = phone.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        assert_eq!(page.title(), "已冻结");
        assert_eq!(balance(&bench, "buyer@sandbox.com").await, "98000.00");
        let there = bench.node(DETAIL, &json!({"out_order_no": "F1", "out_request_no": "F1r"})).await;
        assert_eq!(there["order_status"], "AUTHORIZED");
        assert!(!phone.open("/wallet").await.text().contains("酒店押金"));
        bench.schedule.settle().await.unwrap();
        assert_eq!(told(&bench, "fund_auth_freeze").len(), 1);
        bench.assert_balanced().await;
    }

    async fn a_code_that_cannot_hold_holds_nothing(db: Db) {
        let bench = Bench::new(db).await;
        let fresh = shown(&bench, "poor@sandbox.com").await;
        assert_eq!(code(&freeze(&bench, &wish("F1", "5.00", &fresh)).await), "MONEY_NOT_ENOUGH");
        bench.assert_balanced().await;
        // Another wallet may try under the same number.
        let other = shown(&bench, "buyer@sandbox.com").await;
        assert_eq!(code(&freeze(&bench, &wish("F1", "5.00", &other)).await), "10000");
        let old = shown(&bench, "buyer@sandbox.com").await;
        bench.clock.advance_ms(MINUTE_MS);
        for (biz, wanted) in [
            (wish("F2", "5.00", &old), "PAYMENT_AUTH_CODE_INVALID"),
            (wish("F2", "5.00", "281234567890123456"), "PAYMENT_AUTH_CODE_INVALID"),
            (wish("F2", "5.00", "1234"), "PAYMENT_AUTH_CODE_INVALID"),
            (wish("F2", "5.00", ""), "ILLEGAL_ARGUMENT"),
            (wish("F2", "0.00", &old), "ILLEGAL_ARGUMENT"),
        ] {
            assert_eq!(code(&freeze(&bench, &biz).await), wanted, "{biz}");
        }
        let mut kind = wish("F2", "5.00", &shown(&bench, "buyer@sandbox.com").await);
        kind["auth_code_type"] = json!("sound");
        assert_eq!(code(&freeze(&bench, &kind).await), "ILLEGAL_ARGUMENT");
        assert_eq!(code(&bench.node(DETAIL, &json!({"out_order_no": "F2", "out_request_no": "F2r"})).await), "AUTH_ORDER_NOT_EXIST");
        bench.assert_balanced().await;
    }

    async fn the_last_capture_tells_of_the_rest_that_goes_back(db: Db) {
        let bench = Bench::new(db).await;
        let auth_code = shown(&bench, "buyer@sandbox.com").await;
        let auth_no = freeze(&bench, &wish("F1", "99.00", &auth_code)).await["auth_no"].clone();
        let take = |number: &str, amount: &str, mode: &str| json!({
            "out_trade_no": number, "total_amount": amount, "subject": "房费", "product_code": "PRE_AUTH",
            "auth_no": auth_no, "auth_confirm_mode": mode,
        });
        assert_eq!(code(&bench.node(PAY, &take("T1", "30.00", "NOT_COMPLETE")).await), "10000");
        bench.schedule.settle().await.unwrap();
        assert!(told(&bench, "fund_auth_unfreeze").is_empty());
        let trade_notice = [("notify_url", "http://shop.example/trades/")];
        let params = signed(0, PAY, &take("T2", "50.00", "COMPLETE").to_string(), &trade_notice);
        assert_eq!(code(&bench.post(params).await.signed_node(PAY)), "10000");
        assert_eq!(balance(&bench, "buyer@sandbox.com").await, "99920.00");
        bench.schedule.settle().await.unwrap();
        let forms = told(&bench, "fund_auth_unfreeze");
        assert_eq!(forms.len(), 1);
        for (name, value) in [
            ("amount", "19.00"), ("operation_type", "UNFREEZE"), ("status", "SUCCESS"), ("rest_amount", "0.00"),
            ("total_unfreeze_amount", "19.00"), ("total_pay_amount", "80.00"), ("out_order_no", "F1"),
        ] {
            assert_eq!(forms[0].get(name), Some(value), "{name}");
        }
        let went = bench.merchant.came.lock().unwrap().iter().map(|(_, sent)| sent.url.clone()).collect::<Vec<_>>();
        assert!(went.contains(&"http://shop.example/trades/".to_owned()));
        assert_eq!(told(&bench, "trade_status_sync").len(), 1);
        // Nothing is left, so nothing goes back.
        let auth_code = shown(&bench, "buyer@sandbox.com").await;
        let auth_no = freeze(&bench, &wish("F2", "10.00", &auth_code)).await["auth_no"].clone();
        let mut all = take("T3", "10.00", "COMPLETE");
        all["auth_no"] = auth_no;
        assert_eq!(code(&bench.node(PAY, &all).await), "10000");
        bench.schedule.settle().await.unwrap();
        assert_eq!(told(&bench, "fund_auth_unfreeze").len(), 1);
        bench.assert_balanced().await;
    }

    async fn many_tills_that_read_one_code_hold_once(db: Db) {
        let bench = Bench::new(db).await;
        let auth_code = shown(&bench, "buyer@sandbox.com").await;
        let (read, one) = (&auth_code, &bench);
        let till = |number: usize| async move {
            let node = freeze(one, &wish(&format!("F{number}"), "10.00", read)).await;
            code(&node).to_owned()
        };
        let codes = futures::future::join_all((0..5).map(till)).await;
        assert_eq!(codes.iter().filter(|code| *code == "10000").count(), 1, "{codes:?}");
        assert_eq!(balance(&bench, "buyer@sandbox.com").await, "99990.00");
        bench.assert_balanced().await;
    }
}
