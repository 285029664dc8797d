//! What changes between a look and the act that follows it.

use crate::browser::Browser;
use crate::cashier::{BUYER, pays, status};
use crate::support::{Bench, link, page_link};
use http::StatusCode;
use kernel::time::HOUR_MS;
use sandbox::app::find_trade;
use sandbox::app::login::{self, Checked};
use sandbox::app::pay_trade::{FundChannel, PayTrade, PayTradeError, pay_trade};
use sandbox::domain::Shown;
use sandbox::domain::account::{Denied, Secret};
use serde_json::{Value, json};
use store::Db;

const PRECREATE: &str = "alipay.trade.precreate";

/// A phone's link.
fn wap(number: &str, amount: &str, subject: &str) -> String {
    let biz = json!({
        "out_trade_no": number, "product_code": "QUICK_WAP_WAY",
        "total_amount": amount, "subject": subject,
    });
    link("alipay.trade.wap.pay", &biz)
}

fn code_offer(amount: &str) -> Value {
    json!({"out_trade_no": "Q1", "total_amount": amount, "subject": "s", "qr_code_timeout_express": "5m"})
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn nobody_pays_what_the_page_did_not_show(db: Db) {
        let bench = Bench::new(db).await;
        for (lang, number, title, amount, subject) in [
            ("zh", "W1", "订单已变更", "500.00", "摄影入门"),
            ("en", "W2", "The order has changed", "5.00", "另一门课"),
        ] {
            let browser = Browser::new(&bench, lang);
            let visit = bench.open(&wap(number, "5.00", "摄影入门")).await.unwrap();
            let page = browser.open(&format!("/cashier/{visit}")).await;
            let page = browser.log_in(&page, BUYER).await;
            page.says("5.00");
            let newer = bench.open(&wap(number, amount, subject)).await.unwrap();
            let after = pays(&browser, &page, "111111").await;
            assert_eq!(after.title(), title);
            assert_eq!(browser.open(&page.path).await.title(), title);
            assert_eq!(status(&bench, number).await, "ACQ.TRADE_NOT_EXIST");
            // The page of the newer link shows the newer order, and is paid.
            let page = browser.open(&format!("/cashier/{newer}/pay")).await;
            page.says(amount);
            pays(&browser, &page, "111111").await;
            assert_eq!(status(&bench, number).await, "TRADE_SUCCESS");
        }
        bench.assert_balanced().await;
    }

    async fn a_change_at_the_last_moment_moves_no_money(db: Db) {
        let bench = Bench::new(db).await;
        let cx = bench.sandbox.context();
        bench.open(&wap("W3", "500.00", "摄影入门")).await.unwrap();
        let trade = find_trade::trades_of_number(cx, "W3", None).await.unwrap().remove(0);
        let buyer = login::find(cx, &BUYER.parse().unwrap()).await.unwrap().unwrap();
        let pay = |fen| PayTrade {
            trade_id: trade.trade_id.clone(),
            user_id: buyer.user_id.clone(),
            pay_password: Some("111111".to_owned()),
            fund_channel: FundChannel::Balance,
            shown: Some(Shown {
                total_amount: money::Fen::new(fen),
                subject: "摄影入门".to_owned(),
                signs: None,
            }),
            signs: true,
        };
        assert!(matches!(pay_trade(cx, pay(500)).await, Err(PayTradeError::Changed)));
        assert_eq!(bench.look(&format!("accounts/{BUYER}")).await["balance"], "100000.00");
        assert!(pay_trade(cx, pay(50_000)).await.is_ok());
    }

    async fn a_right_login_does_not_slip_past_a_lock(db: Db) {
        let bench = Bench::new(db).await;
        let cx = bench.sandbox.context();
        // As it was read before five others tried wrongly.
        let before = login::find(cx, &BUYER.parse().unwrap()).await.unwrap().unwrap();
        for _ in 0..5 {
            assert!(login::login(cx, BUYER, "wrong").await.is_err());
        }
        let checked = login::check(cx, &before, Secret::Login, "111111").await.unwrap();
        assert!(matches!(checked, Checked::Denied(Denied::Locked { .. })), "{checked:?}");
    }

    async fn a_dead_code_is_followed_by_a_living_one(db: Db) {
        let bench = Bench::new(db).await;
        let first = bench.node(PRECREATE, &code_offer("1.00")).await["qr_code"].clone();
        assert_eq!(bench.node(PRECREATE, &code_offer("1.00")).await["qr_code"], first);
        bench.clock.advance_ms(5 * 60_000);
        let path = |code: &Value| code.as_str().unwrap().trim_start_matches("http://127.0.0.1:8609").to_owned();
        assert_eq!(bench.get(&path(&first)).await.status, StatusCode::GONE);
        let second = bench.node(PRECREATE, &code_offer("2.00")).await["qr_code"].clone();
        assert_ne!(second, first);
        assert_eq!(bench.get(&path(&first)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(bench.get(&path(&second)).await.status, StatusCode::SEE_OTHER);
        let reply = bench.control("trades/Q1/pay", json!({})).await;
        assert_eq!(reply.json()["total_amount"], "2.00", "{}", reply.text());
    }

    async fn a_link_to_what_is_over_is_answered_like_none(db: Db) {
        let bench = Bench::new(db).await;
        let refund = |number| json!({"out_trade_no": number, "refund_amount": "1.00"});
        bench.paid("P1", "1.00").await;
        bench.paid("P2", "1.00").await;
        bench.node("alipay.trade.refund", &refund("P2")).await;
        let soon = json!({
            "out_trade_no": "P3", "product_code": "FAST_INSTANT_TRADE_PAY", "total_amount": "1.00",
            "subject": "高等数学", "timeout_express": "5m",
        });
        let soon = link("alipay.trade.page.pay", &soon);
        bench.open(&soon).await.unwrap();
        bench.clock.advance_ms(HOUR_MS);
        for (number, url, slug) in [
            ("P1", page_link("P1", "1.00"), "trade-already-paid"),
            ("P2", page_link("P2", "1.00"), "trade-closed"),
            ("P3", soon, "trade-expired"),
        ] {
            for body in [json!({}), json!({"url": url})] {
                let reply = bench.control(&format!("trades/{number}/pay"), body).await;
                assert_eq!(reply.status, StatusCode::CONFLICT, "{number}: {}", reply.text());
                assert_eq!(reply.json()["type"], format!("/problems/{slug}"), "{number}");
            }
        }
        // Another order's link is not even opened.
        let other = bench.control("trades/P4/pay", json!({"url": page_link("P5", "1.00")})).await;
        assert_eq!(other.json()["type"], "/problems/other-trade");
        assert_eq!(bench.get("/sandbox/v1/trades/P5").await.status, StatusCode::NOT_FOUND);
    }
}
