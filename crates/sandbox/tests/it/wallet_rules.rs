//! Rules of the wallet that show at an edge only: the first instant of a day, the tenth message, the
//! code of somebody else.

use crate::browser::{Browser, Page};
use crate::support::{Bench, page_link};
use http::StatusCode;
use kernel::Clock;
use kernel::time::{DAY_MS, MINUTE_MS};
use sandbox::app::wallet::cards::ask_to_bind;
use serde_json::{Value, json};
use store::Db;

const BUYER: &str = "buyer@sandbox.com";
const POOR: &str = "poor@sandbox.com";
const PHONE: &str = "13912345678";

async fn open(browser: &Browser<'_>, logon_id: &str) -> Page {
    let page = browser.open("/wallet").await;
    browser.log_in(&page, logon_id).await
}

async fn card(bench: &Bench, body: Value) -> String {
    let path = format!("accounts/{BUYER}/cards");
    let reply = bench.control(&path, body).await;
    reply.json()["card_no"].as_str().unwrap().to_owned()
}

async fn give(browser: &Browser<'_>, kind: &str, target: &str, amount: &str) -> Page {
    let page = browser.open("/wallet/give").await;
    let fields = [
        ("kind", kind),
        ("target", target),
        ("amount", amount),
        ("pay_password", "111111"),
    ];
    browser.submit(&page, "/give", &fields).await
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn what_a_card_pays_at_the_cashier_counts_for_its_day(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, json!({"balance": "200000.00"})).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let address = format!("/cashier/{}/pay", bench.open(&page_link("W1", "30000.00")).await.unwrap());
        let page = browser.open(&address).await;
        let fields = [("card_no", &*number), ("pay_password", "111111")];
        assert!(browser.submit(&page, "/pay", &fields).await.path.ends_with("/done"));
        let page = browser.open("/wallet/top-up").await;
        let fields = [("card_no", &*number), ("amount", "20000.01"), ("pay_password", "111111")];
        browser.submit(&page, "/top-up", &fields).await.says("20000.00 yuan are left today");
        bench.assert_balanced().await;
    }

    async fn what_leaves_at_midnight_counts_for_the_new_day(db: Db) {
        let bench = Bench::new(db).await;
        let now = bench.clock.now();
        bench.clock.advance_ms(now.next_china_midnight().since_ms(now));
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/settings").await;
        browser.submit(&page, "/limit", &[("amount", "10.00"), ("pay_password", "111111")]).await.says("saved");
        give(&browser, "account", POOR, "6.00").await.says("went to");
        give(&browser, "account", POOR, "4.01").await.says("4.00 yuan are left today");
    }

    async fn a_code_for_one_wallet_binds_the_card_to_no_other(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, json!({"phone": PHONE, "bound": false})).await;
        let (owner, other) = (Browser::new(&bench, "en"), Browser::new(&bench, "en"));
        open(&owner, BUYER).await;
        open(&other, POOR).await;
        let fields = [("card_no", &*number), ("phone", PHONE)];
        let page = owner.open("/wallet/cards").await;
        owner.submit(&page, "/cards/bind", &fields).await.says("139****5678");
        let sent = bench.look(&format!("messages?phone={PHONE}")).await;
        let code = sent["messages"][0]["code"].as_str().unwrap();
        let page = other.open("/wallet/cards").await;
        let (_, form) = page.form("/cards/bind", &fields);
        let stolen = other.post("/wallet/cards/confirm", format!("{form}&code={code}")).await;
        assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stolen.text().contains("Ask for a code first"), "{}", stolen.text());
        let cards = bench.look(&format!("accounts/{POOR}/cards")).await;
        assert_eq!(cards["cards"], json!([]));
    }

    async fn a_phone_gets_ten_codes_a_day(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, json!({"phone": PHONE, "bound": false})).await;
        let account = bench.look(&format!("accounts/{BUYER}")).await;
        let user_id = account["user_id"].as_str().unwrap();
        let ask = async || ask_to_bind(bench.sandbox.context(), user_id, &number, PHONE).await;
        for _ in 0..10 {
            ask().await.unwrap();
            bench.clock.advance_ms(70 * MINUTE_MS);
        }
        let refused = ask().await.unwrap_err();
        assert!(refused.to_string().contains("too many messages"), "{refused}");
        bench.clock.advance_ms(DAY_MS - 700 * MINUTE_MS);
        ask().await.unwrap();
    }

    async fn what_waited_too_long_is_offered_no_more(db: Db) {
        let bench = Bench::new(db).await;
        bench.control("accounts", json!({"logon_id": PHONE})).await;
        let browser = Browser::new(&bench, "zh");
        open(&browser, BUYER).await;
        give(&browser, "phone", PHONE, "5.00").await.says("24 小时内收款");
        let offered = async || {
            let owner = Browser::new(&bench, "zh");
            open(&owner, PHONE).await.text().contains("有人给您转账")
        };
        bench.clock.advance_ms(DAY_MS - 1);
        assert!(offered().await);
        // The money has not gone back yet, and nobody may take it any more.
        bench.clock.advance_ms(1);
        assert!(!offered().await);
    }
}
