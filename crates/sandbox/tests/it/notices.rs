//! Notices: their form, their schedule, their end.

use crate::support::{Bench, NOTIFY, code, keys, page_link, start};
use alipay::sign::{self, SignType};
use http::StatusCode;
use kernel::Clock;
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use serde_json::json;
use store::Db;

/// Minutes from the first of eight deliveries to each.
const DUE_MINUTES: [i64; 8] = [0, 4, 14, 24, 84, 204, 564, 1464];

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn the_form_is_alipays(db: Db) {
        let bench = Bench::new(db).await;
        bench.open(&page_link("F1", "88.88")).await.expect("the cashier");
        bench.clock.advance_ms(11_000);
        bench.paid("F1", "88.88").await;
        bench.clock.advance_ms(2_000);
        bench.schedule.settle().await.unwrap();
        let (_, outgoing) = bench.merchant.came.lock().unwrap()[0].clone();
        assert_eq!(outgoing.url, NOTIFY);
        assert_eq!(outgoing.user_agent, "Mozilla/4.0");
        assert_eq!(
            outgoing.content_type,
            "application/x-www-form-urlencoded; text/html; charset=UTF-8"
        );
        let form = &bench.merchant.forms()[0];
        let names: Vec<_> = form.iter().map(|(name, _)| name).collect();
        // The fields of a genuine notice of page.pay, in its order.
        assert_eq!(names, [
            "gmt_create", "charset", "gmt_payment", "notify_time", "subject", "sign", "buyer_id",
            "invoice_amount", "version", "notify_id", "fund_bill_list", "notify_type",
            "out_trade_no", "total_amount", "trade_status", "trade_no", "auth_app_id",
            "receipt_amount", "point_amount", "buyer_pay_amount", "app_id", "sign_type", "seller_id",
        ]);
        for (name, value) in [
            ("gmt_create", "2026-08-21 09:30:00"), ("gmt_payment", "2026-08-21 09:30:11"),
            ("notify_time", "2026-08-21 09:30:13"), ("charset", "utf-8"), ("subject", "高等数学"),
            ("fund_bill_list", "[{\"amount\":\"88.88\",\"fundChannel\":\"ALIPAYACCOUNT\"}]"),
            ("total_amount", "88.88"), ("receipt_amount", "88.88"), ("point_amount", "0.00"),
            ("trade_status", "TRADE_SUCCESS"), ("notify_type", "trade_status_sync"),
            ("app_id", "9021000000000001"), ("seller_id", "2088721000000001"),
        ] {
            assert_eq!(form.get(name), Some(value), "{name}");
        }
        let notify_id = form.get("notify_id").unwrap();
        assert!(notify_id.len() == 34 && notify_id.starts_with("2026082101222093011"), "{notify_id}");
        let text = sign::notice_text(form);
        let key = keys().alipay[0].public_key();
        sign::verify(key, SignType::Rsa2, text.as_bytes(), form.get("sign").unwrap()).unwrap();
    }

    async fn eight_deliveries_at_their_times_and_no_ninth(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "fail");
        bench.paid("E1", "1.00").await;
        bench.schedule.advance_to(start().plus_ms(3 * DAY_MS)).await.unwrap();
        let came = bench.merchant.came.lock().unwrap().clone();
        let minutes: Vec<_> = came.iter().map(|(at, _)| at.since_ms(start()) / MINUTE_MS).collect();
        assert_eq!(minutes, DUE_MINUTES);
        let forms = bench.merchant.forms();
        let id = forms[0].get("notify_id");
        for (form, (at, _)) in forms.iter().zip(&came) {
            assert_eq!(form.get("notify_id"), id);
            assert_eq!(form.get("notify_time"), Some(at.china().as_str()));
        }
        let notices = bench.look("notices?out_trade_no=E1").await;
        let notice = &notices["notices"][0];
        assert_eq!(notice["state"], "given_up");
        assert_eq!(notice["next_due_at"], json!(null));
        let attempts = notice["attempts"].as_array().unwrap();
        assert_eq!(attempts.len(), 8);
        assert!(attempts.iter().all(|attempt| attempt["answer"] == "fail" && attempt["delivered"] == false));
        assert_eq!(attempts[1]["due_at"], start().plus_ms(4 * MINUTE_MS).rfc3339());
    }

    async fn a_delivery_that_its_worker_did_not_outlive_is_not_made_again(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "fail");
        bench.paid("O1", "1.00").await;
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 1);
        // As if the worker had died before it could say when the job comes next.
        let notices = bench.look("notices?out_trade_no=O1").await;
        let id = notices["notices"][0]["notify_id"].as_str().unwrap().to_owned();
        let moved = bench.db.write(move |tx| {
            let id = id.clone();
            Box::pin(async move { store::jobs::reschedule(tx, "send_notice", &id, start()).await })
        });
        assert!(moved.await.unwrap());
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 1);
        bench.schedule.advance_to(start().plus_ms(4 * MINUTE_MS)).await.unwrap();
        assert_eq!(bench.merchant.count(), 2);
        let notices = bench.look("notices?out_trade_no=O1").await;
        assert_eq!(notices["notices"][0]["attempts"].as_array().unwrap().len(), 2);
    }

    async fn only_success_ends_them(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("S1", "1.00").await;
        // Each of these is no acknowledgement: the next delivery comes.
        for (step, (status, said)) in [(200, "success\n"), (201, "success"), (302, "success"), (500, ""), (200, "SUCCESS")]
            .into_iter().enumerate()
        {
            bench.merchant.says(status, said);
            let due = start().plus_ms(DUE_MINUTES[step] * MINUTE_MS);
            bench.schedule.advance_to(due).await.unwrap();
            assert_eq!(bench.merchant.count(), step + 1);
        }
        bench.merchant.unplug();
        bench.schedule.advance_to(start().plus_ms(DUE_MINUTES[5] * MINUTE_MS)).await.unwrap();
        bench.merchant.says(200, "success");
        bench.schedule.advance_to(start().plus_ms(3 * DAY_MS)).await.unwrap();
        assert_eq!(bench.merchant.count(), 7);
        let notice = bench.look("notices?out_trade_no=S1").await["notices"][0].clone();
        assert_eq!(notice["state"], "delivered");
        assert_eq!(notice["attempts"][5]["status"], json!(null));
        assert_eq!(notice["attempts"][6]["delivered"], true);
    }

    async fn a_resend_comes_beside_the_schedule(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "fail");
        bench.paid("R1", "1.00").await;
        bench.schedule.settle().await.unwrap();
        let id = bench.look("notices?out_trade_no=R1").await["notices"][0]["notify_id"].clone();
        let path = format!("notices/{}/resend", id.as_str().unwrap());
        let resent = bench.control(&path, json!({})).await.json();
        assert_eq!(resent["attempts"].as_array().unwrap().len(), 2);
        assert_eq!(resent["next_due_at"], start().plus_ms(4 * MINUTE_MS).rfc3339());
        bench.merchant.says(200, "success");
        let resent = bench.control(&path, json!({})).await.json();
        assert_eq!(resent["state"], "delivered");
        // None of the eight waits any more.
        assert_eq!(bench.schedule.advance_to(start().plus_ms(DAY_MS)).await.unwrap(), 0);
        assert_eq!(bench.merchant.count(), 3);
        let missing = bench.control("notices/1/resend", json!({})).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
    }

    async fn which_changes_are_told_follows_the_product(db: Db) {
        let bench = Bench::new(db).await;
        let refund = |number: &str, amount: &str, request: &str| {
            json!({"out_trade_no": number, "refund_amount": amount, "out_request_no": request})
        };
        bench.paid("P1", "10.00").await;
        bench.clock.advance_ms(1_234);
        let node = bench.node("alipay.trade.refund", &refund("P1", "4.00", "r1")).await;
        assert_eq!(code(&node), "10000");
        bench.node("alipay.trade.refund", &refund("P1", "6.00", "r2")).await;
        bench.schedule.settle().await.unwrap();
        // A page's notice of its full refund is not sent: that is TRADE_CLOSED.
        let forms = bench.merchant.forms();
        assert_eq!(forms.len(), 2);
        let partial = forms.iter().find(|form| form.get("refund_fee").is_some()).unwrap();
        assert_eq!(partial.get("trade_status"), Some("TRADE_SUCCESS"));
        assert_eq!(partial.get("refund_fee"), Some("4.00"));
        assert_eq!(partial.get("out_biz_no"), Some("r1"));
        assert_eq!(partial.get("gmt_refund"), Some("2026-08-21 09:30:01.234"));
        assert_eq!(partial.get("total_amount"), Some("10.00"));

        let biz = json!({
            "out_trade_no": "W1", "product_code": "QUICK_WAP_WAY", "total_amount": "2.00",
            "subject": "s", "quit_url": "http://shop.example/", "passback_params": "a%3d1",
        });
        let url = crate::support::link("alipay.trade.wap.pay", &biz);
        bench.control("trades/W1/pay", json!({"url": url})).await;
        bench.node("alipay.trade.refund", &refund("W1", "2.00", "r1")).await;
        bench.schedule.settle().await.unwrap();
        let forms = bench.merchant.forms();
        assert_eq!(forms.len(), 4);
        let full = forms.iter().find(|form| form.get("trade_status") == Some("TRADE_CLOSED")).unwrap();
        assert_eq!(full.get("refund_fee"), Some("2.00"));
        assert_eq!(full.get("buyer_logon_id"), Some("buy***@sandbox.com"));
        assert_eq!(full.get("passback_params"), Some("a%3d1"));
        assert!(full.get("gmt_close").is_some());
    }

    async fn a_slow_hour_of_a_sleeping_worker_does_not_hurry_the_rest(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "fail");
        bench.paid("L1", "1.00").await;
        // Nobody worked for an hour: the first delivery is late, the second keeps its distance.
        bench.clock.advance_ms(HOUR_MS);
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 1);
        bench.schedule.advance_to(bench.clock.now().plus_ms(4 * MINUTE_MS)).await.unwrap();
        assert_eq!(bench.merchant.count(), 2);
    }
}
