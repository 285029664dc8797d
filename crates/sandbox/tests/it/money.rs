//! Money: paying, refunding, and both at the same time.

use crate::support::{Bench, code, page_link};
use futures::future::join_all;
use http::StatusCode;
use sandbox::Profile;
use serde_json::{Value, json};
use store::Db;

const REFUND: &str = "alipay.trade.refund";
const QUERY: &str = "alipay.trade.query";
const REFUND_QUERY: &str = "alipay.trade.fastpay.refund.query";

fn refund(number: &str, amount: &str, request: Option<&str>) -> Value {
    json!({"out_trade_no": number, "refund_amount": amount, "out_request_no": request})
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn the_buyers_balance_pays_and_the_refund_comes_back(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("M1", "88.88").await;
        let account = bench.look("accounts/buyer@sandbox.com").await;
        assert_eq!(account["balance"], "99911.12");

        let first = bench.call(REFUND, &refund("M1", "8.88", Some("r1"))).await;
        let (raw, _) = first.cut(REFUND);
        let trade = bench.look("trades/M1").await;
        let (trade_no, buyer) = (&trade["trade_no"], &trade["buyer_user_id"]);
        assert_eq!(raw, format!(
            "{{\"code\":\"10000\",\"msg\":\"Success\",\"buyer_logon_id\":\"buy***@sandbox.com\",\
             \"buyer_user_id\":{buyer},\"fund_change\":\"Y\",\"gmt_refund_pay\":\"2026-08-21 09:30:00\",\
             \"out_trade_no\":\"M1\",\"refund_fee\":\"8.88\",\"send_back_fee\":\"0.00\",\"trade_no\":{trade_no}}}"
        ));
        let again = bench.node(REFUND, &refund("M1", "8.88", Some("r1"))).await;
        assert_eq!((again["fund_change"].as_str(), again["refund_fee"].as_str()), (Some("N"), Some("8.88")));
        let other = bench.node(REFUND, &refund("M1", "8.87", Some("r1"))).await;
        assert_eq!(code(&other), "ACQ.DISCORDANT_REPEAT_REQUEST");
        let too_much = bench.node(REFUND, &refund("M1", "80.01", Some("r2"))).await;
        assert_eq!(code(&too_much), "ACQ.REASON_TRADE_REFUND_FEE_ERR");
        let unnumbered = bench.node(REFUND, &refund("M1", "80.00", None)).await;
        assert_eq!(code(&unnumbered), "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
        let rest = bench.node(REFUND, &refund("M1", "80.00", Some("r2"))).await;
        assert_eq!((rest["fund_change"].as_str(), rest["refund_fee"].as_str()), (Some("Y"), Some("88.88")));
        let node = bench.node("alipay.trade.query", &json!({"out_trade_no": "M1"})).await;
        assert_eq!(node["trade_status"], "TRADE_CLOSED");
        assert_eq!(code(&bench.node(REFUND, &refund("M1", "0.01", Some("r3"))).await), "ACQ.TRADE_HAS_CLOSE");
        let again = bench.node(REFUND, &refund("M1", "80.00", Some("r2"))).await;
        assert_eq!(again["fund_change"], "N");

        let (raw, _) = bench.call(REFUND_QUERY, &json!({"out_trade_no": "M1", "out_request_no": "r1"})).await.cut(REFUND_QUERY);
        assert_eq!(raw, format!(
            "{{\"code\":\"10000\",\"msg\":\"Success\",\"out_request_no\":\"r1\",\"out_trade_no\":\"M1\",\
             \"refund_amount\":\"8.88\",\"refund_status\":\"REFUND_SUCCESS\",\"total_amount\":\"88.88\",\"trade_no\":{trade_no}}}"
        ));
        let (raw, _) = bench.call(REFUND_QUERY, &json!({"out_trade_no": "M1", "out_request_no": "no"})).await.cut(REFUND_QUERY);
        assert_eq!(raw, "{\"code\":\"10000\",\"msg\":\"Success\"}");
        let node = bench.node(REFUND_QUERY, &json!({"out_trade_no": "M9", "out_request_no": "r"})).await;
        assert_eq!(code(&node), "ACQ.TRADE_NOT_EXIST");
        let account = bench.look("accounts/buyer@sandbox.com").await;
        assert_eq!(account["balance"], "100000.00");
        bench.assert_balanced().await;
    }

    async fn a_refund_without_number_is_whole_and_found_by_the_orders(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("M2", "1.00").await;
        let node = bench.node(REFUND, &refund("M2", "1.00", None)).await;
        assert_eq!(node["fund_change"], "Y");
        let node = bench.node(REFUND, &refund("M2", "1.00", None)).await;
        assert_eq!(node["fund_change"], "N");
        let node = bench.node(REFUND_QUERY, &json!({"out_trade_no": "M2", "out_request_no": "M2"})).await;
        assert_eq!(node["refund_status"], "REFUND_SUCCESS");
    }

    async fn what_is_not_paid_is_not_refunded(db: Db) {
        let bench = Bench::new(db).await;
        assert_eq!(code(&bench.node(REFUND, &refund("M3", "1.00", None)).await), "ACQ.TRADE_NOT_EXIST");
        bench.open(&page_link("M3", "1.00")).await.expect("the cashier");
        assert_eq!(code(&bench.node(REFUND, &refund("M3", "1.00", None)).await), "ACQ.TRADE_STATUS_ERROR");
        for amount in ["0", "0.00", "-1", "1.005", "1e0", "NaN"] {
            let node = bench.node(REFUND, &refund("M3", amount, None)).await;
            assert_eq!(code(&node), "ACQ.INVALID_PARAMETER", "{amount}");
        }
        // Nor is another application's.
        bench.paid("M4", "1.00").await;
        let params = crate::support::signed(1, REFUND, &refund("M4", "1.00", None).to_string(), &[]);
        assert!(bench.post(params).await.text().contains("ACQ.TRADE_NOT_EXIST"));
    }

    async fn an_empty_wallet_and_a_wrong_password_pay_nothing(db: Db) {
        let bench = Bench::new(db).await;
        bench.open(&page_link("M5", "1.01")).await.expect("the cashier");
        let poor = bench.control("trades/M5/pay", json!({"buyer_logon_id": "poor@sandbox.com"})).await;
        assert_eq!(poor.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(poor.json()["balance"], "1.00");
        for left in [4, 3, 2, 1] {
            let wrong = bench.control("trades/M5/pay", json!({"pay_password": "000000"})).await;
            assert_eq!(wrong.json()["left"], left);
        }
        let locked = bench.control("trades/M5/pay", json!({"pay_password": "000000"})).await;
        assert_eq!(locked.json()["type"], "/problems/pay-password-locked");
        let right = bench.control("trades/M5/pay", json!({"pay_password": "111111"})).await;
        assert_eq!(right.json()["type"], "/problems/pay-password-locked");
        bench.clock.advance_ms(3 * kernel::time::HOUR_MS);
        let right = bench.control("trades/M5/pay", json!({"pay_password": "111111"})).await;
        assert_eq!(right.status, StatusCode::OK, "{}", right.text());
        let card = json!({"url": page_link("M6", "500000.00"), "fund_channel": "BANKCARD"});
        let card = bench.control("trades/M6/pay", card).await;
        assert_eq!(card.json()["fund_channel"], "BANKCARD");
        let node = bench.node(REFUND, &refund("M6", "500000.00", None)).await;
        assert_eq!(node["fund_change"], "Y");
        let account = bench.look("accounts/buyer@sandbox.com").await;
        assert_eq!(account["balance"], "99998.99");
        bench.assert_balanced().await;
    }

    async fn one_number_asked_for_ten_times_at_once_is_one_trade(db: Db) {
        let bench = Bench::new(db).await;
        let url = page_link("O1", "10.00");
        let opened = join_all((0..10).map(|_| bench.open(&url))).await;
        assert!(opened.iter().all(Result::is_ok));
        let biz = json!({"out_trade_no": "O2", "total_amount": "1.00", "subject": "s"});
        let made = join_all((0..10).map(|_| bench.node("alipay.trade.precreate", &biz))).await;
        let code = &made[0]["qr_code"];
        assert!(code.is_string() && made.iter().all(|node| node["qr_code"] == *code), "{made:?}");
        let list = bench.look("trades").await;
        assert_eq!(list["trades"].as_array().unwrap().len(), 2);
    }

    async fn ten_buyers_at_once_pay_once(db: Db) {
        let bench = Bench::new(db).await;
        bench.open(&page_link("C1", "10.00")).await.expect("the cashier");
        let pays = (0..10).map(|_| bench.control("trades/C1/pay", json!({})));
        let answers = join_all(pays).await;
        let paid = answers.iter().filter(|reply| reply.status == StatusCode::OK).count();
        assert_eq!(paid, 1);
        let account = bench.look("accounts/buyer@sandbox.com").await;
        assert_eq!(account["balance"], "99990.00");
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 1);
        bench.assert_balanced().await;
    }

    async fn refunds_at_once_never_exceed_what_was_paid(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("C2", "10.00").await;
        let same = (0..5).map(|_| refund("C2", "3.00", Some("same")));
        let others = (0..5).map(|n| refund("C2", "3.00", Some(["a", "b", "c", "d", "e"][n])));
        let wishes: Vec<Value> = same.chain(others).collect();
        let answers = join_all(wishes.iter().map(|wish| bench.node(REFUND, wish))).await;
        let moved = answers.iter().filter(|node| node["fund_change"] == "Y").count();
        assert_eq!(moved, 3);
        let trade = bench.look("trades/C2").await;
        assert_eq!(trade["refunded_amount"], "9.00");
        assert_eq!(trade["refunds"].as_array().unwrap().len(), 3);
        bench.assert_balanced().await;
    }

    async fn alipays_own_sandbox_refunds_once_and_wholly(db: Db) {
        let bench = Bench::with_profile(db, Profile::AlipaySandbox).await;
        bench.paid("S1", "10.00").await;
        let told = bench.node(QUERY, &json!({"out_trade_no": "S1"})).await;
        let amounts = [&told["total_amount"], &told["receipt_amount"], &told["buyer_pay_amount"]];
        assert_eq!(amounts, ["10.00", "0.00", "0.00"]);
        let part = bench.node(REFUND, &refund("S1", "3.00", Some("r1"))).await;
        assert_eq!(code(&part), "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
        // That was the one call that a trade has, refused or not.
        let whole = bench.node(REFUND, &refund("S1", "10.00", Some("r2"))).await;
        assert_eq!(code(&whole), "ACQ.TRADE_NOT_ALLOW_REFUND");
        for channel in ["BANKCARD", "PCREDIT"] {
            let wish = json!({"url": page_link("S2", "1.00"), "fund_channel": channel});
            let reply = bench.control("trades/S2/pay", wish).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(reply.json()["type"], "/problems/fund-channel-refused");
        }
        bench.paid("S2", "1.00").await;
        let whole = bench.node(REFUND, &refund("S2", "1.00", Some("r1"))).await;
        assert_eq!(whole["fund_change"], "Y");
        bench.assert_balanced().await;
    }
}
