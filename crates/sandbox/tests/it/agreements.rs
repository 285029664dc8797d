//! Agreements: a link read and signed on a page, asked about, moved, ended by either side.

use crate::browser::{Browser, Page};
use crate::rest::{Rest, refused};
use crate::support::{Bench, NOTIFY, RETURN, code, keys, link, signed, start};
use crate::through::change;
use alipay::Params;
use alipay::sign::{self, SignType};
use http::StatusCode;
use kernel::time::{DAY_MS, MINUTE_MS};
use serde_json::{Value, json};
use store::Db;

pub(crate) const SIGN: &str = "alipay.user.agreement.page.sign";
pub(crate) const QUERY: &str = "alipay.user.agreement.query";
pub(crate) const UNSIGN: &str = "alipay.user.agreement.unsign";
pub(crate) const MODIFY: &str = "alipay.user.agreement.executionplan.modify";

/// A plan of once a month from the first of September, fifteen yuan at most.
pub(crate) fn terms(number: &str) -> Value {
    json!({
        "product_code": "CYCLE_PAY_AUTH", "personal_product_code": "CYCLE_PAY_AUTH_P",
        "sign_scene": "INDUSTRY|DIGITAL_MEDIA", "external_agreement_no": number,
        "external_logon_id": "13888888888", "access_params": {"channel": "ALIPAYAPP"},
        "period_rule_params": {
            "period_type": "MONTH", "period": 1, "execute_time": "2026-09-01",
            "single_amount": "15.00", "total_amount": "40.00", "total_payments": 3,
        },
    })
}

/// Opens the link of some terms in a browser that is logged in as somebody.
pub(crate) async fn read(browser: &Browser<'_>, biz: &Value, who: &str) -> Page {
    let page = browser.open(&link(SIGN, biz)).await;
    if page.has("input[name=pay_password]") {
        return page;
    }
    browser.log_in(&page, who).await
}

/// Signs and returns Alipay's number.
pub(crate) async fn sign(bench: &Bench, biz: &Value) -> String {
    let browser = Browser::new(bench, "zh");
    let page = read(&browser, biz, "buyer@sandbox.com").await;
    let page = browser
        .submit(&page, "/agree", &[("pay_password", "111111")])
        .await;
    let back = page.refresh.expect("the way back");
    let back = url::Url::parse(back.split_once("url=").map_or(&*back, |(_, url)| url)).unwrap();
    let number = back.query_pairs().find(|(name, _)| name == "agreement_no");
    number.expect("a number").1.into_owned()
}

async fn by_number(bench: &Bench, number: &str) -> Value {
    let wanted = json!({
        "external_agreement_no": number, "personal_product_code": "CYCLE_PAY_AUTH_P",
        "sign_scene": "INDUSTRY|DIGITAL_MEDIA",
    });
    bench.node(QUERY, &wanted).await
}

fn told(bench: &Bench, notify_type: &str) -> Vec<Params> {
    let mut forms = bench.merchant.forms();
    forms.retain(|form| form.get("notify_type") == Some(notify_type));
    forms
}

fn is_alipays(form: &Params) {
    let text = sign::notice_text(form);
    let key = keys().alipay[0].public_key();
    let signature = form.get("sign").unwrap();
    sign::verify(key, SignType::Rsa2, text.as_bytes(), signature).unwrap();
}

