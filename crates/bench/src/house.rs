//! The servers that are measured: a merchant service with a course shop, on one engine, for real.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use alipay::keys::PrivateKey;
use alipay::notice::Unverified;
use alipay::transport::HttpTransport;
use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use kernel::{Clock, OsRng, Rng, SystemClock};
use merchant::{AppSpec, LatePolicy, Merchant, MerchantParts, MerchantSpec, TestBugs};
use service::lifecycle::{Shutdown, serve};
use service::password::Passwords;
use shops::courses::{Shop, ShopParts};
use store::{Db, DbOptions, Stats, Step};
use tokio::net::TcpListener;

const MERCHANT: &str = "courses";
const MAX_CONNECTIONS: usize = 32;

/// The key that callers of the merchant service show.
pub(crate) const API_KEY: &str = "tb_bench";
/// The application's number.
pub(crate) const APP_ID: &str = "2021000000000001";
/// The application's account.
pub(crate) const SELLER_ID: &str = "2088000000000001";
/// Where the verify-only handler listens, on the merchant's address.
pub(crate) const VERIFY_ONLY: &str = "/verify-only";

/// Running servers.
pub(crate) struct House {
    /// The merchant service's address.
    pub(crate) merchant: SocketAddr,
    /// The course shop's address.
    pub(crate) courses: SocketAddr,
    /// Signs notices as Alipay would.
    pub(crate) alipay_key: PrivateKey,
    db: Db,
    shutdown: Shutdown,
}

impl House {
    /// Opens the databases (`database` is a PostgreSQL, or `None` for SQLite in `folder`) and serves.
    pub(crate) async fn open(folder: &Path, database: Option<&str>) -> Result<Self> {
        let (app_key, alipay_key) = (PrivateKey::generate(2048)?, PrivateKey::generate(2048)?);
        let wall: Arc<dyn Clock> = Arc::new(SystemClock);
        let rng: Arc<dyn Rng> = Arc::new(OsRng);
        let merchant_listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let courses_listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (merchant_at, courses_at) = (
            merchant_listener.local_addr()?,
            courses_listener.local_addr()?,
        );
        let app = alipay::App {
            seller_id: Some(SELLER_ID.to_owned()),
            ..alipay::App::new(
                APP_ID,
                "http://127.0.0.1:9/gateway.do",
                app_key,
                alipay_key.public_key().clone(),
            )
        };
        let db = open(folder, database, "merchant", merchant::steps()).await?;
        let merchant = Merchant::open(MerchantParts {
            db: db.clone(),
            clock: Arc::clone(&wall),
            wall: Arc::clone(&wall),
            rng: Arc::clone(&rng),
            public_url: format!("http://{merchant_at}"),
            transport: Arc::new(HttpTransport::new()?),
            merchants: vec![MerchantSpec {
                name: MERCHANT.to_owned(),
                api_key_hashes: vec![merchant::http::hash_api_key(API_KEY)],
                apps: vec![AppSpec {
                    name: MERCHANT.to_owned(),
                    alipay: app,
                }],
                late_policy: LatePolicy::Accept,
            }],
            test_bugs: TestBugs::default(),
            kill_switch: None,
        })
        .await?;
        let shop = Shop::open(ShopParts {
            db: open(folder, database, MERCHANT, shops::courses::steps()).await?,
            clock: Arc::clone(&wall),
            wall,
            rng: Arc::clone(&rng),
            merchant: merchant.clone(),
            merchant_name: MERCHANT.to_owned(),
            public_url: format!("http://{courses_at}"),
            gateway_origin: "http://127.0.0.1:9".to_owned(),
            jwt_secret: None,
            cors_origins: Vec::new(),
            passwords: Passwords::new(rng),
            demo: true,
        })
        .await?;
        let shutdown = Shutdown::new();
        let verify_only = Router::new()
            .route(VERIFY_ONLY, post(verify_only))
            .with_state(Arc::new(alipay_key.public_key().clone()));
        let router = verify_only.fallback_service(merchant.router());
        for (listener, router) in [
            (merchant_listener, router),
            (courses_listener, shop.router()),
        ] {
            let shutdown = shutdown.clone();
            tokio::spawn(async move { serve(listener, router, &shutdown).await });
        }
        for worker in [merchant.worker(), shop.worker()] {
            let shutdown = shutdown.clone();
            tokio::spawn(async move { worker.run_until(shutdown.soft()).await });
        }
        Ok(Self {
            merchant: merchant_at,
            courses: courses_at,
            alipay_key,
            db,
            shutdown,
        })
    }

    /// What went through the merchant's door so far.
    pub(crate) fn stats(&self) -> Stats {
        self.db.stats()
    }

    /// Ends listeners and workers.
    pub(crate) fn close(self) {
        self.shutdown.stop();
        self.shutdown.cut_off();
    }
}

/// The limit of a notice: as much as can be done without keeping anything.
async fn verify_only(
    State(key): State<Arc<alipay::keys::PublicKey>>,
    headers: HeaderMap,
    body: Bytes,
) -> &'static str {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let verified =
        Unverified::from_form(&body, content_type).and_then(|notice| notice.verify(&key));
    if verified.is_ok() {
        "success"
    } else {
        "failure"
    }
}

async fn open(folder: &Path, database: Option<&str>, name: &str, steps: Vec<Step>) -> Result<Db> {
    let url = match database {
        Some(url) => url.to_owned(),
        None => format!("sqlite:{}", folder.join(format!("{name}.db")).display()),
    };
    let options = DbOptions {
        url,
        schema: name.to_owned(),
        steps,
        max_connections: MAX_CONNECTIONS,
    };
    Ok(Db::open(options).await?)
}
