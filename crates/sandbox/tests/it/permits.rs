//! The wallet's page of login authorisations: which applications may log somebody in, and the end
//! of it.

use crate::browser::{Browser, Page};
use crate::oauth::{INFO, TOKEN, agreed, exchanged, refused, top};
use crate::support::{Bench, code};
use http::StatusCode;
use kernel::time::DAY_MS;
use serde_json::Value;
use store::Db;

const BUYER: &str = "buyer@sandbox.com";

/// The page, in a wallet of its own.
async fn in_wallet(browser: &Browser<'_>, logon_id: &str) -> Page {
    let page = browser.open("/wallet").await;
    browser.log_in(&page, logon_id).await;
    browser.open("/wallet/permits").await
}

/// What is said to a token.
async fn who(bench: &Bench, token: &Value) -> String {
    let fields = [("auth_token", token["access_token"].as_str().unwrap())];
    let node = top(bench, 0, INFO, &fields).await.signed_node(INFO);
    code(&node).to_owned()
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn what_is_taken_back_logs_nobody_in(db: Db) {
        let bench = Bench::new(db).await;
        let (zh, en) = (Browser::new(&bench, "zh"), Browser::new(&bench, "en"));
        let page = in_wallet(&zh, BUYER).await;
        page.says("没有应用可以用您的支付宝登录");
        let token = exchanged(&bench, "auth_user").await;
        bench.clock.advance_ms(2 * DAY_MS);
        let newer = exchanged(&bench, "auth_base").await;
        // A code that was not exchanged yet is part of it.
        let waiting = agreed(&bench, "auth_user").await;
        assert_eq!(who(&bench, &token).await, "10000");
        let page = zh.open("/wallet").await;
        let page = zh.open(&page.link("授权管理").unwrap()).await;
        assert_eq!(page.all("h2").len(), 1, "{}", page.text());
        for words in ["通宝学堂", "9021000000000001", "昵称", "2026-08-21 09:30", "2026-08-23 09:30", "2026-09-22 09:30"] {
            page.says(words);
        }
        let page = zh.submit(&page, "/wallet/permits/9021000000000001/end", &[]).await;
        page.says("已取消授权");
        page.says("没有应用可以用您的支付宝登录");
        for token in [&token, &newer] {
            assert_eq!(who(&bench, token).await, "aop.invalid-auth-token");
            let refresh = token["refresh_token"].as_str().unwrap();
            let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
            assert_eq!(refused(&top(&bench, 0, TOKEN, &fields).await), "isv.refresh-token-invalid");
        }
        let fields = [("grant_type", "authorization_code"), ("code", waiting.get("auth_code").unwrap())];
        assert_eq!(refused(&top(&bench, 0, TOKEN, &fields).await), "isv.code-invalid");
        // Who agrees again is known again; the old tokens stay dead.
        let again = exchanged(&bench, "auth_user").await;
        assert_eq!(who(&bench, &again).await, "10000");
        assert_eq!(who(&bench, &token).await, "aop.invalid-auth-token");
        let page = in_wallet(&en, BUYER).await;
        page.says("Tongbao School");
        page.says("nickname");
    }

    async fn nobody_takes_back_what_is_anothers(db: Db) {
        let bench = Bench::new(db).await;
        let token = exchanged(&bench, "auth_user").await;
        let poor = Browser::new(&bench, "en");
        let page = in_wallet(&poor, "poor@sandbox.com").await;
        page.says("No application may log you in");
        let end = "/wallet/permits/9021000000000001/end";
        let reply = poor.post(end, "csrf_token=forged".to_owned()).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
        let settings = poor.open("/wallet/cards").await;
        let (_, body) = settings.form("/wallet/cards/issue", &[]);
        let reply = poor.post(end, body).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.text());
        assert_eq!(who(&bench, &token).await, "10000");
        let stranger = Browser::new(&bench, "zh");
        let reply = stranger.post(end, "csrf_token=x".to_owned()).await;
        assert!(reply.status != StatusCode::OK, "{}", reply.text());
        assert_eq!(who(&bench, &token).await, "10000");
    }

    async fn what_ran_out_is_not_listed(db: Db) {
        let bench = Bench::new(db).await;
        exchanged(&bench, "auth_user").await;
        bench.clock.advance_ms(30 * DAY_MS);
        let wallet = Browser::new(&bench, "zh");
        in_wallet(&wallet, BUYER).await.says("没有应用可以用您的支付宝登录");
    }
}
