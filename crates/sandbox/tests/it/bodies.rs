//! How a call comes: its HTTP method, and a body of several parts.

use crate::support::{Bench, link, signed};
use axum::body::Body;
use http::{Request, StatusCode, header};
use serde_json::json;
use store::Db;

const QUERY: &str = "alipay.trade.query";

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_look_at_the_headers_has_no_effect(db: Db) {
        let bench = Bench::new(db).await;
        let biz = json!({
            "out_trade_no": "H1", "product_code": "FAST_INSTANT_TRADE_PAY",
            "total_amount": "1.00", "subject": "s",
        });
        let address = link("alipay.trade.page.pay", &biz);
        let code = json!({"out_trade_no": "H2", "total_amount": "1.00", "subject": "s"});
        let code = bench.node("alipay.trade.precreate", &code).await["qr_code"].clone();
        for address in [address.as_str(), code.as_str().unwrap()] {
            let path = address.trim_start_matches("http://127.0.0.1:8609");
            let request = Request::head(path).body(Body::empty()).unwrap();
            let reply = bench.send(request).await;
            assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        }
        assert_eq!(bench.get("/sandbox/v1/trades/H1").await.status, StatusCode::NOT_FOUND);
        assert_eq!(bench.look("trades/H2").await["trade_status"], json!(null));
    }

    async fn a_body_of_several_parts_is_read(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("B1", "1.00").await;
        let mut body = String::new();
        for (name, value) in &signed(0, QUERY, &json!({"out_trade_no": "B1"}).to_string(), &[]) {
            if name != "charset" {
                let part = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
                body.push_str(&part);
            }
        }
        body += "--x\r\nContent-Disposition: form-data; name=\"method\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nfile\r\n--x--\r\n";
        let send = |body: String| {
            let request = Request::post("/gateway.do?charset=utf-8")
                .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
                .body(Body::from(body))
                .unwrap();
            bench.send(request)
        };
        let node = send(body.clone()).await.signed_node(QUERY);
        assert_eq!(node["trade_status"], "TRADE_SUCCESS");
        // Cut off, or with too many parts, it is none.
        let cut = send(body.trim_end_matches("--x--\r\n").to_owned()).await;
        assert!(cut.text().contains("isv.invalid-content-type"), "{}", cut.text());
        let part = "--x\r\nContent-Disposition: form-data; name=\"p\"; filename=\"f\"\r\n\r\n\r\n";
        let many = send(part.repeat(129) + "--x--\r\n").await;
        assert!(many.text().contains("isv.invalid-content-type"), "{}", many.text());
    }
}
