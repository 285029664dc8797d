//! A school of one test: its shop, its merchant service and an Alipay that the test plays.

use crate::alipay::{FakeAlipay, GATEWAY, OTHER, SCHOOL, keys, seller_of};
use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use kernel::{ManualClock, SeededRng, Timestamp};
use merchant::{AppSpec, LatePolicy, Merchant, MerchantParts, MerchantSpec, TestBugs};
use money::Fen;
use serde_json::Value;
use service::password::Passwords;
use service::worker::Worker;
use shops::courses::{Shop, ShopParts};
use std::sync::Arc;
use store::{Db, StoreError};
use testdb::TestDb;
use tower::ServiceExt;

pub(crate) const PUBLIC_URL: &str = "https://school.test";
pub(crate) const FRONT_END: &str = "https://www.school.test";

/// The tables of the merchant service, whose database the tests are given; the shop's is another.
pub(crate) fn steps() -> Vec<store::Step> {
    merchant::steps()
}

pub(crate) struct School {
    pub(crate) clock: ManualClock,
    pub(crate) alipay: FakeAlipay,
    pub(crate) merchant: Merchant,
    pub(crate) shop: Shop,
    pub(crate) database: TestDb,
    parts: ShopParts,
    workers: [Arc<Worker>; 2],
    router: axum::Router,
}

/// An answer of the shop, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).expect("text"),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.body))
    }

    pub(crate) fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().expect("text")
    }
}

impl School {
    pub(crate) async fn open(merchant_db: Db) -> Self {
        let clock = ManualClock::new(Timestamp::from_ms(1_787_275_800_000));
        let alipay = FakeAlipay::new(clock.clone());
        let rng = Arc::new(SeededRng::new(7));
        let engine = merchant_db.engine();
        let spec = |name: &str, app_id: &str| MerchantSpec {
            name: name.to_owned(),
            api_key_hashes: Vec::new(),
            apps: vec![app(app_id)],
            late_policy: LatePolicy::Accept,
        };
        let merchant = Merchant::open(MerchantParts {
            db: merchant_db,
            clock: Arc::new(clock.clone()),
            wall: Arc::new(clock.clone()),
            rng: rng.clone(),
            public_url: "https://pay.test".to_owned(),
            transport: Arc::new(alipay.clone()),
            merchants: vec![spec("courses", SCHOOL), spec("mall", OTHER)],
            test_bugs: TestBugs::default(),
            kill_switch: None,
        })
        .await
        .expect("the merchant service opens");
        let database = testdb::open(engine, shops::courses::steps()).await;
        let parts = ShopParts {
            db: database.db.clone(),
            clock: Arc::new(clock.clone()),
            wall: Arc::new(clock.clone()),
            rng: rng.clone(),
            merchant: merchant.clone(),
            merchant_name: "courses".to_owned(),
            public_url: PUBLIC_URL.to_owned(),
            gateway_origin: "https://alipay.test".to_owned(),
            jwt_secret: None,
            cors_origins: vec![FRONT_END.to_owned()],
            passwords: Passwords::cheap(rng),
            demo: true,
        };
        let shop = Shop::open(parts.clone()).await.expect("the shop opens");
        merchant.subscribe(shop.subscriber());
        Self {
            workers: [merchant.worker(), shop.worker()],
            router: shop.router(),
            clock,
            alipay,
            merchant,
            shop,
            parts,
            database,
        }
    }

    /// The same shop, as a merchant that the merchant service does not know: orders get no link.
    pub(crate) async fn without_merchant(&self) -> axum::Router {
        let mut parts = self.parts.clone();
        "nobody".clone_into(&mut parts.merchant_name);
        Shop::open(parts).await.expect("the shop opens").router()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await;
        Answer::of(response.expect("a router never fails")).await
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.send(request("GET", path, token, Body::empty())).await
    }

