//! Every field that the documents give an order: good, too long, of the wrong type, with a word
//! that no document knows; and fields that no document knows at all.

use crate::field_rows::As::{Bad, Good, Odd};
use crate::field_rows::{goods, order_fields, own_fields};
use crate::support::{Bench, Reply, code, link};
use alipay::Charset;
use http::StatusCode;
use sandbox::Profile;
use serde_json::{Value, json};
use store::Db;

const INVALID: &str = "ACQ.INVALID_PARAMETER";
const GOOD: &str = "10000";

const METHODS: [&str; 4] = [
    "alipay.trade.page.pay",
    "alipay.trade.wap.pay",
    "alipay.trade.precreate",
    "alipay.trade.create",
];

/// What was said: the code, and whether there is a note.
async fn said(bench: &Bench, method: &str, biz: &Value) -> (String, String) {
    if !method.ends_with("e.pay") && !method.ends_with("p.pay") {
        let reply = bench.call(method, biz).await;
        return (code(&reply.signed_node(method)).to_owned(), reply.explain());
    }
    let url = link(method, biz);
    let reply = bench
        .get(url.trim_start_matches("http://127.0.0.1:8609"))
        .await;
    if reply.status == StatusCode::FOUND {
        return (GOOD.to_owned(), reply.explain());
    }
    let page = Charset::Gbk.decode(&reply.body).unwrap().into_owned();
    let found = page.split("<strong id=\"error-code\">").nth(1).unwrap();
    let found = found.split('<').next().unwrap().to_owned();
    (found, reply.explain())
}

fn order(method: &str, number: usize) -> Value {
    let mut biz =
        json!({"out_trade_no": format!("F{number}"), "total_amount": "1.00", "subject": "课程"});
    match method {
        "alipay.trade.page.pay" => biz["product_code"] = "FAST_INSTANT_TRADE_PAY".into(),
        "alipay.trade.wap.pay" => {
            biz["product_code"] = "QUICK_WAP_WAY".into();
            biz["quit_url"] = "http://shop.example/".into();
        }
        "alipay.trade.create" => biz["buyer_logon_id"] = "buyer@sandbox.com".into(),
        _ => {}
    }
    biz
}

async fn walk(bench: &Bench, strict: bool) {
    let mut number = 0;
    for method in METHODS {
        let mut rows = order_fields();
        rows.extend(own_fields(method));
        for (name, value, is) in rows {
            number += 1;
            let mut biz = order(method, number);
            biz[name] = value;
            let (code, explain) = said(bench, method, &biz).await;
            let refused = is == Bad || (strict && is == Odd);
            let wanted = if refused { INVALID } else { GOOD };
            assert_eq!(code, wanted, "{method} {is:?} {biz} {explain}");
            assert_eq!(
                explain.is_empty(),
                is == Good,
                "{method} {is:?} {biz} {explain}"
            );
            assert!(
                is == Good || explain.contains(name),
                "{method} {biz} {explain}"
            );
        }
    }
}

