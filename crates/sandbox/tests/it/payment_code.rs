//! The payment code on the buyer's phone: what the page shows, what waits on it, and the buyer's two
//! words.

use crate::browser::{Browser, Page};
use crate::support::{Bench, code};
use http::StatusCode;
use kernel::time::MINUTE_MS;
use serde_json::{Value, json};
use store::Db;

const BUYER: &str = "buyer@sandbox.com";
const PAGE: &str = "/wallet/code";

async fn opened<'a>(bench: &'a Bench, lang: &'static str) -> (Browser<'a>, Page) {
    let browser = Browser::new(bench, lang);
    let login = browser.open("/wallet").await;
    browser.log_in(&login, BUYER).await;
    let page = browser.open(PAGE).await;
    (browser, page)
}

/// The code as the page spells it, and as a scanner reads it.
fn digits(page: &Page) -> String {
    page.all("[lang=zxx]").concat().replace(' ', "")
}

async fn charge(bench: &Bench, number: &str, amount: &str, auth_code: &str) -> String {
    let biz = json!({
        "out_trade_no": number, "total_amount": amount, "subject": "咖啡机", "scene": "bar_code",
        "auth_code": auth_code,
    });
    code(&bench.node("alipay.trade.pay", &biz).await).to_owned()
}

async fn status(bench: &Bench, number: &str) -> Value {
    let biz = json!({"out_trade_no": number});
    bench.node("alipay.trade.query", &biz).await["trade_status"].clone()
}

/// What the script on the page learns that saw so many waiting payments.
async fn state(browser: &Browser<'_>, bench: &Bench, seen: usize) -> String {
    let request = browser.request("GET", &format!("{PAGE}/state/{seen}"));
    let reply = bench
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    reply.json()["state"].as_str().unwrap().to_owned()
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn the_code_on_the_page_pays_once_and_each_visit_shows_another(db: Db) {
        let bench = Bench::new(db).await;
        for (lang, until) in [("zh", "有效至 09:31:00"), ("en", "Good until 09:31:00")] {
            let (browser, page) = opened(&bench, lang).await;
            page.says(until);
            assert!(page.has(".code-bars svg[role=img]") && page.has(".qr svg[role=img]"));
            let shown = digits(&page);
            assert!(shown.len() == 18 && shown.starts_with("28"), "{shown}");
            let again = digits(&browser.open(PAGE).await);
            assert_ne!(again, shown);
            assert_eq!(charge(&bench, &format!("K1{lang}"), "8.00", &again).await, "10000");
            assert_eq!(charge(&bench, &format!("K2{lang}"), "8.00", &again).await, "ACQ.PAYMENT_AUTH_CODE_INVALID");
        }
        let (_, page) = opened(&bench, "zh").await;
        bench.clock.advance_ms(MINUTE_MS);
        assert_eq!(charge(&bench, "K3", "8.00", &digits(&page)).await, "ACQ.PAYMENT_AUTH_CODE_INVALID");
        bench.assert_balanced().await;
    }

    async fn a_large_payment_appears_on_the_page_and_is_confirmed_there(db: Db) {
        let bench = Bench::new(db).await;
        let (browser, page) = opened(&bench, "zh").await;
        assert_eq!(state(&browser, &bench, 0).await, "waiting");
        assert_eq!(charge(&bench, "W1", "2000.00", &digits(&page)).await, "10003");
        assert_eq!(state(&browser, &bench, 0).await, "paid");
        let page = browser.open(PAGE).await;
        for words in ["等待你确认", "咖啡机", "¥2000.00", "2026-08-21 12:30"] {
            page.says(words);
        }
        // Who has seen it is not woken again.
        assert_eq!(state(&browser, &bench, 1).await, "waiting");
        let fields = [("word", "pay")];
        let confirm = browser.submit(&page, PAGE, &fields).await;
        assert!(confirm.path.starts_with("/cashier/"), "{}", confirm.path);
        browser.submit(&confirm, "/pay", &[("pay_password", "000000")]).await.says("支付密码不对");
        assert_eq!(status(&bench, "W1").await, "WAIT_BUYER_PAY");
        let done = browser.submit(&confirm, "/pay", &[("pay_password", "111111")]).await;
        assert!(done.path.ends_with("/done"), "{}", done.text());
        assert_eq!(status(&bench, "W1").await, "TRADE_SUCCESS");
        assert!(!browser.open(PAGE).await.has("#asked"));
        // The form that is still open in another window changes nothing any more.
        let late = browser.submit(&page, PAGE, &[("word", "refuse")]).await;
        assert_eq!(late.path, PAGE);
        assert_eq!(status(&bench, "W1").await, "TRADE_SUCCESS");
        bench.assert_balanced().await;
    }

    async fn who_refuses_on_the_page_pays_nothing_and_is_asked_no_more(db: Db) {
        let bench = Bench::new(db).await;
        let (browser, page) = opened(&bench, "en").await;
        assert_eq!(charge(&bench, "N1", "2000.00", &digits(&page)).await, "10003");
        let asked = browser.open(PAGE).await;
        asked.says("Waiting for your word");
        let page = browser.submit(&asked, PAGE, &[("word", "refuse")]).await;
        assert!(!page.has("#asked"), "{}", page.text());
        assert_eq!(status(&bench, "N1").await, "WAIT_BUYER_PAY");
        let late = browser.submit(&asked, PAGE, &[("word", "pay")]).await;
        assert_eq!(late.path, PAGE, "a refused payment is not confirmed");
        let account = bench.look(&format!("accounts/{BUYER}")).await;
        assert_eq!(account["balance"], "100000.00");
        bench.assert_balanced().await;
    }

    async fn only_the_wallets_owner_sees_a_code_and_what_waits(db: Db) {
        let bench = Bench::new(db).await;
        let stranger = Browser::new(&bench, "zh");
        let login = stranger.open(PAGE).await;
        assert_eq!((login.path.as_str(), login.has("#password")), ("/wallet", true));
        let (owner, page) = opened(&bench, "zh").await;
        assert_eq!(charge(&bench, "S1", "2000.00", &digits(&page)).await, "10003");
        let asked = owner.open(PAGE).await;
        stranger.log_in(&login, "poor@sandbox.com").await;
        assert!(!stranger.open(PAGE).await.has("#asked"));
        assert_eq!(state(&stranger, &bench, 0).await, "waiting");
        // Neither with the owner's form, nor with a token of one's own.
        let (target, form) = asked.form(PAGE, &[("word", "pay")]);
        assert_eq!(stranger.post(&target, form.clone()).await.status, StatusCode::FORBIDDEN);
        let trade_id = form_urlencoded::parse(form.as_bytes()).find(|(name, _)| name == "trade_id").unwrap().1.into_owned();
        let settings = stranger.open("/wallet/settings").await;
        let (_, own) = settings.form("/limit", &[("trade_id", &trade_id), ("word", "pay")]);
        let reply = stranger.post(PAGE, own).await;
        assert_eq!(reply.header("location"), Some(PAGE));
        assert_eq!(status(&bench, "S1").await, "WAIT_BUYER_PAY");
        bench.assert_balanced().await;
    }
}
