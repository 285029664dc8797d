//! Trades that nobody pays, and trades whose time for refunds ends.

use crate::support::{Bench, code, link, page_link, signed, start};
use kernel::Clock;
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use serde_json::json;
use store::Db;

const QUERY: &str = "alipay.trade.query";

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn an_unpaid_page_closes_at_its_time_and_tells_nobody(db: Db) {
        let bench = Bench::new(db).await;
        let biz = json!({
            "out_trade_no": "T1", "product_code": "FAST_INSTANT_TRADE_PAY", "total_amount": "1.00",
            "subject": "s", "timeout_express": "30m",
        });
        let url = link("alipay.trade.page.pay", &biz);
        bench.open(&url).await.expect("the cashier");
        bench.schedule.advance_to(start().plus_ms(30 * MINUTE_MS - 1)).await.unwrap();
        let node = bench.node(QUERY, &json!({"out_trade_no": "T1"})).await;
        assert_eq!(node["trade_status"], "WAIT_BUYER_PAY");
        bench.schedule.advance_to(start().plus_ms(30 * MINUTE_MS)).await.unwrap();
        let node = bench.node(QUERY, &json!({"out_trade_no": "T1"})).await;
        assert_eq!(node["trade_status"], "TRADE_CLOSED");
        assert_eq!(bench.merchant.count(), 0);
        let story = bench.look("trades/T1").await;
        assert_eq!(story["close_reason"], "expired");
        let late = bench.control("trades/T1/pay", json!({})).await;
        assert_eq!(late.json()["type"], "/problems/trade-expired");
        let again = bench.open(&url).await.expect_err("closed");
        assert!(String::from_utf8_lossy(&again.body).contains("ACQ.TRADE_HAS_CLOSE"));
    }

    async fn whoever_looks_late_sees_it_closed_without_any_worker(db: Db) {
        let bench = Bench::new(db).await;
        bench.open(&page_link("T2", "1.00")).await.expect("the cashier");
        bench.clock.advance_ms(15 * DAY_MS);
        let node = bench.node(QUERY, &json!({"out_trade_no": "T2"})).await;
        assert_eq!(node["trade_status"], "TRADE_CLOSED");
    }

    async fn an_unpaid_phone_trade_tells_its_close(db: Db) {
        let bench = Bench::new(db).await;
        let biz = json!({
            "out_trade_no": "T3", "product_code": "QUICK_WAP_WAY", "total_amount": "1.00",
            "subject": "s", "quit_url": "http://shop.example/", "timeout_express": "10m",
        });
        bench.open(&link("alipay.trade.wap.pay", &biz)).await.expect("the cashier");
        let story = bench.look("trades/T3").await;
        assert_eq!(story["trade_status"], json!(null));
        // The time counts from the buyer's confirmation.
        bench.clock.advance_ms(HOUR_MS);
        let trade = sandbox::app::find_trade::trades_of_number(bench.sandbox.context(), "T3", None)
            .await.unwrap().remove(0);
        sandbox::app::meet_trade::meet_trade(bench.sandbox.context(), &trade.trade_id).await.unwrap();
        bench.schedule.advance_to(bench.clock.now().plus_ms(10 * MINUTE_MS)).await.unwrap();
        let forms = bench.merchant.forms();
        assert_eq!(forms.len(), 1);
        assert_eq!(forms[0].get("trade_status"), Some("TRADE_CLOSED"));
        assert_eq!(forms[0].get("gmt_close"), Some("2026-08-21 10:40:00"));
        assert_eq!(forms[0].get("gmt_payment"), None);
        assert_eq!(forms[0].get("buyer_id"), None);
    }

    async fn a_qr_code_lives_two_hours(db: Db) {
        let bench = Bench::new(db).await;
        let biz = json!({"out_trade_no": "Q1", "total_amount": "1.00", "subject": "s"});
        bench.call("alipay.trade.precreate", &biz).await;
        bench.clock.advance_ms(2 * HOUR_MS);
        let late = bench.control("trades/Q1/pay", json!({})).await;
        assert_eq!(late.json()["type"], "/problems/trade-expired");
        let node = bench.node(QUERY, &json!({"out_trade_no": "Q1"})).await;
        assert_eq!(code(&node), "ACQ.TRADE_NOT_EXIST");
    }

    async fn after_a_year_nothing_is_refunded(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("Y1", "1.00").await;
        bench.schedule.settle().await.unwrap();
        bench.schedule.advance_to(start().plus_ms(365 * DAY_MS)).await.unwrap();
        let node = bench.node(QUERY, &json!({"out_trade_no": "Y1"})).await;
        assert_eq!(node["trade_status"], "TRADE_FINISHED");
        let biz = json!({"out_trade_no": "Y1", "refund_amount": "1.00"});
        let node = bench.node("alipay.trade.refund", &biz).await;
        assert_eq!(code(&node), "ACQ.TRADE_HAS_FINISHED");
        bench.assert_balanced().await;
    }

    async fn a_trade_that_went_back_whole_has_no_end_to_wait_for(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("Y2", "1.00").await;
        let biz = json!({"out_trade_no": "Y2", "refund_amount": "1.00"});
        assert_eq!(code(&bench.node("alipay.trade.refund", &biz).await), "10000");
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.schedule.advance_to(start().plus_ms(400 * DAY_MS)).await.unwrap(), 0);
        let node = bench.node(QUERY, &json!({"out_trade_no": "Y2"})).await;
        assert_eq!(node["trade_status"], "TRADE_CLOSED");
    }

    async fn a_time_that_passed_is_refused(db: Db) {
        let bench = Bench::new(db).await;
        let biz = json!({
            "out_trade_no": "X1", "total_amount": "1.00", "subject": "s",
            "time_expire": "2026-08-21 09:29:59",
        });
        let method = "alipay.trade.precreate";
        let node = bench.post(signed(0, method, &biz.to_string(), &[])).await.signed_node(method);
        assert_eq!(code(&node), "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR");
    }
}
