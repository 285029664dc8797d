//! A sandbox on a clock that stands still, with two applications, two buyers and a recorder in the
//! place of every merchant.

use alipay::keys::PrivateKey;
use alipay::sign::{self, SignType};
use alipay::{Charset, Params, form};
use axum::body::Body;
use axum::response::Response;
use futures::future::BoxFuture;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use kernel::{Clock, ManualClock, SeededRng, Timestamp};
use money::Fen;
use sandbox::worlds::WorldName;
use sandbox::{
    Answer, App, AppSpec, BuyerSpec, NoticeSender, Outgoing, Password, Profile, Sandbox,
    SandboxParts, SendError,
};
use serde_json::{Value, json};
use service::clock_control::{ClockControl, ClockError, ScheduleControl};
use service::password::Passwords;
use service::schedule::Schedule;
use std::sync::{Arc, Mutex, OnceLock};
use store::Db;
use tower::ServiceExt;

pub(crate) const NOTIFY: &str = "http://shop.example/order/success/";
pub(crate) const RETURN: &str = "http://shop.example/pay/success?from=cashier";

/// Answers every notice with the same words and keeps what came.
#[derive(Debug)]
pub(crate) struct Recorder {
    pub(crate) said: Mutex<Result<Answer, ()>>,
    pub(crate) came: Mutex<Vec<(Timestamp, Outgoing)>>,
    clock: ManualClock,
}

impl NoticeSender for Recorder {
    fn post(&self, outgoing: Outgoing) -> BoxFuture<'_, Result<Answer, SendError>> {
        self.came.lock().unwrap().push((self.clock.now(), outgoing));
        let said = self.said.lock().unwrap().clone();
        Box::pin(async move { said.map_err(|()| SendError::Failed("unplugged".to_owned())) })
    }
}

impl Recorder {
    pub(crate) fn says(&self, status: u16, body: &str) {
        let body = body.as_bytes().to_vec();
        *self.said.lock().unwrap() = Ok(Answer { status, body });
    }

    pub(crate) fn unplug(&self) {
        *self.said.lock().unwrap() = Err(());
    }

    /// The forms that came, decoded.
    pub(crate) fn forms(&self) -> Vec<Params> {
        let came = self.came.lock().unwrap();
        let decode = |(_, outgoing): &(_, Outgoing)| {
            let gbk = outgoing.content_type.ends_with("GBK");
            let charset = if gbk { Charset::Gbk } else { Charset::Utf8 };
            form::decode(&outgoing.body, charset).unwrap()
        };
        came.iter().map(decode).collect()
    }

    pub(crate) fn count(&self) -> usize {
        self.came.lock().unwrap().len()
    }
}

/// The schedule moves the worker of a sandbox that is handed its control.
#[derive(Default)]
struct LateControl(OnceLock<ScheduleControl>);

impl ClockControl for LateControl {
    fn now(&self) -> Timestamp {
        self.0.get().unwrap().now()
    }

    fn advance_to(&self, at: Timestamp, wait: bool) -> BoxFuture<'_, Result<u64, ClockError>> {
        self.0.get().unwrap().advance_to(at, wait)
    }

    fn put_back(
        &self,
        at: Timestamp,
        work: BoxFuture<'static, Result<(), store::StoreError>>,
    ) -> BoxFuture<'_, Result<(), ClockError>> {
        self.0.get().unwrap().put_back(at, work)
    }
}

/// The keys of a test run, made once: application one and two, Alipay's for each.
pub(crate) struct Keys {
    pub(crate) app: [PrivateKey; 2],
    pub(crate) alipay: [PrivateKey; 2],
}

pub(crate) fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let make = || PrivateKey::generate(2048).unwrap();
        Keys {
            app: [make(), make()],
            alipay: [make(), make()],
        }
    })
}

pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) router: axum::Router,
    pub(crate) clock: ManualClock,
    pub(crate) merchant: Arc<Recorder>,
    pub(crate) schedule: Arc<Schedule>,
    pub(crate) apps: Vec<App>,
    pub(crate) db: Db,
}

/// 2026-08-21 09:30:00 in China.
pub(crate) fn start() -> Timestamp {
    Timestamp::parse_china("2026-08-21 09:30:00").unwrap()
}