    /// Sends JSON as a front end does.
    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: &str) -> Answer {
        let mut request = request("POST", path, token, Body::from(body.to_owned()));
        let json = header::HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        self.send(request).await
    }

    pub(crate) async fn token(&self, username: &str, password: &str) -> String {
        let body = serde_json::json!({"username": username, "password": password});
        let answer = self.post("/user/login/", None, &body.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()["token"].as_str().expect("a token").to_owned()
    }

    pub(crate) async fn root(&self) -> String {
        self.token("root", "zxc123456").await
    }

    pub(crate) async fn stranger(&self) -> String {
        let body = r#"{"username":"stranger","password":"stranger1"}"#;
        let answer = self.post("/user/register/", None, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.json()["token"].as_str().expect("a token").to_owned()
    }

    /// Orders courses by API; returns the order's number.
    pub(crate) async fn order(&self, token: &str, ids: &[i64], yuan: &str) -> String {
        let answer = self
            .post("/order/pay/", Some(token), &order_body(ids, yuan))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        number_in(answer.json().as_str().expect("a bare string"))
    }

    /// The buyer pays, and Alipay's notice arrives.
    pub(crate) async fn pay(&self, number: &str, amount: Fen) {
        self.alipay.pay(number, amount);
        let fields = self.alipay.notice(SCHOOL, number, amount);
        let answer = self
            .notify("/order/success/", crate::alipay::signed(&fields))
            .await;
        assert_eq!(answer.body, "success");
    }

    pub(crate) async fn notify(&self, path: &str, body: Vec<u8>) -> Answer {
        let mut request = request("POST", path, None, Body::from(body));
        let kind = ::alipay::testing::NOTICE_CONTENT_TYPE;
        let kind = header::HeaderValue::from_static(kind);
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        self.send(request).await
    }

    /// Everything that is due is done, until nothing is.
    pub(crate) async fn settle(&self) {
        loop {
            let mut ran = 0;
            for worker in &self.workers {
                ran += worker.run_due().await.expect("the worker reaches its jobs");
            }
            if ran == 0 {
                return;
            }
        }
    }

    /// A user's order as the API lists it.
    pub(crate) async fn listed(&self, token: &str, number: &str) -> Value {
        let answer = self.get("/order/", Some(token)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let orders = answer.json();
        let mine = orders.as_array().expect("a list").iter();
        let mut found = mine.filter(|order| order["out_trade_no"] == number);
        found.next().expect("the order is listed").clone()
    }

    /// How many rows a query counts.
    pub(crate) async fn count(&self, statement: &'static store::Statement) -> i64 {
        let look = self
            .database
            .db
            .read(move |tx| Box::pin(async move { tx.query_one(statement, &[]).await?.int("n") }));
        look.await
            .map_err(|error: StoreError| error)
            .expect("a count")
    }
}

fn app(app_id: &str) -> AppSpec {
    let (ours, theirs) = keys(app_id);
    let theirs = theirs.public_key().clone();
    let mut alipay = ::alipay::App::new(app_id, GATEWAY, ours.clone(), theirs);
    alipay.seller_id = Some(seller_of(app_id));
    AppSpec {
        name: "main".to_owned(),
        alipay,
    }
}

pub(crate) fn request(method: &str, path: &str, token: Option<&str>, body: Body) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        builder = builder.header(header::AUTHORIZATION, format!("jwt {token}"));
    }
    builder.body(body).expect("a request")
}

pub(crate) fn order_body(ids: &[i64], yuan: &str) -> String {
    format!(r#"{{"subject":"通宝学堂","total_amount":"{yuan}","pay_type":1,"course":{ids:?}}}"#)
}

/// The order's number in a signed link.
pub(crate) fn number_in(url: &str) -> String {
    let content = biz_content(url);
    let number = content["out_trade_no"]
        .as_str()
        .expect("a number")
        .to_owned();
    assert_eq!(number.len(), 32);
    assert!(number.bytes().all(|b| b.is_ascii_hexdigit()));
    number
}

/// A parameter of a link.
pub(crate) fn param(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').expect("a query");
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, value) = pairs.find(|(key, _)| key == name).expect("the parameter");
    value.into_owned()
}

pub(crate) fn biz_content(url: &str) -> Value {
    serde_json::from_str(&param(url, "biz_content")).expect("JSON")
}
