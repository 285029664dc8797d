//! Paying and signing in one: what is signed with a payment, and when a payment signs nothing.

use crate::agreements::{QUERY, UNSIGN, sign, terms};
use crate::browser::Browser;
use crate::cashier::{BUYER, pays, status};
use crate::support::{Bench, NOTIFY, code, keys, link, signed, start};
use crate::through::change;
use alipay::sign::{self, SignType};
use alipay::{Charset, Params, form};
use http::StatusCode;
use kernel::time::DAY_MS;
use sandbox::Profile;
use serde_json::{Value, json};
use store::Db;

const SIGNED: &str = "http://shop.example/signed";
const GATEWAY: &str = "http://shop.example/gateway";

/// An order that asks for an agreement of that number as well.
fn order(number: &str, agreement: &str) -> Value {
    let mut signing = terms(agreement);
    signing["product_code"].take();
    json!({
        "out_trade_no": number, "product_code": "CYCLE_PAY_AUTH",
        "total_amount": "0.01", "subject": "会员首月", "agreement_sign_params": signing,
    })
}

/// The same with a field of what is to be signed changed, or of its plan.
fn with(mut biz: Value, name: &str, value: Value) -> Value {
    match name.split_once('.') {
        Some((outer, inner)) => biz["agreement_sign_params"][outer][inner] = value,
        None => biz["agreement_sign_params"][name] = value,
    }
    biz
}

fn order_string(biz: &Value, more: &[(&str, &str)]) -> String {
    let params = signed(0, "alipay.trade.app.pay", &biz.to_string(), more);
    form::encode(&params, Charset::Utf8).unwrap()
}

