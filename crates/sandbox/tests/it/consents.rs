//! The buyer who is asked for a hold, an agreement or a login is played: over the control API, and
//! in the console.

use crate::agreements::{SIGN, terms};
use crate::browser::Browser;
use crate::support::{Bench, RETURN, link, signed};
use alipay::{Charset, form};
use http::StatusCode;
use serde_json::{Value, json};
use store::Db;

const LOGIN: &str = "oauth2/publicAppAuthorize.htm?app_id=9021000000000001&scope=auth_base&state=s1&redirect_uri=https%3A%2F%2Fshop.example%2Flogin";

async fn played(bench: &Bench, body: Value) -> Value {
    let reply = bench.control("consents", body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    reply.json()
}

async fn refused(bench: &Bench, body: Value) -> (u16, String) {
    let reply = bench.control("consents", body).await;
    let slug = reply.json()["type"].as_str().unwrap_or_default().to_owned();
    (reply.status.as_u16(), slug.replace("/problems/", ""))
}

fn hold(number: &str, product: &str, amount: &str) -> Value {
    json!({
        "out_order_no": number, "out_request_no": "r1", "order_title": "押金",
        "amount": amount, "product_code": product,
    })
}

async fn voucher(bench: &Bench, number: &str, amount: &str) -> String {
    let method = "alipay.fund.auth.order.voucher.create";
    let node = bench.node(method, &hold(number, "PRE_AUTH", amount)).await;
    node["code_value"].as_str().unwrap().to_owned()
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn the_buyer_of_a_hold_an_agreement_and_a_login_is_played(db: Db) {
        let bench = Bench::new(db).await;
        let code = voucher(&bench, "F1", "99.00").await;
        let held = played(&bench, json!({"url": code})).await;
        assert_eq!((&held["kind"], &held["state"]), (&json!("freeze"), &json!("AUTHORIZED")));
        assert_eq!(held["number"].as_str().unwrap().len(), 28);
        let params = signed(0, "alipay.fund.auth.order.app.freeze", &hold("F2", "PRE_AUTH_ONLINE", "1.00").to_string(), &[]);
        let text = form::encode(&params, Charset::Utf8).unwrap();
        assert_eq!(played(&bench, json!({"url": text, "pay_password": "111111"})).await["state"], "AUTHORIZED");

        let agreed = played(&bench, json!({"url": link(SIGN, &terms("A1")), "buyer_logon_id": "poor@sandbox.com"})).await;
        assert_eq!((&agreed["kind"], &agreed["state"]), (&json!("agreement"), &json!("NORMAL")));
        assert!(agreed["return_url"].as_str().unwrap().starts_with(RETURN));
        let listed = bench.look("agreements").await["agreements"][0].clone();
        let poor = bench.look("accounts/poor@sandbox.com").await["user_id"].clone();
        assert_eq!((&listed["external_agreement_no"], &listed["user_id"]), (&json!("A1"), &poor));
        let end = format!("agreements/{}/end", listed["agreement_no"].as_str().unwrap());
        assert_eq!(bench.control(&end, json!({})).await.json()["status"], "UNSIGN");
        assert_eq!(bench.control(&end, json!({})).await.status, StatusCode::CONFLICT);
        let no = played(&bench, json!({"url": link(SIGN, &terms("A2")), "answer": "refuse"})).await;
        assert_eq!(no["state"], "CLOSED");

        for origin in ["http://127.0.0.1:8609/", "/"] {
            let who = played(&bench, json!({"url": format!("{origin}{LOGIN}")})).await;
            assert_eq!((&who["kind"], &who["state"]), (&json!("oauth"), &json!("agreed")));
            let back = who["return_url"].as_str().unwrap();
            assert!(back.contains("auth_code=") && back.contains("state=s1"), "{back}");
        }
        let no = played(&bench, json!({"url": format!("/{LOGIN}"), "answer": "refuse"})).await;
        assert!(no["return_url"].as_str().unwrap().contains("access_denied"));
        bench.assert_balanced().await;
    }

    async fn what_cannot_be_agreed_to_says_why(db: Db) {
        let bench = Bench::new(db).await;
        let code = voucher(&bench, "F1", "99.00").await;
        let pay = link("alipay.trade.page.pay", &json!({
            "out_trade_no": "P1", "product_code": "FAST_INSTANT_TRADE_PAY", "total_amount": "1.00", "subject": "x",
        }));
        let forged = link(SIGN, &terms("A1")).replace("15.00", "99.00");
        let qr = code.as_str();
        for (body, wanted) in [
            (json!({"url": "nonsense"}), (422, "not-a-consent")),
            (json!({"url": "http://127.0.0.1:8609/wallet"}), (422, "not-a-consent")),
            (json!({"url": "http://127.0.0.1:8609/qr/0123"}), (422, "not-a-consent")),
            (json!({"url": "/consent/gift/0123"}), (422, "not-a-consent")),
            (json!({"url": "/oauth2/publicAppAuthorize.htm?app_id=1"}), (422, "not-a-consent")),
            (json!({"url": pay}), (422, "not-a-consent")),
            (json!({"url": forged}), (422, "link-refused")),
            (json!({"url": "/consent/oauth/0123"}), (409, "consent-not-waiting")),
            (json!({"url": qr, "buyer_logon_id": "nobody@sandbox.com"}), (404, "no-such-buyer")),
            (json!({"url": qr, "buyer_logon_id": "poor@sandbox.com"}), (422, "balance-not-enough")),
            (json!({"url": qr, "pay_password": "000000"}), (403, "pay-password-wrong")),
        ] {
            let (status, slug) = refused(&bench, body.clone()).await;
            assert_eq!((status, slug.as_str()), wanted, "{body}");
        }
        let word = bench.control("consents", json!({"url": qr, "answer": "maybe"})).await;
        assert_eq!(word.status, StatusCode::BAD_REQUEST);
        // A hold that is refused still waits; one that holds does not.
        assert_eq!(played(&bench, json!({"url": qr, "answer": "refuse"})).await["state"], "INIT");
        played(&bench, json!({"url": qr})).await;
        assert_eq!(refused(&bench, json!({"url": qr})).await, (409, "consent-not-waiting".to_owned()));
        let signed = link(SIGN, &terms("A1"));
        played(&bench, json!({"url": signed})).await;
        assert_eq!(refused(&bench, json!({"url": signed})).await, (422, "link-refused".to_owned()));
        bench.assert_balanced().await;
    }

    async fn the_buyer_that_is_waited_for_is_played_unless_another_is_named(db: Db) {
        let bench = Bench::new(db).await;
        let reply = bench.control("accounts/poor@sandbox.com/top-up", json!({"amount": "5000.00"})).await;
        assert!(reply.status.is_success());
        let shown = bench.control("accounts/poor@sandbox.com/payment-codes", json!({})).await.json();
        let mut biz = hold("F1", "PRE_AUTH", "2000.00");
        biz["auth_code"] = shown["auth_code"].clone();
        let node = bench.node("alipay.fund.auth.order.freeze", &biz).await;
        assert_eq!(node["code"], "10003");
        // The phone of the one who showed the code has the page.
        let phone = Browser::new(&bench, "en");
        let page = phone.open("/wallet").await;
        let page = phone.log_in(&page, "poor@sandbox.com").await;
        let address = page.link("Look and confirm").unwrap();
        let other = json!({"url": address, "buyer_logon_id": "buyer@sandbox.com"});
        assert_eq!(refused(&bench, other).await, (409, "consent-not-waiting".to_owned()));
        played(&bench, json!({"url": address})).await;
        assert_eq!(bench.look("accounts/poor@sandbox.com").await["balance"], "3001.00");
        bench.assert_balanced().await;
    }

    async fn the_console_plays_the_buyer(db: Db) {
        let bench = Bench::new(db).await;
        let user_id = bench.look("accounts/buyer@sandbox.com").await["user_id"].as_str().unwrap().to_owned();
        for (lang, done, number) in [("zh", "已经代买家同意", "A1"), ("en", "Agreed, as the buyer", "A2")] {
            let browser = Browser::new(&bench, lang);
            let page = browser.open("/consents").await;
            let url = link(SIGN, &terms(number));
            let fields = [("url", url.as_str()), ("user_id", user_id.as_str()), ("word", "agree")];
            let page = browser.submit(&page, "/consents", &fields).await;
            page.says(done);
            page.says(number);
        }
        let browser = Browser::new(&bench, "en");
        let page = browser.open("/consents").await;
        let fields = [("url", "nonsense"), ("user_id", user_id.as_str()), ("word", "agree")];
        browser.submit(&page, "/consents", &fields).await.says("Nobody is asked at that address");
        let code = voucher(&bench, "F1", "5.00").await;
        let fields = [("url", code.as_str()), ("user_id", user_id.as_str()), ("word", "refuse")];
        browser.submit(&page, "/consents", &fields).await.says("Refused, as the buyer");
        let fields = [("url", code.as_str()), ("user_id", user_id.as_str()), ("word", "agree")];
        browser.submit(&page, "/consents", &fields).await.says("Agreed");
        browser.submit(&page, "/consents", &fields).await.says("Not agreed");
        assert_eq!(bench.look("accounts/buyer@sandbox.com").await["balance"], "99995.00");
        bench.assert_balanced().await;
    }
}
