//! The faces of our own SDK: async and blocking, both gateways, by key and by certificate, over
//! real HTTP. A family of methods is written once and asked through each of them.

use crate::support::Bench;
use crate::through::{by_cert, by_key};
use alipay::answers::ApiMethod;
use alipay::poll::{self, Patience, PayEnd, RefundEnd, Timer, Waited};
use alipay::requests::{Method, OrderMethod, PageMethod, Pay, Query, Refund};
use alipay::transport::{BoxFuture, DownloadError, HttpTransport};
use alipay::{AlipayTime, App, Call, Client, Gateway, Outcome, blocking};
use kernel::{Clock, ManualClock};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock};
use tokio::task::block_in_place;

/// The sandbox behind a port of this machine, for as long as the test runs.
pub(crate) async fn serve(bench: &Bench) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = bench.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

pub(crate) fn at(app: App, origin: &str) -> App {
    App {
        gateway_url: format!("{origin}/gateway.do"),
        ..app
    }
}

#[track_caller]
pub(crate) fn done<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Done(answer) => answer,
        other => panic!("not done: {other:?}"),
    }
}

#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(outcome: Outcome<T>, sub_code: &str) {
    match outcome {
        Outcome::Refused(no) if no.is(sub_code) => {}
        other => panic!("not refused with {sub_code}: {other:?}"),
    }
}

enum Caller {
    Async(Client),
    Blocking(blocking::Client),
}

/// One way of using the SDK. It keeps the names of the methods that were asked through it.
pub(crate) struct Face {
    /// Makes the numbers of its orders its own.
    pub(crate) mark: &'static str,
    pub(crate) origin: String,
    caller: Caller,
    clock: ManualClock,
    asked: Mutex<BTreeSet<&'static str>>,
}

/// Every face of the first application, over one sandbox.
pub(crate) async fn faces(bench: &Bench) -> Vec<Face> {
    let origin = serve(bench).await;
    let (key, cert) = (at(by_key(0), &origin), at(by_cert(bench, 0).await, &origin));
    let face = |mark, caller| Face {
        mark,
        origin: origin.clone(),
        caller,
        clock: bench.clock.clone(),
        asked: Mutex::default(),
    };
    vec![
        face("V2", Caller::Async(client(&key))),
        face("B2", Caller::Blocking(blocking_client(&key))),
        face("V3", Caller::Async(client(&key).with_gateway(Gateway::V3))),
        face("C2", Caller::Async(client(&cert))),
        face("C3", {
            Caller::Blocking(blocking_client(&cert).with_gateway(Gateway::V3))
        }),
    ]
}

fn client(app: &App) -> Client {
    Client::new(app.clone(), Arc::new(HttpTransport::new().unwrap()))
}

fn blocking_client(app: &App) -> blocking::Client {
    blocking::Client::new(app.clone(), block_in_place(blocking_http))
}

/// Never dropped: it brings threads of its own, which an async test must not wait for.
fn blocking_http() -> Arc<blocking::HttpTransport> {
    static HTTP: OnceLock<Arc<blocking::HttpTransport>> = OnceLock::new();
    let make = || Arc::new(blocking::HttpTransport::new().unwrap());
    HTTP.get_or_init(make).clone()
}

impl Face {
    /// A number of this face.
    pub(crate) fn number(&self, name: &str) -> String {
        format!("{}{name}", self.mark)
    }

    pub(crate) fn app(&self) -> &App {
        match &self.caller {
            Caller::Async(client) => client.app(),
            Caller::Blocking(client) => client.app(),
        }
    }

    pub(crate) fn now(&self) -> AlipayTime {
        AlipayTime::from_unix_ms(self.clock.now().ms()).unwrap()
    }

    /// Asks with a type, and then the same by its name: the gateway knows it either way.
    pub(crate) async fn ask<R: ApiMethod + Sync>(&self, request: &R) -> Outcome<R::Answer> {
        self.asked.lock().unwrap().insert(R::METHOD);
        let now = self.now();
        let answer = match &self.caller {
            Caller::Async(client) => client.execute(request, now).await,
            Caller::Blocking(client) => block_in_place(|| client.execute(request, now)),
        };
        self.by_name(request).await;
        answer
    }

