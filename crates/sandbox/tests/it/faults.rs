//! The fault dial: what goes wrong on purpose, and what is true afterwards.

use crate::support::{Bench, code, signed, start};
use alipay::sign::{self, SignType};
use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
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
}
