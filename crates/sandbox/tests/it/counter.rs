//! At the counter: payment codes, trades for a known buyer, cancels.

use crate::support::{Bench, NOTIFY, code, signed, start};
use http::StatusCode;
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use sandbox::Profile;
use serde_json::{Value, json};
use store::Db;

const PAY: &str = "alipay.trade.pay";
const CREATE: &str = "alipay.trade.create";
const CANCEL: &str = "alipay.trade.cancel";
const QUERY: &str = "alipay.trade.query";

impl Bench {
    async fn auth_code(&self, logon_id: &str) -> String {
        let path = format!("accounts/{logon_id}/payment-codes");
        let reply = self.control(&path, json!({})).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        reply.json()["auth_code"].as_str().unwrap().to_owned()
    }

    async fn read_code(&self, number: &str, amount: &str, auth_code: &str) -> Value {
        self.node(PAY, &offer(number, amount, auth_code)).await
    }

    async fn status(&self, number: &str) -> Value {
        self.node(QUERY, &json!({"out_trade_no": number})).await["trade_status"].clone()
    }
}

fn offer(number: &str, amount: &str, auth_code: &str) -> Value {
    json!({
        "out_trade_no": number, "total_amount": amount, "subject": "拿铁", "scene": "bar_code",
        "auth_code": auth_code, "store_id": "S1",
    })
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_small_amount_is_paid_at_once(db: Db) {
        let bench = Bench::new(db).await;
        let auth_code = bench.auth_code("buyer@sandbox.com").await;
        assert!(auth_code.len() == 18 && auth_code.starts_with("28"), "{auth_code}");
        let biz = offer("B1", "1000.00", &auth_code).to_string();
        let reply = bench.post(signed(0, PAY, &biz, &[("notify_url", NOTIFY)])).await;
        let node = reply.signed_node(PAY);
        for (name, value) in [
            ("code", "10000"), ("total_amount", "1000.00"), ("receipt_amount", "1000.00"),
            ("buyer_pay_amount", "1000.00"), ("invoice_amount", "1000.00"),
            ("point_amount", "0.00"), ("gmt_payment", "2026-08-21 09:30:00"),
            ("buyer_logon_id", "buy***@sandbox.com"), ("out_trade_no", "B1"),
        ] {
            assert_eq!(node[name], value, "{name}");
        }
        assert_eq!(node["fund_bill_list"], json!([{"amount": "1000.00", "fund_channel": "ALIPAYACCOUNT"}]));
        assert!(node["trade_no"].as_str().unwrap().len() == 28);
        bench.schedule.settle().await.unwrap();
        let forms = bench.merchant.forms();
        assert_eq!(forms.len(), 1);
        assert_eq!(forms[0].get("trade_status"), Some("TRADE_SUCCESS"));
        // The same again, as after a lost answer: it was paid, and the code is used up.
        assert_eq!(code(&bench.read_code("B1", "1000.00", &auth_code).await), "ACQ.TRADE_HAS_SUCCESS");
        assert_eq!(code(&bench.read_code("B2", "1.00", &auth_code).await), "ACQ.PAYMENT_AUTH_CODE_INVALID");
        assert_eq!(code(&bench.node(QUERY, &json!({"out_trade_no": "B2"})).await), "ACQ.TRADE_NOT_EXIST");
        bench.assert_balanced().await;
    }

    async fn a_code_lives_a_minute_of_the_business_clock(db: Db) {
        let bench = Bench::new(db).await;
        let (late, just) = (bench.auth_code("buyer@sandbox.com").await, bench.auth_code("buyer@sandbox.com").await);
        bench.clock.advance_ms(MINUTE_MS - 1);
        assert_eq!(code(&bench.read_code("L1", "1.00", &just).await), "10000");
        bench.clock.advance_ms(1);
        assert_eq!(code(&bench.read_code("L2", "1.00", &late).await), "ACQ.PAYMENT_AUTH_CODE_INVALID");
        for wrong in ["280000000000000000", "12", "990000000000000000", "fp"] {
            let node = bench.read_code("L3", "1.00", wrong).await;
            assert_eq!(code(&node), "ACQ.PAYMENT_AUTH_CODE_INVALID", "{wrong}");
        }
        let face = bench.control("accounts/buyer@sandbox.com/payment-codes", json!({"scene": "security_code"})).await;
        let mut biz = offer("L4", "1.00", face.json()["auth_code"].as_str().unwrap());
        assert_eq!(code(&bench.node(PAY, &biz).await), "ACQ.PAYMENT_AUTH_CODE_INVALID");
        biz["scene"] = "security_code".into();
        assert_eq!(code(&bench.node(PAY, &biz).await), "10000");
        bench.assert_balanced().await;
    }

    async fn a_large_amount_waits_for_the_buyers_word(db: Db) {
        let bench = Bench::new(db).await;
        let auth_code = bench.auth_code("buyer@sandbox.com").await;
        let biz = offer("W1", "1000.01", &auth_code).to_string();
        let reply = bench.post(signed(0, PAY, &biz, &[("notify_url", NOTIFY)])).await;
        let node = reply.signed_node(PAY);
        assert_eq!(node["code"], "10003");
        assert_eq!(node["msg"], " order success pay inprocess");
        assert_eq!(node["sub_code"], Value::Null);
        let names: Vec<&str> = node.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, [
            "code", "msg", "buyer_logon_id", "buyer_pay_amount", "buyer_user_id", "invoice_amount",
            "open_id", "out_trade_no", "point_amount", "receipt_amount", "total_amount", "trade_no",
        ]);
        assert!(reply.explain().contains("refuse"), "{}", reply.explain());
        let exchange = bench.look("requests?limit=1").await;
        assert_eq!(exchange["requests"][0]["code"], "10003", "{exchange}");
        assert_eq!(bench.status("W1").await, "WAIT_BUYER_PAY");
        // The same request again waits on; another wallet has no part in it.
        let again = bench.post(signed(0, PAY, &biz, &[("notify_url", NOTIFY)])).await;
        assert_eq!(code(&again.signed_node(PAY)), "10003");
        let other = bench.auth_code("poor@sandbox.com").await;
        assert_eq!(code(&bench.read_code("W1", "1000.01", &other).await), "ACQ.TRADE_BUYER_NOT_MATCH");
        let reply = bench.control("trades/W1/pay", json!({"buyer_logon_id": "poor@sandbox.com"})).await;
        assert_eq!(reply.json()["type"], "/problems/trade-of-another-buyer");
        let wrong = bench.control("trades/W1/pay", json!({"pay_password": "000000"})).await;
        assert_eq!(wrong.status, StatusCode::FORBIDDEN);
        let paid = bench.control("trades/W1/pay", json!({"pay_password": "111111"})).await;
        assert_eq!(paid.json()["trade_status"], "TRADE_SUCCESS");
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 1);
        bench.assert_balanced().await;
    }

    async fn who_says_no_is_not_asked_again(db: Db) {
        let bench = Bench::new(db).await;
        let auth_code = bench.auth_code("buyer@sandbox.com").await;
        assert_eq!(code(&bench.read_code("N1", "2000.00", &auth_code).await), "10003");
        let reply = bench.control("trades/N1/refuse", json!({})).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        assert_eq!(bench.status("N1").await, "WAIT_BUYER_PAY");
        let reply = bench.control("trades/N1/pay", json!({})).await;
        assert_eq!(reply.json()["type"], "/problems/no-buyer-asked");
        let again = bench.auth_code("buyer@sandbox.com").await;
        assert_eq!(code(&bench.read_code("N1", "2000.00", &again).await), "10003");
        bench.control("trades/N1/refuse", json!({})).await;
        let node = bench.node(CANCEL, &json!({"out_trade_no": "N1"})).await;
        assert_eq!((&node["action"], &node["retry_flag"]), (&json!("close"), &json!("N")));
        assert_eq!(bench.status("N1").await, "TRADE_CLOSED");
        let reply = bench.control("trades/N1/refuse", json!({"buyer_logon_id": "buyer@sandbox.com"})).await;
        assert_eq!(reply.json()["type"], "/problems/trade-closed");
        bench.assert_balanced().await;
    }

    async fn a_counter_trade_closes_after_three_hours(db: Db) {
        let bench = Bench::new(db).await;
        let auth_code = bench.auth_code("buyer@sandbox.com").await;
        assert_eq!(code(&bench.read_code("H1", "2000.00", &auth_code).await), "10003");
        bench.schedule.advance_to(start().plus_ms(3 * HOUR_MS - 1)).await.unwrap();
        assert_eq!(bench.status("H1").await, "WAIT_BUYER_PAY");
        bench.schedule.advance_to(start().plus_ms(3 * HOUR_MS)).await.unwrap();
        assert_eq!(bench.status("H1").await, "TRADE_CLOSED");
        let late = bench.control("trades/H1/pay", json!({})).await;
        assert_eq!(late.json()["type"], "/problems/trade-expired");
    }

    async fn too_little_money_leaves_the_number_free_for_another_wallet(db: Db) {
        let bench = Bench::new(db).await;
        let poor = bench.auth_code("poor@sandbox.com").await;
        let node = bench.read_code("P1", "2.00", &poor).await;
        assert_eq!((code(&node), &node["sub_msg"]), ("ACQ.BUYER_BALANCE_NOT_ENOUGH", &json!("买家余额不足")));
        assert_eq!(code(&bench.read_code("P1", "3.00", &poor).await), "ACQ.CONTEXT_INCONSISTENT");
        let rich = bench.auth_code("buyer@sandbox.com").await;
        assert_eq!(code(&bench.read_code("P1", "2.00", &rich).await), "10000");
        bench.assert_balanced().await;
    }

    async fn alipays_own_sandbox_asks_above_two_thousand(db: Db) {
        let bench = Bench::with_profile(db, Profile::AlipaySandbox).await;
        let auth_code = bench.auth_code("buyer@sandbox.com").await;
        assert_eq!(code(&bench.read_code("S1", "2000.00", &auth_code).await), "10000");
        let auth_code = bench.auth_code("buyer@sandbox.com").await;
        assert_eq!(code(&bench.read_code("S2", "2000.01", &auth_code).await), "10003");
        let auth_code = bench.auth_code("buyer@sandbox.com").await;
        assert_eq!(code(&bench.read_code("S3", "100000000.01", &auth_code).await), "ACQ.TOTAL_FEE_EXCEED");
    }

    async fn two_scanners_with_one_code_are_paid_once(db: Db) {
        let bench = Bench::new(db).await;
        let auth_code = bench.auth_code("buyer@sandbox.com").await;
        let calls = ["D1", "D2", "D3", "D1"].map(|number| bench.read_code(number, "10.00", &auth_code));
        let nodes = futures::future::join_all(calls).await;
        let paid = nodes.iter().filter(|node| node["code"] == "10000").count();
        assert_eq!(paid, 1, "{nodes:?}");
        let account = bench.look("accounts/buyer@sandbox.com").await;
        assert_eq!(account["balance"], "99990.00");
        bench.assert_balanced().await;
    }

    async fn a_trade_for_a_known_buyer_exists_at_once(db: Db) {
        let bench = Bench::new(db).await;
        let buyer = bench.look("accounts/buyer@sandbox.com").await;
        let mut biz = json!({
            "out_trade_no": "C1", "total_amount": "5.00", "subject": "票", "product_code": "JSAPI_PAY",
            "op_app_id": "2021000000000000", "buyer_id": buyer["user_id"],
        });
        let node = bench.node(CREATE, &biz).await;
        assert_eq!(code(&node), "10000", "{node}");
        let trade_no = node["trade_no"].clone();
        assert_eq!(bench.status("C1").await, "WAIT_BUYER_PAY");
        assert_eq!(bench.node(CREATE, &biz).await["trade_no"], trade_no);
        biz["buyer_id"] = bench.look("accounts/poor@sandbox.com").await["user_id"].clone();
        assert_eq!(code(&bench.node(CREATE, &biz).await), "ACQ.TRADE_BUYER_NOT_MATCH");
        biz["buyer_id"] = "2088000000000000".into();
        assert_eq!(code(&bench.node(CREATE, &biz).await), "ACQ.BUYER_NOT_EXIST");
        // The seller is no buyer of its own, by whichever name.
        biz["buyer_id"] = bench.apps[0].seller_id.clone().into();
        assert_eq!(code(&bench.node(CREATE, &biz).await), "ACQ.BUYER_SELLER_EQUAL");
        biz.as_object_mut().unwrap().remove("buyer_id");
        biz["buyer_logon_id"] = bench.apps[0].seller_logon_id().into();
        assert_eq!(code(&bench.node(CREATE, &biz).await), "ACQ.BUYER_SELLER_EQUAL");
        biz.as_object_mut().unwrap().remove("buyer_logon_id");
        assert_eq!(code(&bench.node(CREATE, &biz).await), "ACQ.INVALID_PARAMETER");
        let reply = bench.control("trades/C1/pay", json!({})).await;
        assert_eq!(reply.json()["trade_status"], "TRADE_SUCCESS");
        assert_eq!(reply.json()["product"], "jsapi");
        biz["buyer_logon_id"] = "buyer@sandbox.com".into();
        assert_eq!(code(&bench.node(CREATE, &biz).await), "ACQ.TRADE_HAS_SUCCESS");
        // A mini program's trade lives fifteen days, a counter's three hours.
        for (number, product_code, lives_ms) in [("C2", "JSAPI_PAY", 15 * DAY_MS), ("C3", "FACE_TO_FACE_PAYMENT", 3 * HOUR_MS)] {
            biz["out_trade_no"] = number.into();
            biz["product_code"] = product_code.into();
            assert_eq!(code(&bench.node(CREATE, &biz).await), "10000");
            let trade = bench.look(&format!("trades/{number}")).await;
            let expires = start().plus_ms(lives_ms).rfc3339();
            assert_eq!(trade["expires_at"], expires.as_str());
        }
        bench.assert_balanced().await;
    }

    async fn an_open_id_names_a_buyer_at_one_application(db: Db) {
        let bench = Bench::new(db).await;
        let auth_code = bench.auth_code("buyer@sandbox.com").await;
        let node = bench.read_code("O1", "2000.00", &auth_code).await;
        let biz = json!({
            "out_trade_no": "O2", "total_amount": "5.00", "subject": "票", "buyer_open_id": node["open_id"],
        });
        assert_eq!(code(&bench.node(CREATE, &biz).await), "10000");
        let trade = bench.look("trades/O2").await;
        assert_eq!(trade["product"], "create");
        let reply = bench.post(signed(1, CREATE, &biz.to_string(), &[])).await;
        assert!(reply.text().contains("ACQ.BUYER_NOT_EXIST"), "{}", reply.text());
    }

    async fn a_cancel_closes_or_refunds_or_does_nothing(db: Db) {
        let bench = Bench::new(db).await;
        let unknown = bench.node(CANCEL, &json!({"out_trade_no": "X0"})).await;
        assert_eq!((code(&unknown), &unknown["action"], &unknown["trade_no"]), ("10000", &Value::Null, &Value::Null));
        assert_eq!(unknown["retry_flag"], "N");
        let auth_code = bench.auth_code("buyer@sandbox.com").await;
        let biz = offer("X1", "10.00", &auth_code).to_string();
        bench.post(signed(0, PAY, &biz, &[("notify_url", NOTIFY)])).await;
        for _ in 0..2 {
            let node = bench.node(CANCEL, &json!({"out_trade_no": "X1"})).await;
            assert_eq!((code(&node), &node["action"]), ("10000", &json!("refund")));
            assert_eq!(node["trade_no"].as_str().unwrap().len(), 28);
        }
        assert_eq!(bench.status("X1").await, "TRADE_CLOSED");
        let story = bench.look("trades/X1").await;
        assert_eq!(story["refunded_amount"], "10.00");
        assert_eq!(bench.look("accounts/buyer@sandbox.com").await["balance"], "100000.00");
        // A part that went back, and a day that is over, cannot be undone.
        bench.paid("X2", "10.00").await;
        let refund = json!({"out_trade_no": "X2", "refund_amount": "1.00", "out_request_no": "r"});
        bench.node("alipay.trade.refund", &refund).await;
        assert_eq!(code(&bench.node(CANCEL, &json!({"out_trade_no": "X2"})).await), "ACQ.REASON_TRADE_REFUND_FEE_ERR");
        bench.paid("X3", "10.00").await;
        bench.clock.advance_ms(DAY_MS);
        assert_eq!(code(&bench.node(CANCEL, &json!({"out_trade_no": "X3"})).await), "ACQ.TRADE_CANCEL_TIME_OUT");
        assert_eq!(code(&bench.node(CANCEL, &json!({})).await), "ACQ.INVALID_PARAMETER");
        bench.clock.advance_ms(400 * DAY_MS);
        assert_eq!(code(&bench.node(CANCEL, &json!({"out_trade_no": "X3"})).await), "ACQ.TRADE_HAS_FINISHED");
        bench.assert_balanced().await;
    }
}
