//! The whole world, saved and put back.

use crate::support::{Bench, code, page_link, start};
use axum::body::Body;
use http::{Request, StatusCode};
use kernel::Clock;
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use sandbox::{Profile, Sandbox};
use serde_json::json;
use store::Db;
use tower::ServiceExt;

const QUERY: &str = "alipay.trade.query";
const BUYER: &str = "accounts/buyer@sandbox.com";

async fn save(bench: &Bench) -> String {
    let reply = bench.control("snapshots", json!({"name": "before"})).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    reply.json()["id"].as_str().unwrap().to_owned()
}

async fn put_back(bench: &Bench, id: &str) {
    let reply = bench
        .control(&format!("snapshots/{id}/restore"), json!({}))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_world_is_put_back_with_everything_in_it(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "fail");
        bench.paid("S1", "100.00").await;
        let visit = bench.open(&page_link("S2", "5.00")).await.unwrap();
        bench.schedule.advance_to(start().plus_ms(5 * MINUTE_MS)).await.unwrap();
        assert_eq!(bench.merchant.count(), 2);
        let dial = json!({"seed": 4, "faults": [{"what": "waits_for_ever", "out_trade_no": "S9"}]});
        let request = Request::put("/sandbox/v1/faults").header("content-type", "application/json");
        assert_eq!(bench.send(request.body(Body::from(dial.to_string())).unwrap()).await.status, StatusCode::OK);
        let saved_at = bench.clock.now();
        let id = save(&bench).await;

        // Another course of things: refunded, closed, topped up, told, a day later, and another dial.
        let refund = json!({"out_trade_no": "S1", "refund_amount": "100.00"});
        assert_eq!(bench.node("alipay.trade.refund", &refund).await["fund_change"], "Y");
        bench.paid("S3", "7.00").await;
        bench.control("accounts/buyer@sandbox.com/top-up", json!({"amount": "50.00"})).await;
        bench.control("apps", json!({"name": "late-one"})).await;
        bench.merchant.says(200, "success");
        bench.schedule.advance_to(start().plus_ms(2 * DAY_MS)).await.unwrap();
        let told = bench.merchant.count();

        put_back(&bench, &id).await;
        assert_eq!(bench.clock.now(), saved_at);
        assert_eq!(bench.look(BUYER).await["balance"], "99900.00");
        let node = bench.node(QUERY, &json!({"out_trade_no": "S1"})).await;
        assert_eq!(node["trade_status"], "TRADE_SUCCESS");
        assert_eq!(code(&bench.node(QUERY, &json!({"out_trade_no": "S3"})).await), "ACQ.TRADE_NOT_EXIST");
        assert_eq!(bench.look("faults").await["faults"][0]["what"], "waits_for_ever");
        assert_eq!(bench.look("apps").await["apps"].as_array().unwrap().len(), 2);
        bench.assert_balanced().await;
        assert_eq!(bench.get(&format!("/cashier/{visit}")).await.status, StatusCode::OK);

        // The notice's plan goes on where it was: the third of eight is due 14 minutes after the first.
        bench.schedule.advance_to(start().plus_ms(14 * MINUTE_MS - 1)).await.unwrap();
        assert_eq!(bench.merchant.count(), told);
        bench.schedule.advance_to(start().plus_ms(14 * MINUTE_MS)).await.unwrap();
        assert_eq!(bench.merchant.count(), told + 1);
        // The trade that waited expires when it would have.
        bench.schedule.advance_to(start().plus_ms(16 * DAY_MS)).await.unwrap();
        assert_eq!(bench.node(QUERY, &json!({"out_trade_no": "S2"})).await["trade_status"], "TRADE_CLOSED");
        // The same once more: a snapshot is not used up.
        put_back(&bench, &id).await;
        assert_eq!(bench.clock.now(), saved_at);
        bench.paid("S3", "7.00").await;
        bench.assert_balanced().await;
    }

    async fn snapshots_are_listed_and_deleted(db: Db) {
        let bench = Bench::new(db).await;
        let one = save(&bench).await;
        bench.clock.advance_ms(HOUR_MS);
        let two = save(&bench).await;
        let list = bench.look("snapshots").await;
        let ids: Vec<_> = list["snapshots"].as_array().unwrap().iter().map(|line| line["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [two.as_str(), &one]);
        assert_eq!((list["snapshots"][1]["name"].as_str(), list["snapshots"][1]["at"].as_str()), (Some("before"), Some("2026-08-21T01:30:00.000Z")));
        // The older one does not know the younger, which is there all the same.
        put_back(&bench, &one).await;
        put_back(&bench, &two).await;
        for (id, status) in [(&one, StatusCode::NO_CONTENT), (&one, StatusCode::NOT_FOUND)] {
            let request = Request::delete(format!("/sandbox/v1/snapshots/{id}"));
            assert_eq!(bench.send(request.body(Body::empty()).unwrap()).await.status, status);
        }
        let reply = bench.control(&format!("snapshots/{one}/restore"), json!({})).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        let reply = bench.control("snapshots", json!({"name": "x".repeat(101)})).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    }

    async fn the_demo_has_no_snapshots(db: Db) {
        let bench = Bench::with_profile(db, Profile::Production).await;
        let id = save(&bench).await;
        let mut parts = bench.sandbox.context().parts().clone();
        parts.demo = true;
        let demo = Sandbox::open(parts).await.unwrap().router();
        for path in ["snapshots".to_owned(), format!("snapshots/{id}/restore")] {
            let request = Request::post(format!("/sandbox/v1/{path}")).header("content-type", "application/json");
            let response = demo.clone().oneshot(request.body(Body::from("{}")).unwrap()).await.unwrap();
            assert_eq!(response.status(), StatusCode::CONFLICT);
            let body = axum::body::to_bytes(response.into_body(), 65_536).await.unwrap();
            let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert!(problem["type"].as_str().unwrap().ends_with("demo-has-no-snapshots"), "{problem}");
            assert!(problem["detail"].as_str().unwrap().contains("would not follow"));
        }
    }
}
