//! Sandbox, merchant service and course shop behind ports of this machine, and the command.

use alipay::CertMode;
use alipay::cert::{CertFiles, Trust};
use alipay::keys::PrivateKey;
use alipay::transport::HttpTransport;
use axum::Router;
use kernel::{Clock, OsRng, Rng, SystemClock};
use merchant::{LatePolicy, Merchant, MerchantParts, MerchantSpec};
use sandbox::worlds::WorldName;
use sandbox::{BuyerSpec, NewApp, Profile, Sandbox, SandboxParts};
use serde_json::{Value, json};
use service::lifecycle::{Shutdown, serve};
use service::password::Passwords;
use service::worker::Worker;
use shops::courses::{Shop, ShopParts};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use store::Db;
use tempfile::TempDir;
use testdb::TestDb;
use tokio::net::TcpListener;

pub(crate) const API_KEY: &str = "tb_test_key_of_the_courses_shop";

/// Everything that `tongbao demo` runs, for as long as the test does.
pub(crate) struct World {
    pub(crate) merchant: String,
    pub(crate) courses: String,
    pub(crate) sandbox: String,
    folder: TempDir,
    shutdown: Shutdown,
    _databases: [TestDb; 2],
}

impl Drop for World {
    fn drop(&mut self) {
        self.shutdown.cut_off();
    }
}

