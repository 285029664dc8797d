//! The console for developers, and the wallet.

use crate::browser::Browser;
use crate::support::{Bench, keys, page_link};
use axum::extract::ConnectInfo;
use http::StatusCode;
use kernel::time::MINUTE_MS;
use serde_json::json;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use store::Db;

const BUYER: &str = "buyer@sandbox.com";

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn an_empty_console_says_so(db: Db) {
        let bench = Bench::new(db).await;
        for lang in ["zh", "en"] {
            let browser = Browser::new(&bench, lang);
            for path in ["/", "/trades", "/trades?state=paid&before=x&app=none", "/trades?number=none", "/accounts", "/accounts?after=zzz", "/books"] {
                let page = browser.open(path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
            }
            for path in ["/trades/nothing", "/trades/trd_00000000000000000000000000"] {
                let page = browser.open(path).await;
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
    }

    async fn the_console_shows_what_there_is(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "error");
        bench.paid("A1", "1299.00").await;
        bench.sandbox.worker().run_due().await.unwrap();
        bench.clock.advance_ms(4 * MINUTE_MS);
        bench.merchant.says(200, "success");
        bench.sandbox.worker().run_due().await.unwrap();
        let biz = json!({"out_trade_no": "A1", "refund_amount": "99.00", "out_request_no": "R1", "refund_reason": "<b>退课</b>"});
        bench.node("alipay.trade.refund", &biz).await;
        for lang in ["zh", "en"] {
            let browser = Browser::new(&bench, lang);
            let page = browser.open("/").await;
            for words in ["http://127.0.0.1:8609/gateway.do", "9021000000000001", "2088721000000001", "alipay_public_key.pem", BUYER, "98,800.00", "¥1299.00", "2026-08-21 09:34:00"] {
                page.says(words);
            }
            assert!(page.has(".stats .tag-ok"), "balanced");
            assert!(page.has("svg.chart"));
            let trade = page.link("高等数学").expect("the trade");
            let page = browser.open(&trade).await;
            for words in ["A1", "TRADE_SUCCESS", "200 error", "200 success", "2026-08-21 09:34:00", "R1", "<b>退课</b>", "buy***@sandbox.com"] {
                page.says(words);
            }
            let page = browser.open("/trades?number=A1").await;
            assert_eq!(page.all("tbody tr").len(), 1);
            let page = browser.open("/trades?state=closed").await;
            assert_eq!(page.all("tbody tr").len(), 0);
        }
    }

    async fn long_lists_have_pages(db: Db) {
        let bench = Bench::new(db).await;
        for number in 0..45 {
            bench.open(&page_link(&format!("N{number}"), "1.00")).await.unwrap();
            let body = json!({"logon_id": format!("user{number}@sandbox.com"), "balance": "1.00"});
            assert!(bench.control("accounts", body).await.status.is_success());
            bench.clock.advance_ms(1_000);
        }
        let browser = Browser::new(&bench, "zh");
        let (mut trades, mut accounts) = (Vec::new(), Vec::new());
        let mut next = Some("/trades?state=waiting".to_owned());
        while let Some(path) = next {
            let page = browser.open(&path).await;
            trades.extend(page.all("tbody th .mono"));
            next = page.link("更早");
        }
        let newest_first: Vec<_> = (0..45).rev().map(|n| format!("N{n}")).collect();
        assert_eq!(trades, newest_first);
        let mut next = Some("/accounts".to_owned());
        while let Some(path) = next {
            let page = browser.open(&path).await;
            accounts.extend(page.all("tbody th"));
            next = page.link("下一页");
        }
        assert_eq!(accounts.len(), 47);
        assert!(accounts.is_sorted());
        for number in 0..20 {
            let body = json!({"name": format!("app{number}"), "app_public_key": keys().app[0].public_key().to_pem()});
            assert!(bench.control("apps", body).await.status.is_success());
        }
        let page = browser.open("/").await;
        assert!(page.link("全部应用").is_some());
        let (first, second) = (browser.open("/apps").await, browser.open("/apps?page=2").await);
        let seen: BTreeSet<_> = [first.all("tbody th"), second.all("tbody th")].concat().into_iter().collect();
        assert_eq!((first.all("tbody th").len(), seen.len()), (20, 20 + bench.apps.len()));
        assert_eq!(browser.open("/apps?page=x").await.all("tbody th").len(), 20);
    }

    async fn only_this_machine_sees_the_console(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("A1", "1.00").await;
        let browser = Browser::new(&bench, "en");
        let far: SocketAddr = "203.0.113.9:4711".parse().unwrap();
        for path in ["/", "/trades", "/accounts", "/books", "/trades/x"] {
            let request = browser.request("GET", path).extension(ConnectInfo(far));
            let reply = bench.send(request.body("".into()).unwrap()).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path}");
            assert!(!reply.text().contains(BUYER), "{path}");
            let page = browser.arrive(path.to_owned(), reply).await;
            page.says("shown on the machine that runs it only");
            // A stranger's name that leads here is no name of ours.
            let request = http::Request::get(path).header("host", "evil.example");
            let reply = bench.send(request.body("".into()).unwrap()).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path}");
        }
        let request = browser.request("GET", "/").extension(ConnectInfo(far)).header("authorization", "Bearer let-me-in");
        let reply = bench.send(request.body("".into()).unwrap()).await;
        assert_eq!(reply.status, StatusCode::OK);
    }

    async fn spoiled_books_show(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("A1", "1.00").await;
        bench.db.write(|tx| Box::pin(async move {
            tx.execute(&SPOIL, &[]).await?;
            Ok::<_, store::StoreError>(())
        })).await.unwrap();
        let browser = Browser::new(&bench, "en");
        assert!(browser.open("/").await.has(".stats .tag-danger"));
        let page = browser.open("/books").await;
        assert_eq!(page.title(), "The books do not balance");
        assert!(!page.all(".list li").is_empty());
    }

    async fn a_wallet_from_login_to_bill(db: Db) {
        let bench = Bench::new(db).await;
        for (lang, number, bill) in [("zh", "W1", "高等数学"), ("en", "W2", "高等数学")] {
            let browser = Browser::new(&bench, lang);
            let page = browser.open("/wallet").await;
            let wrong = [("logon_id", BUYER), ("password", "wrong")];
            let page = browser.submit(&page, "/wallet/login", &wrong).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            let page = browser.log_in(&page, BUYER).await;
            page.says(if lang == "zh" { "充值" } else { "Top-up" });

            for address in ["https://evil.example/", "/qr/../../x", "hello"] {
                let page = browser.submit(&page, "/wallet/scan", &[("address", address)]).await;
                assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
                assert!(page.has("#address-problem"));
            }
            let biz = json!({"out_trade_no": number, "total_amount": "10.00", "subject": "高等数学"});
            let node = bench.node("alipay.trade.precreate", &biz).await;
            let code = node["qr_code"].as_str().unwrap();
            let page = browser.submit(&page, "/wallet/scan", &[("address", code)]).await;
            assert!(page.path.ends_with("/pay"), "{}", page.path);
            let page = browser.submit(&page, "/pay", &[("pay_password", "111111")]).await;
            let bills = if lang == "zh" { "看账单" } else { "See my bills" };
            let page = browser.open(&page.link(bills).unwrap()).await;
            page.says(bill);
            page.says("−10.00");
            let page = browser.submit(&page, "/wallet/logout", &[]).await;
            assert!(page.has("#logon_id"));
        }
        let browser = Browser::new(&bench, "zh");
        for number in 0..25 {
            bench.paid(&format!("B{number}"), "1.00").await;
        }
        bench.node("alipay.trade.refund", &json!({"out_trade_no": "B24", "refund_amount": "1.00"})).await;
        let page = browser.open("/wallet").await;
        let page = browser.log_in(&page, BUYER).await;
        page.says("99,956.00");
        page.says("退款 · 高等数学");
        assert_eq!(page.all(".bills li").len(), 20);
        let page = browser.open(&page.link("更早").unwrap()).await;
        assert_eq!(page.all(".bills li").len(), 9);
        page.says("余额 100,000.00");
        assert_eq!(page.link("更早"), None);
    }
}

store::statements! {
    /// A stored balance is made wrong.
    SPOIL = "UPDATE ledger_balances SET credits_posted = credits_posted + 1 WHERE account_id LIKE 'buyer:%'";
}
