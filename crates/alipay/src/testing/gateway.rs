//! A gateway that knows its lines, and time that passes when somebody waits.

use super::{ScriptedTransport, signed_answer};
use crate::{
    AlipayTime, App, Charset, Client, Params, canonical, form,
    keys::PrivateKey,
    poll::Timer,
    sign::SignType,
    transport::{BoxFuture, TransportError, TransportErrorKind},
};
use serde_json::{Value, json};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

/// A gateway with keys of its own, which gives the answers it was told to give and keeps what it
/// was asked.
#[derive(Debug)]
pub struct TestGateway {
    app_key: PrivateKey,
    alipay_key: PrivateKey,
    script: Arc<ScriptedTransport>,
}

impl TestGateway {
    /// With new keys and no answers yet.
    ///
    /// # Panics
    /// When the machine has no randomness for keys.
    #[must_use]
    pub fn new() -> Self {
        let key = || PrivateKey::generate(2048).expect("a machine has randomness");
        Self {
            app_key: key(),
            alipay_key: key(),
            script: Arc::default(),
        }
    }

    /// The application `2021000000000001` at this gateway.
    #[must_use]
    pub fn app(&self) -> App {
        let alipay_key = self.alipay_key.public_key().clone();
        App::new(
            "2021000000000001",
            "http://127.0.0.1:8609/gateway.do",
            self.app_key.clone(),
            alipay_key,
        )
    }

    /// A client of that application.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.app(), self.script.clone())
    }

    /// Alipay's private key here, for whatever else has to be signed.
    #[must_use]
    pub fn alipay_key(&self) -> &PrivateKey {
        &self.alipay_key
    }

    /// The next call is of `method`, and this is its signed node.
    pub fn answers(&self, method: &str, node: &Value) -> &Self {
        let answer = signed_answer(&self.alipay_key, method, node);
        self.script.then(Ok(answer));
        self
    }

    /// The next call is of `method` and done: these fields, with `10000` in front.
    pub fn done(&self, method: &str, fields: &Value) -> &Self {
        let mut node = json!({"code": "10000", "msg": "Success"});
        if let (Some(node), Some(fields)) = (node.as_object_mut(), fields.as_object()) {
            node.extend(fields.clone());
        }
        self.answers(method, &node)
    }

    /// The next call is of `method` and refused with this `sub_code`.
    pub fn refuses(&self, method: &str, sub_code: &str) -> &Self {
        self.answers(
            method,
            &json!({"code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "业务失败"}),
        )
    }

    /// The next answer is lost.
    pub fn loses(&self) -> &Self {
        self.script.then(Err(TransportError {
            kind: TransportErrorKind::Lost,
            detail: "connection reset".to_owned(),
        }));
        self
    }

    /// The next call never leaves the machine.
    pub fn is_unreachable(&self) -> &Self {
        self.script.then(Err(TransportError {
            kind: TransportErrorKind::NotSent,
            detail: "connection refused".to_owned(),
        }));
        self
    }

    /// The methods that were called, in order.
    #[must_use]
    pub fn called(&self) -> Vec<String> {
        let method = |params: Params| params.get("method").unwrap_or_default().to_owned();
        self.received().into_iter().map(method).collect()
    }

    /// The parameters of every call, query and body together, each verified.
    ///
    /// # Panics
    /// When a call is not signed by the application: that is what the tests are for.
    #[must_use]
    pub fn received(&self) -> Vec<Params> {
        let requests = self.script.requests();
        let read = |bytes: &[u8]| form::decode(bytes, Charset::Utf8).expect("a form");
        requests
            .iter()
            .map(|request| {
                let (_, query) = request.url.split_once('?').expect("a query");
                let merged = read(query.as_bytes()).merged(&read(&request.body));
                let params = merged.expect("no name twice");
                let key = self.app_key.public_key();
                let sign_type = params.get("sign_type").and_then(SignType::parse);
                let sign_type = sign_type.expect("a sign_type");
                canonical::verify_request(&params, key, sign_type, Charset::Utf8)
                    .expect("signed by the application");
                params
            })
            .collect()
    }

    /// The `biz_content` of the last call.
    ///
    /// # Panics
    /// When there was no call or it had no JSON.
    #[must_use]
    pub fn last_biz_content(&self) -> Value {
        let last = self.received().pop().expect("a call");
        let text = last.get("biz_content").expect("a biz_content");
        serde_json::from_str(text).expect("JSON")
    }
}

impl Default for TestGateway {
    fn default() -> Self {
        Self::new()
    }
}

/// Time that stands still until somebody waits.
#[derive(Debug)]
pub struct TestTimer {
    now_ms: AtomicI64,
    waits: Mutex<Vec<u64>>,
}

impl TestTimer {
    /// Stands at `now`.
    #[must_use]
    pub fn new(now: AlipayTime) -> Self {
        Self {
            now_ms: AtomicI64::new(now.unix_ms()),
            waits: Mutex::default(),
        }
    }

    /// How long was waited each time, in milliseconds.
    #[must_use]
    pub fn waits(&self) -> Vec<u64> {
        let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        waits.clone()
    }
}

impl Timer for TestTimer {
    fn now(&self) -> AlipayTime {
        let now_ms = self.now_ms.load(Ordering::SeqCst);
        AlipayTime::from_unix_ms(now_ms).expect("tests do not last until the year 9999")
    }

    fn wait(&self, ms: u64) -> BoxFuture<'_, ()> {
        let step = i64::try_from(ms).unwrap_or(i64::MAX);
        self.now_ms.fetch_add(step, Ordering::SeqCst);
        let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        waits.push(ms);
        Box::pin(std::future::ready(()))
    }
}
