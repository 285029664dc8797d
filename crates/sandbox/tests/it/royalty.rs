//! Shares of a trade: receivers, settlements at once and later, refunds that take shares back.

use crate::rest::Rest;
use crate::support::{Bench, code, keys, signed};
use crate::through::change;
use kernel::time::SECOND_MS;
use serde_json::{Value, json};
use store::Db;

const BIND: &str = "alipay.trade.royalty.relation.bind";
const UNBIND: &str = "alipay.trade.royalty.relation.unbind";
const LIST: &str = "alipay.trade.royalty.relation.batchquery";
const SETTLE: &str = "alipay.trade.order.settle";
const ASK: &str = "alipay.trade.order.settle.query";
const REFUND: &str = "alipay.trade.refund";

impl Bench {
    async fn user_id(&self, logon_id: &str) -> String {
        let account = self.look(&format!("accounts/{logon_id}")).await;
        account["user_id"].as_str().unwrap().to_owned()
    }

    async fn holds(&self, logon_id: &str) -> String {
        let account = self.look(&format!("accounts/{logon_id}")).await;
        account["balance"].as_str().unwrap().to_owned()
    }

    /// A trade of 100.00 with the poor buyer bound: their number and the trade's.
    async fn to_share(&self, number: &str) -> (String, String) {
        let user_id = self.user_id("poor@sandbox.com").await;
        let bound = self.node(BIND, &receivers("userId", &user_id)).await;
        assert_eq!(bound["result_code"], "SUCCESS", "{bound}");
        let paid = self.paid(number, "100.00").await;
        (user_id, paid["trade_no"].as_str().unwrap().to_owned())
    }
}

fn receivers(kind: &str, account: &str) -> Value {
    json!({"out_request_no": "b1", "receiver_list": [{"type": kind, "account": account, "memo": "分销"}]})
}

