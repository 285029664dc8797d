//! What a world holds from its first moment.

use crate::many::Many;
use crate::support::code;
use http::StatusCode;
use sandbox::{Filled, Filling};
use serde_json::{Value, json};
use store::Db;

const QUERY: &str = "alipay.trade.query";

fn data() -> Value {
    json!({
        "apps": [
            {"name": "mall", "seller_id": "2088721000000777", "profile": "strict"},
            {"name": "other", "app_id": "9021000000000777", "mode": "key"},
        ],
        "accounts": [
            {"logon_id": "rich@sandbox.com", "balance": "500.00", "pay_password": "654321",
             "cards": [{"bank": "ABC", "balance": "70.00"}, {}]},
            {"logon_id": "13800138001"},
        ],
        "trades": [
            {"out_trade_no": "P1", "total_amount": "20.00", "subject": "paid before", "buyer": "rich@sandbox.com"},
            {"out_trade_no": "P2", "total_amount": "30.00",
             "refunds": [{"out_request_no": "R1", "amount": "10.00"}, {"out_request_no": "R2", "amount": "5.50"}]},
            {"out_trade_no": "P3", "app": "other", "total_amount": "1.00",
             "refunds": [{"out_request_no": "R1", "amount": "1.00", "reason": "all of it"}]},
        ],
    })
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_world_holds_its_seed_data_from_the_beginning_and_after_a_reset(db: Db) {
        let mut many = Many::new(db).await;
        let app_id = {
            let a = many.make(json!({"name": "a", "seed": 3, "seed_data": data()})).await;
            let apps = a.view["apps"].as_array().unwrap();
            assert_eq!((apps.len(), &apps[0]["name"], &apps[0]["seller_id"]), (2, &json!("mall"), &json!("2088721000000777")));
            assert_eq!((&apps[0]["profile"], &apps[1]["app_id"], &apps[1]["mode"]), (&json!("strict"), &json!("9021000000000777"), &json!("key")));
            for round in ["first", "after a reset"] {
                let p1 = a.node(QUERY, &json!({"out_trade_no": "P1"})).await;
                assert_eq!((&p1["trade_status"], &p1["buyer_logon_id"]), (&json!("TRADE_SUCCESS"), &json!("ric***@sandbox.com")), "{round}");
                let r2 = a.node("alipay.trade.fastpay.refund.query", &json!({"out_trade_no": "P2", "out_request_no": "R2"})).await;
                assert_eq!(r2["refund_amount"], "5.50", "{round}");
                let p3 = a.look("trades/P3").await;
                assert_eq!((&p3["trade_status"], &p3["refunded_amount"]), (&json!("TRADE_CLOSED"), &json!("1.00")), "{round}");
                assert_eq!(a.look("accounts/rich@sandbox.com").await["balance"], "480.00", "{round}");
                assert_eq!(a.look("accounts/13800138001").await["balance"], "0.00");
                assert_eq!(a.balance().await, "99985.50", "{round}");
                let cards = a.look("accounts/rich@sandbox.com/cards").await["cards"].clone();
                assert_eq!(cards.as_array().unwrap().len(), 2, "{round} {cards}");
                // Nobody is told of what was there before.
                assert_eq!(many.bench.merchant.count(), 0);
                assert_eq!(a.look("books").await["balanced"], true);
                a.control("accounts/rich@sandbox.com/top-up", json!({"amount": "9.00"})).await;
                assert_eq!(a.control("reset", json!({})).await.status, StatusCode::NO_CONTENT);
            }
            a.app_id.clone()
        };
        // It is there after a restart, and not twice.
        many.restart().await;
        let trades = many.bench.get("/w/a/sandbox/v1/trades").await.json();
        assert_eq!(trades["trades"].as_array().unwrap().len(), 3);
        assert_eq!(many.bench.look("worlds/a").await["apps"][0]["app_id"], app_id.as_str());
        let world = many.worlds.find(&"a".parse().unwrap()).unwrap();
        let same: Filling = serde_json::from_value(data()).unwrap();
        assert_eq!(world.sandbox().fill(&same).await.unwrap(), Filled::Before);
        assert_eq!(world.sandbox().fill(&Filling::default()).await.unwrap(), Filled::Otherwise);
        many.end().await;
    }

    async fn the_world_at_the_root_is_filled_once_too(db: Db) {
        let many = Many::new(db).await;
        let filling: Filling = serde_json::from_value(json!({"trades": [{"out_trade_no": "P1", "total_amount": "1.00", "app": "main"}]})).unwrap();
        assert_eq!(many.bench.sandbox.fill(&filling).await.unwrap(), Filled::Now);
        assert_eq!(many.bench.look("trades/P1").await["trade_status"], "TRADE_SUCCESS");
        many.bench.control("reset", json!({})).await;
        assert_eq!(many.bench.look("trades/P1").await["trade_status"], "TRADE_SUCCESS");
        // A snapshot of before knows nothing of it, one of after holds it.
        assert_eq!(many.bench.sandbox.filling().await.unwrap(), filling);
        many.bench.assert_balanced().await;
        many.end().await;
    }

    async fn seed_data_that_are_none_make_no_world(db: Db) {
        let many = Many::new(db).await;
        for (data, field) in [
            (json!({"accounts": [{"logon_id": "nobody"}]}), "seed_data.accounts[0].logon_id"),
            (json!({"trades": [{"out_trade_no": "N1", "total_amount": "1.00", "buyer": "no@sandbox.com"}]}), "seed_data.trades[0].buyer"),
            (json!({"trades": [{"out_trade_no": "N 1", "total_amount": "1.00"}]}), "seed_data.trades[0].out_trade_no"),
            // Too little money: the trade would not have been paid.
            (json!({"accounts": [{"logon_id": "p@sandbox.com", "balance": "1.00"}],
                    "trades": [{"out_trade_no": "N1", "total_amount": "1.01", "buyer": "p@sandbox.com"}]}), "seed_data"),
            (json!({"apps": [{"name": "x", "app_id": many.bench.apps[0].app_id}]}), "seed_data"),
            (json!({"apps": [{"name": "not a name"}]}), "seed_data"),
        ] {
            let reply = many.bench.control("worlds", json!({"name": "a", "seed_data": data})).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{field} {}", reply.text());
            assert_eq!(reply.json()["field"], field, "{}", reply.text());
        }
        let reply = many.bench.control("worlds", json!({"name": "a", "seed_data": {"users": []}})).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Nothing of the tries is left: the name is free, and empty.
        assert!(many.worlds.is_empty());
        let a = many.make(json!({"name": "a"})).await;
        assert_eq!(code(&a.node(QUERY, &json!({"out_trade_no": "N1"})).await), "ACQ.TRADE_NOT_EXIST");
        many.end().await;
    }
}