/// The page of a call in the console.
async fn request_page(bench: &Bench, reply: &Reply) -> String {
    let trace_id = reply.header("trace_id").unwrap();
    bench.get(&format!("/requests/{trace_id}")).await.text()
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn every_field_of_an_order_is_looked_at(db: Db) {
        let bench = Bench::new(db).await;
        walk(&bench, false).await;
    }

    async fn strict_applications_send_no_odd_field(db: Db) {
        let bench = Bench::with_profile(db, Profile::Strict).await;
        walk(&bench, true).await;
    }

    async fn fields_of_the_other_methods_are_looked_at(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F1", "1.00").await;
        for (method, biz, wanted, told) in [
            ("alipay.trade.query", json!({"out_trade_no": "F1", "org_pid": "1".repeat(17)}), INVALID, "org_pid"),
            ("alipay.trade.query", json!({"out_trade_no": "F1", "query_options": "all"}), INVALID, "query_options"),
            ("alipay.trade.close", json!({"out_trade_no": "F1", "operator_id": "o".repeat(29)}), INVALID, "operator_id"),
            ("alipay.trade.refund", json!({"out_trade_no": "F1", "refund_amount": "0.50", "out_request_no": "r1", "operator_id": "o".repeat(31)}), INVALID, "operator_id"),
            ("alipay.trade.refund", json!({"out_trade_no": "F1", "refund_amount": "0.50", "out_request_no": "r1", "refund_goods_detail": [{"refund_amount": "x"}]}), INVALID, "refund_goods_detail[0].refund_amount"),
            ("alipay.trade.refund", json!({"out_trade_no": "F1", "refund_amount": "0.50", "out_request_no": "r1", "refund_fee": "0.50"}), GOOD, "refund_fee"),
            ("alipay.trade.refund", json!({"out_trade_no": "F1", "refund_amount": "0.25", "out_request_no": "r2", "refund_goods_detail": [{"goods_id": "g1", "refund_amount": "0.25", "out_certificate_no_list": ["c1"]}]}), GOOD, ""),
            ("alipay.trade.pay", json!({"out_trade_no": "F2", "total_amount": "1.00", "subject": "s", "pay_params": {"async_type": "LATER"}}), INVALID, "pay_params.async_type"),
            ("alipay.trade.pay", json!({"out_trade_no": "F2", "total_amount": "1.00", "subject": "s", "terminal_params": "t".repeat(2_049)}), INVALID, "terminal_params"),
            ("alipay.fund.trans.uni.transfer", json!({"out_biz_no": "t1", "payer_info": 1}), "INVALID_PARAMETER", "payer_info"),
            ("alipay.fund.auth.order.voucher.create", json!({"enable_pay_channels": "PCREDIT_PAY"}), "ILLEGAL_ARGUMENT", "enable_pay_channels"),
            ("alipay.data.bill.accountlog.query", json!({"trans_code": "c".repeat(65)}), "INVALID_PARAMETER", "trans_code"),
        ] {
            let reply = bench.call(method, &biz).await;
            assert_eq!(code(&reply.signed_node(method)), wanted, "{method} {biz} {}", reply.explain());
            assert!(reply.explain().contains(told), "{method} {biz} {}", reply.explain());
        }
    }

    async fn both_parts_of_an_amount_are_all_of_it(db: Db) {
        let bench = Bench::new(db).await;
        for (others, wanted) in [("0.60", GOOD), ("0.50", INVALID)] {
            let biz = json!({"out_trade_no": "P1", "total_amount": "1.00", "subject": "s",
                "discountable_amount": "0.40", "undiscountable_amount": others});
            assert_eq!(code(&bench.node("alipay.trade.precreate", &biz).await), wanted);
        }
        let both = json!({"out_trade_no": "P2", "total_amount": "1.00", "subject": "s",
            "enable_pay_channels": "balance", "disable_pay_channels": "pcredit"});
        assert_eq!(code(&bench.node("alipay.trade.precreate", &both).await), INVALID);
    }

    async fn what_is_to_be_signed_with_a_payment_is_looked_at(db: Db) {
        let bench = Bench::with_profile(db, Profile::Strict).await;
        let method = "alipay.trade.page.pay";
        let sign = |name: &str, value: Value| {
            let mut biz = order(method, 1);
            biz["agreement_sign_params"] = json!({
                "product_code": "CYCLE_PAY_AUTH", "personal_product_code": "CYCLE_PAY_AUTH_P", "sign_scene": "INDUSTRY|DIGITAL_MEDIA",
                "access_params": {"channel": "ALIPAYAPP"}, "sign_notify_url": "http://shop.example/signed",
                "period_rule_params": {"period_type": "MONTH", "period": 1, "execute_time": "2026-09-01", "single_amount": "15.00"},
            });
            biz["agreement_sign_params"][name] = value;
            biz
        };
        for (biz, wanted, told) in [
            (sign("sign_scene", "INDUSTRY|DIGITAL_MEDIA".into()), GOOD, "sign_notify_url"),
            (sign("sign_scene", "s".repeat(65).into()), INVALID, "agreement_sign_params.sign_scene"),
            (sign("access_params", json!({"channel": "PIGEON"})), INVALID, "agreement_sign_params.access_params.channel"),
            (sign("period_rule_params", json!({"period": "often"})), INVALID, "agreement_sign_params.period_rule_params.period"),
            (sign("period_rule_params", json!("monthly")), INVALID, "agreement_sign_params.period_rule_params"),
        ] {
            let (code, explain) = said(&bench, method, &biz).await;
            assert_eq!(code, wanted, "{biz} {explain}");
            assert!(explain.contains(told), "{biz} {explain}");
        }
        assert_eq!(bench.look("agreements").await["agreements"], json!([]));
    }

    async fn unknown_fields_are_named_and_nothing_else(db: Db) {
        let bench = Bench::with_profile(db, Profile::Strict).await;
        let method = "alipay.trade.precreate";
        let mut biz = order(method, 1);
        biz["notify_url"] = "http://shop.example/".into();
        biz["titel"] = "misspelt".into();
        biz["goods_detail"] = goods("colour", "red".into());
        let reply = bench.call(method, &biz).await;
        assert_eq!(code(&reply.signed_node(method)), GOOD, "{}", reply.explain());
        let explain = reply.explain();
        for part in ["titel", "goods_detail[0].colour", "notify_url"] {
            assert!(explain.contains(part), "{part} {explain}");
        }
        let page = request_page(&bench, &reply).await;
        assert!(page.contains("titel") && page.contains("goods_detail[0].colour"), "{page}");
        let zh = reply.header("trace_id").unwrap();
        let zh = bench.get(&format!("/requests/{zh}?lang=zh-CN")).await.text();
        assert!(zh.contains("这个接口的文档里没有这些字段"), "{zh}");
        // A misspelt name is told where something is missing for it, too.
        let missing = json!({"out_tradeno": "F2", "total_amount": "1.00", "subject": "s"});
        let reply = bench.call(method, &missing).await;
        assert_eq!(code(&reply.signed_node(method)), INVALID);
        assert!(reply.explain().contains("out_tradeno"), "{}", reply.explain());
        // A thousand names are no thousand names in a header.
        let mut many = order(method, 3);
        for index in 0..200 {
            many[format!("f{index}\n{}", "x".repeat(100))] = 1.into();
        }
        let reply = bench.call(method, &many).await;
        assert_eq!(code(&reply.signed_node(method)), GOOD);
        assert!(reply.explain().len() < 1_000 && reply.explain().contains("194"), "{}", reply.explain());
    }

    async fn alipays_own_sandbox_does_not_look_at_the_buyers_name(db: Db) {
        let bench = Bench::with_profile(db, Profile::AlipaySandbox).await;
        let mut biz = order("alipay.trade.precreate", 1);
        biz["ext_user_info"] = "nobody".into();
        let reply = bench.call("alipay.trade.precreate", &biz).await;
        assert_eq!(code(&reply.signed_node("alipay.trade.precreate")), GOOD);
        assert!(reply.explain().contains("ext_user_info"), "{}", reply.explain());
    }
}
