//! A bench of several worlds, one of them called as its merchant and tester would, and a browser.

use crate::support::{Bench, NOTIFY, RETURN, Reply, signed};
use alipay::keys::{PrivateKey, PublicKey};
use alipay::sign::{self, SignType};
use alipay::{Charset, Params, form};
use axum::body::Body;
use http::{Request, StatusCode, header};
use sandbox::worlds::{Places, WorldName, Worlds, WorldsParts};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use store::{Db, DbOptions, Engine};
use testdb::TestDb;

/// Beside the bench's own world, in which the others' databases are.
#[derive(Debug)]
struct Beside {
    engine: Engine,
    /// Holds the test's server, and says how it is reached.
    server: Option<TestDb>,
    folder: PathBuf,
}

impl Places for Beside {
    fn options(&self, world: &WorldName) -> DbOptions {
        let name = world.as_str().replace('-', "_");
        let (url, schema) = match &self.server {
            Some(server) => (
                server.options.url.clone(),
                format!("{}_{name}", server.options.schema),
            ),
            None => (
                format!(
                    "sqlite:{}",
                    self.folder.join(world.as_str()).join("w.db").display()
                ),
                name,
            ),
        };
        assert_eq!(self.engine == Engine::Postgres, self.server.is_some());
        DbOptions {
            url,
            schema,
            steps: sandbox::steps(),
            max_connections: 3,
        }
    }
}

/// A bench whose router answers for all worlds.
pub(crate) struct Many {
    pub(crate) bench: Bench,
    pub(crate) worlds: Worlds,
    pub(crate) parts: WorldsParts,
    _folder: tempfile::TempDir,
}

impl Many {
    pub(crate) async fn new(db: Db) -> Self {
        let engine = db.engine();
        let mut bench = Bench::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        let server = match engine {
            Engine::Postgres => Some(testdb::postgres(Vec::new()).await),
            Engine::Sqlite => None,
        };
        let places = Beside {
            engine,
            server,
            folder: folder.path().to_owned(),
        };
        let parts = WorldsParts {
            parts: bench.sandbox.context().parts().clone(),
            places: Arc::new(places),
            folder: Some(folder.path().to_owned()),
            runs: false,
        };
        let worlds = Worlds::open(parts.clone(), &bench.sandbox).await.unwrap();
        bench.router = worlds.front(bench.sandbox.router());
        Self {
            bench,
            worlds,
            parts,
            _folder: folder,
        }
    }

    pub(crate) async fn make(&self, body: Value) -> One<'_> {
        let reply = self.bench.control("worlds", body).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        One::of(self, reply.json())
    }

    /// The process stops and starts again.
    pub(crate) async fn restart(&mut self) {
        self.worlds.stop().await;
        let root = sandbox::Sandbox::open(self.bench.sandbox.context().parts().clone())
            .await
            .unwrap();
        self.worlds = Worlds::open(self.parts.clone(), &root).await.unwrap();
        self.bench.router = self.worlds.front(root.router());
    }

    /// Removes the databases that no test harness knows.
    pub(crate) async fn end(self) {
        for world in self.worlds.list() {
            self.worlds.delete(world.name()).await.unwrap();
        }
    }
}

/// One of them, called as its merchant and tester would.
pub(crate) struct One<'a> {
    many: &'a Many,
    pub(crate) prefix: String,
    pub(crate) app_id: String,
    pub(crate) view: Value,
    key: PrivateKey,
    alipay: PublicKey,
}

impl<'a> One<'a> {
    fn of(many: &'a Many, view: Value) -> Self {
        let app = &view["apps"][0];
        Self {
            many,
            prefix: format!("/w/{}", view["name"].as_str().unwrap()),
            app_id: app["app_id"].as_str().unwrap().to_owned(),
            key: PrivateKey::parse(app["app_private_key"].as_str().unwrap()).unwrap(),
            alipay: PublicKey::parse(app["alipay_public_key"].as_str().unwrap()).unwrap(),
            view,
        }
    }

    pub(crate) fn signed(&self, method: &str, biz: &Value, more: &[(&str, &str)]) -> Params {
        let mut params = signed(0, method, &biz.to_string(), more);
        params.set("app_id", &self.app_id);
        params = params
            .into_iter()
            .filter(|(name, _)| *name != "sign")
            .collect();
        let text = sign::request_text(&params);
        params.set(
            "sign",
            &sign::sign(&self.key, SignType::Rsa2, text.as_bytes()).unwrap(),
        );
        params
    }

    /// Calls at a path, with the parameters in the query or in the body.
    pub(crate) async fn call_at(
        &self,
        path: &str,
        in_body: bool,
        method: &str,
        biz: &Value,
    ) -> Reply {
        let request = self.request_at(path, in_body, method, biz);
        self.many.bench.send(request).await
    }

