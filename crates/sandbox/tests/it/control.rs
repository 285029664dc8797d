//! The control API: who may use it, and what it answers.

use crate::support::{Bench, page_link, signed, start};
use alipay::{Charset, form};
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, StatusCode, header};
use serde_json::json;
use std::net::SocketAddr;
use store::Db;

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn strangers_need_the_token(db: Db) {
        let bench = Bench::new(db).await;
        let from = |address: &str, host: &str, token: &str| {
            let peer: SocketAddr = address.parse().unwrap();
            let mut request = Request::get("/sandbox/v1/clock")
                .header(header::HOST, host)
                .body(Body::empty())
                .unwrap();
            request.extensions_mut().insert(ConnectInfo(peer));
            if !token.is_empty() {
                let value = format!("Bearer {token}").parse().unwrap();
                request.headers_mut().insert(header::AUTHORIZATION, value);
            }
            request
        };
        for (address, host, token, wanted) in [
            ("127.0.0.1:1", "127.0.0.1:8609", "", StatusCode::OK),
            ("[::1]:1", "localhost:8609", "", StatusCode::OK),
            ("192.168.1.9:1", "192.168.1.2:8609", "", StatusCode::UNAUTHORIZED),
            ("192.168.1.9:1", "192.168.1.2:8609", "guess", StatusCode::UNAUTHORIZED),
            ("192.168.1.9:1", "192.168.1.2:8609", "let-me-in", StatusCode::OK),
            // A name of the internet that was made to mean this machine.
            ("127.0.0.1:1", "rebound.example", "", StatusCode::FORBIDDEN),
        ] {
            assert_eq!(bench.send(from(address, host, token)).await.status, wanted, "{address} {host}");
        }
        let form = Request::post("/sandbox/v1/clock").body(Body::from("advance_ms=1")).unwrap();
        let reply = bench.send(form).await;
        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    }

    async fn the_buyer_is_played_only_for_what_exists(db: Db) {
        let bench = Bench::new(db).await;
        let reply = bench.control("trades/N1/pay", json!({})).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        assert_eq!(reply.json()["type"], "/problems/trade-not-opened");
        let url = page_link("N1", "1.00");
        let other = bench.control("trades/N2/pay", json!({"url": url})).await;
        assert_eq!(other.json()["type"], "/problems/other-trade");
        let forged = url.replace("1.00", "0.01");
        let refused = bench.control("trades/N1/pay", json!({"url": forged})).await.json();
        assert_eq!(refused["sub_code"], "isv.invalid-signature");
        for url in ["nonsense", "http://127.0.0.1:8609/cashier/x", "http://127.0.0.1:8609/gateway.do?method=alipay.trade.query"] {
            let reply = bench.control("trades/N1/pay", json!({"url": url})).await;
            assert_eq!(reply.json()["type"], "/problems/not-a-link", "{url}");
        }
        let nobody = json!({"url": url, "buyer_logon_id": "nobody@sandbox.com"});
        let reply = bench.control("trades/N1/pay", nobody).await;
        assert_eq!(reply.json()["type"], "/problems/no-such-buyer");
        for body in [json!({"fund_channel": "GOLD"}), json!({"buyer_logon_id": "x"})] {
            assert_eq!(bench.control("trades/N1/pay", body).await.status, StatusCode::BAD_REQUEST);
        }
        let unknown = bench.control("trades/N1/pay", json!({"urll": "x"})).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        let paid = bench.control("trades/N1/pay", json!({"url": url})).await;
        assert_eq!(paid.status, StatusCode::OK, "{}", paid.text());
        let twice = bench.control("trades/N1/pay", json!({})).await;
        assert_eq!((twice.status, twice.json()["type"].clone()), (StatusCode::CONFLICT, "/problems/trade-already-paid".into()));
        let story = bench.look("trades/N1").await;
        let steps: Vec<_> = story["history"].as_array().unwrap().iter()
            .map(|step| step["what"].as_str().unwrap().to_owned()).collect();
        assert_eq!(steps, ["created", "paid"]);
    }

    async fn two_applications_with_one_number_must_be_told_apart(db: Db) {
        let bench = Bench::new(db).await;
        let biz = json!({"out_trade_no": "D1", "total_amount": "1.00", "subject": "s"}).to_string();
        for index in [0, 1] {
            bench.post(signed(index, "alipay.trade.precreate", &biz, &[])).await;
        }
        let reply = bench.control("trades/D1/pay", json!({})).await;
        assert_eq!(reply.status, StatusCode::CONFLICT);
        assert_eq!(reply.json()["app_ids"].as_array().unwrap().len(), 2);
        assert_eq!(bench.get("/sandbox/v1/trades/D1").await.status, StatusCode::CONFLICT);
        let app = &bench.apps[1].app_id;
        let paid = bench.control(&format!("trades/D1/pay?app_id={app}"), json!({})).await.json();
        assert_eq!(paid["app_id"].as_str(), Some(app.as_str()));
        let first = bench.look(&format!("trades/D1?app_id={}", bench.apps[0].app_id)).await;
        assert_eq!(first["trade_status"], json!(null));
    }

    async fn the_clock_goes_forward_only(db: Db) {
        let bench = Bench::new(db).await;
        assert_eq!(bench.look("clock").await["now"], start().rfc3339());
        let moved = bench.control("clock", json!({"advance_ms": 60_000})).await.json();
        assert_eq!(moved, json!({"now": start().plus_ms(60_000).rfc3339(), "ran": 0}));
        let back = bench.control("clock", json!({"to": start().rfc3339()})).await;
        assert_eq!((back.status, back.json()["type"].clone()), (StatusCode::CONFLICT, "/problems/clock-goes-forward".into()));
        for body in [json!({}), json!({"advance_ms": -1}), json!({"advance_ms": 1, "to": start().rfc3339()}), json!({"to": "9999-01-01T00:00:00Z"})] {
            assert_eq!(bench.control("clock", body).await.status, StatusCode::BAD_REQUEST);
        }
        bench.paid("K1", "1.00").await;
        bench.merchant.says(200, "fail");
        let moved = bench.control("clock", json!({"advance_ms": 86_400_000})).await.json();
        // Seven of the eight deliveries fall into the first day.
        assert_eq!(moved["ran"], 7);
    }

    async fn accounts_are_opened_once_and_topped_up(db: Db) {
        let bench = Bench::new(db).await;
        let made = bench.control("accounts", json!({"logon_id": "13800001234", "balance": "5.00"})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        assert_eq!(made.json()["balance"], "5.00");
        let again = bench.control("accounts", json!({"logon_id": "13800001234"})).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        let more = bench.control("accounts/13800001234/top-up", json!({"amount": "1.50"})).await;
        assert_eq!(more.json()["balance"], "6.50");
        for body in [json!({"amount": "0"}), json!({"amount": "100000000.01"})] {
            assert_eq!(bench.control("accounts/13800001234/top-up", body).await.status, StatusCode::BAD_REQUEST);
        }
        let float = bench.control("accounts/13800001234/top-up", json!({"amount": 1.5})).await;
        assert_eq!(float.status, StatusCode::UNPROCESSABLE_ENTITY);
        for body in [json!({"logon_id": "x"}), json!({"logon_id": "a@b.cn", "pay_password": "12345"}), json!({"logon_id": "a@b.cn", "login_password": ""})] {
            assert_eq!(bench.control("accounts", body).await.status, StatusCode::BAD_REQUEST);
        }
        assert_eq!(bench.get("/sandbox/v1/accounts/nobody@x.cn").await.status, StatusCode::NOT_FOUND);
        assert_eq!(bench.look("accounts").await["accounts"].as_array().unwrap().len(), 3);
        bench.assert_balanced().await;
    }

    async fn an_exchange_is_shown_in_full(db: Db) {
        let bench = Bench::new(db).await;
        let reply = bench.call("alipay.trade.query", &json!({"out_trade_no": "X1"})).await;
        let trace_id = reply.header("trace_id").unwrap();
        let shown = bench.look(&format!("requests/{trace_id}")).await;
        assert_eq!(shown["code"], "ACQ.TRADE_NOT_EXIST");
        assert_eq!(shown["out_trade_no"], "X1");
        assert_eq!(shown["answer"]["body"].as_str(), Some(reply.text().as_str()));
        assert!(shown["signed_text"].as_str().unwrap().starts_with("app_id=9021000000000001&biz_content="));
        assert!(shown["request"]["body"].as_str().unwrap().starts_with("biz_content=%7B"));
        bench.call("alipay.trade.query", &json!({"out_trade_no": "X2"})).await;
        let list = bench.look("requests?limit=1").await;
        assert_eq!(list["requests"][0]["out_trade_no"], "X2");
        let next = list["next_cursor"].as_str().unwrap();
        let list = bench.look(&format!("requests?limit=1&cursor={next}")).await;
        assert_eq!((list["requests"][0]["out_trade_no"].as_str(), &list["next_cursor"]), (Some("X1"), &json!(null)));
        assert_eq!(bench.get("/sandbox/v1/requests/0").await.status, StatusCode::NOT_FOUND);
    }

    async fn lists_have_pages(db: Db) {
        let bench = Bench::new(db).await;
        for number in ["L1", "L2", "L3"] {
            bench.paid(number, "1.00").await;
            bench.clock.advance_ms(1_000);
        }
        let mut path = "trades?limit=2".to_owned();
        let mut seen = Vec::new();
        loop {
            let list = bench.look(&path).await;
            seen.extend(list["trades"].as_array().unwrap().iter().map(|trade| trade["out_trade_no"].clone()));
            let Some(next) = list["next_cursor"].as_str() else { break };
            path = format!("trades?limit=2&cursor={next}");
        }
        assert_eq!(seen, ["L3", "L2", "L1"]);
        assert_eq!(bench.look("trades?state=closed").await["trades"], json!([]));
        let notices = bench.look("notices?limit=2").await;
        let next = notices["next_cursor"].as_str().unwrap();
        let rest = bench.look(&format!("notices?limit=2&cursor={next}")).await;
        assert_eq!(rest["notices"].as_array().unwrap().len(), 1);
        assert_eq!(bench.get("/sandbox/v1/trades?limit=0").await.status, StatusCode::BAD_REQUEST);
    }

    async fn a_new_application_can_call_at_once(db: Db) {
        let bench = Bench::new(db).await;
        let made = bench.control("apps", json!({"name": "market", "profile": "strict"})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let app = made.json();
        assert_eq!(app["app_id"].as_str().map(|id| (id.len(), id.starts_with("9021000"))), Some((16, true)));
        let key = alipay::keys::PrivateKey::parse(app["app_private_key"].as_str().unwrap()).unwrap();
        let mut params = crate::support::unsigned(0, "alipay.trade.query", "{\"out_trade_no\":\"1\"}");
        params.set("app_id", app["app_id"].as_str().unwrap());
        let text = alipay::sign::request_text(&params);
        let signature = alipay::sign::sign(&key, alipay::sign::SignType::Rsa2, text.as_bytes()).unwrap();
        params.set("sign", &signature);
        let reply = bench.get(&format!("/gateway.do?{}", form::encode(&params, Charset::Utf8).unwrap())).await;
        let (raw, signature) = reply.cut("alipay.trade.query");
        assert!(raw.contains("ACQ.TRADE_NOT_EXIST"));
        let alipay_key = alipay::keys::PublicKey::parse(app["alipay_public_key"].as_str().unwrap()).unwrap();
        let signature = signature.unwrap();
        alipay::sign::verify(&alipay_key, alipay::sign::SignType::Rsa2, raw.as_bytes(), &signature).unwrap();
        let list = bench.look("apps").await;
        assert_eq!(list["apps"].as_array().unwrap().len(), 3);
        assert!(!list.to_string().contains("PRIVATE KEY"));
        assert_eq!(bench.control("apps", json!({"name": "market"})).await.status, StatusCode::CONFLICT);
        for body in [json!({"name": "../x"}), json!({"name": "a", "app_public_key": "x"}), json!({"name": "a", "profile": "x"})] {
            assert_eq!(bench.control("apps", body).await.status, StatusCode::BAD_REQUEST);
        }
    }

    async fn starting_over_leaves_accounts_as_they_began(db: Db) {
        let bench = Bench::new(db).await;
        bench.merchant.says(200, "fail");
        bench.paid("R1", "88.88").await;
        bench.control("accounts/poor@sandbox.com/top-up", json!({"amount": "7.00"})).await;
        bench.control("trades/R1/pay", json!({"pay_password": "000000"})).await;
        bench.schedule.settle().await.unwrap();
        assert_eq!(bench.merchant.count(), 1);
        let reply = bench.control("reset", json!({})).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text());
        for (path, list) in [("trades", "trades"), ("notices", "notices"), ("requests", "requests")] {
            assert_eq!(bench.look(path).await[list], json!([]));
        }
        for (logon_id, balance) in [("buyer@sandbox.com", "100000.00"), ("poor@sandbox.com", "1.00")] {
            assert_eq!(bench.look(&format!("accounts/{logon_id}")).await["balance"], balance);
        }
        bench.assert_balanced().await;
        let moved = bench.control("clock", json!({"advance_ms": 86_400_000})).await.json();
        assert_eq!(moved["ran"], 0);
        // The number can be used again.
        bench.paid("R1", "1.00").await;
        bench.assert_balanced().await;
    }

    async fn every_call_is_described(db: Db) {
        let bench = Bench::new(db).await;
        let described = bench.get("/sandbox/openapi.json").await.json();
        let mut calls = Vec::new();
        for (path, methods) in described["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                calls.push(format!("{} {path}", method.to_uppercase()));
            }
        }
        calls.sort();
        assert_eq!(calls, [
            "DELETE /sandbox/v1/apps/{app_id}/grants/{merchant_app_id}",
            "DELETE /sandbox/v1/snapshots/{id}",
            "DELETE /sandbox/v1/worlds/{name}",
            "GET /sandbox/v1/accounts", "GET /sandbox/v1/accounts/{logon_id}",
            "GET /sandbox/v1/accounts/{logon_id}/cards",
            "GET /sandbox/v1/accounts/{logon_id}/person", "GET /sandbox/v1/agreements", "GET /sandbox/v1/apps",
            "GET /sandbox/v1/apps/{app_id}",
            "GET /sandbox/v1/books", "GET /sandbox/v1/clock", "GET /sandbox/v1/faults",
            "GET /sandbox/v1/messages", "GET /sandbox/v1/notices",
            "GET /sandbox/v1/requests", "GET /sandbox/v1/requests/{trace_id}",
            "GET /sandbox/v1/snapshots",
            "GET /sandbox/v1/trades", "GET /sandbox/v1/trades/{out_trade_no}",
            "GET /sandbox/v1/worlds",
            "GET /sandbox/v1/worlds/{name}",
            "PATCH /sandbox/v1/apps/{app_id}",
            "POST /sandbox/v1/accounts", "POST /sandbox/v1/accounts/{logon_id}/cards",
            "POST /sandbox/v1/accounts/{logon_id}/payment-codes",
            "POST /sandbox/v1/accounts/{logon_id}/top-up",
            "POST /sandbox/v1/agreements/{agreement_no}/end",
            "POST /sandbox/v1/apps", "POST /sandbox/v1/apps/{app_id}/certificates",
            "POST /sandbox/v1/apps/{app_id}/grants",
            "POST /sandbox/v1/clock", "POST /sandbox/v1/consents",
            "POST /sandbox/v1/exams",
            "POST /sandbox/v1/notices/{notify_id}/resend",
            "POST /sandbox/v1/reset",
            "POST /sandbox/v1/snapshots", "POST /sandbox/v1/snapshots/{id}/restore",
            "POST /sandbox/v1/trades/{out_trade_no}/pay",
            "POST /sandbox/v1/trades/{out_trade_no}/refuse",
            "POST /sandbox/v1/worlds",
            "PUT /sandbox/v1/accounts/{logon_id}/person",
            "PUT /sandbox/v1/faults",
        ]);
    }
}
