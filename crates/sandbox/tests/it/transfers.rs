//! Money that applications send: to accounts, to cards, as red packets, once for each number.

use crate::browser::Browser;
use crate::support::{Bench, code, keys, signed, start};
use alipay::sign::{self, SignType};
use futures::future::join_all;
use http::{Request, StatusCode, header};
use kernel::time::{DAY_MS, HOUR_MS};
use sandbox::Profile;
use serde_json::{Value, json};
use store::Db;

const LOG: &str = "alipay.data.bill.accountlog.query";
const SEND: &str = "alipay.fund.trans.uni.transfer";
const ASK: &str = "alipay.fund.trans.common.query";
const HOLDS: &str = "alipay.fund.account.query";
const GATEWAY: &str = "http://shop.example/gateway";

async fn buyer(bench: &Bench) -> String {
    let account = bench.look("accounts/buyer@sandbox.com").await;
    account["user_id"].as_str().unwrap().to_owned()
}

fn to_user(number: &str, amount: &str, user_id: &str) -> Value {
    json!({
        "out_biz_no": number, "trans_amount": amount, "product_code": "TRANS_ACCOUNT_NO_PWD",
        "biz_scene": "DIRECT_TRANSFER", "order_title": "佣金",
        "payee_info": {"identity": user_id, "identity_type": "ALIPAY_USER_ID"},
    })
}

fn to_logon(number: &str, logon_id: &str, name: &str) -> Value {
    json!({
        "out_biz_no": number, "trans_amount": "1.00", "product_code": "TRANS_ACCOUNT_NO_PWD",
        "payee_info": {"identity": logon_id, "identity_type": "ALIPAY_LOGON_ID", "name": name},
    })
}

fn to_card(number: &str, card: &str) -> Value {
    json!({
        "out_biz_no": number, "trans_amount": "10.00", "product_code": "TRANS_BANKCARD_NO_PWD",
        "order_title": "提现",
        "payee_info": {"identity": card, "identity_type": "BANKCARD_ACCOUNT", "name": "张三"},
    })
}