    /// What the generic call says to the same content: an answer that verifies, or a refusal
    /// with a reason of the business.
    async fn by_name<R: Method>(&self, request: &R) {
        let mut call = Call::new(R::METHOD);
        let content = request.biz_content().unwrap();
        if !content.is_empty() {
            let content: Value = serde_json::from_str(&content).unwrap();
            call = call.biz_content(&content).unwrap();
        }
        for (name, value) in request.params() {
            call = call.param(name, value);
        }
        let now = self.now();
        let answer = match &self.caller {
            Caller::Async(client) => client.send(&call, now).await,
            Caller::Blocking(client) => block_in_place(|| client.send(&call, now)),
        };
        match answer {
            Outcome::Done(_) => {}
            Outcome::Refused(no) if !no.is("isv.invalid-method") => {}
            Outcome::Unknown(unknown) if unknown.accepted().is_some() => {}
            other => panic!("{} by its name: {other:?}", R::METHOD),
        }
    }

    pub(crate) fn page<M: PageMethod>(&self, request: &M) -> String {
        self.asked.lock().unwrap().insert(M::METHOD);
        let app = self.app();
        app.page_url(request, None, None, self.now()).unwrap()
    }

    pub(crate) fn order_string<M: OrderMethod>(&self, request: &M) -> String {
        self.asked.lock().unwrap().insert(M::METHOD);
        self.app().order_string(request, self.now()).unwrap()
    }

    pub(crate) async fn pay_to_its_end(&self, pay: &Pay, timer: &dyn Timer) -> PayEnd {
        match &self.caller {
            Caller::Async(client) => poll::pay(client, pay, SHORT, timer).await,
            Caller::Blocking(client) => block_in_place(|| client.pay(pay, SHORT, timer)),
        }
    }

    pub(crate) async fn wait_until_paid(&self, trade: &Query, timer: &dyn Timer) -> Waited {
        match &self.caller {
            Caller::Async(client) => poll::wait_until_paid(client, trade, SHORT, timer).await,
            Caller::Blocking(client) => {
                block_in_place(|| client.wait_until_paid(trade, SHORT, timer))
            }
        }
    }

    pub(crate) async fn refund_until_known(&self, refund: &Refund, timer: &dyn Timer) -> RefundEnd {
        match &self.caller {
            Caller::Async(client) => poll::refund(client, refund, SHORT, timer).await,
            Caller::Blocking(client) => {
                block_in_place(|| client.refund_until_known(refund, SHORT, timer))
            }
        }
    }

    /// Fetches a file, of so many bytes at most.
    pub(crate) async fn download(
        &self,
        url: &str,
        max_bytes: u64,
    ) -> Result<Vec<u8>, DownloadError> {
        let url = url.replace("http://127.0.0.1:8609", &self.origin);
        let mut file = Vec::new();
        match &self.caller {
            Caller::Async(_) => {
                let http = HttpTransport::new().unwrap();
                http.download(&url, &mut file, max_bytes, 5_000).await?
            }
            Caller::Blocking(_) => {
                block_in_place(|| blocking_http().download(&url, &mut file, max_bytes, 5_000))?
            }
        };
        Ok(file)
    }

    /// Exactly these were asked through this face.
    pub(crate) fn has_asked(&self, family: &[&str]) {
        let asked = self.asked.lock().unwrap();
        let family: BTreeSet<&str> = family.iter().copied().collect();
        assert_eq!(*asked, family, "through {}", self.mark);
    }
}

/// As short as patience can be: three questions.
const SHORT: Patience = Patience {
    first_ms: 5_000,
    every_ms: 5_000,
    questions: 3,
};

/// What happens while the till waits. Its time is the bench's, which stands still.
pub(crate) struct Till<'a> {
    pub(crate) bench: &'a Bench,
    pub(crate) face: &'a Face,
    /// What the buyer does with their phone: a call of the control API.
    pub(crate) does: Option<(String, Value)>,
}

impl<'a> Till<'a> {
    /// The buyer types the password for that number.
    pub(crate) fn paid(bench: &'a Bench, face: &'a Face, number: &str) -> Self {
        let path = format!("trades/{number}/pay?app_id={}", bench.apps[0].app_id);
        Self {
            bench,
            face,
            does: Some((path, json!({"pay_password": "111111"}))),
        }
    }

    /// Nobody does anything.
    pub(crate) fn idle(bench: &'a Bench, face: &'a Face) -> Self {
        Self {
            bench,
            face,
            does: None,
        }
    }
}

impl Timer for Till<'_> {
    fn now(&self) -> AlipayTime {
        self.face.now()
    }

    fn wait(&self, _ms: u64) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Some((path, body)) = &self.does {
                self.bench.control(path, body.clone()).await;
            }
        })
    }
}