/// What a run of the command left behind.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The card, for programs.
    pub(crate) fn card(&self) -> Value {
        let card = serde_json::from_str(&self.out);
        card.unwrap_or_else(|_| panic!("no JSON: {}{}", self.out, self.err))
    }

    /// The rows that ended so.
    pub(crate) fn rows(&self, outcome: &str) -> Vec<String> {
        let card = self.card();
        let rows = card["rows"].as_array().unwrap().iter();
        rows.filter(|row| row["outcome"] == outcome)
            .map(|row| row["row"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl World {
    /// Opens all of it; the database given is the sandbox's.
    pub(crate) async fn open(db: Db) -> Self {
        Self::open_as(db, false).await
    }

    /// The same with a merchant in certificate mode.
    pub(crate) async fn open_in_cert_mode(db: Db) -> Self {
        Self::open_as(db, true).await
    }

    async fn open_as(db: Db, cert_mode: bool) -> Self {
        let databases = [
            testdb::open(db.engine(), merchant::steps()).await,
            testdb::open(db.engine(), shops::courses::steps()).await,
        ];
        let [
            (for_merchant, merchant_url),
            (for_shop, courses),
            (for_sandbox, sandbox_url),
        ] = [listen().await, listen().await, listen().await];
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let rng: Arc<dyn Rng> = Arc::new(OsRng);
        let folder = tempfile::tempdir().unwrap();
        let sandbox = open_sandbox(db, &sandbox_url, &clock, &rng).await;
        let app = sandbox
            .ensure_app(NewApp {
                name: "courses".to_owned(),
                app_public_key: None,
                profile: Profile::Production,
            })
            .await
            .unwrap();
        let place = folder.path().join("sandbox");
        sandbox::files::write(&sandbox, &place, "courses")
            .await
            .unwrap();
        let merchant = Merchant::open(MerchantParts {
            db: databases[0].db.clone(),
            clock: Arc::clone(&clock),
            wall: Arc::clone(&clock),
            rng: Arc::clone(&rng),
            public_url: merchant_url.clone(),
            transport: Arc::new(HttpTransport::new().unwrap()),
            merchants: vec![MerchantSpec {
                name: "courses".to_owned(),
                api_key_hashes: vec![merchant::http::hash_api_key(API_KEY)],
                apps: vec![merchant_app(
                    &app,
                    &sandbox_url,
                    cert_mode.then_some(&*place),
                )],
                late_policy: LatePolicy::Accept,
            }],
            test_bugs: merchant::TestBugs::default(),
            kill_switch: None,
        })
        .await
        .unwrap();
        let shop = Shop::open(ShopParts {
            db: databases[1].db.clone(),
            clock: Arc::clone(&clock),
            wall: clock,
            rng: Arc::clone(&rng),
            merchant: merchant.clone(),
            merchant_name: "courses".to_owned(),
            public_url: courses.clone(),
            gateway_origin: sandbox_url.clone(),
            jwt_secret: None,
            cors_origins: Vec::new(),
            passwords: Passwords::cheap(rng),
            demo: true,
        })
        .await
        .unwrap();
        merchant.subscribe(shop.subscriber());
        let shutdown = Shutdown::new();
        for (listener, router) in [
            (for_merchant, merchant.router()),
            (for_shop, shop.router()),
            (for_sandbox, sandbox.router()),
        ] {
            run_site(&shutdown, listener, router);
        }
        for worker in [merchant.worker(), shop.worker(), sandbox.worker()] {
            run_worker(&shutdown, worker);
        }
        Self {
            merchant: merchant_url,
            courses,
            sandbox: sandbox_url,
            folder,
            shutdown,
            _databases: databases,
        }
    }

    /// Runs `tongbao exam` against this world's sandbox.
    pub(crate) async fn exam(&self, args: &[&str]) -> Ran {
        let mut command = command();
        command.arg("exam").args(args).args(["--rest-ms", "100"]);
        command.arg("--sandbox").arg(self.folder.path());
        command.env("COURSES_KEY", format!("Bearer {API_KEY}"));
        run(command).await
    }

    /// Where the sandbox wrote its files.
    pub(crate) fn sandbox_folder(&self) -> PathBuf {
        self.folder.path().join("sandbox")
    }

    /// An order placed at the merchant service.
    pub(crate) async fn place_order(&self, number: &str) -> Value {
        let order = json!({
            "merchant_order_no": number, "subject": "考试", "total_amount": "39.00", "product": "page",
        });
        let request = http_client()
            .post(format!("{}/v1/orders", self.merchant))
            .bearer_auth(API_KEY)
            .header("idempotency-key", number)
            .header("content-type", "application/json")
            .body(order.to_string());
        answer(request).await
    }
}

/// The binary without anything of this machine's environment that it would read.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tongbao"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TONGBAO_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs it to its end.
pub(crate) async fn run(mut command: Command) -> Ran {
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.unwrap().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn http_client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// The JSON that a request is answered with.
pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{status} {text}");
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"))
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, format!("http://{address}"))
}

async fn open_sandbox(db: Db, url: &str, clock: &Arc<dyn Clock>, rng: &Arc<dyn Rng>) -> Sandbox {
    let sandbox = Sandbox::open(SandboxParts {
        db,
        clock: Arc::clone(clock),
        wall: Arc::clone(clock),
        rng: Arc::clone(rng),
        passwords: Passwords::cheap(Arc::clone(rng)),
        sender: Arc::new(sandbox::HttpSender::new().unwrap()),
        public_url: url.to_owned(),
        control_token: None,
        clock_control: None,
        demo: false,
        world: WorldName::default(),
        seed: None,
    })
    .await
    .unwrap();
    sandbox
        .ensure_buyer(BuyerSpec::default_buyer())
        .await
        .unwrap();
    sandbox
}

fn merchant_app(app: &sandbox::App, sandbox_url: &str, certs: Option<&Path>) -> merchant::AppSpec {
    let private = PrivateKey::parse(app.app_private_key.as_deref().unwrap()).unwrap();
    let alipay = PrivateKey::parse(&app.alipay_private_key).unwrap();
    let gateway = format!("{sandbox_url}/gateway.do");
    let made = match certs {
        None => alipay::App::new(&app.app_id, &gateway, private, alipay.public_key().clone()),
        Some(place) => {
            let read = |name| std::fs::read_to_string(place.join("certs").join(name)).unwrap();
            let files = CertFiles {
                app: &read("appCertPublicKey.crt"),
                alipay: &read("alipayCertPublicKey_RSA2.crt"),
                root: &read("alipayRootCert.crt"),
            };
            let mode = CertMode::open(files, Trust::Roots).unwrap();
            alipay::App::in_cert_mode(&app.app_id, &gateway, Arc::new(private), mode)
        }
    };
    let alipay = alipay::App {
        seller_id: Some(app.seller_id.clone()),
        ..made
    };
    merchant::AppSpec {
        name: "main".to_owned(),
        alipay,
    }
}

fn run_site(shutdown: &Shutdown, listener: TcpListener, router: Router) {
    let shutdown = shutdown.clone();
    tokio::spawn(async move { serve(listener, router, &shutdown).await });
}

fn run_worker(shutdown: &Shutdown, worker: Arc<Worker>) {
    let stop = shutdown.soft();
    tokio::spawn(async move { worker.run_until(stop).await });
}