async fn put(bench: &Bench, path: &str, body: Value) -> StatusCode {
    let request = Request::put(format!("/sandbox/v1/{path}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(axum::body::Body::from(body.to_string()))
        .unwrap();
    bench.send(request).await.status
}

async fn with_gateway(bench: &Bench) {
    let body = json!({"notify": {"app_gateway_url": GATEWAY}});
    let request = Request::patch(format!("/sandbox/v1/apps/{}", bench.apps[0].app_id))
        .header(header::CONTENT_TYPE, "application/json")
        .body(axum::body::Body::from(body.to_string()))
        .unwrap();
    assert_eq!(bench.send(request).await.status, StatusCode::OK);
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn money_is_sent_once_for_a_number(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("P1", "100.00").await;
        let user_id = buyer(&bench).await;
        let wish = to_user("T1", "8.88", &user_id);
        let sent = bench.node(SEND, &wish).await;
        assert_eq!(code(&sent), "10000", "{sent}");
        assert_eq!(sent["status"], "SUCCESS");
        assert_eq!(sent["trans_date"], "2026-08-21 09:30:00");
        for name in ["order_id", "pay_fund_order_id"] {
            let number = sent[name].as_str().unwrap();
            assert!(number.len() == 32 && number.starts_with("20260821110070"), "{number}");
        }
        assert_eq!(bench.node(SEND, &wish).await, sent);
        let many = join_all((0..4).map(|_| bench.node(SEND, &wish))).await;
        assert!(many.iter().all(|node| *node == sent));
        for changed in [
            to_user("T1", "8.89", &user_id),
            to_logon("T1", "buyer@sandbox.com", "沙箱环境"),
        ] {
            assert_eq!(code(&bench.node(SEND, &changed).await), "PAYMENT_INFO_INCONSISTENCY");
        }
        let account = bench.look("accounts/buyer@sandbox.com").await;
        assert_eq!(account["balance"], "99908.88");
        bench.assert_balanced().await;
        let asked = bench.node(ASK, &json!({
            "out_biz_no": "T1", "product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER",
        })).await;
        assert_eq!((&asked["status"], &asked["trans_amount"]), (&json!("SUCCESS"), &json!("8.88")));
        assert_eq!(asked["receiver_user_id"], user_id);
        assert_eq!(bench.node(ASK, &json!({"order_id": sent["order_id"]})).await, asked);
        assert_eq!(bench.node(ASK, &json!({"pay_fund_order_id": sent["pay_fund_order_id"]})).await, asked);
        let other = signed(1, ASK, &json!({"order_id": sent["order_id"]}).to_string(), &[]);
        let (raw, _) = bench.post(other).await.cut(ASK);
        assert!(raw.contains("NO_ORDER_PERMISSION"), "{raw}");
        for (biz, wanted) in [
            (json!({"out_biz_no": "T2", "product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER"}), "ORDER_NOT_EXIST"),
            (json!({"out_biz_no": "T1", "product_code": "STD_RED_PACKET", "biz_scene": "DIRECT_TRANSFER"}), "ORDER_NOT_EXIST"),
            (json!({"out_biz_no": "T1"}), "INVALID_PARAMETER"),
            (json!({}), "INVALID_PARAMETER"),
        ] {
            assert_eq!(code(&bench.node(ASK, &biz).await), wanted, "{biz}");
        }
    }

    async fn what_does_not_fit_is_refused_and_nothing_moves(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("P1", "100.00").await;
        let user_id = buyer(&bench).await;
        let own = bench.apps[0].seller_id.clone();
        let mut nameless = to_logon("T1", "buyer@sandbox.com", "");
        nameless["payee_info"].as_object_mut().unwrap().remove("name");
        let mut scene = to_user("T1", "1.00", &user_id);
        scene["biz_scene"] = json!("PERSONAL_COLLECTION");
        for (biz, wanted) in [
            (to_user("T1", "0.09", &user_id), "EXCEED_LIMIT_SM_MIN_AMOUNT"),
            (to_user("T1", "100.01", &user_id), "PAYER_BALANCE_NOT_ENOUGH"),
            (to_user("T1", "50000.00", &user_id), "MEMO_REQUIRED_IN_TRANSFER_ERROR"),
            (to_user("T1", "50000.01", &user_id), "EXCEED_LIMIT_PERSONAL_SM_AMOUNT"),
            (to_user("T1", "100000.01", &bench.apps[1].seller_id), "EXCEED_LIMIT_ENT_SM_AMOUNT"),
            (to_user("T1", "1.00", "2088999999999999"), "PAYEE_NOT_EXIST"),
            (to_user("T1", "1.00", &own), "PAYER_PAYEE_CANNOT_SAME"),
            (to_logon("T1", "nobody@sandbox.com", "沙箱环境"), "PAYEE_NOT_EXIST"),
            (to_logon("T1", "buyer@sandbox.com", "李四"), "PAYEE_USER_INFO_ERROR"),
            (nameless, "INVALID_PARAMETER"),
            (scene, "INVALID_PARAMETER"),
            (to_card("T1", "4111111111111112"), "PAYEE_ACCOUNT_NOT_EXSIT"),
            (to_user("T1", "0.00", &user_id), "INVALID_PARAMETER"),
            (json!({"out_biz_no": "T1"}), "INVALID_PARAMETER"),
        ] {
            let reply = bench.call(SEND, &biz).await;
            assert_eq!(code(&reply.signed_node(SEND)), wanted, "{biz}");
            assert!(!reply.explain().is_empty());
        }
        let node = bench.node(HOLDS, &json!({"account_type": "ACCTRANS_ACCOUNT", "alipay_user_id": own})).await;
        assert_eq!((&node["available_amount"], &node["freeze_amount"]), (&json!("100.00"), &json!("0.00")));
        bench.assert_balanced().await;
    }

    async fn a_day_has_its_limit_and_the_next_one_has_its_own(db: Db) {
        let bench = Bench::new(db).await;
        let rich = json!({"logon_id": "rich@sandbox.com", "login_password": "111111", "pay_password": "111111", "balance": "10000000.00"});
        assert_eq!(bench.control("accounts", rich).await.status, StatusCode::CREATED);
        let url = crate::support::page_link("P1", "2000000.00");
        let paid = bench.control("trades/P1/pay", json!({"url": url, "buyer_logon_id": "rich@sandbox.com"})).await;
        assert_eq!(paid.status, StatusCode::OK);
        let user_id = buyer(&bench).await;
        let large = |number: usize| {
            let mut wish = to_user(&format!("T{number}"), "50000.00", &user_id);
            wish["remark"] = json!("八月佣金");
            wish
        };
        for number in 0..20 {
            assert_eq!(code(&bench.node(SEND, &large(number)).await), "10000");
        }
        assert_eq!(code(&bench.node(SEND, &to_user("T20", "0.10", &user_id)).await), "EXCEED_LIMIT_DM_AMOUNT");
        bench.schedule.advance_to(start().plus_ms(DAY_MS)).await.unwrap();
        assert_eq!(code(&bench.node(SEND, &to_user("T20", "0.10", &user_id)).await), "10000");
        bench.assert_balanced().await;
    }

    async fn a_fen_goes_in_alipays_own_sandbox_and_as_a_red_packet(db: Db) {
        let bench = Bench::with_profile(db, Profile::AlipaySandbox).await;
        bench.paid("P1", "1.00").await;
        let user_id = buyer(&bench).await;
        assert_eq!(bench.node(SEND, &to_user("T1", "0.01", &user_id)).await["status"], "SUCCESS");
        let mut packet = to_user("T2", "0.01", &user_id);
        packet["product_code"] = json!("STD_RED_PACKET");
        packet["business_params"] = json!("{\"sub_biz_scene\":\"REDPACKET\"}");
        assert_eq!(bench.node(SEND, &packet).await["status"], "SUCCESS");
        bench.assert_balanced().await;
    }

    async fn a_card_that_the_sandbox_issued_gets_the_money_itself(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("P1", "100.00").await;
        let path = "accounts/buyer@sandbox.com/cards";
        let mut cards = Vec::new();
        for bound in [true, false] {
            let made = bench.control(path, json!({"balance": "5.00", "bound": bound})).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
            cards.push(made.json()["card_no"].as_str().unwrap().to_owned());
        }
        let owner = bench.look("accounts/buyer@sandbox.com/person").await["real_name"].clone();
        let mut biz = to_card("C1", &cards[0]);
        biz["payee_info"]["name"] = json!("别人");
        assert_eq!(code(&bench.node(SEND, &biz).await), "PAYEE_USER_INFO_ERROR");
        biz["payee_info"]["name"] = owner;
        assert_eq!(bench.node(SEND, &biz).await["status"], "DEALING");
        assert_eq!(bench.node(SEND, &to_card("C2", &cards[1])).await["status"], "DEALING");
        let held = || async { bench.look(path).await["cards"][0]["balance"].clone() };
        assert_eq!(held().await, "5.00");
        bench.assert_balanced().await;
        bench.schedule.advance_to(start().plus_ms(2 * HOUR_MS)).await.unwrap();
        assert_eq!(held().await, "15.00");
        let phone = Browser::new(&bench, "zh");
        let page = phone.open("/wallet").await;
        phone.log_in(&page, "buyer@sandbox.com").await;
        phone.open("/wallet/cards").await.says("¥15.00");
        bench.assert_balanced().await;
        // Starting over puts the cards back to what they began with.
        assert!(bench.control("reset", json!({})).await.status.is_success());
        assert_eq!(held().await, "5.00");
        bench.assert_balanced().await;
    }

    async fn a_bank_takes_its_time_and_the_application_hears_of_it(db: Db) {
        let bench = Bench::new(db).await;
        with_gateway(&bench).await;
        bench.paid("P1", "100.00").await;
        bench.schedule.settle().await.unwrap();
        let before = bench.merchant.count();
        let sent = bench.node(SEND, &to_card("C1", "4111111111111111")).await;
        assert_eq!(sent["status"], "DEALING");
        let own = bench.apps[0].seller_id.clone();
        let node = bench.node(HOLDS, &json!({"account_type": "ACCTRANS_ACCOUNT", "alipay_user_id": own})).await;
        assert_eq!((&node["available_amount"], &node["freeze_amount"]), (&json!("90.00"), &json!("10.00")));
        let asked = bench.node(ASK, &json!({"order_id": sent["order_id"]})).await;
        assert_eq!((&asked["status"], &asked["arrival_time_end"]), (&json!("DEALING"), &json!("2026-08-21 11:30:00")));
        assert_eq!(asked["trans_amount"], json!(null));
        bench.assert_balanced().await;
        assert_eq!(bench.merchant.count(), before);
        bench.schedule.advance_to(start().plus_ms(2 * HOUR_MS)).await.unwrap();
        let asked = bench.node(ASK, &json!({"order_id": sent["order_id"]})).await;
        assert_eq!((&asked["status"], &asked["trans_amount"]), (&json!("SUCCESS"), &json!("10.00")));
        bench.assert_balanced().await;
        assert_eq!(bench.merchant.count(), before + 1);
        let came = bench.merchant.came.lock().unwrap().last().unwrap().1.clone();
        assert_eq!(came.url, GATEWAY);
        let form = bench.merchant.forms().pop().unwrap();
        assert_eq!(form.get("msg_method"), Some("alipay.fund.trans.order.changed"));
        assert_eq!(form.get("version"), Some("1.1"));
        assert_eq!(form.get("utc_timestamp").unwrap().len(), 13);
        assert_eq!(form.get("notify_id").unwrap().len(), 34);
        let content: Value = serde_json::from_str(form.get("biz_content").unwrap()).unwrap();
        assert_eq!((&content["out_biz_no"], &content["status"]), (&json!("C1"), &json!("SUCCESS")));
        assert_eq!(content["action_type"], "FINISH");
        let text = sign::notice_text(&form);
        let key = keys().alipay[0].public_key();
        sign::verify(key, SignType::Rsa2, text.as_bytes(), form.get("sign").unwrap()).unwrap();
        let notice = bench.look("notices?out_trade_no=C1").await["notices"][0].clone();
        assert_eq!((&notice["about"], &notice["trade_status"]), (&json!("transfer"), &json!(null)));
        assert_eq!((&notice["status"], &notice["state"]), (&json!("SUCCESS"), &json!("delivered")));
    }

    async fn an_owner_has_a_name_and_transfers_check_it(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("P1", "100.00").await;
        let person = json!({"real_name": "张三", "nick_name": "三", "gender": "F", "province": "", "city": ""});
        let path = "accounts/buyer@sandbox.com/person";
        assert_eq!(put(&bench, path, person.clone()).await, StatusCode::OK);
        assert_eq!(bench.look(path).await, person);
        assert_eq!(put(&bench, path, json!({"real_name": "", "nick_name": "", "gender": "F", "province": "", "city": ""})).await, StatusCode::BAD_REQUEST);
        assert_eq!(put(&bench, "accounts/no@sandbox.com/person", person).await, StatusCode::NOT_FOUND);
        assert_eq!(code(&bench.node(SEND, &to_logon("T1", "buyer@sandbox.com", "沙箱环境")).await), "PAYEE_USER_INFO_ERROR");
        assert_eq!(code(&bench.node(SEND, &to_logon("T1", "buyer@sandbox.com", "张三")).await), "10000");
        // A company is called by its application.
        let mut company = to_user("T2", "1.00", &bench.apps[1].seller_id);
        company["payee_info"]["name"] = json!("mall");
        assert_eq!(code(&bench.node(SEND, &company).await), "10000");
        // The number is the sender's: whoever got the money does not know it.
        let wanted = json!({"merchant_order_no": "T2"});
        let log = bench.node(LOG, &wanted).await;
        assert_eq!(log["detail_list"].as_array().map(Vec::len), Some(1));
        let theirs = bench.post(signed(1, LOG, &wanted.to_string(), &[])).await.json();
        let node = &theirs["alipay_data_bill_accountlog_query_response"];
        assert_eq!((&node["code"], node["detail_list"].as_array().map_or(0, Vec::len)), (&json!("10000"), 0));
        bench.assert_balanced().await;
    }

    async fn the_old_way_sends_and_is_asked_in_its_own_words(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("P1", "100.00").await;
        let wish = json!({
            "out_biz_no": "O1", "payee_type": "ALIPAY_LOGONID", "payee_account": "buyer@sandbox.com",
            "amount": "12.23", "payee_real_name": "沙箱环境", "remark": "转账备注",
        });
        let sent = bench.node("alipay.fund.trans.toaccount.transfer", &wish).await;
        assert_eq!((code(&sent), &sent["pay_date"]), ("10000", &json!("2026-08-21 09:30:00")));
        let asked = bench.node("alipay.fund.trans.order.query", &json!({"out_biz_no": "O1"})).await;
        assert_eq!((&asked["order_id"], &asked["status"]), (&sent["order_id"], &json!("SUCCESS")));
        let none = bench.node("alipay.fund.trans.order.query", &json!({"out_biz_no": "O2"})).await;
        assert_eq!(code(&none), "ORDER_NOT_EXIST");
        // It is on the bill of the account, under the merchant's number.
        let log = bench.node(LOG, &json!({"merchant_order_no": "O1"})).await;
        let line = &log["detail_list"][0];
        assert_eq!((&line["direction"], &line["trans_amount"]), (&json!("支出"), &json!("12.23")));
        assert_eq!((&line["type"], &line["other_account"]), (&json!("转账"), &json!("buy***@sandbox.com")));
        bench.assert_balanced().await;
    }

    async fn starting_over_lets_go_of_what_a_bank_holds(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("P1", "100.00").await;
        bench.node(SEND, &to_card("C1", "4111111111111111")).await;
        bench.node(SEND, &to_user("T1", "1.00", &buyer(&bench).await)).await;
        assert!(bench.control("reset", json!({})).await.status.is_success());
        bench.assert_balanced().await;
        bench.schedule.advance_to(start().plus_ms(DAY_MS)).await.unwrap();
        bench.assert_balanced().await;
        let own = bench.apps[0].seller_id.clone();
        let node = bench.node(HOLDS, &json!({"account_type": "ACCTRANS_ACCOUNT", "alipay_user_id": own})).await;
        assert_eq!((&node["available_amount"], &node["freeze_amount"]), (&json!("0.00"), &json!("0.00")));
    }
}
