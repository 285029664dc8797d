//! The service over HTTP, as a shop in any language sees it.

use crate::alipay::{APP_A, FakeAlipay, Fault};
use crate::shop::{KEY_OF_MALL, KEY_OF_SCHOOL, Shop};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use store::Db;
use tower::ServiceExt;

struct Answer {
    status: StatusCode,
    kind: String,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn is_problem(&self, status: u16, slug: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.kind, "application/problem+json");
        assert_eq!(
            self.json()["type"],
            format!("/problems/{slug}"),
            "{}",
            self.text
        );
    }
}

async fn send(shop: &Shop, request: Request<Body>) -> Answer {
    let answer = shop
        .merchant
        .router()
        .oneshot(request)
        .await
        .expect("it answers");
    let (parts, body) = answer.into_parts();
    let kind = parts.headers.get("content-type");
    let kind = kind.map(|kind| kind.to_str().expect("text").to_owned());
    let bytes = body.collect().await.expect("a body").to_bytes();
    Answer {
        status: parts.status,
        kind: kind.unwrap_or_default(),
        text: String::from_utf8(bytes.to_vec()).expect("UTF-8"),
    }
}

async fn get(shop: &Shop, key: &str, path: &str) -> Answer {
    let request = Request::get(path).header("authorization", format!("Bearer {key}"));
    send(shop, request.body(Body::empty()).expect("a request")).await
}

async fn post(shop: &Shop, path: &str, idempotency_key: &str, body: impl Into<Body>) -> Answer {
    let mut request = Request::post(path)
        .header("authorization", format!("bearer {KEY_OF_SCHOOL}"))
        .header("content-type", "application/json");
    if !idempotency_key.is_empty() {
        request = request.header("idempotency-key", idempotency_key);
    }
    send(shop, request.body(body.into()).expect("a request")).await
}

fn order(number: &str) -> Value {
    json!({"merchant_order_no": number, "subject": "Rust 入门", "total_amount": "39.00",
        "product": "page", "metadata": {"course": 7}})
}

async fn notify(shop: &Shop, path: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(path)
        .header("content-type", ::alipay::testing::NOTICE_CONTENT_TYPE)
        .body(body.into());
    send(shop, request.expect("a request")).await
}

