//! What the gateway answers to what it should not be sent: one line for each, with the exact code.

use crate::support::{Bench, Reply, code, sign_params, signed, unsigned};
use alipay::{Charset, Params, form};
use axum::body::Body;
use http::{Request, StatusCode, header};
use sandbox::Profile;
use serde_json::{Value, json};
use store::Db;

const PRECREATE: &str = "alipay.trade.precreate";
const PAGE: &str = "alipay.trade.page.pay";
const QUERY: &str = "alipay.trade.query";

fn order(name: &str, value: Value) -> Value {
    let mut biz = json!({"out_trade_no": "B1", "total_amount": "1.00", "subject": "课程"});
    biz[name] = value;
    biz
}

/// The same order without one of its fields.
fn without(name: &str) -> Value {
    let mut biz = order("subject", "课程".into());
    biz.as_object_mut().unwrap().remove(name);
    biz
}

/// The code of an answer, whoever signed it.
fn plain_code(reply: &Reply, method: &str) -> String {
    let (raw, _) = reply.cut(method);
    let node: Value = serde_json::from_str(&raw).unwrap();
    code(&node).to_owned()
}

const INVALID: &str = "ACQ.INVALID_PARAMETER";

fn bad_orders() -> Vec<(Value, &'static str)> {
    let big = "ACQ.TOTAL_FEE_EXCEED";
    vec![
        (order("total_amount", "1.005".into()), INVALID),
        (order("total_amount", "-1".into()), INVALID),
        (order("total_amount", json!(-1)), INVALID),
        (order("total_amount", "1e3".into()), INVALID),
        (order("total_amount", "NaN".into()), INVALID),
        (order("total_amount", "".into()), INVALID),
        (order("total_amount", " 1.00".into()), INVALID),
        (order("total_amount", "１.00".into()), INVALID),
        (order("total_amount", json!(["1.00"])), INVALID),
        (order("total_amount", json!({"a": 1})), INVALID),
        (order("total_amount", "1000000000000".into()), big),
        (
            order("total_amount", "99999999999999999999".into()),
            INVALID,
        ),
        (order("total_amount", "100000000.01".into()), big),
        (order("total_amount", "0.00".into()), big),
        (order("total_amount", json!(0)), big),
        (without("total_amount"), INVALID),
        (without("out_trade_no"), INVALID),
        (without("subject"), INVALID),
        (order("subject", "".into()), INVALID),
        (order("subject", "课".repeat(257).into()), INVALID),
        (order("subject", "s".repeat(300).into()), INVALID),
        (order("subject", "a\u{0}b".into()), INVALID),
        (order("subject", json!(true)), INVALID),
        (order("out_trade_no", "9".repeat(65).into()), INVALID),
        (order("out_trade_no", "订单一".into()), INVALID),
        (order("out_trade_no", "a b".into()), INVALID),
        (order("body", "x".repeat(401).into()), INVALID),
        (order("timeout_express", "90s".into()), INVALID),
        (order("timeout_express", "16d".into()), INVALID),
        (order("timeout_express", "1.5h".into()), INVALID),
        (order("time_expire", "tomorrow".into()), INVALID),
        (
            order("time_expire", "2020-01-01 00:00:00".into()),
            "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR",
        ),
        (
            order("product_code", "FAST_INSTANT_TRADE_PAY".into()),
            INVALID,
        ),
        (
            order("seller_id", "2088000000000000".into()),
            "ACQ.INVALID_RECEIVE_ACCOUNT",
        ),
        (order("passback_params", "p".repeat(513).into()), INVALID),
        (json!([]), "isv.illegal-json"),
        (json!("text"), "isv.illegal-json"),
    ]
}