impl Bench {
    pub(crate) async fn new(db: Db) -> Self {
        Self::with_profile(db, Profile::Production).await
    }

    pub(crate) async fn with_profile(db: Db, profile: Profile) -> Self {
        Self::at(db, profile, "http://127.0.0.1:8609").await
    }

    /// One that says of itself to be at that address.
    pub(crate) async fn at(db: Db, profile: Profile, public_url: &str) -> Self {
        let clock = ManualClock::new(start());
        let merchant = Arc::new(Recorder {
            said: Mutex::new(Err(())),
            came: Mutex::new(Vec::new()),
            clock: clock.clone(),
        });
        merchant.says(200, "success");
        let rng = Arc::new(SeededRng::new(7));
        let control = Arc::new(LateControl::default());
        let parts = SandboxParts {
            db: db.clone(),
            clock: Arc::new(clock.clone()),
            wall: Arc::new(clock.clone()),
            rng: rng.clone(),
            passwords: Passwords::cheap(rng),
            sender: merchant.clone(),
            public_url: public_url.to_owned(),
            control_token: Some("let-me-in".to_owned()),
            clock_control: Some(control.clone()),
            demo: false,
            world: WorldName::default(),
            seed: None,
        };
        let sandbox = Sandbox::open(parts).await.unwrap();
        let movable = Arc::new(clock.clone());
        let schedule = Arc::new(Schedule::new(movable, vec![sandbox.worker()]));
        let bound = ScheduleControl::new(Arc::clone(&schedule));
        assert!(control.0.set(bound).is_ok());
        let mut apps = Vec::new();
        for (index, name) in ["courses", "mall"].into_iter().enumerate() {
            let spec = AppSpec {
                name: name.to_owned(),
                app_id: format!("902100000000000{}", index + 1),
                seller_id: format!("208872100000000{}", index + 1),
                app_public_key: keys().app[index].public_key().to_pem(),
                app_private_key: None,
                alipay_private_key: keys().alipay[index].to_pkcs8_pem().to_string(),
                profile,
            };
            apps.push(sandbox.register_app(spec).await.unwrap());
        }
        for (logon_id, balance) in [("buyer@sandbox.com", 10_000_000), ("poor@sandbox.com", 100)] {
            let buyer = BuyerSpec {
                logon_id: logon_id.to_owned(),
                login_password: Password::Plain("111111".to_owned()),
                pay_password: Password::Plain("111111".to_owned()),
                balance: Fen::new(balance),
            };
            sandbox.ensure_buyer(buyer).await.unwrap();
        }
        Self {
            router: sandbox.router(),
            sandbox,
            clock,
            merchant,
            schedule,
            apps,
            db,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Reply::read(response).await
    }

    pub(crate) async fn get(&self, address: &str) -> Reply {
        let request = Request::get(address).body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// A call of the control API.
    pub(crate) async fn control(&self, path: &str, body: Value) -> Reply {
        let request = Request::post(format!("/sandbox/v1/{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// The same with `PUT`.
    pub(crate) async fn control_put(&self, path: &str, body: Value) -> Reply {
        let request = Request::put(format!("/sandbox/v1/{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn look(&self, path: &str) -> Value {
        let reply = self.get(&format!("/sandbox/v1/{path}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        reply.json()
    }

    /// Posts a signed call of the first application as the official Java SDK does: system
    /// parameters in the URL, `biz_content` in the body.
    pub(crate) async fn call(&self, method: &str, biz: &Value) -> Reply {
        self.post(signed(0, method, &biz.to_string(), &[])).await
    }

    pub(crate) async fn post(&self, params: Params) -> Reply {
        let (mut query, mut body) = (Params::new(), Params::new());
        for (name, value) in &params {
            let part = if name == "biz_content" {
                &mut body
            } else {
                &mut query
            };
            part.push(name, value).unwrap();
        }
        let query = form::encode(&query, Charset::Utf8).unwrap();
        let body = form::encode(&body, Charset::Utf8).unwrap();
        let request = Request::post(format!("/gateway.do?{query}"))
            .header(
                header::CONTENT_TYPE,
                "application/x-www-form-urlencoded;charset=UTF-8",
            )
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// The node of a call's answer, its signature checked.
    pub(crate) async fn node(&self, method: &str, biz: &Value) -> Value {
        let reply = self.call(method, biz).await;
        reply.signed_node(method)
    }

    /// Opens a page link and returns the token of the visit.
    pub(crate) async fn open(&self, url: &str) -> Result<String, Reply> {
        let reply = self
            .get(url.trim_start_matches("http://127.0.0.1:8609"))
            .await;
        match reply.header("location") {
            Some(location) if reply.status == StatusCode::FOUND => {
                Ok(location.trim_start_matches("/cashier/").to_owned())
            }
            _ => Err(reply),
        }
    }

    /// Opens and pays a page order of that number and amount.
    pub(crate) async fn paid(&self, out_trade_no: &str, amount: &str) -> Value {
        let url = page_link(out_trade_no, amount);
        let path = format!("trades/{out_trade_no}/pay?app_id={}", self.apps[0].app_id);
        let reply = self.control(&path, json!({"url": url})).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        reply.json()
    }

    pub(crate) async fn assert_balanced(&self) {
        let books = self.look("books").await;
        assert_eq!(books["balanced"], true, "{books}");
    }
}

/// A page link of the first application.
pub(crate) fn page_link(out_trade_no: &str, amount: &str) -> String {
    let biz = json!({
        "out_trade_no": out_trade_no, "product_code": "FAST_INSTANT_TRADE_PAY",
        "total_amount": amount, "subject": "高等数学",
    });
    link("alipay.trade.page.pay", &biz)
}

pub(crate) fn link(method: &str, biz: &Value) -> String {
    let more = [("notify_url", NOTIFY), ("return_url", RETURN)];
    let params = signed(0, method, &biz.to_string(), &more);
    let query = form::encode(&params, Charset::Utf8).unwrap();
    format!("http://127.0.0.1:8609/gateway.do?{query}")
}

/// The parameters of a call by application `index`, signed.
pub(crate) fn signed(index: usize, method: &str, biz: &str, more: &[(&str, &str)]) -> Params {
    let mut params = unsigned(index, method, biz);
    for (name, value) in more {
        params.set(name, value);
    }
    sign_params(params, index)
}

pub(crate) fn unsigned(index: usize, method: &str, biz: &str) -> Params {
    let app_id = format!("902100000000000{}", index + 1);
    Params::from([
        ("app_id", app_id.as_str()),
        ("method", method),
        ("format", "JSON"),
        ("charset", "utf-8"),
        ("sign_type", "RSA2"),
        ("timestamp", "2026-08-21 09:30:00"),
        ("version", "1.0"),
        ("biz_content", biz),
    ])
}

pub(crate) fn sign_params(mut params: Params, index: usize) -> Params {
    let text = sign::request_text(&params);
    let signature = sign::sign(&keys().app[index], SignType::Rsa2, text.as_bytes()).unwrap();
    params.set("sign", &signature);
    params
}

/// An answer with its body read.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    async fn read(response: Response) -> Self {
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Self {
            status: head.status,
            headers: head.headers,
            body,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Every value of a header that may stand several times.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter();
        values
            .map(|value| value.to_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// What the sandbox advises.
    pub(crate) fn explain(&self) -> String {
        let encoded = self.header("x-sandbox-explain").unwrap_or_default();
        percent_encoding::percent_decode_str(encoded)
            .decode_utf8()
            .unwrap()
            .into_owned()
    }

    /// The raw text of the node and its signature.
    pub(crate) fn cut(&self, method: &str) -> (String, Option<String>) {
        let name = alipay::response::node_name(method);
        let node = alipay::response::cut(&self.body, &name).unwrap();
        (node.raw.to_string(), node.sign.map(str::to_owned))
    }

    /// The node, whose signature must be Alipay's for the first application.
    pub(crate) fn signed_node(&self, method: &str) -> Value {
        assert_eq!(self.status, StatusCode::OK);
        let (raw, signature) = self.cut(method);
        let signature = signature.expect("a signature");
        let key = keys().alipay[0].public_key();
        sign::verify(key, SignType::Rsa2, raw.as_bytes(), &signature).expect("Alipay's signature");
        serde_json::from_str(&raw).unwrap()
    }
}

/// The code of a node: `10000`, or its sub_code.
pub(crate) fn code(node: &Value) -> &str {
    node["sub_code"]
        .as_str()
        .or_else(|| node["code"].as_str())
        .unwrap_or_default()
}