testdb::on_both_engines! {
    steps: merchant::steps;

    async fn an_order_from_placing_to_refund(db: Db) {
        let shop = Shop::new(db).await;
        let placed = post(&shop, "/v1/orders", "k1", order("A1").to_string()).await;
        assert_eq!(placed.status, StatusCode::CREATED, "{}", placed.text);
        let view = placed.json();
        assert_eq!(view["state"], "open");
        assert_eq!(view["total_amount"], "39.00");
        assert_eq!(view["metadata"], json!({"course": 7}));
        assert!(view["pay"]["url"].as_str().unwrap().starts_with("https://alipay.test/gateway.do?"));
        let again = post(&shop, "/v1/orders", "k1", order("A1").to_string()).await;
        assert_eq!((again.status, &again.text), (StatusCode::CREATED, &placed.text));
        let other = post(&shop, "/v1/orders", "k1", order("A2").to_string()).await;
        other.is_problem(409, "idempotency-key-reused");

        shop.alipay.pay(APP_A, "A1", 3_900);
        let fields = shop.alipay.notice(APP_A, "A1", "39.00");
        let answer = notify(&shop, "/notify/alipay", FakeAlipay::sign(&fields)).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "success"));
        assert!(answer.kind.starts_with("text/plain"));
        let answer = notify(&shop, "/notify/alipay/", FakeAlipay::sign(&fields)).await;
        assert_eq!(answer.text, "success");

        let id = view["id"].as_str().unwrap();
        let found = get(&shop, KEY_OF_SCHOOL, &format!("/v1/orders/{id}")).await.json();
        assert_eq!(found["state"], "paid");
        assert_eq!(found["attempts"][0]["state"], "succeeded");
        get(&shop, KEY_OF_MALL, &format!("/v1/orders/{id}")).await.is_problem(404, "not-found");

        let path = format!("/v1/orders/{id}/refunds");
        let refund = json!({"merchant_refund_no": "R1", "amount": 10, "reason": "退"}).to_string();
        let refunded = post(&shop, &path, "r1", refund.clone()).await;
        assert_eq!(refunded.status, StatusCode::CREATED, "{}", refunded.text);
        assert_eq!(refunded.json()["state"], "succeeded");
        assert_eq!(refunded.json()["amount"], "10.00");
        assert_eq!(post(&shop, &path, "r1", refund).await.text, refunded.text);
        let more = json!({"merchant_refund_no": "R2", "amount": "29.01"}).to_string();
        let more = post(&shop, &path, "r2", more).await;
        more.is_problem(422, "refund-exceeds-paid");
        assert_eq!(more.json()["left"], "29.00");
        let list = get(&shop, KEY_OF_SCHOOL, &path).await.json();
        assert_eq!(list["data"].as_array().unwrap().len(), 1);
        assert_eq!(list["next_cursor"], Value::Null);

        let story = get(&shop, KEY_OF_SCHOOL, &format!("/v1/orders/{id}/timeline")).await.json();
        let kinds: Vec<&str> =
            story["data"].as_array().unwrap().iter().filter_map(|e| e["kind"].as_str()).collect();
        assert_eq!(kinds[0], "notice");
        assert!(kinds.contains(&"transition"));
        post(&shop, &format!("/v1/orders/{id}/close"), "c1", "").await.is_problem(409, "order-is-paid");
    }

    async fn an_unpaid_order_is_explained(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        let codes = async || -> Vec<String> {
            let found = get(&shop, KEY_OF_SCHOOL, "/v1/orders/A1/explain").await.json();
            let all = found["findings"].as_array().unwrap().iter();
            all.map(|f| f["code"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(codes().await, ["unpaid", "not_opened"]);
        let fields = shop.alipay.notice(APP_A, "A1", "0.01");
        shop.notify(&fields).await;
        assert_eq!(codes().await, ["unpaid", "wrong_amount", "not_opened"]);
        shop.alipay.open(APP_A, "A1", 3_900);
        shop.advance(120_000).await;
        assert_eq!(codes().await, ["paying", "wrong_amount", "waiting_for_buyer"]);
        get(&shop, KEY_OF_MALL, "/v1/orders/A1/explain").await.is_problem(404, "not-found");
    }

    async fn books_are_verified_from_their_postings(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        let good = get(&shop, KEY_OF_SCHOOL, "/v1/books/verify").await.json();
        assert_eq!((&good["balanced"], &good["postings"]), (&json!(true), &json!(2)), "{good}");
        shop.spoil("UPDATE attempts SET paid = 3901").await;
        let spoilt = get(&shop, KEY_OF_SCHOOL, "/v1/books/verify").await.json();
        assert_eq!(spoilt["balanced"], false);
        assert_eq!(spoilt["differences"].as_array().unwrap().len(), 1);
        // What is wrong with one merchant's books is not told to another.
        let other = get(&shop, KEY_OF_MALL, "/v1/books/verify").await.json();
        let nothing = json!({"balanced": true, "postings": 0, "accounts": 1, "differences": []});
        assert_eq!(other, nothing);
    }

    async fn an_unknown_refund_is_answered_the_same_under_its_key(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        shop.alipay.fault("alipay.trade.refund", Fault::LostAfter);
        let body = json!({"merchant_refund_no": "R1", "amount": "39.00"}).to_string();
        let first = post(&shop, "/v1/orders/A1/refunds", "r1", body.clone()).await;
        assert_eq!(first.json()["state"], "unknown");
        shop.advance(60_000).await;
        assert_eq!(post(&shop, "/v1/orders/A1/refunds", "r1", body).await.text, first.text);
        let list = get(&shop, KEY_OF_SCHOOL, "/v1/orders/A1/refunds").await.json();
        assert_eq!(list["data"][0]["state"], "succeeded");
    }

    async fn callers_without_a_key_are_not_known(db: Db) {
        let shop = Shop::new(db).await;
        for key in ["", "sk_nobody"] {
            get(&shop, key, "/v1/orders").await.is_problem(401, "unauthorized");
        }
        let request = Request::post("/v1/orders").body(Body::from("{}")).unwrap();
        send(&shop, request).await.is_problem(401, "unauthorized");
    }

    async fn bad_input_gets_a_problem_and_loses_nothing(db: Db) {
        let shop = Shop::new(db).await;
        let body = order("A1").to_string();
        post(&shop, "/v1/orders", "", body).await.is_problem(400, "idempotency-key-missing");
        for (n, amount) in ["1.005", "-1", "1e3", "\"NaN\"", "1000000000000", "0", "null", "[]"]
            .iter()
            .enumerate()
        {
            let text = order("A1").to_string().replace("\"39.00\"", amount);
            let answer = post(&shop, "/v1/orders", &format!("k{n}"), text).await;
            answer.is_problem(400, "invalid-amount");
        }
        let with = |field: &str, value: Value| {
            let mut body = order("A1");
            body[field] = value;
            body.to_string()
        };
        let long = "长".repeat(300);
        for (n, (body, slug, status)) in [
            (with("subject", json!(long)), "invalid-field", 400),
            (with("merchant_order_no", json!("a b")), "invalid-field", 400),
            (with("return_url", json!("javascript:alert(1)")), "invalid-field", 400),
            (with("expires_in_s", json!(5)), "invalid-field", 400),
            (with("app_id", json!("2021999999999999")), "invalid-field", 400),
            (with("product", json!("barcode")), "unsupported-product", 422),
            (with("channel", json!("wechat")), "unsupported-product", 422),
            (with("surprise", json!(1)), "wrong-shape", 422),
            ("{".to_owned(), "not-json", 400),
            ("\u{feff}{}".to_owned(), "not-json", 400),
        ]
        .into_iter()
        .enumerate()
        {
            let answer = post(&shop, "/v1/orders", &format!("b{n}"), body).await;
            answer.is_problem(status, slug);
        }
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM orders").await, 0);
        get(&shop, KEY_OF_SCHOOL, "/v1/nothing").await.is_problem(404, "not-found");
    }

    async fn a_nul_is_no_fault_of_ours(db: Db) {
        let shop = Shop::new(db).await;
        shop.paid("A1").await;
        for path in ["", "/attempts", "/timeline", "/explain", "/refunds"] {
            let path = format!("/v1/orders/%00{path}");
            let answer = get(&shop, KEY_OF_SCHOOL, &path).await;
            let kind = answer.status.as_u16();
            assert!(kind == 404 || kind == 405, "{path}: {kind} {}", answer.text);
        }
        post(&shop, "/v1/orders/A%001/close", "c", "").await.is_problem(404, "not-found");
        for query in ["merchant_order_no=%00", "cursor=%00", "state=%00"] {
            let answer = get(&shop, KEY_OF_SCHOOL, &format!("/v1/orders?{query}")).await;
            answer.is_problem(400, "invalid-field");
        }
        let refund = json!({"merchant_refund_no": "R1", "amount": "1.00", "reason": "\u{0}"});
        let answer = post(&shop, "/v1/orders/A1/refunds", "r", refund.to_string()).await;
        answer.is_problem(400, "invalid-field");
        for field in ["return_url", "notify_url", "success_url", "failure_url"] {
            let mut body = order("A2");
            body[field] = json!("https://school.test/\u{0}");
            let answer = post(&shop, "/v1/orders", field, body.to_string()).await;
            answer.is_problem(400, "invalid-field");
        }
        let mut body = order("A2");
        body["metadata"] = json!({"a": "\u{0}"});
        let answer = post(&shop, "/v1/orders", "m", body.to_string()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    }

    async fn another_order_under_the_same_number_is_refused_by_its_field(db: Db) {
        let shop = Shop::new(db).await;
        post(&shop, "/v1/orders", "k0", order("A1").to_string()).await;
        let url = json!("https://school.test/elsewhere");
        for (field, value) in [
            ("product", json!("wap")),
            ("return_url", url.clone()),
            ("notify_url", url.clone()),
            ("success_url", url.clone()),
            ("failure_url", url),
            ("metadata", json!({"course": 8})),
        ] {
            let mut body = order("A1");
            body[field] = value;
            let answer = post(&shop, "/v1/orders", field, body.to_string()).await;
            answer.is_problem(409, "order-exists");
            assert_eq!(answer.json()["field"], field);
        }
        let same = post(&shop, "/v1/orders", "k1", order("A1").to_string()).await;
        assert_eq!(same.status, StatusCode::CREATED, "{}", same.text);
    }

    async fn lists_go_page_by_page(db: Db) {
        let shop = Shop::new(db).await;
        for n in 0..5 {
            shop.order(&format!("A{n}")).await;
            shop.clock.advance_ms(1);
        }
        let first = get(&shop, KEY_OF_SCHOOL, "/v1/orders?limit=3").await.json();
        let numbers = |page: &Value| -> Vec<String> {
            let data = page["data"].as_array().unwrap();
            data.iter().map(|o| o["merchant_order_no"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(numbers(&first), ["A4", "A3", "A2"]);
        let cursor = first["next_cursor"].as_str().unwrap();
        let path = format!("/v1/orders?limit=3&cursor={cursor}");
        let second = get(&shop, KEY_OF_SCHOOL, &path).await.json();
        assert_eq!(numbers(&second), ["A1", "A0"]);
        assert_eq!(second["next_cursor"], Value::Null);
        let one = get(&shop, KEY_OF_SCHOOL, "/v1/orders?merchant_order_no=A3").await.json();
        assert_eq!(numbers(&one), ["A3"]);
        let none = get(&shop, KEY_OF_MALL, "/v1/orders?merchant_order_no=A3").await.json();
        assert_eq!(numbers(&none), Vec::<String>::new());
        get(&shop, KEY_OF_SCHOOL, "/v1/orders?limit=0").await.is_problem(400, "invalid-field");
        get(&shop, KEY_OF_SCHOOL, "/v1/orders?x=1").await.is_problem(400, "bad-request");
    }

    async fn closing_and_trying_again(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        let body = json!({"product": "wap"}).to_string();
        let second = post(&shop, "/v1/orders/A1/attempts", "a1", body.clone()).await;
        assert_eq!(second.status, StatusCode::CREATED, "{}", second.text);
        assert_eq!(second.json()["attempt"]["out_trade_no"], "A1_2");
        assert_eq!(post(&shop, "/v1/orders/A1/attempts", "a1", body).await.text, second.text);
        let closing = post(&shop, "/v1/orders/A1/close", "c1", "").await;
        assert_eq!(closing.status, StatusCode::ACCEPTED);
        assert_eq!(closing.json()["closing"], true);
        shop.advance(40 * 60_000).await;
        let closed = post(&shop, "/v1/orders/A1/close", "c2", "{}").await;
        assert_eq!((closed.status, &closed.json()["state"]), (StatusCode::OK, &json!("closed")));
        assert_eq!(post(&shop, "/v1/orders/A1/close", "c1", "").await.text, closing.text);
    }

    async fn a_refused_notice_is_answered_in_plain_words(db: Db) {
        let shop = Shop::new(db).await;
        for body in [b"".to_vec(), b"a=1".to_vec(), vec![b'x'; 3_000_000]] {
            let answer = notify(&shop, "/notify/alipay", body).await;
            assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "failure"));
        }
        // A body without end is given up as soon as it is too large.
        let endless = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'a'; 65_536]));
        let answer = notify(&shop, "/notify/alipay", Body::from_stream(endless)).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "failure"));
        let json = Request::post("/notify/alipay").header("content-type", "application/json");
        let answer = send(&shop, json.body(Body::from("{}")).unwrap()).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "failure"));
    }

    async fn a_huge_notice_over_a_real_connection_is_answered(db: Db) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let shop = Shop::new(db).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (shutdown, router) = (service::lifecycle::Shutdown::new(), shop.merchant.router());
        let stop = shutdown.clone();
        let served = tokio::spawn(async move {
            service::lifecycle::serve(listener, router, &stop).await
        });
        let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
        let size = 50_000_000;
        let head = format!("POST /notify/alipay HTTP/1.1\r\nhost: x\r\ncontent-length: {size}\r\n\r\n");
        client.write_all(head.as_bytes()).await.unwrap();
        // Sends everything before it reads anything, as simple clients do.
        for _ in 0..size / 1_000_000 {
            client.write_all(&vec![b'a'; 1_000_000]).await.unwrap();
        }
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(answer.ends_with("\r\n\r\nfailure"), "{answer}");
        shutdown.stop();
        served.await.unwrap().unwrap();
    }

    async fn our_own_fault_is_a_500(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        let fields = shop.alipay.notice(APP_A, "A1", "39.00");
        let body = FakeAlipay::sign(&fields);
        shop.db.close().await;
        let answer = notify(&shop, "/notify/alipay", body).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_ne!(answer.text, "success");
    }

    async fn health_metrics_and_the_description_are_open(db: Db) {
        let shop = Shop::new(db).await;
        for path in ["/healthz", "/readyz", "/metrics"] {
            let answer = get(&shop, "", path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
        }
        let described = get(&shop, "", "/openapi.json").await.json();
        let paths: Vec<&String> = described["paths"].as_object().unwrap().keys().collect();
        assert_eq!(paths.len(), 8, "{paths:?}");
        shop.db.close().await;
        assert_eq!(get(&shop, "", "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    }
}
