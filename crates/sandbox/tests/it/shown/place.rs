//! A sandbox behind a port, with the application, the files and the numbers that the documents
//! speak of.

use super::documents::Key;
use crate::browser::Browser;
use crate::support::{Bench, keys};
use alipay::transport::{BoxFuture, HttpTransport};
use alipay::{AlipayTime, App, Client, poll::Timer};
use http::StatusCode;
use kernel::Clock;
use sandbox::{AppSpec, Profile};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::{Arc, Mutex};
use store::Db;
use tempfile::TempDir;

/// What a piece of a document ends in.
pub(crate) type Ended = Result<(), Box<dyn Error>>;

pub(crate) const APP_ID: &str = "2021000000000001";
pub(crate) const SELLER: &str = "2088000000000001";
/// An application from before 2018.
pub(crate) const OLD_APP: &str = "2016000000000001";
pub(crate) const BUYER: &str = "buyer@sandbox.com";
const PRODUCTION: &str = "https://openapi.alipay.com/gateway.do";

pub(crate) struct Place {
    pub(crate) bench: Bench,
    /// `http://127.0.0.1:` and the port.
    pub(crate) origin: String,
    pub(crate) app: App,
    pub(crate) client: Client,
    pub(crate) http: HttpTransport,
    /// What a document has, and what it is here.
    real: Mutex<BTreeMap<&'static str, String>>,
    begun: Mutex<Option<Key>>,
    ended: Mutex<BTreeSet<Key>>,
    folder: TempDir,
}

impl Place {
    pub(crate) async fn new(db: Db) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let bench = Bench::at(db, Profile::Production, &origin).await;
        let router = bench.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let alipay_key = keys().alipay[0].clone();
        for (app_id, seller_id) in [(APP_ID, SELLER), (OLD_APP, "2088000000000002")] {
            let spec = AppSpec {
                name: format!("documents-{app_id}"),
                app_id: app_id.to_owned(),
                seller_id: seller_id.to_owned(),
                app_public_key: keys().app[0].public_key().to_pem(),
                app_private_key: None,
                alipay_private_key: alipay_key.to_pkcs8_pem().to_string(),
                profile: Profile::Production,
            };
            bench.sandbox.register_app(spec).await.unwrap();
        }
        let gateway = format!("{origin}/gateway.do");
        let app = App {
            seller_id: Some(SELLER.to_owned()),
            ..App::new(
                APP_ID,
                &gateway,
                keys().app[0].clone(),
                alipay_key.public_key().clone(),
            )
        };
        let http = HttpTransport::new().unwrap();
        let place = Self {
            bench,
            origin,
            client: Client::new(app.clone(), Arc::new(http.clone())),
            app,
            http,
            real: Mutex::default(),
            begun: Mutex::default(),
            ended: Mutex::default(),
            folder: tempfile::tempdir().unwrap(),
        };
        place.stands_for(PRODUCTION, &gateway);
        place.write_files().await;
        place
    }

    /// The files that somebody has from Alipay's console.
    async fn write_files(&self) {
        let path = format!("apps/{APP_ID}");
        let shown = self.bench.look(&path).await;
        let cert = |name: &str| shown["certs"][name].as_str().unwrap().to_owned();
        for (name, text) in [
            (
                "app_private_key.pem",
                keys().app[0].to_pkcs1_pem().to_string(),
            ),
            ("alipay_public_key.pem", self.app.alipay_public_key.to_pem()),
            ("appCertPublicKey_2021000000000001.crt", cert("app_cert")),
            ("appCertPublicKey.crt", cert("app_cert")),
            ("alipayCertPublicKey_RSA2.crt", cert("alipay_cert")),
            ("alipayRootCert.crt", cert("alipay_root_cert")),
        ] {
            std::fs::write(self.folder.path().join(name), text).unwrap();
            self.is_a_file(name);
        }
        self.is_a_file("bill.zip");
    }

    fn is_a_file(&self, name: &'static str) {
        let path = self.folder.path().join(name);
        self.stands_for(name, path.to_str().unwrap());
    }

    /// From now on a document's text is this one here.
    pub(crate) fn stands_for(&self, shown: &'static str, real: &str) {
        self.real.lock().unwrap().insert(shown, real.to_owned());
    }

    /// What stands here for a document's text.
    pub(crate) fn real(&self, shown: &str) -> String {
        self.real.lock().unwrap()[shown].clone()
    }

    /// A document's piece begins.
    pub(crate) fn shows(&self, document: &str, index: usize) {
        let before = self
            .begun
            .lock()
            .unwrap()
            .replace((document.to_owned(), index));
        assert_eq!(before, None, "it did not come to its end");
    }

    /// It came to its end.
    pub(crate) fn ran(&self) {
        let key = self.begun.lock().unwrap().take().unwrap();
        self.ended.lock().unwrap().insert(key);
    }

    /// All that came to their end.
    pub(crate) fn all_that_ran(&self) -> BTreeSet<Key> {
        self.ended.lock().unwrap().clone()
    }

    pub(crate) fn now(&self) -> AlipayTime {
        AlipayTime::from_unix_ms(self.bench.clock.now().ms()).unwrap()
    }

    /// The trade of that number, as the sandbox has it.
    pub(crate) async fn trade(&self, number: &str) -> Value {
        self.bench
            .look(&format!("trades/{number}?app_id={APP_ID}"))
            .await
    }

    pub(crate) async fn is_paid(&self, number: &str) {
        let trade = self.trade(number).await;
        assert_eq!(trade["trade_status"], "TRADE_SUCCESS", "{trade}");
    }

    /// The buyer opens a link and pays.
    pub(crate) async fn buyer_pays(&self, number: &str, link: &str) {
        let path = format!("trades/{number}/pay?app_id={APP_ID}");
        let reply = self.bench.control(&path, json!({"url": link})).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        self.is_paid(number).await;
    }

    /// The buyer pays in a browser; hands back where the shop's button then leads.
    pub(crate) async fn buyer_comes_back(&self, link: &str) -> String {
        let browser = Browser::new(&self.bench, "zh");
        let page = browser.open(link.strip_prefix(&self.origin).unwrap()).await;
        let page = browser.log_in(&page, BUYER).await;
        let page = browser
            .submit(&page, "/pay", &[("pay_password", "111111")])
            .await;
        page.link("返回商家").expect("the way back")
    }

    /// The last notice about that number, as it came: its body and its content type.
    pub(crate) async fn notice(&self, number: &str) -> (Vec<u8>, String) {
        self.bench.schedule.settle().await.unwrap();
        let came = self.bench.merchant.came.lock().unwrap();
        let about =
            |body: &[u8]| String::from_utf8_lossy(body).contains(&format!("out_trade_no={number}"));
        let found = came.iter().rev().find(|(_, sent)| about(&sent.body));
        let (_, sent) = found.unwrap_or_else(|| panic!("no notice about {number}"));
        (sent.body.clone(), sent.content_type.clone())
    }

    /// A code that the buyer shows at a till, in the place of the documents' one.
    pub(crate) async fn buyer_shows_a_code(&self) {
        let path = format!("accounts/{BUYER}/payment-codes");
        let reply = self.bench.control(&path, json!({})).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        let code = reply.json();
        self.stands_for("28763443825664394", code["auth_code"].as_str().unwrap());
    }
}

/// Time that stands still.
impl Timer for Place {
    fn now(&self) -> AlipayTime {
        Self::now(self)
    }

    fn wait(&self, _ms: u64) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
