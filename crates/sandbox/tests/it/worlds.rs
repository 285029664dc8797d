//! Several worlds in one process: each with its own money, time, faults and people.

use crate::many::{Browser, Many, One, addresses};
use crate::support::code;
use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use std::path::PathBuf;
use store::Db;

const QUERY: &str = "alipay.trade.query";

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn two_worlds_have_nothing_in_common(db: Db) {
        let many = Many::new(db).await;
        let (a, b) = (many.make(json!({"name": "a"})).await, many.make(json!({"name": "b"})).await);
        assert_ne!(a.app_id, b.app_id);
        // The same number in three worlds is three trades.
        many.bench.paid("SAME", "1.00").await;
        a.paid("SAME", "20.00").await;
        b.paid("SAME", "300.00").await;
        let biz = json!({"out_trade_no": "SAME"});
        assert_eq!(many.bench.node(QUERY, &biz).await["total_amount"], "1.00");
        assert_eq!(a.node(QUERY, &biz).await["total_amount"], "20.00");
        assert_eq!(b.node(QUERY, &biz).await["total_amount"], "300.00");
        assert_eq!(a.balance().await, "99980.00");
        assert_eq!(b.balance().await, "99700.00");
        // Each tells of its own trade only, when its own clock says so.
        assert_eq!(a.look("notices").await["notices"].as_array().unwrap().len(), 1);
        let told = many.bench.merchant.count();
        let now = a.look("clock").await["now"].clone();
        assert_eq!(a.control("clock", json!({"advance_ms": 86_400_000})).await.status, StatusCode::OK);
        let forms = many.bench.merchant.forms();
        assert_eq!(forms.len(), told + 1);
        assert_eq!(forms[told].get("app_id"), Some(a.app_id.as_str()));
        assert_eq!(forms[told].get("total_amount"), Some("20.00"));
        assert_eq!(b.look("clock").await["now"], now);
        assert_eq!(many.bench.look("clock").await["now"], now);
        // What goes wrong goes wrong in one of them.
        let dial = json!({"seed": 1, "faults": [{"what": "unavailable"}]});
        let request = Request::put("/w/a/sandbox/v1/faults").header("content-type", "application/json");
        let set = many.bench.send(request.body(Body::from(dial.to_string())).unwrap()).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.text());
        assert_eq!(code(&a.node(QUERY, &biz).await), "aop.unknow-error");
        assert_eq!(b.node(QUERY, &biz).await["code"], "10000");
        assert_eq!(many.bench.node(QUERY, &biz).await["code"], "10000");
        // Requests are kept where they were made.
        let of = |list: Value| list["requests"].as_array().unwrap().len();
        let (in_a, in_b) = (of(a.look("requests").await), of(b.look("requests").await));
        b.node(QUERY, &biz).await;
        assert_eq!((of(a.look("requests").await), of(b.look("requests").await)), (in_a, in_b + 1));
        // One starts over; the others do not notice.
        assert_eq!(a.control("reset", json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(code(&a.node(QUERY, &biz).await), "ACQ.TRADE_NOT_EXIST");
        assert_eq!(a.balance().await, "100000.00");
        assert_eq!(b.balance().await, "99700.00");
        assert_eq!(b.node(QUERY, &biz).await["trade_status"], "TRADE_SUCCESS");
        for books in [a.look("books").await, b.look("books").await] {
            assert_eq!(books["balanced"], true, "{books}");
        }
        many.bench.assert_balanced().await;
        many.end().await;
    }

    async fn a_world_is_reached_by_path_by_query_and_by_its_application(db: Db) {
        let many = Many::new(db).await;
        let a = many.make(json!({"name": "ci-1"})).await;
        a.paid("N1", "5.00").await;
        let biz = json!({"out_trade_no": "N1"});
        for path in ["/w/ci-1/gateway.do", "/gateway.do?world=ci-1", "/gateway.do"] {
            for in_body in [false, true] {
                let reply = a.call_at(path, in_body, QUERY, &biz).await;
                assert_eq!(a.checked(&reply, QUERY)["trade_status"], "TRADE_SUCCESS", "{path} {in_body}");
            }
        }
        // A client that knows nothing of a query in the address puts its own `?` behind it.
        let reply = a.call_at("/gateway.do?world=ci-1?", false, QUERY, &biz).await;
        assert_eq!(a.checked(&reply, QUERY)["code"], "10000");
        // A page leads into the world, whichever way it was asked for.
        let link = a.link("N2", "1.00");
        let query = link.split_once('?').unwrap().1;
        for path in ["/w/ci-1/gateway.do?", "/gateway.do?world=ci-1&", "/gateway.do?"] {
            let reply = many.bench.get(&format!("{path}{query}")).await;
            let location = reply.header("location").unwrap();
            assert!(location.starts_with("/w/ci-1/cashier/"), "{path} {location}");
            assert_eq!(many.bench.get(location).await.status, StatusCode::OK);
        }
        // Named as the one at the root, it is that one, which has no such application.
        let reply = a.call_at("/gateway.do?world=default", false, QUERY, &biz).await;
        assert!(reply.text().contains("isv.invalid-app-id"), "{}", reply.text());
        // The control API as well: what is asked of one world never happens to another.
        let told = many.bench.get("/sandbox/v1/trades/N1?world=ci-1").await;
        assert_eq!(told.json()["trade_status"], "TRADE_SUCCESS", "{}", told.text());
        let told = many.bench.get("/sandbox/v1/trades/N1?world=default").await;
        assert_eq!(told.status, StatusCode::NOT_FOUND);
        many.bench.control("clock?world=ci-1", json!({"advance_ms": 3_600_000})).await;
        let now = |path: &'static str| async { many.bench.get(path).await.json()["now"].clone() };
        assert_ne!(now("/sandbox/v1/clock").await, now("/sandbox/v1/clock?world=ci-1").await);
        for nowhere in ["/w/ci-2/gateway.do", "/gateway.do?world=ci-2", "/sandbox/v1/clock?world=ci-2", "/w/default/", "/w/"] {
            assert_eq!(many.bench.get(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
        }
        many.end().await;
    }

    async fn v3_reaches_a_world_by_its_application_and_by_path_signed_either_way(db: Db) {
        let many = Many::new(db).await;
        let a = many.make(json!({"name": "a"})).await;
        many.make(json!({"name": "b"})).await;
        a.paid("N1", "5.00").await;
        let biz = json!({"out_trade_no": "N1"});
        let (plain, below) = ("/v3/alipay/trade/query", "/w/a/v3/alipay/trade/query");
        for (nonce, at, signed_as) in [("1", plain, plain), ("2", below, plain), ("3", below, below)] {
            let reply = a.rest(at, signed_as, nonce, &biz).await;
            assert_eq!(reply.status, StatusCode::OK, "{at} {signed_as} {}", reply.text());
            assert_eq!(reply.json()["trade_status"], "TRADE_SUCCESS");
        }
        // A number is used once, whichever way it comes.
        let reply = a.rest(below, below, "1", &biz).await;
        assert!(reply.text().contains("suspected-attack"), "{}", reply.text());
        for (nonce, at, signed_as, code) in [
            ("4", "/w/b/v3/alipay/trade/query", plain, "invalid-app-id"),
            ("5", plain, below, "invalid-signature"),
            ("6", below, "/w/b/v3/alipay/trade/query", "invalid-signature"),
        ] {
            let reply = a.rest(at, signed_as, nonce, &biz).await;
            assert!(!reply.status.is_success() && reply.text().contains(code), "{at} {}", reply.text());
        }
        many.end().await;
    }

    async fn worlds_are_listed_kept_over_a_restart_and_removed_with_their_files(db: Db) {
        let mut many = Many::new(db).await;
        let folder = many.parts.folder.clone().unwrap();
        let (app_id, file) = {
            let a = many.make(json!({"name": "kept", "seed": 7, "clock": {"at": "2026-01-02T03:04:05+08:00", "stands": true}})).await;
            a.paid("N1", "5.00").await;
            assert_eq!(a.view["gateway_url"], "http://127.0.0.1:8609/w/kept/gateway.do");
            assert_eq!(a.view["v3_base_url"], "http://127.0.0.1:8609");
            a.control("clock", json!({"advance_ms": 5_000})).await;
            (a.app_id.clone(), PathBuf::from(a.view["sandbox_file"].as_str().unwrap()))
        };
        let description: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(description["app_id"], app_id.as_str());
        assert_eq!(description["gateway_url"], "http://127.0.0.1:8609/w/kept/gateway.do");
        // What a killed process left half made is no world and goes.
        std::fs::create_dir_all(folder.join("half")).unwrap();
        many.restart().await;
        assert!(!folder.join("half").exists());
        let list = many.bench.look("worlds").await;
        let names: Vec<_> = list["worlds"].as_array().unwrap().iter().map(|world| world["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["default", "kept"]);
        let one = many.bench.look("worlds/kept").await;
        assert_eq!((one["seed"].as_i64(), one["now"].as_str()), (Some(7), Some("2026-01-01T19:04:10.000Z")));
        assert_eq!(one["apps"][0]["app_id"], app_id.as_str());
        assert!(one["apps"][0].get("app_private_key").is_none());
        let trade = many.bench.get("/w/kept/sandbox/v1/trades/N1").await.json();
        assert_eq!(trade["trade_status"], "TRADE_SUCCESS", "{trade}");
        // The same name again is refused, nothing of the old one is harmed.
        let reply = many.bench.control("worlds", json!({"name": "kept"})).await;
        assert_eq!(reply.status, StatusCode::CONFLICT);
        assert!(reply.json()["type"].as_str().unwrap().ends_with("world-exists"));
        for name in ["kept", "default", "no"] {
            let request = Request::delete(format!("/sandbox/v1/worlds/{name}")).body(Body::empty()).unwrap();
            let status = many.bench.send(request).await.status;
            let wanted = match name { "kept" => StatusCode::NO_CONTENT, "default" => StatusCode::CONFLICT, _ => StatusCode::NOT_FOUND };
            assert_eq!(status, wanted, "{name}");
        }
        assert!(!folder.join("kept").exists());
        assert_eq!(many.bench.get("/w/kept/").await.status, StatusCode::NOT_FOUND);
        // The name is free, and nothing of before is there.
        let again = many.make(json!({"name": "kept"})).await;
        assert_eq!(code(&again.node(QUERY, &json!({"out_trade_no": "N1"})).await), "ACQ.TRADE_NOT_EXIST");
        many.restart().await;
        many.end().await;
    }

    async fn what_is_no_world_is_not_made(db: Db) {
        let many = Many::new(db).await;
        for (body, field) in [
            (json!({"name": "A"}), "name"),
            (json!({"name": "default"}), "name"),
            (json!({"name": "../x"}), "name"),
            (json!({"name": "a", "seed": -1}), "seed"),
        ] {
            let reply = many.bench.control("worlds", body.clone()).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
            assert_eq!(reply.json()["field"], field, "{body}");
        }
        assert_eq!(many.bench.control("worlds", json!({"name": "a", "sed": 1})).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(many.worlds.is_empty());
        // A world makes no worlds.
        let a = many.make(json!({"name": "a"})).await;
        let reply = a.control("worlds", json!({"name": "b"})).await;
        assert_eq!(reply.status, StatusCode::CONFLICT);
        // One number belongs to one world of the process, also one that was given.
        let world = many.worlds.find(&"a".parse().unwrap()).unwrap();
        let spec = sandbox::AppSpec {
            name: "stolen".to_owned(),
            app_id: many.bench.apps[0].app_id.clone(),
            seller_id: "2088721000000009".to_owned(),
            app_public_key: many.bench.apps[0].app_public_key.clone(),
            app_private_key: None,
            alipay_private_key: many.bench.apps[0].alipay_private_key.clone(),
            profile: sandbox::Profile::Production,
        };
        assert!(world.sandbox().register_app(spec).await.is_err());
        many.end().await;
    }

    async fn every_page_of_a_world_stays_in_it(db: Db) {
        let many = Many::new(db).await;
        let a = many.make(json!({"name": "a"})).await;
        a.paid("N1", "5.00").await;
        let location = many.bench.get(&a.link("N2", "1.00")).await.header("location").unwrap().to_owned();
        let mut browser = Browser::new(&many.bench);
        let page = browser.get("/w/a/wallet").await;
        let token = page.text().split(r#"name="csrf_token" value=""#).nth(1).unwrap()[..64].to_owned();
        let form = format!("csrf_token={token}&logon_id=buyer%40sandbox.com&password=111111");
        let reply = browser.post("/w/a/wallet/login", form).await;
        assert_eq!(reply.header("location"), Some("/w/a/wallet"), "{}", reply.text());
        assert!(browser.paths.iter().all(|path| path == "Path=/w/a"), "{:?}", browser.paths);
        let mut open = vec!["/w/a/".to_owned(), "/w/a/wallet".to_owned(), location, "/w/a/gateway.do?method=alipay.trade.page.pay".to_owned()];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(address) = open.pop() {
            if !seen.insert(address.clone()) || seen.len() > 120 {
                continue;
            }
            let reply = browser.get(&address).await;
            if reply.status.is_redirection() {
                let to = reply.header("location").unwrap();
                assert!(to.starts_with("/w/a/"), "{address} leads to {to}");
                continue;
            }
            assert!(reply.status.is_success(), "{address} {}", reply.status);
            if reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                for (name, to) in addresses(&reply.text()) {
                    assert!(to.starts_with("/w/a/"), "{address} holds {name} {to}");
                    if name == "href" {
                        open.push(to);
                    }
                }
            }
        }
        assert!(seen.len() > 20, "{seen:?}");
        // Whoever is logged in there is nobody in another world, nor at the root.
        many.make(json!({"name": "b"})).await;
        for wallet in ["/w/b/wallet", "/wallet"] {
            assert!(!browser.get(wallet).await.text().contains("100,000.00"), "{wallet}");
        }
        assert!(browser.get("/w/a/wallet").await.text().contains("99,995.00"));
        many.end().await;
    }

    async fn a_seed_gives_the_same_numbers_for_the_same_calls(db: Db) {
        let many = Many::new(db).await;
        let body = json!({"name": "s", "seed": 42, "clock": {"at": "2026-08-21T09:30:00+08:00", "stands": true}});
        let mut stories = Vec::new();
        for _ in 0..2 {
            let one = many.make(body.clone()).await;
            stories.push(story(&one).await);
            many.worlds.delete(&"s".parse().unwrap()).await.unwrap();
        }
        assert_eq!(stories[0], stories[1]);
        let other = many.make(json!({"name": "s", "seed": 43, "clock": {"at": "2026-08-21T09:30:00+08:00", "stands": true}})).await;
        assert_ne!(story(&other).await, stories[0]);
        many.end().await;
    }

    async fn a_seed_goes_on_in_the_same_way_after_a_restore_and_never_repeats_after_a_reset(db: Db) {
        let many = Many::new(db).await;
        let one = many.make(json!({"name": "s", "seed": 42, "clock": {"at": "2026-08-21T09:30:00+08:00", "stands": true}})).await;
        let snapshot = one.control("snapshots", json!({})).await.json();
        let restore = format!("snapshots/{}/restore", snapshot["id"].as_str().unwrap());
        let mut numbers = Vec::new();
        for _ in 0..2 {
            assert_eq!(one.control(&restore, json!({})).await.status, StatusCode::OK);
            numbers.push(one.paid("N1", "5.00").await["trade_no"].clone());
        }
        assert_eq!(numbers[0], numbers[1]);
        one.control("reset", json!({})).await;
        assert_ne!(one.paid("N1", "5.00").await["trade_no"], numbers[0]);
        assert_eq!(one.look("books").await["balanced"], true);
        many.end().await;
    }
}

/// Everything that a few calls are answered, without signatures and keys.
async fn story(one: &One<'_>) -> Vec<String> {
    let mut told = vec![
        one.app_id.clone(),
        one.view["apps"][0]["seller_id"].to_string(),
    ];
    let mut plain = |value: Value| told.push(value.to_string());
    let mut paid = one.paid("N1", "12.00").await;
    // Where the buyer is sent is signed.
    assert!(paid["return_url"].take().is_string());
    plain(paid);
    let biz = json!({"out_trade_no": "N1"});
    let reply = one
        .call_at(&format!("{}/gateway.do", one.prefix), false, QUERY, &biz)
        .await;
    plain(json!(reply.header("trace_id")));
    plain(one.node(QUERY, &biz).await);
    plain(
        one.node(
            "alipay.trade.refund",
            &json!({"out_trade_no": "N1", "refund_amount": "2.00", "out_request_no": "R1"}),
        )
        .await,
    );
    plain(
        one.node(
            "alipay.trade.precreate",
            &json!({"out_trade_no": "N2", "total_amount": "1.00", "subject": "x"}),
        )
        .await,
    );
    plain(
        one.control("accounts/buyer@sandbox.com/payment-codes", json!({}))
            .await
            .json(),
    );
    plain(
        one.control("accounts", json!({"logon_id": "other@sandbox.com"}))
            .await
            .json(),
    );
    plain(
        one.control("clock", json!({"advance_ms": 60_000}))
            .await
            .json(),
    );
    plain(
        one.node("alipay.trade.close", &json!({"out_trade_no": "N9"}))
            .await,
    );
    let mut notices = one.look("notices").await;
    notices["notices"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .for_each(|notice| {
            notice.as_object_mut().unwrap().remove("form");
        });
    plain(notices);
    told
}