fn shares(trade_no: &str, number: &str, user_id: &str, amounts: &[&str]) -> Value {
    let share = |amount: &&str| {
        json!({
            "royalty_type": "transfer", "trans_in": user_id, "trans_in_type": "userId",
            "amount": amount, "desc": "佣金",
        })
    };
    json!({
        "out_request_no": number, "trade_no": trade_no,
        "royalty_parameters": amounts.iter().map(share).collect::<Vec<_>>(),
    })
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn receivers_are_bound_listed_and_let_go(db: Db) {
        let bench = Bench::new(db).await;
        let user_id = bench.user_id("poor@sandbox.com").await;
        let mut named = receivers("loginName", "poor@sandbox.com");
        assert_eq!(code(&bench.node(BIND, &named).await), "INVALID_PARAMETER");
        named["receiver_list"][0]["name"] = "别人".into();
        assert_eq!(code(&bench.node(BIND, &named).await), "USERNAME_NOT_MATCH");
        named["receiver_list"][0]["name"] = "沙箱环境".into();
        assert_eq!(bench.node(BIND, &named).await["result_code"], "SUCCESS");
        // The same account under another name is the same receiver.
        assert_eq!(bench.node(BIND, &receivers("userId", &user_id)).await["result_code"], "SUCCESS");
        let list = bench.node(LIST, &json!({"out_request_no": "l1"})).await;
        assert_eq!(list["total_record_num"], "1");
        assert_eq!(list["receiver_list"][0]["login_name"], "poor@sandbox.com");
        let other = bench.post(signed(1, LIST, &json!({"out_request_no": "l1"}).to_string(), &[])).await;
        assert!(other.text().contains("\"total_record_num\":\"0\""), "{}", other.text());
        for (biz, wanted) in [
            (receivers("userId", "2088000000000000"), "USER_NOT_EXIST"),
            (receivers("cardAliasNo", "1"), "INVALID_RECEIVER_TYPE"),
            (json!({"out_request_no": "b", "receiver_list": []}), "RECEIVER_LIST_EMPTY"),
            (json!({"out_request_no": "b", "receiver_list": vec![json!({}); 21]}), "RECEIVER_LIST_OVERLOAD"),
            (json!({"receiver_list": [{}]}), "INVALID_PARAMETER"),
            (json!({"out_request_no": "b", "receiver_list": "x"}), "INVALID_PARAMETER"),
        ] {
            assert_eq!(code(&bench.node(BIND, &biz).await), wanted, "{biz}");
        }
        assert_eq!(bench.node(UNBIND, &receivers("userId", &user_id)).await["result_code"], "SUCCESS");
        let list = bench.node(LIST, &json!({"out_request_no": "l1"})).await;
        assert_eq!((&list["total_record_num"], &list["total_page_num"]), (&json!("0"), &json!("0")));
    }

    async fn a_settlement_moves_money_once(db: Db) {
        let bench = Bench::new(db).await;
        let (user_id, trade_no) = bench.to_share("R1").await;
        let biz = shares(&trade_no, "s1", &user_id, &["30.00", "10.00"]);
        let first = bench.node(SETTLE, &biz).await;
        assert_eq!(code(&first), "10000", "{first}");
        assert_eq!(first["trade_no"], trade_no.as_str());
        assert_eq!(bench.holds("poor@sandbox.com").await, "41.00");
        let again = bench.node(SETTLE, &biz).await;
        assert_eq!(again["settle_no"], first["settle_no"]);
        assert_eq!(bench.holds("poor@sandbox.com").await, "41.00");
        for (biz, wanted) in [
            (shares(&trade_no, "s1", &user_id, &["30.00"]), "ACQ.DISCORDANT_REPEAT_REQUEST"),
            (shares(&trade_no, "s2", &user_id, &["60.01"]), "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR"),
            (shares(&trade_no, "s3", "2088000000000000", &["1.00"]), "ACQ.ROYALTY_RECEIVER_INVALID"),
            (shares("2026082122001000000000000000", "s4", &user_id, &["1.00"]), "ACQ.TRADE_NOT_EXIST"),
            (shares(&trade_no, "s5", &user_id, &["0"]), "ACQ.INVALID_PARAMETER"),
            (shares(&trade_no, "s6", &user_id, &[]), "ACQ.INVALID_PARAMETER"),
        ] {
            assert_eq!(code(&bench.node(SETTLE, &biz).await), wanted, "{biz}");
        }
        let asked = bench.node(ASK, &json!({"settle_no": first["settle_no"]})).await;
        let by_request = json!({"out_request_no": "s1", "trade_no": trade_no});
        assert_eq!(bench.node(ASK, &by_request).await, asked);
        let details = asked["royalty_detail_list"].as_array().unwrap();
        assert_eq!(details.len(), 2);
        for (detail, amount) in details.iter().zip(["30.00", "10.00"]) {
            assert_eq!((&detail["state"], &detail["amount"]), (&json!("SUCCESS"), &json!(amount)));
            assert_eq!(detail["trans_in"], user_id.as_str());
            assert_eq!(detail["operation_type"], "transfer");
        }
        let foreign = json!({"settle_no": first["settle_no"]}).to_string();
        let other = bench.post(signed(1, ASK, &foreign, &[])).await;
        assert!(other.text().contains("MERCHANT_TRADE_NOT_MATCH"), "{}", other.text());
        let mut last = shares(&trade_no, "s7", &user_id, &["1.00"]);
        last["extend_params"] = json!({"royalty_finish": "true"});
        assert_eq!(code(&bench.node(SETTLE, &last).await), "10000");
        let late = bench.node(SETTLE, &shares(&trade_no, "s8", &user_id, &["1.00"])).await;
        assert_eq!(code(&late), "ACQ.ALREADY_FINISH_ALLOC");
        bench.assert_balanced().await;
    }

    async fn a_merchant_learns_how_much_may_be_shared(db: Db) {
        let bench = Bench::new(db).await;
        let rate = "alipay.trade.royalty.rate.query";
        let node = bench.node(rate, &json!({"out_request_no": "q_1"})).await;
        assert_eq!((&node["user_id"], &node["max_ratio"]), (&json!("2088721000000001"), &json!("100")), "{node}");
        let path = "/v3/alipay/trade/royalty/rate/query?out_request_no=q_1";
        let reply = Rest::new("GET", path, "", "n1").send(&bench).await;
        assert_eq!(reply.json(), json!({"user_id": "2088721000000001", "max_ratio": "100"}));
        for biz in [json!({}), json!({"out_request_no": "q-1"}), json!({"out_request_no": "9".repeat(33)})] {
            assert_eq!(code(&bench.node(rate, &biz).await), "INVALID_PARAMETER", "{biz}");
        }
        // So much it is: a share of the whole goes.
        let (user_id, trade_no) = bench.to_share("R7").await;
        assert_eq!(code(&bench.node(SETTLE, &shares(&trade_no, "s1", &user_id, &["100.00"])).await), "10000");
        bench.assert_balanced().await;
    }

    async fn a_share_may_be_a_percentage_of_the_trade(db: Db) {
        let bench = Bench::new(db).await;
        let (user_id, trade_no) = bench.to_share("R9").await;
        let percent = |trade_no: &str, number: &str, percent: Value| {
            let mut biz = shares(trade_no, number, &user_id, &["1.00"]);
            let share = biz["royalty_parameters"][0].as_object_mut().unwrap();
            share.remove("amount");
            share.insert("amount_percentage".to_owned(), percent);
            biz
        };
        for (number, part, wanted) in [("p0", json!("0"), "ACQ.INVALID_PARAMETER"), ("p1", json!(101), "ACQ.INVALID_PARAMETER"),
            ("p2", json!("30"), "10000"), ("p2", json!("31"), "ACQ.DISCORDANT_REPEAT_REQUEST"), ("p3", json!(71), "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR")]
        {
            let node = bench.node(SETTLE, &percent(&trade_no, number, part)).await;
            assert_eq!(code(&node), wanted, "{number} {node}");
        }
        assert_eq!(bench.holds("poor@sandbox.com").await, "31.00");
        // An amount beside it wins.
        let mut both = percent(&trade_no, "p4", json!("50"));
        both["royalty_parameters"][0]["amount"] = "2.00".into();
        assert_eq!(code(&bench.node(SETTLE, &both).await), "10000");
        assert_eq!(bench.holds("poor@sandbox.com").await, "33.00");
        let small = bench.paid("R10", "0.99").await;
        let small = small["trade_no"].as_str().unwrap();
        assert_eq!(code(&bench.node(SETTLE, &percent(small, "p5", json!(1))).await), "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR");
        // What is less than a fen stays with the seller.
        assert_eq!(code(&bench.node(SETTLE, &percent(small, "p6", json!(50))).await), "10000");
        assert_eq!(bench.holds("poor@sandbox.com").await, "33.49");
        bench.assert_balanced().await;
    }

    async fn an_unpaid_or_refunded_trade_is_not_shared_out(db: Db) {
        let bench = Bench::new(db).await;
        let (user_id, trade_no) = bench.to_share("R2").await;
        let refund = json!({"out_trade_no": "R2", "refund_amount": "100.00"});
        assert_eq!(code(&bench.node(REFUND, &refund).await), "10000");
        let node = bench.node(SETTLE, &shares(&trade_no, "s", &user_id, &["1.00"])).await;
        assert_eq!(code(&node), "ACQ.ILLEGAL_SETTLE_STATE");
        bench.assert_balanced().await;
    }

    async fn an_asynchronous_settlement_moves_its_money_later(db: Db) {
        let bench = Bench::new(db).await;
        let (user_id, trade_no) = bench.to_share("R3").await;
        let mut biz = shares(&trade_no, "s1", &user_id, &["30.00"]);
        biz["royalty_mode"] = "async".into();
        assert_eq!(code(&bench.node(SETTLE, &biz).await), "10000");
        let ask = json!({"out_request_no": "s1", "trade_no": trade_no});
        assert_eq!(bench.node(ASK, &ask).await["royalty_detail_list"][0]["state"], "PROCESSING");
        assert_eq!(bench.holds("poor@sandbox.com").await, "1.00");
        bench.assert_balanced().await;
        let due = bench.sandbox.context().now().plus_ms(5 * SECOND_MS);
        bench.schedule.advance_to(due).await.unwrap();
        assert_eq!(bench.node(ASK, &ask).await["royalty_detail_list"][0]["state"], "SUCCESS");
        assert_eq!(bench.holds("poor@sandbox.com").await, "31.00");
        bench.assert_balanced().await;
    }

    async fn what_became_of_a_later_settlement_is_told_to_the_application(db: Db) {
        let bench = Bench::new(db).await;
        let (user_id, trade_no) = bench.to_share("R6").await;
        let settle = |number: &str, amount: &str| {
            let mut biz = shares(&trade_no, number, &user_id, &[amount]);
            biz["royalty_mode"] = "async".into();
            biz
        };
        // An application without an address of its own hears nothing.
        assert_eq!(code(&bench.node(SETTLE, &settle("s1", "10.00")).await), "10000");
        let later = |seconds: i64| bench.sandbox.context().now().plus_ms(seconds * SECOND_MS);
        bench.schedule.advance_to(later(5)).await.unwrap();
        change(&bench, 0, json!({"notify": {"app_gateway_url": "http://shop.example/gateway"}})).await;
        // Nor does anybody of what moved at once.
        assert_eq!(code(&bench.node(SETTLE, &shares(&trade_no, "s2", &user_id, &["10.00"])).await), "10000");
        bench.schedule.settle().await.unwrap();
        bench.merchant.came.lock().unwrap().clear();
        let first = bench.node(SETTLE, &settle("s3", "30.00")).await;
        // What the seller no longer has by then is not shared.
        let paid_out = json!({"out_biz_no": "T1", "trans_amount": "40.00", "product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER", "order_title": "提现", "payee_info": {"identity": user_id, "identity_type": "ALIPAY_USER_ID"}});
        assert_eq!(code(&bench.node(SETTLE, &settle("s4", "50.00")).await), "10000");
        assert_eq!(code(&bench.node("alipay.fund.trans.uni.transfer", &paid_out).await), "10000");
        bench.schedule.advance_to(later(5)).await.unwrap();
        let mut forms = bench.merchant.forms();
        forms.retain(|form| form.get("msg_method") == Some("alipay.trade.order.settle.notify"));
        assert_eq!(forms.len(), 2);
        let told: Vec<Value> = forms.iter().map(|form| serde_json::from_str(form.get("biz_content").unwrap()).unwrap()).collect();
        let ask = bench.node(ASK, &json!({"settle_no": first["settle_no"]})).await;
        let of = |number: &str| told.iter().find(|told| told["out_request_no"] == number).unwrap();
        assert_eq!((&of("s3")["settle_no"], &of("s3")["trade_no"]), (&first["settle_no"], &json!(trade_no)));
        assert_eq!(of("s3")["royalty_detail_list"], ask["royalty_detail_list"]);
        assert_eq!(of("s3")["royalty_detail_list"][0]["state"], "SUCCESS");
        let failed = &of("s4")["royalty_detail_list"][0];
        assert_eq!((&failed["state"], &failed["error_code"]), (&json!("FAIL"), &json!("TXN_RESULT_ACCOUNT_BALANCE_NOT_ENOUGH")));
        let text = alipay::sign::notice_text(&forms[0]);
        let signature = forms[0].get("sign").unwrap();
        alipay::sign::verify(keys().alipay[0].public_key(), alipay::sign::SignType::Rsa2, text.as_bytes(), signature).unwrap();
        let notice = bench.look("notices?out_trade_no=s3").await["notices"][0].clone();
        assert_eq!((&notice["about"], &notice["status"], &notice["trade_status"]), (&json!("settlement"), &json!("SUCCESS"), &Value::Null));
        bench.assert_balanced().await;
    }

    async fn a_refund_takes_shares_back_or_moves_nothing(db: Db) {
        let bench = Bench::new(db).await;
        let (user_id, trade_no) = bench.to_share("R4").await;
        let node = bench.node(SETTLE, &shares(&trade_no, "s1", &user_id, &["60.00"])).await;
        assert_eq!(code(&node), "10000", "{node}");
        // The seller holds 40.00 only.
        let mut refund = json!({"out_trade_no": "R4", "refund_amount": "100.00", "out_request_no": "r1"});
        assert_eq!(code(&bench.node(REFUND, &refund).await), "ACQ.SELLER_BALANCE_NOT_ENOUGH");
        let back = |amount: &str| json!([{"royalty_type": "transfer", "trans_out": user_id, "amount": amount}]);
        refund["refund_royalty_parameters"] = back("60.01");
        assert_eq!(code(&bench.node(REFUND, &refund).await), "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR");
        refund["refund_royalty_parameters"] = back("59.99");
        assert_eq!(code(&bench.node(REFUND, &refund).await), "ACQ.SELLER_BALANCE_NOT_ENOUGH");
        assert_eq!(bench.holds("poor@sandbox.com").await, "61.00");
        bench.assert_balanced().await;
        refund["refund_royalty_parameters"] = back("60.00");
        let node = bench.node(REFUND, &refund).await;
        assert_eq!((code(&node), &node["fund_change"]), ("10000", &json!("Y")));
        assert_eq!(bench.holds("poor@sandbox.com").await, "1.00");
        assert_eq!(bench.holds("buyer@sandbox.com").await, "100000.00");
        bench.assert_balanced().await;
    }

    async fn a_refund_can_be_applied_for_and_an_order_reported(db: Db) {
        let bench = Bench::new(db).await;
        let paid = bench.paid("R5", "10.00").await;
        let mut biz = json!({"out_trade_no": "R5", "refund_amount": "4.00"});
        assert_eq!(code(&bench.node("alipay.trade.refund.apply", &biz).await), "ACQ.INVALID_PARAMETER");
        biz["out_request_no"] = "r1".into();
        for _ in 0..2 {
            let node = bench.node("alipay.trade.refund.apply", &biz).await;
            assert_eq!((&node["refund_status"], &node["refund_amount"]), (&json!("REFUND_SUCCESS"), &json!("4.00")));
        }
        let mut report = json!({
            "trade_no": paid["trade_no"], "out_request_no": "o1", "biz_type": "CREDIT_AUTH",
            "order_biz_info": "{\"status\":\"COMPLETE\"}",
        });
        for _ in 0..2 {
            let node = bench.node("alipay.trade.orderinfo.sync", &report).await;
            assert_eq!((code(&node), &node["out_trade_no"]), ("10000", &json!("R5")));
        }
        report["order_biz_info"] = "{\"status\":\"x\"}".into();
        assert_eq!(code(&bench.node("alipay.trade.orderinfo.sync", &report).await), "ACQ.NOTIFY_STATUS_INVALID");
        report["trade_no"] = "2026082122001000000000000000".into();
        report["order_biz_info"] = Value::Null;
        assert_eq!(code(&bench.node("alipay.trade.orderinfo.sync", &report).await), "ACQ.TRADE_NOT_EXIST");
        bench.assert_balanced().await;
    }
}