    /// The call at a path.
    pub(crate) fn request_at(
        &self,
        path: &str,
        in_body: bool,
        method: &str,
        biz: &Value,
    ) -> Request<Body> {
        let params = self.signed(method, biz, &[]);
        // The charset counts in the address.
        let params: Params = params
            .into_iter()
            .filter(|(name, _)| *name != "charset")
            .collect();
        let form = form::encode(&params, Charset::Utf8).unwrap();
        let joint = if path.contains('?') { '&' } else { '?' };
        let request = if in_body {
            let address = format!("{path}{joint}charset=utf-8");
            Request::post(address)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(form))
        } else {
            Request::get(format!("{path}{joint}charset=utf-8&{form}")).body(Body::empty())
        };
        request.unwrap()
    }

    pub(crate) async fn node(&self, method: &str, biz: &Value) -> Value {
        let path = format!("{}/gateway.do", self.prefix);
        let reply = self.call_at(&path, false, method, biz).await;
        self.checked(&reply, method)
    }

    /// Calls over v3 at a path, which is signed as another one, perhaps.
    pub(crate) async fn rest(&self, at: &str, signed_as: &str, nonce: &str, biz: &Value) -> Reply {
        let request = self.rest_request(at, signed_as, nonce, biz);
        self.many.bench.send(request).await
    }

    /// The call over v3.
    pub(crate) fn rest_request(
        &self,
        at: &str,
        signed_as: &str,
        nonce: &str,
        biz: &Value,
    ) -> Request<Body> {
        let auth = format!(
            "app_id={},nonce={nonce},timestamp=1787275800000",
            self.app_id
        );
        let text = format!("{auth}\nPOST\n{signed_as}\n{biz}\n");
        let signature = sign::sign(&self.key, SignType::Rsa2, text.as_bytes()).unwrap();
        let request = Request::post(at)
            .header(
                "authorization",
                format!("ALIPAY-SHA256withRSA {auth},sign={signature}"),
            )
            .header("content-type", "application/json")
            .body(Body::from(biz.to_string()));
        request.unwrap()
    }

    /// The node of an answer that this world's Alipay signed.
    pub(crate) fn checked(&self, reply: &Reply, method: &str) -> Value {
        let (raw, signature) = reply.cut(method);
        let signature = signature.expect("a signature");
        sign::verify(&self.alipay, SignType::Rsa2, raw.as_bytes(), &signature)
            .expect("this world's signature");
        serde_json::from_str(&raw).unwrap()
    }

    pub(crate) fn link(&self, out_trade_no: &str, amount: &str) -> String {
        let biz = json!({"out_trade_no": out_trade_no, "product_code": "FAST_INSTANT_TRADE_PAY", "total_amount": amount, "subject": "线性代数"});
        let more = [("notify_url", NOTIFY), ("return_url", RETURN)];
        let query = form::encode(
            &self.signed("alipay.trade.page.pay", &biz, &more),
            Charset::Utf8,
        )
        .unwrap();
        format!("http://127.0.0.1:8609{}/gateway.do?{query}", self.prefix)
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> Reply {
        let request = Request::post(format!("{}/sandbox/v1/{path}", self.prefix))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()));
        self.many.bench.send(request.unwrap()).await
    }

    pub(crate) async fn look(&self, path: &str) -> Value {
        let reply = self
            .many
            .bench
            .get(&format!("{}/sandbox/v1/{path}", self.prefix))
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        reply.json()
    }

    pub(crate) async fn paid(&self, out_trade_no: &str, amount: &str) -> Value {
        let url = self.link(out_trade_no, amount);
        let reply = self
            .control(&format!("trades/{out_trade_no}/pay"), json!({"url": url}))
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        reply.json()
    }

    pub(crate) async fn balance(&self) -> String {
        let account = self.look("accounts/buyer@sandbox.com").await;
        account["balance"].as_str().unwrap().to_owned()
    }
}

/// A browser that keeps cookies and sends all of them everywhere: the worst that it may do.
pub(crate) struct Browser<'a> {
    bench: &'a Bench,
    cookies: Vec<String>,
    pub(crate) paths: Vec<String>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(bench: &'a Bench) -> Self {
        Self {
            bench,
            cookies: Vec::new(),
            paths: Vec::new(),
        }
    }

    pub(crate) async fn get(&mut self, address: &str) -> Reply {
        let request = Request::get(address).header(header::COOKIE, self.cookies.join("; "));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&mut self, address: &str, form: String) -> Reply {
        let request = Request::post(address)
            .header(header::COOKIE, self.cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    async fn send(&mut self, request: Request<Body>) -> Reply {
        let reply = self.bench.send(request).await;
        for cookie in reply.all("set-cookie") {
            let mut parts = cookie.split("; ");
            self.cookies.extend(parts.next().map(str::to_owned));
            self.paths.extend(
                parts
                    .find(|part| part.starts_with("Path="))
                    .map(str::to_owned),
            );
        }
        reply
    }
}

/// The addresses of this host in a page, with the attributes that hold them.
pub(crate) fn addresses(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find("=\"/") {
        let name = rest[..at]
            .rsplit(char::is_whitespace)
            .next()
            .unwrap_or_default();
        let value = rest[at + 2..].split('"').next().unwrap_or_default();
        if name != "value" && !value.starts_with("//") {
            found.push((
                name.to_owned(),
                value.replace("&#38;", "&").replace("&amp;", "&"),
            ));
        }
        rest = &rest[at + 3..];
    }
    found
}
