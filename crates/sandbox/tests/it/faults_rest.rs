//! The fault dial over v3, and where answers name certificates.

use crate::rest::{Rest, accepted};
use crate::support::{Bench, signed};
use crate::through::{certs, text};
use alipay::sign::{self, SignType};
use alipay::v3::{SIGNATURE_HEADERS, signed_text};
use http::StatusCode;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use store::Db;
use tower::ServiceExt;

const REFUND: &str = "/v3/alipay/trade/refund";
const QUERY: &str = "/v3/alipay/trade/query";

async fn dial(bench: &Bench, faults: Value) {
    let reply = bench.control_put("faults", json!({"faults": faults})).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
}

fn refund(number: &str, nonce: &str) -> Rest {
    let biz = json!({"out_trade_no": number, "refund_amount": "4.00", "out_request_no": "R1"});
    Rest::new("POST", REFUND, &biz.to_string(), nonce)
}

fn query(number: &str, nonce: &str) -> Rest {
    Rest::new(
        "POST",
        QUERY,
        &json!({"out_trade_no": number}).to_string(),
        nonce,
    )
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    // gopay names the application's certificate in v3 and never the roots.
    async fn a_call_of_v3_by_certificate_may_leave_the_roots_out(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F0", "10.00").await;
        let certs = certs(&bench, 0).await;
        let app = text(&certs, "app_cert_sn");
        let call = |nonce: &str| {
            let mut call = query("F0", nonce);
            call.auth = format!("app_cert_sn={app},{}", call.auth);
            call
        };
        let reply = call("1").send(&bench).await;
        accepted(&reply);
        assert_eq!(reply.header("alipay-sn"), Some(text(&certs, "alipay_cert_sn")));
        let reply = call("2").header("alipay-root-cert-sn", "0").send(&bench).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
        assert!(reply.text().contains("invalid-alipay-root-cert-sn"), "{}", reply.text());
    }

    async fn an_answer_of_v3_names_no_certificate_when_the_dial_wants_it_so(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F1", "10.00").await;
        let certs = certs(&bench, 0).await;
        let (app, root, alipay) = (text(&certs, "app_cert_sn"), text(&certs, "alipay_root_cert_sn"), text(&certs, "alipay_cert_sn"));
        let call = |nonce: &str| {
            let mut call = query("F1", nonce).header("alipay-root-cert-sn", root);
            call.auth = format!("app_cert_sn={app},{}", call.auth);
            call
        };
        dial(&bench, json!([{"what": "cert_sn_missing", "times": 2}])).await;
        let reply = call("1").send(&bench).await;
        accepted(&reply);
        assert_eq!(reply.header("alipay-sn"), None);
        // The same through the other gateway.
        let more = [("app_cert_sn", app), ("alipay_root_cert_sn", root)];
        let biz = json!({"out_trade_no": "F1"}).to_string();
        let v2 = || bench.post(signed(0, "alipay.trade.query", &biz, &more));
        let reply = v2().await;
        assert!(!reply.text().contains("alipay_cert_sn"), "{}", reply.text());
        reply.signed_node("alipay.trade.query");
        // Both times are used up.
        let reply = call("2").send(&bench).await;
        accepted(&reply);
        assert_eq!(reply.header("alipay-sn"), Some(alipay));
        assert!(v2().await.text().contains(alipay));
        assert_eq!(bench.look("faults").await["faults"][0]["struck"], 2);
    }

    async fn a_lost_answer_of_v3_has_its_effect_and_a_repeat_finds_it(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F2", "10.00").await;
        dial(&bench, json!([{"what": "answer_lost", "method": "alipay.trade.refund", "times": 1}])).await;
        let lost = bench.router.clone().oneshot(refund("F2", "1").request()).await.unwrap();
        assert!(lost.into_body().collect().await.is_err());
        let again = accepted(&refund("F2", "2").send(&bench).await);
        assert_eq!((&again["fund_change"], &again["refund_fee"]), (&json!("N"), &json!("4.00")));
        bench.assert_balanced().await;
    }

    async fn an_unavailable_gateway_of_v3_does_nothing(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F3", "10.00").await;
        dial(&bench, json!([
            {"what": "unavailable", "method": "alipay.trade.refund", "times": 1},
            {"what": "bad_gateway", "method": "alipay.trade.refund", "times": 1},
        ])).await;
        let reply = refund("F3", "1").send(&bench).await;
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", reply.text());
        assert_eq!(reply.header("alipay-signature"), None);
        let reply = refund("F3", "2").send(&bench).await;
        assert_eq!(reply.status, StatusCode::BAD_GATEWAY, "{}", reply.text());
        // Neither moved anything: the money moves now.
        assert_eq!(accepted(&refund("F3", "3").send(&bench).await)["fund_change"], "Y");
        bench.assert_balanced().await;
    }

    async fn a_wrong_signature_of_v3_is_wrong_and_only_of_that_order(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F4", "10.00").await;
        bench.paid("F5", "10.00").await;
        dial(&bench, json!([{"what": "wrong_signature", "out_trade_no": "F4"}])).await;
        let reply = query("F4", "1").send(&bench).await;
        let [time, nonce, signature, _] = SIGNATURE_HEADERS.map(|name| reply.header(name));
        let signed = signed_text(time.unwrap(), nonce.unwrap(), &reply.text());
        let key = crate::support::keys().alipay[0].public_key();
        assert!(sign::verify(key, SignType::Rsa2, signed.as_bytes(), signature.unwrap()).is_err());
        accepted(&query("F5", "2").send(&bench).await);
    }

    async fn a_late_effect_of_v3_comes_after_the_caller_gave_up(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("F6", "10.00").await;
        dial(&bench, json!([{"what": "effect_late", "delay_ms": 60_000, "times": 1}])).await;
        let lost = bench.router.clone().oneshot(refund("F6", "1").request()).await.unwrap();
        assert!(lost.into_body().collect().await.is_err());
        assert_eq!(bench.look("trades/F6").await["refunded_amount"], "0.00");
        let at = crate::support::start().plus_ms(60_000);
        bench.schedule.advance_to(at).await.unwrap();
        assert_eq!(bench.look("trades/F6").await["refunded_amount"], "4.00");
        bench.assert_balanced().await;
    }
}
