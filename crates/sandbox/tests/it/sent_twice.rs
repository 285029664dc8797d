//! Forms and calls that are sent twice act once: one after the other, and at the same instant.

use crate::agreements::{sign, terms};
use crate::browser::{Browser, Page};
use crate::support::{Bench, Reply};
use crate::through::change;
use axum::body::Body;
use http::{Request, StatusCode, header};
use kernel::time::DAY_MS;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use store::Db;

const BUYER: &str = "buyer@sandbox.com";
const POOR: &str = "poor@sandbox.com";
const PHONE: &str = "13912345678";
const SENT_BEFORE: &str = "with other content";
const NO_NUMBER: &str = "without its number";

async fn open(browser: &Browser<'_>, logon_id: &str) -> Page {
    let page = browser.open("/wallet").await;
    browser.log_in(&page, logon_id).await
}

async fn balance(bench: &Bench, logon_id: &str) -> String {
    let account = bench.look(&format!("accounts/{logon_id}")).await;
    account["balance"].as_str().unwrap().to_owned()
}

async fn card(bench: &Bench, balance: &str, bound: bool) -> String {
    let body = json!({"balance": balance, "bound": bound, "phone": PHONE});
    let reply = bench
        .control(&format!("accounts/{BUYER}/cards"), body)
        .await;
    reply.json()["card_no"].as_str().unwrap().to_owned()
}

async fn held(bench: &Bench) -> Vec<Value> {
    let cards = bench.look(&format!("accounts/{BUYER}/cards")).await;
    cards["cards"].as_array().unwrap().clone()
}

async fn newest_code(bench: &Bench) -> String {
    let sent = bench.look(&format!("messages?phone={PHONE}")).await;
    sent["messages"][0]["code"].as_str().unwrap().to_owned()
}

/// What a page says about the form that was sent.
fn said(reply: &Reply) -> String {
    let html = Html::parse_document(&reply.text());
    let banner = Selector::parse("[role=status], [role=alert]").unwrap();
    let texts = html.select(&banner).flat_map(|banner| banner.text());
    texts.collect::<String>().trim().to_owned()
}

/// Sends a form three times, two of them at the same instant, and expects the same answer of each.
async fn three_times(browser: &Browser<'_>, (path, form): &(String, String)) -> String {
    let both = futures::join!(
        browser.post(path, form.clone()),
        browser.post(path, form.clone())
    );
    let again = browser.post(path, form.clone()).await;
    let answers = [both.0, both.1, again].map(|reply| {
        let to = reply.header("location").map(str::to_owned);
        (reply.status, to, said(&reply))
    });
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    let [(status, to, said), ..] = answers;
    assert!(
        status.is_success() || status.is_redirection(),
        "{status}: {said}"
    );
    to.unwrap_or(said)
}

fn give(kind: &'static str, target: &str, amount: &'static str) -> Vec<(&'static str, String)> {
    let fields = [
        ("kind", kind),
        ("target", target),
        ("amount", amount),
        ("message", "饭钱"),
        ("pay_password", "111111"),
    ];
    fields
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
}

fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

