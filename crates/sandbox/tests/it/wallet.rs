//! The wallet beside paying: cards, messages, money in and out, gifts, passwords, limits.

use crate::browser::{Browser, Page};
use crate::support::{Bench, page_link};
use http::StatusCode;
use kernel::time::{DAY_MS, MINUTE_MS};
use serde_json::{Value, json};
use store::Db;

const BUYER: &str = "buyer@sandbox.com";
const PHONE: &str = "13912345678";

async fn balance(bench: &Bench, logon_id: &str) -> String {
    let account = bench.look(&format!("accounts/{logon_id}")).await;
    account["balance"].as_str().unwrap().to_owned()
}

async fn card(bench: &Bench, body: Value) -> String {
    let path = format!("accounts/{BUYER}/cards");
    let reply = bench.control(&path, body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    reply.json()["card_no"].as_str().unwrap().to_owned()
}

async fn newest_code(bench: &Bench, phone: &str) -> String {
    let sent = bench.look(&format!("messages?phone={phone}")).await;
    sent["messages"][0]["code"].as_str().unwrap().to_owned()
}

/// A code that is not this one.
fn another(code: &str) -> String {
    let last = if code.ends_with('0') { "1" } else { "0" };
    format!("{}{last}", &code[..5])
}

async fn open(browser: &Browser<'_>, logon_id: &str) -> Page {
    let page = browser.open("/wallet").await;
    browser.log_in(&page, logon_id).await
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_test_card_puts_money_in_and_takes_it_out(db: Db) {
        let bench = Bench::new(db).await;
        for lang in ["zh", "en"] {
            let browser = Browser::new(&bench, lang);
            open(&browser, BUYER).await;
            let page = browser.open("/wallet/cards").await;
            let fields = [("bank", "CMB"), ("phone", PHONE)];
            let page = browser.submit(&page, "/cards/issue", &fields).await;
            page.says("50,000.00");
            let number = page.all(".bank-cards .mono").pop().unwrap();

            let page = browser.open("/wallet/top-up").await;
            let fields = [("card_no", &*number), ("amount", "1.5"), ("pay_password", "111111")];
            let page = browser.submit(&page, "/top-up", &fields).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text());
            page.says("100,001.50");
            let page = browser.open("/wallet/withdraw").await;
            let fields = [("card_no", &*number), ("amount", "1.50"), ("pay_password", "111111")];
            let page = browser.submit(&page, "/withdraw", &fields).await;
            page.says("100,000.00");
            for (amount, password) in [("0", "111111"), ("1.005", "111111"), ("-1", "111111"), ("1e3", "111111"), ("1", "222222"), ("100000.01", "111111")] {
                let fields = [("card_no", &*number), ("amount", amount), ("pay_password", password)];
                let page = browser.open("/wallet/withdraw").await;
                let refused = browser.submit(&page, "/withdraw", &fields).await;
                assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount}");
                assert!(refused.has("[role=alert]"), "{amount}");
            }
            let page = browser.open("/wallet/cards").await;
            let page = browser.submit(&page, "/cards/unbind", &[]).await;
            assert!(!page.has(".bank-cards"));
            let again = browser.open("/wallet").await;
            assert_eq!(again.all(".bills .sum")[..2], ["−1.50", "+1.50"]);
        }
        assert_eq!(balance(&bench, BUYER).await, "100000.00");
        bench.assert_balanced().await;
    }

    async fn a_card_spends_fifty_thousand_a_day(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, json!({"balance": "200000.00"})).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let top_up = async |amount: &str| {
            let page = browser.open("/wallet/top-up").await;
            let fields = [("card_no", &*number), ("amount", amount), ("pay_password", "111111")];
            browser.submit(&page, "/top-up", &fields).await
        };
        assert_eq!(top_up("30000.00").await.status, StatusCode::OK);
        let refused = top_up("20000.01").await;
        refused.says("20000.00 yuan are left today");
        assert_eq!(top_up("20000.00").await.status, StatusCode::OK);
        assert_eq!(top_up("0.01").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        bench.clock.advance_ms(DAY_MS);
        assert_eq!(top_up("0.01").await.status, StatusCode::OK);
        assert_eq!(balance(&bench, BUYER).await, "150000.01");
        bench.assert_balanced().await;
    }

    async fn a_card_is_bound_by_the_code_that_its_phone_got(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, json!({"phone": PHONE, "bound": false})).await;
        let browser = Browser::new(&bench, "zh");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/cards").await;
        for (card_no, phone) in [(&*number, "13800138000"), ("6222020000000000", PHONE), ("", PHONE)] {
            let fields = [("card_no", card_no), ("phone", phone)];
            let refused = browser.submit(&page, "/cards/bind", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{card_no} {phone}");
        }
        let fields = [("card_no", &*number), ("phone", PHONE)];
        let step = browser.submit(&page, "/cards/bind", &fields).await;
        step.says("139****5678");
        let code = newest_code(&bench, PHONE).await;
        assert!(browser.open(&format!("/inbox?phone={PHONE}")).await.text().contains(&code));

        let soon = browser.submit(&page, "/cards/bind", &fields).await;
        soon.says("过于频繁");
        for left in ["4", "3", "2", "1"] {
            let wrong = browser.submit(&step, "/cards/confirm", &[("code", &another(&code))]).await;
            wrong.says(&format!("还可以试 {left} 次"));
        }
        let bound = browser.submit(&step, "/cards/confirm", &[("code", &code)]).await;
        assert_eq!(bound.all(".bank-cards .mono"), [&*number]);

        // Another wallet neither gets a code for it nor binds it by one.
        let other = Browser::new(&bench, "zh");
        open(&other, "poor@sandbox.com").await;
        let page = other.open("/wallet/cards").await;
        bench.clock.advance_ms(MINUTE_MS);
        other.submit(&page, "/cards/bind", &fields).await.says("别的钱包");
        let cards = bench.look("accounts/poor@sandbox.com/cards").await;
        assert_eq!(cards["cards"].as_array().unwrap().len(), 0);
    }

    async fn an_old_code_binds_nothing(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, json!({"phone": PHONE, "bound": false})).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/cards").await;
        let fields = [("card_no", &*number), ("phone", PHONE)];
        let step = browser.submit(&page, "/cards/bind", &fields).await;
        let code = newest_code(&bench, PHONE).await;
        bench.clock.advance_ms(5 * MINUTE_MS);
        let old = browser.submit(&step, "/cards/confirm", &[("code", &code)]).await;
        old.says("too old");
        assert!(!old.has(".bank-cards"));
    }

    async fn money_goes_to_a_wallet_and_to_a_card_at_once(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, json!({"balance": "0.00", "bound": false})).await;
        let browser = Browser::new(&bench, "zh");
        open(&browser, BUYER).await;
        let give = async |kind: &str, target: &str, amount: &str, password: &str| {
            let page = browser.open("/wallet/give").await;
            let fields = [("kind", kind), ("target", target), ("amount", amount), ("message", "<i>饭钱</i>"), ("pay_password", password)];
            browser.submit(&page, "/give", &fields).await
        };
        give("account", "poor@sandbox.com", "12.34", "111111").await.says("已转给");
        give("card", &number, "7.66", "111111").await.says("已转给");
        for (kind, target, amount, password) in [
            ("account", "nobody@sandbox.com", "1", "111111"),
            ("account", BUYER, "1", "111111"),
            ("card", "4111111111111111", "1", "111111"),
            ("phone", "1391234567", "1", "111111"),
            ("bank", "x", "1", "111111"),
            ("account", "poor@sandbox.com", "1.005", "111111"),
            ("account", "poor@sandbox.com", "100000.00", "111111"),
            ("account", "poor@sandbox.com", "1", "000000"),
        ] {
            let refused = give(kind, target, amount, password).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind} {target} {amount}");
        }
        assert_eq!(balance(&bench, BUYER).await, "99980.00");
        let poor = Browser::new(&bench, "en");
        let page = open(&poor, "poor@sandbox.com").await;
        page.says("+12.34");
        page.says("<i>饭钱</i>");
        bench.assert_balanced().await;
    }

    async fn a_phone_without_a_wallet_opens_one_and_takes_its_gift(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/give").await;
        let fields = [("kind", "phone"), ("target", PHONE), ("amount", "66.00"), ("message", "红包"), ("pay_password", "111111")];
        browser.submit(&page, "/give", &fields).await.says("24 小时内收款");
        assert_eq!(balance(&bench, BUYER).await, "99934.00");
        bench.assert_balanced().await;

        let sent = bench.look(&format!("messages?phone={PHONE}")).await;
        let content = sent["messages"][0]["content"].as_str().unwrap();
        assert!(sent["messages"][0]["code"].is_null());
        let address = content.split("打开 ").nth(1).unwrap().split(' ').next().unwrap();
        let owner = Browser::new(&bench, "en");
        let page = owner.open(address).await;
        page.says("66.00");
        bench.clock.advance_ms(1);
        let step = owner.submit(&page, "/code", &[]).await;
        let code = newest_code(&bench, PHONE).await;
        let open = async |code: &str, login: &str, pay: &str| {
            let fields = [("code", code), ("login_password", login), ("pay_password", pay)];
            owner.submit(&step, "/open", &fields).await
        };
        open(&code, "short", "123456").await.says("6 characters or more");
        open(&code, "long enough", "12345").await.says("six digits");
        open(&another(&code), "long enough", "123456").await.says("is wrong");
        let wallet = open(&code, "long enough", "123456").await;
        assert_eq!(wallet.path, "/wallet");
        wallet.says("66.00");
        wallet.says(PHONE);
        let again = owner.open(address).await;
        again.says("taken already");
        assert_eq!(balance(&bench, PHONE).await, "66.00");
        bench.assert_balanced().await;
    }

    async fn a_gift_is_taken_once_by_its_phone_and_by_nobody_else(db: Db) {
        let bench = Bench::new(db).await;
        bench.control("accounts", json!({"logon_id": PHONE})).await;
        let browser = Browser::new(&bench, "zh");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/give").await;
        let fields = [("kind", "phone"), ("target", PHONE), ("amount", "5.00"), ("pay_password", "111111")];
        browser.submit(&page, "/give", &fields).await;

        let owner = Browser::new(&bench, "zh");
        let wallet = open(&owner, PHONE).await;
        let gift = wallet.all("h2").contains(&"有人给您转账".to_owned());
        assert!(gift, "{}", wallet.text());
        let sent = bench.look(&format!("messages?phone={PHONE}")).await;
        let content = sent["messages"][0]["content"].as_str().unwrap().to_owned();
        let address = content.split("打开 ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        let thief = Browser::new(&bench, "zh");
        open(&thief, "poor@sandbox.com").await;
        let page = thief.open(&address).await;
        assert!(!page.has("form[action*='/wallet/claim/']"), "{}", page.text());

        let page = owner.open(&address).await;
        let path = address.trim_start_matches("http://127.0.0.1:8609");
        let id = path.trim_start_matches("/wallet/claim/");
        let (target, form) = page.form(id, &[]);
        let both = futures::join!(owner.post(&target, form.clone()), owner.post(&target, form));
        assert!(both.0.status.is_redirection() && both.1.status.is_redirection());
        assert_eq!(balance(&bench, PHONE).await, "5.00");
        assert_eq!(balance(&bench, "poor@sandbox.com").await, "1.00");
        bench.assert_balanced().await;
    }

    async fn what_nobody_takes_goes_back_after_a_day(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/give").await;
        let fields = [("kind", "phone"), ("target", PHONE), ("amount", "5.00"), ("pay_password", "111111")];
        browser.submit(&page, "/give", &fields).await;
        bench.clock.advance_ms(DAY_MS - 1);
        bench.sandbox.worker().run_due().await.unwrap();
        assert_eq!(balance(&bench, BUYER).await, "99995.00");
        bench.clock.advance_ms(1);
        bench.sandbox.worker().run_due().await.unwrap();
        assert_eq!(balance(&bench, BUYER).await, "100000.00");
        browser.open("/wallet/give").await.says("went back");
        bench.assert_balanced().await;
    }

    async fn passwords_are_changed_by_who_knows_the_old_ones(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let login = async |old: &str, new: &str| {
            let page = browser.open("/wallet/settings").await;
            browser.submit(&page, "/login-password", &[("old", old), ("new", new)]).await
        };
        login("111111", "short").await.says("6 to 64");
        login("222222", "long enough").await.says("wrong");
        login("111111", "long enough").await.says("changed");
        let pay = async |old: &str, new: &str| {
            let page = browser.open("/wallet/settings").await;
            browser.submit(&page, "/pay-password", &[("old", old), ("new", new)]).await
        };
        pay("111111", "abcdef").await.says("six digits");
        pay("111111", "246810").await.says("changed");
        for _ in 0..4 {
            pay("111111", "246810").await.says("wrong");
        }
        pay("111111", "246810").await.says("Too many");
        let fresh = Browser::new(&bench, "en");
        let page = fresh.open("/wallet").await;
        let fields = [("logon_id", BUYER), ("password", "long enough")];
        let page = fresh.submit(&page, "/login", &fields).await;
        page.says("100,000.00");
    }

    async fn an_owners_limit_holds_for_what_leaves_in_a_day(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/settings").await;
        for amount in ["x", "-1", "1.005"] {
            let fields = [("amount", amount), ("pay_password", "111111")];
            let refused = browser.submit(&page, "/limit", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount}");
        }
        let fields = [("amount", "10.00"), ("pay_password", "111111")];
        browser.submit(&page, "/limit", &fields).await.says("saved");
        let give = async |amount: &str| {
            let page = browser.open("/wallet/give").await;
            let fields = [("kind", "account"), ("target", "poor@sandbox.com"), ("amount", amount), ("pay_password", "111111")];
            browser.submit(&page, "/give", &fields).await
        };
        assert_eq!(give("6.00").await.status, StatusCode::OK);
        give("4.01").await.says("4.00 yuan are left today");
        bench.clock.advance_ms(DAY_MS);
        assert_eq!(give("10.00").await.status, StatusCode::OK);
        let fields = [("amount", ""), ("pay_password", "111111")];
        browser.submit(&page, "/limit", &fields).await.says("no limit");
        bench.assert_balanced().await;
    }

    async fn a_bound_card_pays_at_the_cashier_and_gets_its_refund(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, json!({"balance": "100.00", "bank": "CMB"})).await;
        let browser = Browser::new(&bench, "zh");
        open(&browser, BUYER).await;
        let address = format!("/cashier/{}", bench.open(&page_link("C1", "60.00")).await.unwrap());
        let page = browser.open(&format!("{address}/pay")).await;
        page.says("招商银行");
        let fields = [("card_no", &*number), ("pay_password", "222222")];
        browser.submit(&page, "/pay", &fields).await.says("支付密码不对");
        let fields = [("card_no", &*number), ("pay_password", "111111")];
        let done = browser.submit(&page, "/pay", &fields).await;
        assert!(done.path.ends_with("/done"), "{}", done.text());
        assert_eq!(bench.look("trades/C1").await["fund_channel"], "BANKCARD");
        assert_eq!(balance(&bench, BUYER).await, "100000.00");
        let held = async || {
            let cards = bench.look(&format!("accounts/{BUYER}/cards")).await;
            cards["cards"][0]["balance"].as_str().unwrap().to_owned()
        };
        assert_eq!(held().await, "40.00");
        bench.assert_balanced().await;

        let biz = json!({"out_trade_no": "C1", "refund_amount": "12.50", "out_request_no": "r1"});
        assert_eq!(bench.node("alipay.trade.refund", &biz).await["fund_change"], "Y");
        assert_eq!(bench.node("alipay.trade.refund", &biz).await["fund_change"], "N");
        assert_eq!(held().await, "52.50");

        // What the card does not hold it does not pay, and the trade goes on waiting.
        let address = format!("/cashier/{}", bench.open(&page_link("C2", "52.51")).await.unwrap());
        let page = browser.open(&format!("{address}/pay")).await;
        browser.submit(&page, "/pay", &fields).await.says("银行卡余额不足");
        let node = bench.node("alipay.trade.query", &json!({"out_trade_no": "C2"})).await;
        assert_eq!(node["trade_status"], "WAIT_BUYER_PAY");
        assert_eq!(held().await, "52.50");
        bench.assert_balanced().await;
    }

    async fn any_card_pays_by_the_code_that_its_phone_got(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, json!({"phone": PHONE, "bound": false})).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, "poor@sandbox.com").await;
        let address = format!("/cashier/{}", bench.open(&page_link("C3", "88.00")).await.unwrap());
        let page = browser.open(&format!("{address}/card")).await;
        let wrong = [("card_no", &*number), ("phone", "13800138000")];
        browser.submit(&page, "/card/code", &wrong).await.says("another phone");
        let fields = [("card_no", &*number), ("phone", PHONE)];
        let step = browser.submit(&page, "/card/code", &fields).await;
        let code = newest_code(&bench, PHONE).await;
        browser.submit(&step, "/card", &[("code", &another(&code))]).await.says("is wrong");
        // The code is for this visit alone.
        let other = format!("/cashier/{}", bench.open(&page_link("C4", "88.00")).await.unwrap());
        let elsewhere = browser.open(&format!("{other}/card")).await;
        let (_, form) = elsewhere.form("/card/code", &fields);
        let stolen = browser.post(&format!("{other}/card"), format!("{form}&code={code}")).await;
        assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY);

        let (target, form) = step.form("/card", &[("code", &code)]);
        let both = futures::join!(browser.post(&target, form.clone()), browser.post(&target, form));
        for reply in [both.0, both.1] {
            assert!(reply.status.is_redirection() || reply.status == StatusCode::UNPROCESSABLE_ENTITY);
        }
        let trade = bench.look("trades/C3").await;
        assert_eq!((&trade["trade_status"], &trade["fund_channel"]), (&json!("TRADE_SUCCESS"), &json!("BANKCARD")));
        assert_eq!(balance(&bench, "poor@sandbox.com").await, "1.00");
        bench.assert_balanced().await;
    }

    async fn an_owners_limit_holds_at_the_cashier_too(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/settings").await;
        browser.submit(&page, "/limit", &[("amount", "10"), ("pay_password", "111111")]).await;
        bench.paid("L1", "9.99").await;
        let address = format!("/cashier/{}", bench.open(&page_link("L2", "0.02")).await.unwrap());
        let page = browser.open(&format!("{address}/pay")).await;
        let refused = browser.submit(&page, "/pay", &[("pay_password", "111111")]).await;
        refused.says("今天还可以用 0.01 元");
        let reply = bench.control("trades/L2/pay", json!({})).await;
        assert_eq!(reply.json()["type"], "/problems/daily-limit");
        bench.clock.advance_ms(DAY_MS);
        let done = browser.submit(&page, "/pay", &[("pay_password", "111111")]).await;
        assert!(done.path.ends_with("/done"), "{}", done.text());
    }

    async fn a_reset_forgets_gifts_and_messages_and_fills_cards_again(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, json!({"balance": "80.00"})).await;
        let browser = Browser::new(&bench, "zh");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/top-up").await;
        let fields = [("card_no", &*number), ("amount", "30.00"), ("pay_password", "111111")];
        browser.submit(&page, "/top-up", &fields).await;
        let page = browser.open("/wallet/give").await;
        let fields = [("kind", "phone"), ("target", PHONE), ("amount", "5.00"), ("pay_password", "111111")];
        browser.submit(&page, "/give", &fields).await;
        let reply = bench.control("reset", json!({})).await;
        assert!(reply.status.is_success(), "{}", reply.text());
        assert_eq!(balance(&bench, BUYER).await, "100000.00");
        let cards = bench.look(&format!("accounts/{BUYER}/cards")).await;
        assert_eq!(cards["cards"][0]["balance"], "80.00");
        assert_eq!(bench.look("messages").await["messages"], json!([]));
        bench.clock.advance_ms(2 * DAY_MS);
        bench.sandbox.worker().run_due().await.unwrap();
        bench.assert_balanced().await;
    }
}