/// Opens an order in the wallet and pays it there.
async fn pay(bench: &Bench, biz: &Value, more: &[(&str, &str)]) -> Value {
    let number = biz["out_trade_no"].as_str().unwrap();
    let body = json!({"url": order_string(biz, more)});
    let reply = bench.control(&format!("trades/{number}/pay"), body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    reply.json()
}

/// The agreements that were signed, newest first.
async fn agreements(bench: &Bench) -> Vec<Value> {
    let found = bench.look("agreements").await["agreements"].clone();
    let found = found.as_array().unwrap().clone();
    found
        .into_iter()
        .filter(|one| one["status"] == "NORMAL")
        .collect()
}

/// What a trade's history says of a step.
async fn history(bench: &Bench, number: &str, what: &str) -> Option<String> {
    let trade = bench.look(&format!("trades/{number}")).await;
    let steps = trade["history"].as_array().unwrap();
    let step = steps.iter().find(|step| step["what"] == what)?;
    Some(step["detail"].as_str().unwrap().to_owned())
}

/// Where each notice went.
async fn told(bench: &Bench) -> Vec<(String, String)> {
    bench.schedule.settle().await.unwrap();
    let notices = bench.look("notices").await["notices"].clone();
    let text = |notice: &Value, name: &str| notice[name].as_str().unwrap().to_owned();
    let told = notices.as_array().unwrap().iter();
    let mut told: Vec<_> = told
        .map(|one| (text(one, "notify_type"), text(one, "url")))
        .collect();
    told.sort();
    told
}

fn of_type(bench: &Bench, notify_type: &str) -> Params {
    let mut forms = bench.merchant.forms();
    forms.retain(|form| form.get("notify_type") == Some(notify_type));
    let form = forms.pop().expect("a notice");
    let (text, signature) = (sign::notice_text(&form), form.get("sign").unwrap());
    let key = keys().alipay[0].public_key();
    sign::verify(key, SignType::Rsa2, text.as_bytes(), signature).unwrap();
    form
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_payment_signs_what_its_order_asks_for(db: Db) {
        let bench = Bench::new(db).await;
        let biz = with(order("S1", "A1"), "sign_notify_url", json!(SIGNED));
        // The order string alone signs nothing.
        let wanted = json!({"external_agreement_no": "A1", "personal_product_code": "CYCLE_PAY_AUTH_P", "sign_scene": "INDUSTRY|DIGITAL_MEDIA"});
        assert_eq!(code(&bench.node(QUERY, &wanted).await), "USER_AGREEMENT_NOT_EXIST");
        let paid = pay(&bench, &biz, &[("notify_url", NOTIFY)]).await;
        assert_eq!((&paid["trade_status"], &paid["product"]), (&json!("TRADE_SUCCESS"), &json!("app")));
        let there = bench.node(QUERY, &wanted).await;
        let number = there["agreement_no"].as_str().expect("a number").to_owned();
        for (name, value) in [
            ("status", "NORMAL"), ("sign_time", "2026-08-21 09:30:00"), ("next_deduct_time", "2026-09-01"),
            ("external_logon_id", "13888888888"), ("alipay_logon_id", "buy***@sandbox.com"), ("single_quota", "15.00"),
        ] {
            assert_eq!(there[name], value, "{name}: {there}");
        }
        assert_eq!(history(&bench, "S1", "signed").await, Some(format!("agreement {number}")));

        bench.schedule.settle().await.unwrap();
        assert_eq!(told(&bench).await, [("dut_user_sign".to_owned(), SIGNED.to_owned()), ("trade_status_sync".to_owned(), NOTIFY.to_owned())]);
        let (signing, payment) = (of_type(&bench, "dut_user_sign"), of_type(&bench, "trade_status_sync"));
        for form in [&signing, &payment] {
            assert_eq!((form.get("agreement_no"), form.get("external_agreement_no")), (Some(&*number), Some("A1")));
        }
        assert_eq!((signing.get("status"), payment.get("trade_status")), (Some("NORMAL"), Some("TRADE_SUCCESS")));
        assert_ne!(signing.get("notify_id"), payment.get("notify_id"));

        // The payment was none of the plan's: the first of the three is September's.
        let take = json!({"out_trade_no": "D1", "total_amount": "15.00", "subject": "会员月费", "product_code": "CYCLE_PAY_AUTH", "agreement_params": {"agreement_no": number}});
        assert_eq!(code(&bench.node("alipay.trade.pay", &take).await), "ACQ.CYCLE_PAY_DATE_NOT_MATCH");
        bench.schedule.advance_to(start().plus_ms(6 * DAY_MS)).await.unwrap();
        assert_eq!(code(&bench.node("alipay.trade.pay", &take).await), "10000");
        // What goes back of the first payment names the agreement too.
        let refund = json!({"out_trade_no": "S1", "refund_amount": "0.01"});
        assert_eq!(code(&bench.node("alipay.trade.refund", &refund).await), "10000");
        bench.schedule.settle().await.unwrap();
        assert_eq!(of_type(&bench, "trade_status_sync").get("agreement_no"), Some(&*number));
        assert_eq!(code(&bench.node(UNSIGN, &json!({"agreement_no": number})).await), "10000");
        assert_eq!(agreements(&bench).await.len(), 0);
        bench.assert_balanced().await;
    }

    async fn each_notice_goes_where_it_belongs(db: Db) {
        let bench = Bench::new(db).await;
        change(&bench, 0, json!({"notify": {"app_gateway_url": GATEWAY}})).await;
        let sent = |kind: &str, url: &str| (kind.to_owned(), url.to_owned());
        let (sign, paid) = ("dut_user_sign", "trade_status_sync");
        pay(&bench, &order("S1", "A1"), &[]).await;
        let mut wanted = vec![sent(sign, GATEWAY)];
        assert_eq!(told(&bench).await, wanted, "no address at all");
        pay(&bench, &order("S2", "A2"), &[("notify_url", NOTIFY)]).await;
        wanted.extend([sent(sign, NOTIFY), sent(paid, NOTIFY)]);
        assert_eq!(told(&bench).await, wanted, "the order's address only");
        pay(&bench, &with(order("S3", "A3"), "sign_notify_url", json!(SIGNED)), &[]).await;
        wanted.insert(2, sent(sign, SIGNED));
        assert_eq!(told(&bench).await, wanted, "the signing's address only");
    }

    async fn the_cashier_says_what_is_signed_and_leaves_it_to_the_buyer(db: Db) {
        let bench = Bench::new(db).await;
        let wap = |number: &str, agreement: &str| {
            let mut biz = with(order(number, agreement), "product_code", json!("CYCLE_PAY_AUTH"));
            biz["product_code"] = "QUICK_WAP_WAY".into();
            link("alipay.trade.wap.pay", &biz)
        };
        for (lang, number, box_of, told) in [
            ("zh", "S1", "付款时同意签约", "每 1 个月一次"), ("en", "S2", "Sign it with the payment", "once a month"),
        ] {
            let browser = Browser::new(&bench, lang);
            let page = browser.open(&wap(number, number)).await;
            let page = browser.log_in(&page, BUYER).await;
            for words in [box_of, told, "2026-09-01", "¥15.00", "¥40.00", "13888888888", number] {
                page.says(words);
            }
            let page = pays(&browser, &page, "111111").await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text());
            assert!(history(&bench, number, "signed").await.is_some());
        }
        let browser = Browser::new(&bench, "zh");
        let page = browser.open(&wap("S3", "S3")).await;
        let page = browser.log_in(&page, BUYER).await;
        assert!(page.has("#sign[checked]"));
        let page = browser.submit(&page, "/pay", &[("pay_password", "000000"), ("sign", "no")]).await;
        // What was unticked stays so after a wrong password.
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.has("#sign") && !page.has("#sign[checked]"));
        pays(&browser, &page, "111111").await;
        assert_eq!(status(&bench, "S3").await, "TRADE_SUCCESS");
        assert_eq!(history(&bench, "S3", "not signed").await.as_deref(), Some("the buyer pays without it"));
        assert_eq!(agreements(&bench).await.len(), 2);
        // An order that asks for nothing has no such box.
        let page = browser.open(&crate::support::page_link("P1", "1.00")).await;
        let page = browser.open(&format!("{}/pay", page.path)).await;
        assert!(page.has("input[name=pay_password]") && !page.has("#signs"));
    }

    async fn a_page_signs_only_what_it_shows(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let asks = |amount: &str| {
            let mut biz = with(order("S1", "A1"), "period_rule_params.single_amount", json!(amount));
            biz["product_code"] = "QUICK_WAP_WAY".into();
            link("alipay.trade.wap.pay", &biz)
        };
        let page = browser.open(&asks("15.00")).await;
        let page = browser.log_in(&page, BUYER).await;
        assert!(bench.open(&asks("39.00")).await.is_ok());
        let end = pays(&browser, &page, "111111").await;
        assert_eq!(end.title(), "订单已变更");
        assert_eq!(status(&bench, "S1").await, "ACQ.TRADE_NOT_EXIST");
        assert_eq!(agreements(&bench).await.len(), 0);
    }

    async fn a_trade_that_exists_is_not_asked_to_sign_something_else(db: Db) {
        let bench = Bench::new(db).await;
        let create = |amount: &str| {
            let mut biz = with(order("S1", "A1"), "period_rule_params.single_amount", json!(amount));
            biz["product_code"] = "FACE_TO_FACE_PAYMENT".into();
            biz["buyer_logon_id"] = BUYER.into();
            biz
        };
        let method = "alipay.trade.create";
        assert_eq!(code(&bench.node(method, &create("15.00")).await), "10000");
        assert_eq!(code(&bench.node(method, &create("15.00")).await), "10000");
        assert_eq!(code(&bench.node(method, &create("39.00")).await), "ACQ.CONTEXT_INCONSISTENT");
        let paid = bench.control("trades/S1/pay", json!({})).await;
        assert_eq!(paid.status, StatusCode::OK, "{}", paid.text());
        assert_eq!(agreements(&bench).await[0]["external_agreement_no"], "A1");
    }

    async fn what_can_no_longer_be_signed_is_paid_without(db: Db) {
        let bench = Bench::new(db).await;
        sign(&bench, &terms("A1")).await;
        // The number of an agreement is given once, also when the agreement ended.
        pay(&bench, &order("S1", "A1"), &[]).await;
        assert_eq!(history(&bench, "S1", "not signed").await.as_deref(), Some("its external_agreement_no was signed before"));
        // Without a number a buyer signs a product for a scene once.
        let bare = |number: &str| with(order(number, "none"), "external_agreement_no", Value::Null);
        pay(&bench, &bare("S2"), &[]).await;
        assert!(history(&bench, "S2", "signed").await.is_some());
        pay(&bench, &bare("S3"), &[]).await;
        assert_eq!(history(&bench, "S3", "not signed").await.as_deref(), Some("the buyer signed the same before"));
        // A phone's page that was opened too long ago signs nothing.
        let biz = with(order("S4", "A4"), "effect_time", json!("600"));
        let open = bench.control("trades/S4/pay", json!({"url": order_string(&biz, &[]), "buyer_logon_id": "poor@sandbox.com", "pay_password": "000000"})).await;
        assert_eq!(open.status, StatusCode::FORBIDDEN, "{}", open.text());
        bench.schedule.advance_to(start().plus_ms(600_000)).await.unwrap();
        let paid = bench.control("trades/S4/pay", json!({})).await;
        assert_eq!(paid.status, StatusCode::OK, "{}", paid.text());
        assert_eq!(history(&bench, "S4", "not signed").await.as_deref(), Some("its effect_time is over"));
        // A buyer who is played can leave it, too.
        let body = json!({"url": order_string(&order("S5", "A5"), &[]), "sign": false});
        assert_eq!(bench.control("trades/S5/pay", body).await.status, StatusCode::OK);
        assert_eq!(history(&bench, "S5", "not signed").await.as_deref(), Some("the buyer pays without it"));
        for number in ["S1", "S3", "S4", "S5"] {
            assert_eq!(status(&bench, number).await, "TRADE_SUCCESS");
        }
        assert_eq!(agreements(&bench).await.len(), 2);
        bench.assert_balanced().await;
    }

    async fn a_payment_signs_in_place_of_a_page_that_waits(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let page = crate::agreements::read(&browser, &terms("A1"), BUYER).await;
        pay(&bench, &order("S1", "A1"), &[]).await;
        assert!(history(&bench, "S1", "signed").await.is_some());
        let late = browser.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        assert_eq!(late.status, StatusCode::GONE);
        assert_eq!(agreements(&bench).await.len(), 1);
    }

    async fn an_agreement_without_a_plan_is_signed_as_well(db: Db) {
        let bench = Bench::new(db).await;
        let mut biz = order("S1", "A1");
        biz["product_code"] = "QUICK_MSECURITY_PAY".into();
        biz["agreement_sign_params"] = json!({
            "product_code": "GENERAL_WITHHOLDING", "personal_product_code": "GENERAL_WITHHOLDING_P",
            "sign_scene": "INDUSTRY|CARRENTAL", "external_agreement_no": "A1", "sign_validity_period": "2m",
            "access_params": {"channel": "ALIPAYAPP"},
            "sub_merchant": {"sub_merchant_id": "2088123412341234", "sub_merchant_name": "通宝出行", "sub_merchant_service_name": "免密支付", "sub_merchant_service_description": "免密付车费"},
        });
        pay(&bench, &biz, &[]).await;
        let number = agreements(&bench).await[0]["agreement_no"].clone();
        let there = bench.node(QUERY, &json!({"agreement_no": number})).await;
        assert_eq!(there["invalid_time"], "2026-10-21 09:30:00", "{there}");
        let take = json!({"out_trade_no": "D1", "total_amount": "20.00", "subject": "车费", "product_code": "GENERAL_WITHHOLDING", "agreement_params": {"agreement_no": number}});
        assert_eq!(code(&bench.node("alipay.trade.pay", &take).await), "10000");
    }

    async fn what_cannot_be_read_is_told_and_strictly_refused(db: Db) {
        let bench = Bench::new(db).await;
        let rule = "period_rule_params";
        let cases = [
            ("personal_product_code", Value::Null, "agreement_sign_params.personal_product_code"),
            ("access_params", Value::Null, "agreement_sign_params.access_params.channel"),
            (rule, Value::Null, "agreement_sign_params.period_rule_params"),
            ("period_rule_params.period_type", Value::Null, "period_rule_params.period_type"),
            ("period_rule_params.execute_time", json!("2026-09-29"), "period_rule_params.execute_time"),
            ("period_rule_params.execute_time", json!("2026-08-20"), "period_rule_params.execute_time"),
            ("period_rule_params.total_amount", json!("14.99"), "period_rule_params.total_amount"),
            ("sign_scene", Value::Null, "agreement_sign_params.sign_scene"),
            ("sign_scene", json!("INDUSTRY|DEFAULT_SCENE"), "agreement_sign_params.sign_scene"),
            ("sign_notify_url", json!("shop.example/signed"), "agreement_sign_params.sign_notify_url"),
            ("effect_time", json!("soon"), "agreement_sign_params.effect_time"),
        ];
        for (index, (name, value, told)) in cases.iter().enumerate() {
            let mut biz = with(order(&format!("S{index}"), &format!("A{index}")), name, value.clone());
            biz["product_code"] = "QUICK_WAP_WAY".into();
            biz["agreement_sign_params"]["product_code"] = "CYCLE_PAY_AUTH".into();
            biz["quit_url"] = NOTIFY.into();
            let url = link("alipay.trade.wap.pay", &biz);
            let reply = bench.get(url.trim_start_matches("http://127.0.0.1:8609")).await;
            assert_eq!(reply.status, StatusCode::FOUND, "{name} {value}: {}", reply.explain());
            assert!(reply.explain().contains(told) && reply.explain().contains("不会签约"), "{name} {value}: {}", reply.explain());
        }
        // An order of a wallet says so in its product_code, or what is signed does.
        let mut biz = order("S90", "A90");
        biz["product_code"] = "QUICK_MSECURITY_PAY".into();
        pay(&bench, &biz, &[]).await;
        assert_eq!(status(&bench, "S90").await, "TRADE_SUCCESS");
        assert_eq!(agreements(&bench).await.len(), 0);
    }

    async fn a_strict_application_hears_that_nothing_would_be_signed(db: Db) {
        let bench = Bench::with_profile(db, Profile::Strict).await;
        let mut biz = order("S1", "A1");
        let strict = json!({"url": order_string(&with(biz.clone(), "period_rule_params.execute_time", json!("2026-08-20")), &[])});
        let refused = bench.control("trades/S1/pay", strict).await;
        assert_eq!(refused.json()["sub_code"], "ACQ.INVALID_PARAMETER", "{}", refused.text());
        pay(&bench, &biz, &[]).await;
        assert!(history(&bench, "S1", "signed").await.is_some());
        // What no document lists signs nothing, and is named.
        biz["out_trade_no"] = "S2".into();
        biz["product_code"] = Value::Null;
        let reply = bench.call("alipay.trade.precreate", &biz).await;
        assert!(reply.explain().contains("agreement_sign_params"), "{}", reply.explain());
    }
}