async fn top_up(bench: &Bench, logon_id: &str, amount: &str, key: &str) -> Reply {
    let request = Request::post(format!("/sandbox/v1/accounts/{logon_id}/top-up"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", key)
        .body(Body::from(json!({"amount": amount}).to_string()))
        .unwrap();
    bench.send(request).await
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_transfer_that_is_sent_twice_gives_once(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, "0.00", true).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let targets = [("account", POOR, "went to"), ("card", &*number, "went to"), ("phone", PHONE, "wait for")];
        for (index, (kind, target, words)) in targets.into_iter().enumerate() {
            let page = browser.open("/wallet/give").await;
            let form = page.form("/give", &borrowed(&give(kind, target, "12.34")));
            let said = three_times(&browser, &form).await;
            assert!(said.contains(words) && said.contains(target), "{said}");
            let given = browser.open("/wallet/give").await;
            assert_eq!(given.all(".bills .sum").len(), index + 1, "{kind}");
        }
        assert_eq!(balance(&bench, BUYER).await, "99962.98");
        assert_eq!(balance(&bench, POOR).await, "13.34");
        assert_eq!(held(&bench).await[0]["balance"], "12.34");
        let sent = bench.look(&format!("messages?phone={PHONE}")).await;
        assert_eq!(sent["messages"].as_array().unwrap().len(), 1);
        bench.clock.advance_ms(DAY_MS);
        bench.sandbox.worker().run_due().await.unwrap();
        assert_eq!(balance(&bench, BUYER).await, "99975.32");
        bench.assert_balanced().await;
    }

    async fn a_repeat_says_the_same_when_nothing_is_left_to_give(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, POOR).await;
        let page = browser.open("/wallet/give").await;
        let form = page.form("/give", &borrowed(&give("account", BUYER, "1.00")));
        three_times(&browser, &form).await;
        assert_eq!(balance(&bench, POOR).await, "0.00");
        // Days later, too.
        bench.clock.advance_ms(9 * DAY_MS);
        open(&browser, POOR).await;
        let page = browser.open("/wallet/give").await;
        let (path, later) = page.form("/give", &borrowed(&give("account", BUYER, "1.00")));
        let number = |form: &str| form.split("form_no=").nth(1).unwrap()[..32].to_owned();
        let old = later.replace(&number(&later), &number(&form.1));
        assert!(said(&browser.post(&path, old).await).contains("1.00 yuan went to"));
        assert!(said(&browser.post(&path, later).await).contains("too small"));
        bench.assert_balanced().await;
    }

    async fn money_in_and_out_that_is_sent_twice_moves_once(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, "50.00", true).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let fields = [("card_no", &*number), ("amount", "30.00"), ("pay_password", "111111")];
        let page = browser.open("/wallet/top-up").await;
        let form = page.form("/top-up", &fields);
        assert_eq!(three_times(&browser, &form).await, "30.00 yuan were put in.");
        assert_eq!(balance(&bench, BUYER).await, "100030.00");
        assert_eq!(held(&bench).await[0]["balance"], "20.00");
        let page = browser.open("/wallet/withdraw").await;
        let out = page.form("/withdraw", &fields);
        assert_eq!(three_times(&browser, &out).await, "30.00 yuan were taken out.");
        assert_eq!(balance(&bench, BUYER).await, "100000.00");
        assert_eq!(held(&bench).await[0]["balance"], "50.00");
        // The number of the one form is none of the other's.
        let crossed = browser.post("/wallet/withdraw", form.1).await;
        assert_eq!(crossed.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said(&crossed).contains(SENT_BEFORE), "{}", said(&crossed));
        bench.assert_balanced().await;
    }

    async fn a_number_with_other_content_is_refused(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, "50.00", true).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/give").await;
        let first = give("account", POOR, "1.00");
        browser.submit(&page, "/give", &borrowed(&first)).await.says("went to");
        let another = [give("account", POOR, "1.01"), give("phone", PHONE, "1.00"), give("card", &number, "1.00")];
        for fields in another {
            let refused = browser.submit(&page, "/give", &borrowed(&fields)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            refused.says(SENT_BEFORE);
            // What was typed stays, under a number of its own.
            assert!(refused.has(&format!("#target[value='{}']", fields[1].1)));
            assert!(refused.has(&format!("#kind-{}[checked]", fields[0].1)));
        }
        let mut other_words = give("account", POOR, "1.00");
        "房租".clone_into(&mut other_words[3].1);
        let refused = browser.submit(&page, "/give", &borrowed(&other_words)).await;
        refused.says(SENT_BEFORE);
        assert!(refused.has("#message[value='房租']"));
        assert_eq!(balance(&bench, BUYER).await, "99999.00");
        browser.submit(&refused, "/give", &borrowed(&other_words)).await.says("went to");
        assert_eq!(balance(&bench, BUYER).await, "99998.00");

        let page = browser.open("/wallet/top-up").await;
        let fields = |amount| [("card_no", &*number), ("amount", amount), ("pay_password", "111111")];
        browser.submit(&page, "/top-up", &fields("1.00")).await.says("put in");
        let refused = browser.submit(&page, "/top-up", &fields("2.00")).await;
        refused.says(SENT_BEFORE);
        assert!(refused.has("#amount[value='2.00']"));
        assert_eq!(balance(&bench, BUYER).await, "99999.00");
        bench.assert_balanced().await;
    }

    async fn a_form_without_its_number_moves_nothing_and_keeps_what_was_typed(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, "50.00", true).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        for wrong in ["", "1", "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcdef0"] {
            let page = browser.open("/wallet/give").await;
            let mut fields = give("account", POOR, "1.00");
            fields.push(("form_no", wrong.to_owned()));
            let refused = browser.submit(&page, "/give", &borrowed(&fields)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            refused.says(NO_NUMBER);
            assert!(refused.has("#amount[value='1.00']") && refused.has("#message[value='饭钱']"));
            for way in ["top-up", "withdraw"] {
                let page = browser.open(&format!("/wallet/{way}")).await;
                let fields = [("form_no", wrong), ("card_no", &*number), ("amount", "1.00"), ("pay_password", "111111")];
                let refused = browser.submit(&page, &format!("/{way}"), &fields).await;
                refused.says(NO_NUMBER);
                assert!(refused.has("#amount[value='1.00']"));
            }
            let page = browser.open("/wallet/cards").await;
            let fields = [("form_no", wrong), ("bank", "CMB"), ("phone", PHONE)];
            browser.submit(&page, "/cards/issue", &fields).await.says(NO_NUMBER);
            let page = browser.open("/wallet/settings").await;
            let fields = [("form_no", wrong), ("old", "111111"), ("new", "222222")];
            browser.submit(&page, "/pay-password", &fields).await.says(NO_NUMBER);
        }
        // A form of old has no such field at all.
        let page = browser.open("/wallet/give").await;
        let (path, form) = page.form("/give", &borrowed(&give("account", POOR, "1.00")));
        let bare = form.replace("form_no=", "no=");
        assert!(said(&browser.post(&path, bare).await).contains(NO_NUMBER));
        assert_eq!(balance(&bench, BUYER).await, "100000.00");
        assert_eq!(held(&bench).await.len(), 1);
    }

    async fn a_refused_form_may_be_mended_and_sent_again(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/give").await;
        for (target, amount, password) in [("nobody@sandbox.com", "1.00", "111111"), (POOR, "100000.01", "111111"), (POOR, "1.00", "222222")] {
            let mut fields = give("account", target, "1.00");
            amount.clone_into(&mut fields[2].1);
            password.clone_into(&mut fields[4].1);
            let refused = browser.submit(&page, "/give", &borrowed(&fields)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        // Back to the first page: its number is still good.
        browser.submit(&page, "/give", &borrowed(&give("account", POOR, "1.00"))).await.says("went to");
        assert_eq!(balance(&bench, BUYER).await, "99999.00");
    }

    async fn another_users_number_has_no_effect(db: Db) {
        let bench = Bench::new(db).await;
        bench.control(&format!("accounts/{POOR}/top-up"), json!({"amount": "9.00"})).await;
        let (browser, other) = (Browser::new(&bench, "en"), Browser::new(&bench, "en"));
        open(&browser, BUYER).await;
        open(&other, POOR).await;
        let page = browser.open("/wallet/give").await;
        let (_, form) = page.form("/give", &[]);
        let stolen = form.split("form_no=").nth(1).unwrap()[..32].to_owned();
        let mut fields = give("account", BUYER, "2.00");
        fields.push(("form_no", stolen));
        let theirs = other.open("/wallet/give").await;
        other.submit(&theirs, "/give", &borrowed(&fields)).await.says("2.00 yuan went to buyer");
        // The owner's own form is as good as before.
        browser.submit(&page, "/give", &borrowed(&give("account", POOR, "5.00"))).await.says("5.00 yuan went to poor");
        assert_eq!(balance(&bench, BUYER).await, "99997.00");
        assert_eq!(balance(&bench, POOR).await, "13.00");
        bench.assert_balanced().await;
    }

    async fn two_forms_of_one_person_at_the_same_instant_both_act(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let pages = [browser.open("/wallet/give").await, browser.open("/wallet/give").await];
        let fields = give("account", POOR, "3.00");
        let [one, two] = pages.map(|page| page.form("/give", &borrowed(&fields)));
        let both = futures::join!(browser.post(&one.0, one.1), browser.post(&two.0, two.1));
        assert_eq!((both.0.status, both.1.status), (StatusCode::OK, StatusCode::OK));
        assert_eq!(balance(&bench, POOR).await, "7.00");
        bench.assert_balanced().await;
    }

    async fn a_test_card_is_issued_once_and_taken_out_once(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/cards").await;
        let form = page.form("/cards/issue", &[("bank", "CMB"), ("phone", PHONE)]);
        three_times(&browser, &form).await;
        assert_eq!(held(&bench).await.len(), 1);
        let other = browser.submit(&page, "/cards/issue", &[("bank", "ICBC"), ("phone", PHONE)]).await;
        other.says(SENT_BEFORE);
        let page = browser.open("/wallet/cards").await;
        let form = page.form("/cards/unbind", &[]);
        assert_eq!(three_times(&browser, &form).await, "The card is unbound.");
        assert_eq!(held(&bench).await.len(), 0);
    }

    async fn a_card_that_is_bound_twice_is_bound(db: Db) {
        let bench = Bench::new(db).await;
        let number = card(&bench, "1.00", false).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/cards").await;
        let step = browser.submit(&page, "/cards/bind", &[("card_no", &number), ("phone", PHONE)]).await;
        let code = newest_code(&bench).await;
        let form = step.form("/cards/confirm", &[("code", &code)]);
        assert!(three_times(&browser, &form).await.contains("is bound"));
        assert_eq!(held(&bench).await.len(), 1);
    }

    async fn a_wallet_that_is_opened_twice_for_a_gift_lets_its_owner_in_twice(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/give").await;
        browser.submit(&page, "/give", &borrowed(&give("phone", PHONE, "66.00"))).await;
        let sent = bench.look(&format!("messages?phone={PHONE}")).await;
        let content = sent["messages"][0]["content"].as_str().unwrap().to_owned();
        let address = content.split("打开 ").nth(1).unwrap().split(' ').next().unwrap();
        let owner = Browser::new(&bench, "en");
        let page = owner.open(address).await;
        bench.clock.advance_ms(1);
        let step = owner.submit(&page, "/code", &[]).await;
        let code = newest_code(&bench).await;
        let fields = |login| [("code", &*code), ("login_password", login), ("pay_password", "123456")];
        let form = step.form("/open", &fields("long enough"));
        assert_eq!(three_times(&owner, &form).await, "/wallet");
        assert_eq!(balance(&bench, PHONE).await, "66.00");
        // The number and the code alone let nobody in.
        let (path, thief) = step.form("/open", &fields("another one"));
        let refused = owner.post(&path, thief).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said(&refused).contains(SENT_BEFORE), "{}", said(&refused));
        let other_number = format!("0{}", &form.1.split("form_no=").nth(1).unwrap()[1..32]);
        let fields = [("form_no", &*other_number), ("code", &*code), ("login_password", "long enough"), ("pay_password", "123456")];
        let (path, thief) = step.form("/open", &fields);
        assert!(said(&owner.post(&path, thief).await).contains("taken already"));
        bench.assert_balanced().await;
    }

    async fn a_password_that_is_changed_twice_is_changed_and_no_try_is_counted(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        for (action, old, new) in [("/login-password", "111111", "long enough"), ("/pay-password", "111111", "246810")] {
            let page = browser.open("/wallet/settings").await;
            let form = page.form(action, &[("old", old), ("new", new)]);
            assert_eq!(three_times(&browser, &form).await, "The password is changed.");
            let (path, other) = page.form(action, &[("old", old), ("new", "135790")]);
            assert!(said(&browser.post(&path, other).await).contains(SENT_BEFORE));
            // Guessing by the old form counts like any guessing.
            let page = browser.open("/wallet/settings").await;
            let wrong = browser.submit(&page, action, &[("old", "000000"), ("new", "135790")]).await;
            wrong.says("3 tries are left");
        }
    }

    async fn an_agreement_that_is_ended_twice_is_ended_and_told_once(db: Db) {
        let bench = Bench::new(db).await;
        let settings = json!({"notify": {"app_gateway_url": "http://shop.example/gateway"}});
        change(&bench, 0, settings).await;
        let number = sign(&bench, &terms("A1")).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/agreements").await;
        let form = page.form(&format!("/{number}/end"), &[]);
        assert!(three_times(&browser, &form).await.contains("It is ended"));
        bench.schedule.settle().await.unwrap();
        let told = bench.merchant.forms();
        let ended = |form: &&alipay::Params| form.get("notify_type") == Some("dut_user_unsign");
        assert_eq!(told.iter().filter(ended).count(), 1);
    }

    async fn a_limit_that_is_set_twice_is_set(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        open(&browser, BUYER).await;
        let page = browser.open("/wallet/settings").await;
        let form = page.form("/limit", &[("amount", "10.00"), ("pay_password", "111111")]);
        assert_eq!(three_times(&browser, &form).await, "The limit is saved.");
    }

    async fn a_top_up_with_a_key_puts_money_in_once(db: Db) {
        let bench = Bench::new(db).await;
        let both = futures::join!(top_up(&bench, POOR, "5.00", "ci-1"), top_up(&bench, POOR, "5.00", "ci-1"));
        let again = top_up(&bench, POOR, "5", "ci-1").await;
        for reply in [both.0, both.1, again] {
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
            assert_eq!(reply.json()["balance"], "6.00");
        }
        for (whose, amount) in [(POOR, "5.01"), (BUYER, "5.00")] {
            let reused = top_up(&bench, whose, amount, "ci-1").await;
            assert_eq!(reused.status, StatusCode::CONFLICT);
            assert_eq!(reused.json()["type"], "/problems/idempotency-key-reused");
        }
        assert_eq!(top_up(&bench, POOR, "5.00", &"k".repeat(256)).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(top_up(&bench, POOR, "5.00", " ").await.status, StatusCode::BAD_REQUEST);
        // Without a key each call is one of its own.
        for _ in 0..2 {
            bench.control(&format!("accounts/{POOR}/top-up"), json!({"amount": "1.00"})).await;
        }
        assert_eq!(balance(&bench, POOR).await, "8.00");
        // A world that starts over knows no key.
        bench.control("reset", json!({})).await;
        assert_eq!(top_up(&bench, POOR, "5.00", "ci-1").await.json()["balance"], "6.00");
        bench.assert_balanced().await;
    }
}