fn good_orders() -> Vec<Value> {
    vec![
        order("subject", "课".repeat(256).into()),
        order("subject", "课程 😀 𠮷".into()),
        order("total_amount", json!(138)),
        order("total_amount", "100000000.00".into()),
        order("seller_id", "2088721000000001".into()),
        order("timeout_express", "1c".into()),
        order("body", Value::Null),
        order("subject", json!(2026)),
    ]
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn every_bad_order_has_its_code(db: Db) {
        let bench = Bench::new(db).await;
        for (biz, wanted) in bad_orders() {
            let reply = bench.call(PRECREATE, &biz).await;
            assert_eq!(code(&reply.signed_node(PRECREATE)), wanted, "{biz}");
            assert!(!reply.explain().is_empty(), "{biz}");
        }
        for (number, mut biz) in good_orders().into_iter().enumerate() {
            biz["out_trade_no"] = format!("G{number}").into();
            let node = bench.node(PRECREATE, &biz).await;
            assert_eq!(code(&node), "10000", "{biz} {node}");
        }
        let list = bench.look("trades").await;
        assert_eq!(list["trades"].as_array().unwrap().len(), good_orders().len());
    }

    async fn bad_json_is_refused_and_deep_json_never_followed(db: Db) {
        let bench = Bench::new(db).await;
        let deep = format!("{{\"out_trade_no\":\"D1\",\"x\":{}{}}}", "[".repeat(90_000), "]".repeat(90_000));
        for biz in ["{", "not json", "{\"a\":1,\"a\":2}", "{\"total_amount\":NaN}", "[1,2]", deep.as_str()] {
            let reply = bench.post(signed(0, QUERY, biz, &[])).await;
            let found = code(&reply.signed_node(QUERY)).to_owned();
            let fine = found == "isv.illegal-json" || (biz.len() > 1_000 && found == "ACQ.TRADE_NOT_EXIST");
            assert!(fine, "{found}: {}", &biz[..biz.len().min(40)]);
        }
        let node = bench.post(signed(0, QUERY, "{}", &[])).await.signed_node(QUERY);
        assert_eq!(code(&node), INVALID);
    }

    async fn common_parameters_are_looked_at_in_alipays_order(db: Db) {
        let bench = Bench::new(db).await;
        let biz = json!({"out_trade_no": "C1"}).to_string();
        let lacking = |name: &str| {
            let kept: Params = unsigned(0, QUERY, &biz).iter().filter(|(n, _)| *n != name).collect();
            sign_params(kept, 0)
        };
        let changed = |name: &str, value: &str| {
            let mut params = unsigned(0, QUERY, &biz);
            params.set(name, value);
            sign_params(params, 0)
        };
        for (params, wanted, is_signed) in [
            (lacking("app_id"), "isv.missing-app-id", false),
            (changed("app_id", "9021000000000009"), "isv.invalid-app-id", false),
            (changed("app_id", "' OR 1=1 --"), "isv.invalid-app-id", false),
            (lacking("sign_type"), "isv.missing-signature-type", false),
            (changed("sign_type", "RSA"), "isv.missing-signature-config", false),
            (changed("sign_type", "MD5"), "isv.invalid-signature-type", false),
            (unsigned(0, QUERY, &biz), "isv.missing-signature", false),
            (changed("encrypt_type", "AES"), "isv.missing-encrypt-key", true),
            (lacking("timestamp"), "isv.missing-timestamp", true),
            (changed("timestamp", "2026-08-21"), "isv.invalid-timestamp", true),
            (lacking("version"), "isv.missing-version", true),
            (changed("version", "2.0"), "isv.invalid-parameter", true),
            (changed("format", "XML"), "isv.invalid-format", true),
            (changed("format", "json"), "ACQ.TRADE_NOT_EXIST", true),
            (signed(1, QUERY, &biz, &[("app_id", "9021000000000001")]), "isv.invalid-signature", true),
        ] {
            let reply = bench.post(params).await;
            assert_eq!(plain_code(&reply, QUERY), wanted);
            assert_eq!(reply.cut(QUERY).1.is_some(), is_signed, "{wanted}");
            assert_eq!(reply.status, StatusCode::OK);
        }
        let unknown = bench.post(signed(0, "alipay.trade.fly", "{}", &[])).await;
        assert_eq!(plain_code(&unknown, "alipay.trade.fly"), "isv.invalid-method");
        let nothing = bench.get("/gateway.do").await;
        assert!(nothing.text().starts_with("{\"error_response\":{\"code\":\"40001\""), "{}", nothing.text());
        let latin = bench.get("/gateway.do?charset=latin1&method=alipay.trade.query").await;
        assert!(latin.text().contains("isv.invalid-charset"));
    }

    async fn bodies_of_every_other_kind(db: Db) {
        let bench = Bench::new(db).await;
        let post = |content_type: &str, body: Vec<u8>| {
            Request::post("/gateway.do?charset=utf-8&method=alipay.trade.query")
                .header(header::CONTENT_TYPE, content_type)
                .body(Body::from(body))
                .unwrap()
        };
        let form = "application/x-www-form-urlencoded";
        for (content_type, body, wanted) in [
            ("multipart/form-data; boundary=x", "--x", "isv.invalid-content-type"),
            ("application/json", "{}", "isv.invalid-content-type"),
            (form, "a=%zz", "isv.invalid-parameter"),
            (form, "a=1&a=2", "isv.invalid-parameter"),
            (form, "method=alipay.trade.close", "isv.invalid-parameter"),
            (form, "=1", "isv.invalid-parameter"),
            (form, "subject=%B8%DF", "isv.invalid-signature"),
        ] {
            let reply = bench.send(post(content_type, body.as_bytes().to_vec())).await;
            assert_eq!(plain_code(&reply, QUERY), wanted, "{body}");
        }
        let huge = bench.send(post(form, vec![b'a'; 2 * 1024 * 1024])).await;
        assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
        let put = Request::put("/gateway.do").body(Body::empty()).unwrap();
        assert_eq!(bench.send(put).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }

    async fn page_links_say_on_the_page_what_is_wrong(db: Db) {
        let bench = Bench::new(db).await;
        let biz = |name: &str, value: Value| {
            let mut biz = order(name, value);
            if biz.get("product_code").is_none() {
                biz["product_code"] = "FAST_INSTANT_TRADE_PAY".into();
            }
            biz
        };
        let mut no_product = order("subject", "s".into());
        no_product["out_trade_no"] = "P0".into();
        for (biz, more, wanted) in [
            (biz("total_amount", "1.005".into()), vec![], "ACQ.INVALID_PARAMETER"),
            (biz("total_amount", "0".into()), vec![], "ACQ.TOTAL_FEE_EXCEED"),
            (biz("subject", "s".repeat(300).into()), vec![], "ACQ.INVALID_PARAMETER"),
            (biz("product_code", "QUICK_WAP_WAY".into()), vec![], "ACQ.INVALID_PARAMETER"),
            (no_product, vec![], "ACQ.INVALID_PARAMETER"),
            (biz("subject", "s".into()), vec![("notify_url", "ftp://x/")], "invalid-parameter"),
            (biz("subject", "s".into()), vec![("return_url", "/relative")], "invalid-parameter"),
        ] {
            let params = signed(0, PAGE, &biz.to_string(), &more);
            let query = form::encode(&params, Charset::Utf8).unwrap();
            let reply = bench.open(&format!("/gateway.do?{query}")).await.expect_err("a page");
            let page = Charset::Gbk.decode(&reply.body).unwrap().into_owned();
            assert!(page.contains(&format!("<strong id=\"error-code\">{wanted}</strong>")), "{page}");
        }
        let list = bench.look("trades").await;
        assert_eq!(list["trades"], json!([]));
    }

    async fn what_the_documents_forbid_is_odd_or_refused(db: Db) {
        let bench = Bench::new(db).await;
        let biz = order("subject", "A/B=C&D".into());
        let reply = bench.call(PRECREATE, &biz).await;
        assert_eq!(code(&reply.signed_node(PRECREATE)), "10000");
        assert!(reply.explain().contains("subject"), "{}", reply.explain());
        let reply = bench.call(QUERY, &json!({"out_trade_no": "a-b"})).await;
        assert_eq!(code(&reply.signed_node(QUERY)), "ACQ.TRADE_NOT_EXIST");
    }

    async fn strict_applications_get_what_the_documents_say(db: Db) {
        let bench = Bench::with_profile(db, Profile::Strict).await;
        for biz in [order("subject", "A/B".into()), order("out_trade_no", "a-b".into())] {
            assert_eq!(code(&bench.node(PRECREATE, &biz).await), INVALID);
        }
        assert_eq!(code(&bench.node(PRECREATE, &order("subject", "课程".into())).await), "10000");
    }
}
