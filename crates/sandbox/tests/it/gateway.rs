//! The gateway's answers, byte by byte.

use crate::support::{
    Bench, NOTIFY, RETURN, code, keys, link, page_link, sign_params, signed, unsigned,
};
use alipay::sign::{self, SignType};
use alipay::{Charset, Params, form};
use axum::body::Body;
use http::{Request, StatusCode, header};
use serde_json::json;
use store::Db;

const QUERY: &str = "alipay.trade.query";

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn every_statement_prepares(db: Db) {
        testdb::prepare_all(&db, &sandbox::statements()).await;
    }

    async fn a_trade_from_link_to_return(db: Db) {
        let bench = Bench::new(db).await;
        let reply = bench.call(QUERY, &json!({"out_trade_no": "A1"})).await;
        assert_eq!(code(&reply.signed_node(QUERY)), "ACQ.TRADE_NOT_EXIST");
        assert!(reply.explain().contains("out_trade_no"), "{}", reply.explain());

        bench.open(&page_link("A1", "0.01")).await.expect("the cashier");
        let node = bench.node(QUERY, &json!({"out_trade_no": "A1"})).await;
        assert_eq!(node["trade_status"], "WAIT_BUYER_PAY");
        assert_eq!(node.get("send_pay_date"), None);

        let paid = bench.paid("A1", "0.01").await;
        let reply = bench.call(QUERY, &json!({"out_trade_no": "A1"})).await;
        let (raw, _) = reply.cut(QUERY);
        let trade_no = paid["trade_no"].as_str().unwrap();
        let buyer = paid["buyer_user_id"].as_str().unwrap();
        assert_eq!(raw, format!(
            "{{\"code\":\"10000\",\"msg\":\"Success\",\"buyer_logon_id\":\"buy***@sandbox.com\",\
             \"buyer_pay_amount\":\"0.01\",\"buyer_user_id\":\"{buyer}\",\"buyer_user_type\":\"PRIVATE\",\
             \"invoice_amount\":\"0.01\",\"out_trade_no\":\"A1\",\"point_amount\":\"0.00\",\
             \"receipt_amount\":\"0.01\",\"send_pay_date\":\"2026-08-21 09:30:00\",\
             \"total_amount\":\"0.01\",\"trade_no\":\"{trade_no}\",\"trade_status\":\"TRADE_SUCCESS\"}}"
        ));
        assert_eq!(trade_no.len(), 28);
        assert!(trade_no.starts_with("2026082122001"));
        assert!(buyer.starts_with("2088722") && buyer.len() == 16);
        assert_eq!(reply.header("content-type"), Some("text/html;charset=utf-8"));
        assert_eq!(reply.header("trace_id").map(str::len), Some(32));

        let back = paid["return_url"].as_str().unwrap();
        let query = back.strip_prefix(RETURN).unwrap().strip_prefix('&').unwrap();
        let params = form::decode(query.as_bytes(), Charset::Utf8).unwrap();
        let names: Vec<_> = params.iter().map(|(name, _)| name).collect();
        assert_eq!(names, [
            "charset", "out_trade_no", "method", "total_amount", "sign", "trade_no",
            "auth_app_id", "version", "app_id", "sign_type", "seller_id", "timestamp",
        ]);
        assert!(query.contains("timestamp=2026-08-21+09%3A30%3A00"));
        let text = sign::notice_text(&params);
        let key = keys().alipay[0].public_key();
        let signature = params.get("sign").unwrap();
        sign::verify(key, SignType::Rsa2, text.as_bytes(), signature).expect("Alipay's signature");
        bench.assert_balanced().await;
    }

    async fn all_three_transports_and_both_rules_of_empties_verify(db: Db) {
        let bench = Bench::new(db).await;
        let biz = json!({"out_trade_no": "T1"}).to_string();
        let params = signed(0, QUERY, &biz, &[]);
        let all = form::encode(&params, Charset::Utf8).unwrap();
        let by_get = bench.get(&format!("/gateway.do?{all}")).await;
        assert_eq!(code(&by_get.signed_node(QUERY)), "ACQ.TRADE_NOT_EXIST");
        let by_body = Request::post("/gateway.do?charset=utf-8")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(all)).unwrap();
        let by_body = bench.send(by_body).await;
        assert_eq!(code(&by_body.signed_node(QUERY)), "ACQ.TRADE_NOT_EXIST");

        let mut empties = unsigned(0, QUERY, &biz);
        empties.set("notify_url", "");
        let dropped = sign_params(empties.clone(), 0);
        assert_eq!(code(&bench.post(dropped).await.signed_node(QUERY)), "ACQ.TRADE_NOT_EXIST");
        let text = sign::request_text_keeping_empties(&empties);
        let signature = sign::sign(&keys().app[0], SignType::Rsa2, text.as_bytes()).unwrap();
        empties.set("sign", &signature);
        assert_eq!(code(&bench.post(empties).await.signed_node(QUERY)), "ACQ.TRADE_NOT_EXIST");
    }

    async fn errors_before_authentication_are_unsigned_and_name_the_method(db: Db) {
        let bench = Bench::new(db).await;
        let mut stranger = unsigned(0, QUERY, "{}");
        stranger.set("app_id", "2021000000000000");
        let reply = bench.post(stranger).await;
        assert_eq!(reply.text(), "{\"alipay_trade_query_response\":{\"code\":\"40002\",\
            \"msg\":\"Invalid Arguments\",\"sub_code\":\"isv.invalid-app-id\",\
            \"sub_msg\":\"无效的AppID参数\"}}");

        let biz = json!({"out_trade_no": "T/1"}).to_string();
        let mut wrong = signed(0, QUERY, &biz, &[]);
        wrong.set("sign", signed(1, QUERY, &biz, &[]).get("sign").unwrap());
        let node = bench.post(wrong).await.signed_node(QUERY);
        assert_eq!(code(&node), "isv.invalid-signature");
        let said = node["sub_msg"].as_str().unwrap();
        assert!(said.starts_with("验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为："));
        assert!(said.ends_with("app_id=9021000000000001&amp;biz_content={\"out_trade_no\":\"T/1\"}&amp;\
            charset=utf-8&amp;format=JSON&amp;method=alipay.trade.query&amp;sign_type=RSA2&amp;\
            timestamp=2026-08-21 09:30:00&amp;version=1.0"), "{said}");
    }

    async fn a_wrong_page_link_is_a_gbk_page(db: Db) {
        let bench = Bench::new(db).await;
        let url = page_link("P1", "88.88").replace("88.88", "0.01");
        let reply = bench.open(&url).await.expect_err("no cashier");
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.header("content-type"), Some("text/html;charset=GBK"));
        let page = Charset::Gbk.decode(&reply.body).unwrap().into_owned();
        assert!(page.contains("调试错误，请回到请求来源地，重新发起请求。"));
        assert!(page.contains("invalid-signature") && !page.contains("isv.invalid-signature"));
        assert!(!reply.explain().is_empty());
    }

    async fn precreate_scan_and_pay(db: Db) {
        let bench = Bench::new(db).await;
        let method = "alipay.trade.precreate";
        let biz = json!({"out_trade_no": "Q1", "total_amount": 88.8, "subject": "码"});
        let reply = bench.post(signed(0, method, &biz.to_string(), &[("notify_url", NOTIFY)])).await;
        let node = reply.signed_node(method);
        assert_eq!(node.as_object().unwrap().len(), 4, "{node}");
        let code_url = node["qr_code"].as_str().unwrap();
        assert!(reply.text().contains("\"qr_code\":\"http:\\/\\/127.0.0.1:8609\\/qr\\/"));
        let again = bench.node(method, &biz).await;
        assert_eq!(again["qr_code"].as_str(), Some(code_url));
        let other = json!({"out_trade_no": "Q1", "total_amount": "88.81", "subject": "码"});
        assert_eq!(code(&bench.node(method, &other).await), "ACQ.CONTEXT_INCONSISTENT");
        let unknown = bench.node(QUERY, &json!({"out_trade_no": "Q1"})).await;
        assert_eq!(code(&unknown), "ACQ.TRADE_NOT_EXIST");
        assert_eq!(unknown["receipt_amount"], "0.00");
        let closed = bench.node("alipay.trade.close", &json!({"out_trade_no": "Q1"})).await;
        assert_eq!(code(&closed), "ACQ.TRADE_NOT_EXIST");

        let paid = bench.control("trades/Q1/pay", json!({})).await;
        assert_eq!(paid.status, StatusCode::OK, "{}", paid.text());
        let trade_no = paid.json()["trade_no"].clone();
        let node = bench.node(QUERY, &json!({"trade_no": trade_no, "out_trade_no": "ignored"})).await;
        assert_eq!(node["trade_status"], "TRADE_SUCCESS");
        assert_eq!(node["total_amount"], "88.80");
        assert_eq!(code(&bench.node(method, &biz).await), "ACQ.TRADE_HAS_SUCCESS");
        bench.assert_balanced().await;
    }

    async fn a_number_is_used_once(db: Db) {
        let bench = Bench::new(db).await;
        let shown = |reply: crate::support::Reply| {
            Charset::Gbk.decode(&reply.body).unwrap().into_owned()
        };
        bench.open(&page_link("N1", "10.00")).await.expect("first");
        bench.open(&page_link("N1", "10.00")).await.expect("again");
        let other = bench.open(&page_link("N1", "9.99")).await.expect_err("tampered");
        assert!(shown(other).contains("ACQ.CONTEXT_INCONSISTENT"));
        bench.paid("N1", "10.00").await;
        let paid = bench.open(&page_link("N1", "10.00")).await.expect_err("paid");
        assert!(shown(paid).contains("ACQ.TRADE_HAS_SUCCESS"));

        bench.open(&page_link("N2", "10.00")).await.expect("first");
        let node = bench.node("alipay.trade.close", &json!({"out_trade_no": "N2"})).await;
        assert_eq!((code(&node), node["out_trade_no"].as_str()), ("10000", Some("N2")));
        assert_eq!(node["trade_no"].as_str().map(str::len), Some(28));
        let node = bench.node("alipay.trade.close", &json!({"out_trade_no": "N2"})).await;
        assert_eq!(code(&node), "ACQ.TRADE_STATUS_ERROR");
        let node = bench.node("alipay.trade.close", &json!({"out_trade_no": "N1"})).await;
        assert_eq!(code(&node), "ACQ.TRADE_STATUS_ERROR");
        let closed = bench.open(&page_link("N2", "10.00")).await.expect_err("closed");
        assert!(shown(closed).contains("ACQ.TRADE_HAS_CLOSE"));
    }

    async fn a_phones_trade_begins_with_the_buyers_confirmation(db: Db) {
        let bench = Bench::new(db).await;
        for (number, product) in [("W1", "QUICK_WAP_WAY"), ("W2", "QUICK_WAP_PAY"), ("W3", "")] {
            let biz = json!({
                "out_trade_no": number, "product_code": product, "total_amount": "1.00",
                "subject": "s", "quit_url": "http://shop.example/",
            });
            let url = link("alipay.trade.wap.pay", &biz);
            bench.open(&url).await.expect("the cashier");
            let node = bench.node(QUERY, &json!({"out_trade_no": number})).await;
            assert_eq!(code(&node), "ACQ.TRADE_NOT_EXIST");
            let path = format!("trades/{number}/pay");
            let paid = bench.control(&path, json!({"url": url})).await.json();
            assert!(paid["return_url"].as_str().unwrap().contains("method=alipay.trade.wap.pay.return"));
            let node = bench.node(QUERY, &json!({"out_trade_no": number})).await;
            assert_eq!(node["trade_status"], "TRADE_SUCCESS");
        }
    }

    async fn a_call_without_charset_in_its_url_is_gbk(db: Db) {
        let bench = Bench::new(db).await;
        let mut params = Params::new();
        let biz = json!({"out_trade_no": "G1", "total_amount": "1.00", "subject": "课程"}).to_string();
        for (name, value) in &unsigned(0, "alipay.trade.precreate", &biz) {
            if name != "charset" {
                params.push(name, value).unwrap();
            }
        }
        params.set("notify_url", NOTIFY);
        let text = sign::request_text(&params);
        let bytes = Charset::Gbk.encode(&text).unwrap();
        let signature = sign::sign(&keys().app[0], SignType::Rsa2, &bytes).unwrap();
        params.set("sign", &signature);
        let query = form::encode(&params, Charset::Gbk).unwrap();
        let reply = bench.get(&format!("/gateway.do?{query}")).await;
        assert_eq!(reply.header("content-type"), Some("text/html;charset=GBK"));
        assert!(reply.text().contains("\"code\":\"10000\""), "{}", reply.text());
        bench.control("trades/G1/pay", json!({})).await;
        bench.schedule.settle().await.unwrap();
        let notice = &bench.merchant.forms()[0];
        assert_eq!((notice.get("charset"), notice.get("subject")), (Some("GBK"), Some("课程")));
        let bytes = Charset::Gbk.encode(&sign::notice_text(notice)).unwrap().into_owned();
        let key = keys().alipay[0].public_key();
        sign::verify(key, SignType::Rsa2, &bytes, notice.get("sign").unwrap()).expect("signed in GBK");
    }

    // As clients that post everything in the body do, with and without a word in the header.
    async fn a_body_is_read_in_the_charset_of_its_content_type(db: Db) {
        let bench = Bench::new(db).await;
        let biz = json!({"out_trade_no": "G2", "total_amount": "1.00", "subject": "三门课"}).to_string();
        let params = signed(0, "alipay.trade.precreate", &biz, &[("notify_url", NOTIFY)]);
        let body = form::encode(&params, Charset::Utf8).unwrap();
        let post = |content_type: &str| {
            let request = Request::post("/gateway.do").header(header::CONTENT_TYPE, content_type);
            bench.send(request.body(Body::from(body.clone())).unwrap())
        };
        // Nine bytes are no text of two bytes a sign.
        let reply = post("application/x-www-form-urlencoded").await;
        assert_eq!(reply.header("content-type"), Some("text/html;charset=GBK"));
        assert!(!reply.text().contains("\"code\":\"10000\""), "{}", reply.text());
        let reply = post("application/x-www-form-urlencoded; charset=utf-8").await;
        assert_eq!(reply.header("content-type"), Some("text/html;charset=utf-8"));
        reply.signed_node("alipay.trade.precreate");
        bench.control("trades/G2/pay", json!({})).await;
        bench.schedule.settle().await.unwrap();
        let notice = &bench.merchant.forms()[0];
        assert_eq!((notice.get("charset"), notice.get("subject")), (Some("utf-8"), Some("三门课")));
    }
}
