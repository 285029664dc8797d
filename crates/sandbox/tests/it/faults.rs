//! The fault dial: what goes wrong on purpose, and what is true afterwards.

use crate::support::{Bench, code, signed, start};
use alipay::sign::{self, SignType};
use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use kernel::Clock;
use kernel::time::{DAY_MS, MINUTE_MS};
use serde_json::{Value, json};
use store::Db;
use tower::ServiceExt;

const REFUND: &str = "alipay.trade.refund";
const QUERY: &str = "alipay.trade.query";

async fn dial(bench: &Bench, dial: Value) {
    let request = Request::put("/sandbox/v1/faults")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(dial.to_string()))
        .unwrap();
    let reply = bench.send(request).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_lost_answer_has_its_effect_and_a_repeat_finds_it(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F1", "10.00").await;
        dial(&bench, json!({"faults": [{"what": "answer_lost", "method": REFUND, "times": 1}]})).await;
        let refund = json!({"out_trade_no": "F1", "refund_amount": "4.00", "out_request_no": "r1"});
        let params = signed(0, REFUND, &refund.to_string(), &[]);
        let query = alipay::form::encode(&params, alipay::Charset::Utf8).unwrap();
        let request = Request::get(format!("/gateway.do?{query}")).body(Body::empty()).unwrap();
        let response = bench.router.clone().oneshot(request).await.unwrap();
        assert!(response.into_body().collect().await.is_err());
        let again = bench.node(REFUND, &refund).await;
        assert_eq!((again["fund_change"].as_str(), again["refund_fee"].as_str()), (Some("N"), Some("4.00")));
        assert_eq!(bench.look("faults").await["faults"][0]["struck"], 1);
        bench.assert_balanced().await;
    }

    async fn an_unavailable_gateway_does_nothing(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F2", "10.00").await;
        dial(&bench, json!({"faults": [
            {"what": "unavailable", "method": REFUND, "times": 1},
            {"what": "unavailable_in_gbk", "method": REFUND, "times": 1},
        ]})).await;
        let refund = json!({"out_trade_no": "F2", "refund_amount": "4.00", "out_request_no": "r1"});
        let node = bench.node(REFUND, &refund).await;
        assert_eq!((node["code"].as_str(), code(&node)), (Some("20000"), "aop.unknow-error"));
        let gbk = bench.call(REFUND, &refund).await;
        assert_eq!(gbk.header("content-type"), Some("text/html;charset=GBK"));
        assert!(std::str::from_utf8(&gbk.body).is_err());
        assert_eq!(bench.node(REFUND, &refund).await["fund_change"], "Y");
    }

    async fn a_wrong_signature_is_wrong(db: Db) {
        let bench = Bench::new(db).await;
        dial(&bench, json!({"seed": 3, "faults": [{"what": "wrong_signature", "app_id": bench.apps[0].app_id}]})).await;
        let reply = bench.call(QUERY, &json!({"out_trade_no": "F3"})).await;
        let (raw, signature) = reply.cut(QUERY);
        let key = crate::support::keys().alipay[0].public_key();
        assert!(sign::verify(key, SignType::Rsa2, raw.as_bytes(), &signature.unwrap()).is_err());
        dial(&bench, json!({"faults": []})).await;
        bench.node(QUERY, &json!({"out_trade_no": "F3"})).await;
    }

    async fn notices_are_lost_late_and_doubled(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "fail");
        dial(&bench, json!({"faults": [
            {"what": "notice_lost", "times": 1},
            {"what": "notice_delayed", "delay_ms": 30_000, "times": 1},
            {"what": "notice_doubled", "times": 1},
        ]})).await;
        bench.paid("F4", "1.00").await;
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 0);
        bench.schedule.advance_to(start().plus_ms(4 * MINUTE_MS + 29_999)).await.unwrap();
        assert_eq!(bench.merchant.count(), 0);
        bench.schedule.advance_to(start().plus_ms(4 * MINUTE_MS + 30_000)).await.unwrap();
        // What was late met the dial already: the next one is doubled.
        assert_eq!(bench.merchant.count(), 1);
        assert_eq!(bench.look("faults").await["faults"][2]["struck"], 0);
        bench.schedule.advance_to(start().plus_ms(3 * DAY_MS)).await.unwrap();
        // Eight by the plan, one of them lost and one of them sent twice.
        assert_eq!(bench.merchant.count(), 8);
        let notice = bench.look("notices?out_trade_no=F4").await["notices"][0].clone();
        assert_eq!(notice["attempts"].as_array().unwrap().len(), 9);
        assert_eq!(notice["state"], "given_up");
    }

    async fn a_late_notice_strikes_once(db: Db) {
        let bench = Bench::new(db).await;
        dial(&bench, json!({"faults": [{"what": "notice_delayed", "delay_ms": 30_000}]})).await;
        bench.paid("F5", "1.00").await;
        bench.schedule.settle().await.unwrap();
        bench.schedule.advance_to(start().plus_ms(30_000)).await.unwrap();
        assert_eq!(bench.merchant.count(), 1);
        assert_eq!(bench.look("faults").await["faults"][0]["struck"], 1);
    }

    async fn a_dial_that_is_none_is_refused(db: Db) {
        let bench = Bench::new(db).await;
        for bad in [
            json!({"faults": [{"what": "earthquake"}]}),
            json!({"faults": [{"what": "unavailable", "per_mille": 1001}]}),
            json!({"faults": [{"what": "notice_delayed", "delay_ms": 0}]}),
            json!({}),
        ] {
            let request = Request::put("/sandbox/v1/faults")
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(bad.to_string()))
                .unwrap();
            assert!(bench.send(request).await.status.is_client_error(), "{bad}");
        }
    }

    async fn an_effect_comes_after_the_caller_gave_up(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F6", "10.00").await;
        dial(&bench, json!({"faults": [{"what": "effect_late", "out_trade_no": "F6", "method": REFUND, "delay_ms": 90_000, "times": 1}]})).await;
        let refund = json!({"out_trade_no": "F6", "refund_amount": "4.00", "out_request_no": "r1"});
        assert!(broken(&bench, REFUND, &refund).await);
        let asked = json!({"out_trade_no": "F6", "out_request_no": "r1"});
        assert!(bench.node("alipay.trade.fastpay.refund.query", &asked).await["refund_amount"].is_null());
        bench.schedule.advance_to(start().plus_ms(89_999)).await.unwrap();
        assert!(bench.node("alipay.trade.fastpay.refund.query", &asked).await["refund_amount"].is_null());
        bench.schedule.advance_to(start().plus_ms(90_000)).await.unwrap();
        assert_eq!(bench.node("alipay.trade.fastpay.refund.query", &asked).await["refund_amount"], "4.00");
        // Sent again it is the same refund.
        assert_eq!(bench.node(REFUND, &refund).await["fund_change"], "N");
        bench.assert_balanced().await;
        let shown = bench.look("faults").await;
        let strike = &shown["strikes"][0];
        assert_eq!((strike["what"].as_str(), strike["method"].as_str(), strike["out_trade_no"].as_str()), (Some("effect_late"), Some(REFUND), Some("F6")));
        let exchange = bench.look(&format!("requests/{}", strike["trace_id"].as_str().unwrap())).await;
        assert_eq!(exchange["struck"], "effect_late");
    }

    async fn a_world_that_starts_over_knows_no_late_call(db: Db) {
        let bench = Bench::new(db).await;
        dial(&bench, json!({"faults": [{"what": "effect_late", "delay_ms": 90_000, "times": 1}]})).await;
        let order = json!({"out_trade_no": "F7", "total_amount": "1.00", "subject": "s"});
        assert!(broken(&bench, "alipay.trade.precreate", &order).await);
        assert!(bench.control("reset", json!({})).await.status.is_success());
        assert_eq!(bench.schedule.advance_to(start().plus_ms(90_000)).await.unwrap(), 0);
        assert_eq!(bench.look("trades").await["trades"], json!([]));
    }

    async fn an_answer_breaks_off_in_the_middle_after_its_effect(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F7", "10.00").await;
        dial(&bench, json!({"faults": [{"what": "answer_cut", "times": 1}]})).await;
        let refund = json!({"out_trade_no": "F7", "refund_amount": "4.00", "out_request_no": "r1"});
        assert!(broken(&bench, REFUND, &refund).await);
        assert_eq!(bench.node(REFUND, &refund).await["fund_change"], "N");
    }

    async fn errors_come_unsigned_and_from_in_front_of_the_gateway(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F8", "10.00").await;
        dial(&bench, json!({"faults": [
            {"what": "unsigned_error", "times": 1},
            {"what": "bad_gateway", "times": 1},
        ]})).await;
        let refund = json!({"out_trade_no": "F8", "refund_amount": "4.00", "out_request_no": "r1"});
        let answer = bench.call(REFUND, &refund).await.json();
        assert_eq!(answer["error_response"]["code"], "20000");
        assert!(answer["sign"].is_null());
        let answer = bench.call(REFUND, &refund).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
        assert!(answer.text().contains("nginx"));
        assert_eq!(bench.node(REFUND, &refund).await["fund_change"], "Y");
    }

    async fn fields_stand_in_another_order_and_the_signature_holds(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F9", "10.00").await;
        let usual = bench.node(QUERY, &json!({"out_trade_no": "F9"})).await;
        dial(&bench, json!({"faults": [{"what": "fields_reordered"}]})).await;
        let reply = bench.call(QUERY, &json!({"out_trade_no": "F9"})).await;
        assert!(reply.text().starts_with("{\"sign\":"));
        let twisted = reply.signed_node(QUERY);
        assert_eq!(twisted, usual);
        assert_ne!(twisted.to_string(), usual.to_string());
    }

    async fn a_query_waits_for_ever_and_only_that_order_does(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F10", "10.00").await;
        bench.paid("F11", "10.00").await;
        dial(&bench, json!({"faults": [{"what": "waits_for_ever", "method": QUERY, "out_trade_no": "F10"}]})).await;
        for _ in 0..3 {
            let node = bench.node(QUERY, &json!({"out_trade_no": "F10"})).await;
            assert_eq!((node["code"].as_str(), node["trade_status"].as_str()), (Some("10000"), Some("WAIT_BUYER_PAY")));
            assert!(node["send_pay_date"].is_null() && node["buyer_user_id"].is_null());
        }
        let other = bench.node(QUERY, &json!({"out_trade_no": "F11"})).await;
        assert_eq!(other["trade_status"], "TRADE_SUCCESS");
        let shown = bench.look("faults").await;
        assert_eq!(shown["faults"][0]["struck"], 3);
    }

    async fn a_notice_comes_before_the_buyer_is_back(db: Db) {
        let bench = Bench::new(db).await;
        dial(&bench, json!({"faults": [{"what": "notice_before_return", "times": 1}]})).await;
        bench.paid("F12", "1.00").await;
        // No worker ran yet, and none sends it a second time.
        assert_eq!(bench.merchant.count(), 1);
        bench.schedule.advance_to(start().plus_ms(DAY_MS)).await.unwrap();
        assert_eq!(bench.merchant.count(), 1);
        bench.paid("F13", "1.00").await;
        assert_eq!(bench.merchant.count(), 1);
    }

    async fn notices_change_places(db: Db) {
        let bench = Bench::new(db).await;
        dial(&bench, json!({"faults": [{"what": "notice_reordered", "out_trade_no": "F14", "delay_ms": 600_000, "times": 1}]})).await;
        bench.paid("F14", "1.00").await;
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 0);
        bench.clock.advance_ms(1_000);
        bench.paid("F15", "1.00").await;
        bench.schedule.settle().await.unwrap();
        let numbers: Vec<_> = bench.merchant.forms().iter().map(|form| form.get("out_trade_no").unwrap().to_owned()).collect();
        assert_eq!(numbers, ["F15", "F14"]);
        // One that nobody follows goes by itself.
        dial(&bench, json!({"faults": [{"what": "notice_reordered", "delay_ms": 600_000, "times": 1}]})).await;
        bench.paid("F16", "1.00").await;
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 2);
        bench.schedule.advance_to(bench.clock.now().plus_ms(600_000)).await.unwrap();
        assert_eq!(bench.merchant.count(), 3);
    }

    async fn notices_come_in_gbk_and_with_a_signature_that_does_not_hold(db: Db) {
        let bench = Bench::new(db).await;
        dial(&bench, json!({"faults": [{"what": "notice_in_gbk", "times": 1}, {"what": "notice_wrong_signature", "times": 1}]})).await;
        bench.paid("F17", "1.00").await;
        bench.schedule.settle().await.unwrap();
        bench.paid("F18", "1.00").await;
        bench.schedule.settle().await.unwrap();
        let forms = bench.merchant.forms();
        assert_eq!((forms[0].get("charset"), forms[0].get("subject")), (Some("GBK"), Some("高等数学")));
        let holds = |form: &alipay::Params, charset: alipay::Charset| {
            let text = sign::notice_text(form);
            let bytes = charset.encode(&text).unwrap();
            let key = crate::support::keys().alipay[0].public_key();
            sign::verify(key, SignType::Rsa2, &bytes, form.get("sign").unwrap()).is_ok()
        };
        assert!(holds(&forms[0], alipay::Charset::Gbk));
        assert_eq!(forms[1].get("charset"), Some("utf-8"));
        assert!(!holds(&forms[1], alipay::Charset::Utf8));
    }
}

/// Sends a call and says whether its answer broke off.
async fn broken(bench: &Bench, method: &str, biz: &Value) -> bool {
    let params = signed(0, method, &biz.to_string(), &[]);
    let query = alipay::form::encode(&params, alipay::Charset::Utf8).unwrap();
    let request = Request::get(format!("/gateway.do?{query}"));
    let request = request.body(Body::empty()).unwrap();
    let response = bench.router.clone().oneshot(request).await.unwrap();
    response.into_body().collect().await.is_err()
}