fn with(mut biz: Value, name: &str, value: Value) -> Value {
    match name.split_once('.') {
        Some((outer, inner)) => biz[outer][inner] = value,
        None => biz[name] = value,
    }
    biz
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_link_is_read_and_signed_and_the_shop_hears_of_it(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        let page = read(&browser, &terms("A1"), "buyer@sandbox.com").await;
        for words in ["once a month", "2026-09-01", "¥15.00", "¥40.00", "13888888888", "Until you end it"] {
            page.says(words);
        }
        let waiting = by_number(&bench, "A1").await;
        assert_eq!((code(&waiting), &waiting["status"]), ("10000", &json!("TEMP")), "{waiting}");
        assert!(waiting.get("principal_id").is_none());
        let wrong = browser.submit(&page, "/agree", &[("pay_password", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(by_number(&bench, "A1").await["status"], "TEMP");
        let page = browser.submit(&wrong, "/agree", &[("pay_password", "111111")]).await;
        let back = page.refresh.clone().expect("the way back");
        assert!(back.contains(RETURN) && back.contains("sign="), "{back}");

        let there = by_number(&bench, "A1").await;
        for (name, value) in [
            ("status", "NORMAL"), ("external_agreement_no", "A1"), ("sign_scene", "INDUSTRY|DIGITAL_MEDIA"),
            ("personal_product_code", "CYCLE_PAY_AUTH_P"), ("alipay_logon_id", "buy***@sandbox.com"),
            ("sign_time", "2026-08-21 09:30:00"), ("invalid_time", "2115-02-01 00:00:00"),
            ("next_deduct_time", "2026-09-01"), ("single_quota", "15.00"),
        ] {
            assert_eq!(there[name], value, "{name}: {there}");
        }
        let number = there["agreement_no"].as_str().unwrap();
        assert_eq!(number.len(), 20);
        assert_eq!(there["execution_plans"][1], json!({
            "single_amount": "15.00", "period_id": "20261001",
            "execute_time": "2026-10-01", "latest_execute_time": "2026-10-31",
        }));
        assert_eq!(bench.node(QUERY, &json!({"agreement_no": number})).await, there);

        bench.schedule.settle().await.unwrap();
        let forms = told(&bench, "dut_user_sign");
        assert_eq!(forms.len(), 1);
        is_alipays(&forms[0]);
        for (name, value) in [
            ("agreement_no", number), ("external_agreement_no", "A1"), ("status", "NORMAL"),
            ("sign_time", "2026-08-21 09:30:00"), ("app_id", &bench.apps[0].app_id),
            ("alipay_user_id", there["principal_id"].as_str().unwrap()),
        ] {
            assert_eq!(forms[0].get(name), Some(value), "{name}");
        }
        let notice = bench.look("notices?out_trade_no=A1").await["notices"][0].clone();
        assert_eq!((&notice["about"], &notice["notify_type"]), (&json!("agreement"), &json!("dut_user_sign")));
        // Whoever opens the page again sees that it is done, and the way back.
        let again = browser.open(page.path.trim_end_matches("/agree")).await;
        assert_eq!(again.title(), "The agreement is signed");
        bench.assert_balanced().await;
    }

    async fn a_refused_page_signs_nothing_and_frees_its_number(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let page = read(&browser, &terms("A1"), "buyer@sandbox.com").await;
        let end = browser.submit(&page, "/refuse", &[]).await;
        assert_eq!(end.title(), "已取消");
        assert_eq!(code(&by_number(&bench, "A1").await), "USER_AGREEMENT_NOT_EXIST");
        let late = browser.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        assert_eq!(late.title(), "签约已关闭");
        assert_eq!(bench.merchant.count(), 0);
        sign(&bench, &terms("A1")).await;
        assert_eq!(by_number(&bench, "A1").await["status"], "NORMAL");
    }

    async fn a_merchants_number_is_signed_once(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let first = browser.open(&link(SIGN, &terms("A1"))).await;
        let second = browser.open(&link(SIGN, &terms("A1"))).await;
        assert_eq!(first.path, second.path, "the same page goes on");
        let other = with(terms("A1"), "period_rule_params.single_amount", json!("16.00"));
        let reply = bench.get(&link(SIGN, &other)).await;
        assert!(reply.explain().contains("period_rule_params"), "{}", reply.explain());
        let number = sign(&bench, &terms("A1")).await;
        for _ in 0..2 {
            let reply = bench.get(&link(SIGN, &terms("A1"))).await;
            assert!(reply.header("location").is_none());
            assert!(reply.explain().contains("external_agreement_no"), "{}", reply.explain());
            // Also when it is over.
            bench.node(UNSIGN, &json!({"agreement_no": number})).await;
        }
        // The same number of another application is another agreement.
        let mall = signed(1, SIGN, &terms("A1").to_string(), &[]);
        let query = alipay::form::encode(&mall, alipay::Charset::Utf8).unwrap();
        let reply = bench.get(&format!("/gateway.do?{query}")).await;
        assert!(reply.header("location").unwrap().starts_with("/consent/agreement/"));
    }

    async fn without_a_number_somebody_signs_once_for_a_scene(db: Db) {
        let bench = Bench::new(db).await;
        let mut biz = terms("x");
        biz.as_object_mut().unwrap().remove("external_agreement_no");
        sign(&bench, &biz).await;
        let browser = Browser::new(&bench, "zh");
        let page = read(&browser, &biz, "buyer@sandbox.com").await;
        let page = browser.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        page.says("您已经签过同样的协议");
        let wanted = json!({
            "alipay_logon_id": "buyer@sandbox.com", "personal_product_code": "CYCLE_PAY_AUTH_P",
            "sign_scene": "INDUSTRY|DIGITAL_MEDIA",
        });
        assert_eq!(bench.node(QUERY, &wanted).await["status"], "NORMAL");
        let poor = with(wanted.clone(), "alipay_logon_id", json!("poor@sandbox.com"));
        assert_eq!(code(&bench.node(QUERY, &poor).await), "USER_AGREEMENT_NOT_EXIST");
        assert_eq!(code(&bench.node(UNSIGN, &wanted).await), "10000");
        assert_eq!(code(&bench.node(QUERY, &wanted).await), "USER_AGREEMENT_NOT_EXIST");
    }

    async fn what_cannot_be_kept_is_refused_before_anybody_reads_it(db: Db) {
        let bench = Bench::new(db).await;
        let plan = |name: &str, value: Value| with(terms("A1"), &format!("period_rule_params.{name}"), value);
        for (biz, named) in [
            (plan("period_type", json!("WEEK")), "period_type"),
            (with(plan("period_type", json!("DAY")), "period_rule_params.period", json!(6)), "period"),
            (plan("period", json!(0)), "period"),
            (plan("period", json!("1.5")), "period"),
            (plan("execute_time", json!("2026-09-29")), "execute_time"),
            (plan("execute_time", json!("2026-08-20")), "execute_time"),
            (plan("execute_time", json!("2026-02-30")), "execute_time"),
            (plan("execute_time", Value::Null), "execute_time"),
            (plan("single_amount", json!("0.00")), "single_amount"),
            (plan("single_amount", json!("1.005")), "single_amount"),
            (plan("total_amount", json!("14.99")), "total_amount"),
            (plan("total_payments", json!(0)), "total_payments"),
            (with(terms("A1"), "period_rule_params", Value::Null), "period_rule_params"),
            (with(terms("A1"), "access_params", json!({"channel": "FAX"})), "channel"),
            (with(terms("A1"), "access_params", Value::Null), "channel"),
            (with(terms("A1"), "sign_scene", json!("INDUSTRY|DEFAULT_SCENE")), "sign_scene"),
            (with(terms("A1"), "sign_scene", json!("DIGITAL_MEDIA")), "sign_scene"),
            (with(terms("A1"), "external_agreement_no", json!("签约")), "external_agreement_no"),
            (with(terms("A1"), "external_agreement_no", json!("1".repeat(33))), "external_agreement_no"),
            (with(terms("A1"), "product_code", json!("FAST_INSTANT_TRADE_PAY")), "product_code"),
            (with(terms("A1"), "personal_product_code", json!("GIFT_P")), "personal_product_code"),
            (with(terms("A1"), "sign_validity_period", json!("1y")), "sign_validity_period"),
            (with(terms("A1"), "effect_time", json!(0)), "effect_time"),
        ] {
            let reply = bench.get(&link(SIGN, &biz)).await;
            assert!(reply.header("location").is_none(), "{named}: {biz}");
            assert!(reply.explain().contains(named), "{named}: {}", reply.explain());
        }
        assert_eq!(code(&by_number(&bench, "A1").await), "USER_AGREEMENT_NOT_EXIST");
        let weekly = with(plan("period_type", json!("DAY")), "period_rule_params.period", json!("7"));
        let reply = bench.get(&link(SIGN, &weekly)).await;
        assert!(reply.header("location").is_some(), "{}", reply.explain());
    }

    async fn a_code_is_signed_on_another_phone(db: Db) {
        let bench = Bench::new(db).await;
        let biz = with(terms("A1"), "access_params", json!({"channel": "QRCODE"}));
        let desk = Browser::new(&bench, "zh");
        let page = desk.open(&link(SIGN, &biz)).await;
        page.says("用手机扫码");
        let address = page.link("在新窗口里当作手机打开").expect("the code's address");
        let phone = Browser::new(&bench, "zh");
        let page = phone.open(&address).await;
        let page = phone.log_in(&page, "buyer@sandbox.com").await;
        assert!(!page.has(".qr"));
        phone.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        assert_eq!(by_number(&bench, "A1").await["status"], "NORMAL");
    }

    async fn an_address_for_the_wallet_is_opened_by_its_scan(db: Db) {
        let bench = Bench::new(db).await;
        let link = link(SIGN, &terms("A1"));
        let query = link.split_once('?').unwrap().1;
        let params: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let address = format!("alipays://platformapi/startapp?appId=60000157&appClearTop=false&startMultApp=YES&sign_params={params}");
        let phone = Browser::new(&bench, "zh");
        let page = phone.open("/wallet").await;
        let page = phone.log_in(&page, "buyer@sandbox.com").await;
        let page = phone.submit(&page, "/wallet/scan", &[("address", &address)]).await;
        assert_eq!(page.title(), "签约代扣协议");
        phone.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        assert_eq!(by_number(&bench, "A1").await["status"], "NORMAL");
    }

    async fn either_side_ends_an_agreement(db: Db) {
        let bench = Bench::new(db).await;
        change(&bench, 0, json!({"notify": {"app_gateway_url": "http://shop.example/gateway"}})).await;
        let number = sign(&bench, &terms("A1")).await;
        // The merchant, to the address of its call.
        let biz = json!({"agreement_no": number}).to_string();
        let node = bench.post(signed(0, UNSIGN, &biz, &[("notify_url", NOTIFY)])).await.signed_node(UNSIGN);
        assert_eq!(node, json!({"code": "10000", "msg": "Success"}));
        assert_eq!(code(&bench.node(UNSIGN, &json!({"agreement_no": number})).await), "USER_AGREEMENT_NOT_EXIST");
        bench.schedule.settle().await.unwrap();
        let forms = told(&bench, "dut_user_unsign");
        assert_eq!((forms.len(), forms[0].get("status")), (1, Some("UNSIGN")));
        assert_eq!(forms[0].get("unsign_time"), Some("2026-08-21 09:30:00"));
        is_alipays(&forms[0]);
        // The signer, in the wallet: only the application's own address hears of it.
        let number = sign(&bench, &terms("A2")).await;
        let wallet = Browser::new(&bench, "zh");
        let page = wallet.open("/wallet").await;
        wallet.log_in(&page, "buyer@sandbox.com").await;
        let page = wallet.open("/wallet/agreements").await;
        page.says("每 1 个月一次");
        let page = wallet.submit(&page, &format!("/{number}/end"), &[]).await;
        page.says("已解约");
        assert!(!page.has("form[action$='/end']"));
        bench.schedule.settle().await.unwrap();
        // Its signing went to the address of the link, its end to the application's own.
        let to_gateway = bench.merchant.came.lock().unwrap().iter()
            .filter(|(_, outgoing)| outgoing.url == "http://shop.example/gateway").count();
        assert_eq!(to_gateway, 1);
        let ended = told(&bench, "dut_user_unsign");
        let form = ended.iter().find(|form| form.get("external_agreement_no") == Some("A2")).unwrap();
        assert_eq!((form.get("agreement_no"), form.get("external_agreement_no")), (Some(&*number), Some("A2")));
        // Nobody ends another's.
        let number = sign(&bench, &terms("A3")).await;
        let poor = Browser::new(&bench, "zh");
        let page = poor.open("/wallet").await;
        poor.log_in(&page, "poor@sandbox.com").await;
        let page = poor.open("/wallet/agreements").await;
        page.says("还没有签过协议");
        let page = poor.open("/wallet").await;
        let (_, body) = page.form("/wallet/logout", &[]);
        let reply = poor.post(&format!("/wallet/agreements/{number}/end"), body).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(by_number(&bench, "A3").await["status"], "NORMAL");
    }

    async fn a_page_gives_up_and_a_time_is_over_and_nobody_is_told(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let short = with(terms("A1"), "effect_time", json!("600"));
        let page = read(&browser, &short, "buyer@sandbox.com").await;
        bench.schedule.advance_to(start().plus_ms(10 * MINUTE_MS)).await.unwrap();
        assert_eq!(code(&by_number(&bench, "A1").await), "USER_AGREEMENT_NOT_EXIST");
        let late = browser.submit(&page, "/agree", &[("pay_password", "111111")]).await;
        assert_eq!(late.title(), "签约已关闭");
        let number = sign(&bench, &with(terms("A2"), "sign_validity_period", json!("2m"))).await;
        bench.schedule.settle().await.unwrap();
        let there = bench.node(QUERY, &json!({"agreement_no": number})).await;
        assert_eq!(there["invalid_time"], "2026-10-21 09:40:00");
        let came = bench.merchant.count();
        bench.schedule.advance_to(start().plus_ms(62 * DAY_MS)).await.unwrap();
        assert_eq!(code(&bench.node(QUERY, &json!({"agreement_no": number})).await), "USER_AGREEMENT_NOT_EXIST");
        assert_eq!(code(&bench.node(UNSIGN, &json!({"agreement_no": number})).await), "USER_AGREEMENT_NOT_EXIST");
        assert_eq!(bench.merchant.count(), came);
    }

    async fn the_next_day_is_put_off_never_brought_forward(db: Db) {
        let bench = Bench::new(db).await;
        let number = sign(&bench, &terms("A1")).await;
        let to = |day: &str| json!({"agreement_no": number, "deduct_time": day, "memo": "已购买季卡"});
        for (biz, wanted) in [
            (to("2026-08-31"), "ILLEGAL_EXECUTION_TIME"),
            (to("2026-12-29"), "ILLEGAL_EXECUTION_TIME"),
            (to("tomorrow"), "INVALID_PARAMETER"),
            (with(to("2026-12-01"), "memo", json!("")), "INVALID_PARAMETER"),
            (with(to("2026-12-01"), "agreement_no", json!("1")), "ILLEGAL_AGREEMENT"),
        ] {
            assert_eq!(code(&bench.node(MODIFY, &biz).await), wanted, "{biz}");
        }
        let moved = bench.node(MODIFY, &to("2026-12-05")).await;
        assert_eq!((code(&moved), &moved["deduct_time"]), ("10000", &json!("2026-12-05")));
        let there = by_number(&bench, "A1").await;
        assert_eq!(there["next_deduct_time"], "2026-12-05");
        assert_eq!(there["execution_plans"][1]["execute_time"], "2027-01-05");
        let other = signed(1, MODIFY, &to("2026-12-06").to_string(), &[]);
        assert!(bench.post(other).await.text().contains("ILLEGAL_AGREEMENT"));
        bench.node(UNSIGN, &json!({"agreement_no": number})).await;
        assert_eq!(code(&bench.node(MODIFY, &to("2026-12-06")).await), "ILLEGAL_AGREEMENT");
    }

    async fn a_question_about_nothing_says_what_is_missing(db: Db) {
        let bench = Bench::new(db).await;
        let number = sign(&bench, &terms("A1")).await;
        for (biz, wanted) in [
            (json!({}), "INVALID_PARAMETER"),
            (json!({"external_agreement_no": "A1"}), "INVALID_PARAMETER"),
            (json!({"external_agreement_no": "A1", "personal_product_code": "GIFT_P"}), "PRODUCT_CODE_NOT_SUPPORTED_ERROR"),
            (json!({"alipay_user_id": "2088000000000000", "personal_product_code": "CYCLE_PAY_AUTH_P"}), "USER_NOT_EXIST_ERROR"),
            (json!({"external_agreement_no": "A1", "personal_product_code": "CYCLE_PAY_AUTH_P", "sign_scene": "INDUSTRY|CARRENTAL"}), "USER_AGREEMENT_NOT_EXIST"),
            (json!({"agreement_no": "20260821000000000000"}), "USER_AGREEMENT_NOT_EXIST"),
        ] {
            assert_eq!(code(&bench.node(QUERY, &biz).await), wanted, "{biz}");
        }
        let other = signed(1, QUERY, &json!({"agreement_no": number}).to_string(), &[]);
        assert!(bench.post(other).await.text().contains("AUTHOREE_IS_NOT_MATCH"));
    }

    async fn the_third_version_asks_and_ends_too(db: Db) {
        let bench = Bench::new(db).await;
        let number = sign(&bench, &terms("A1")).await;
        let path = format!("/v3/alipay/user/agreement/query?agreement_no={number}");
        let reply = Rest::new("GET", &path, "", "n1").send(&bench).await;
        let there = reply.json();
        assert_eq!((&there["status"], &there["next_deduct_time"]), (&json!("NORMAL"), &json!("2026-09-01")), "{there}");
        let path = "/v3/alipay/user/agreement/executionplan/modify";
        let body = json!({"agreement_no": number, "deduct_time": "2026-10-01", "memo": "m"}).to_string();
        let reply = Rest::new("POST", path, &body, "n2").send(&bench).await;
        assert_eq!(reply.json(), json!({"agreement_no": number, "deduct_time": "2026-10-01"}));
        let body = json!({"agreement_no": number, "notify_url": NOTIFY}).to_string();
        let path = "/v3/alipay/user/agreement/unsign";
        let reply = Rest::new("POST", path, &body, "n3").send(&bench).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        let reply = Rest::new("POST", path, &body, "n4").send(&bench).await;
        assert_eq!(refused(&reply), (400, "USER_AGREEMENT_NOT_EXIST".to_owned()));
        bench.schedule.settle().await.unwrap();
        assert_eq!(told(&bench, "dut_user_unsign").len(), 1);
    }
}
