//! Puts the demo together: one business clock, three databases, three listeners.

use super::folder::{Folder, Secrets};
use super::ports::Ports;
use super::start_page::{self, Facts, Place};
use super::table;
use crate::args::DemoArgs;
use crate::exit::Failure;
use crate::printer;
use crate::running::Running;
use alipay::keys::{PrivateKey, PublicKey};
use alipay::transport::HttpTransport;
use anyhow::Context as _;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use kernel::{BusinessClock, Clock, MovableClock, OsRng, Rng, SystemClock};
use merchant::{LatePolicy, Merchant, MerchantParts, MerchantSpec};
use sandbox::worlds::WorldName;
use sandbox::{BuyerSpec, NewApp, Profile, Sandbox, SandboxParts};
use serde_json::json;
use service::late_control::LateControl;
use service::password::Passwords;
use service::schedule::Schedule;
use service::secret::Secret;
use service::telemetry::LogOptions;
use shops::courses::{Shop, ShopParts};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{Db, DbOptions, Step};

/// The demo's shopper, as the tutorial has them.
const SHOP_USER: &str = "root";
const SHOP_PASSWORD: &str = "zxc123456";
/// Who may look into the console.
const CONSOLE_USER: &str = "admin";
/// The one tenant of today.
const COURSES: &str = "courses";
/// Connections that one database may keep to PostgreSQL.
const MAX_CONNECTIONS: usize = 24;

/// Runs everything until it is asked to stop.
pub(crate) async fn run(args: DemoArgs) -> Result<(), Failure> {
    service::telemetry::init(&LogOptions {
        filter: "warn".to_owned(),
        json: None,
    })?;
    let ports = Ports::bind(args.host, args.port_base)?;
    let folder = Arc::new(Folder::open(&args.data)?);
    let secrets = folder.secrets()?;
    let demo = Demo::open(&args, &ports, &folder, &secrets).await?;
    let facts = facts(&ports, &folder);
    let ready = Arc::new(AtomicBool::new(false));

    let mut running = Running::new()?;
    let first = ready_router(&ready)
        .merge(start_page::router(facts.clone()))
        .fallback_service(demo.merchant.router());
    running.serve("the merchant service", ports.merchant.try_clone()?, first)?;
    running.serve(
        "the course shop",
        ports.courses.try_clone()?,
        demo.shop.router(),
    )?;
    running.serve(
        "the sandbox",
        ports.sandbox.try_clone()?,
        demo.sandbox.router(),
    )?;
    for worker in [
        demo.merchant.worker(),
        demo.shop.worker(),
        demo.sandbox.worker(),
    ] {
        running.work(worker);
    }
    write_files(&demo, &ports, &folder, &secrets).await?;
    ready.store(true, Ordering::SeqCst);
    printer::say(table::render(&facts));
    drop(ports);

    let ended = running.until_stopped().await;
    for db in &demo.databases {
        db.close().await;
    }
    Ok(ended?)
}

/// What runs.
struct Demo {
    databases: [Db; 3],
    sandbox: Sandbox,
    merchant: Merchant,
    shop: Shop,
}

impl Demo {
    async fn open(
        args: &DemoArgs,
        ports: &Ports,
        folder: &Arc<Folder>,
        secrets: &Secrets,
    ) -> anyhow::Result<Self> {
        let server = args.database.as_deref();
        let merchant_db = open(folder, server, "merchant", merchant::steps()).await?;
        let sandbox_db = open(folder, server, "sandbox", sandbox::steps()).await?;
        let courses_db = open(folder, server, COURSES, shops::courses::steps()).await?;

        let wall: Arc<dyn Clock> = Arc::new(SystemClock);
        let clock = BusinessClock::new(Arc::clone(&wall), folder.clock_offset_ms()?);
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let rng: Arc<dyn Rng> = Arc::new(OsRng);
        let control = LateControl::new(Arc::clone(&shared));

        let sandbox = Sandbox::open(SandboxParts {
            db: sandbox_db.clone(),
            clock: Arc::clone(&shared),
            wall: Arc::clone(&wall),
            rng: Arc::clone(&rng),
            passwords: Passwords::new(Arc::clone(&rng)),
            sender: Arc::new(sandbox::HttpSender::new()?),
            public_url: ports.sandbox_url(),
            control_token: Some(secrets.control_token.clone()),
            clock_control: Some(Arc::new(control.clone())),
            demo: true,
            world: WorldName::default(),
            seed: None,
        })
        .await?;
        sandbox.ensure_buyer(BuyerSpec::default_buyer()).await?;
        let app = sandbox
            .ensure_app(NewApp {
                name: COURSES.to_owned(),
                app_public_key: None,
                profile: Profile::Production,
            })
            .await?;

        let merchant = Merchant::open(MerchantParts {
            db: merchant_db.clone(),
            clock: Arc::clone(&shared),
            wall: Arc::clone(&wall),
            rng: Arc::clone(&rng),
            public_url: ports.merchant_url(),
            transport: Arc::new(HttpTransport::new()?),
            merchants: vec![MerchantSpec {
                name: COURSES.to_owned(),
                api_key_hashes: vec![merchant::http::hash_api_key(&secrets.courses_api_key)],
                apps: vec![merchant_app(&app, &ports.sandbox_url())?],
                late_policy: LatePolicy::Accept,
            }],
            test_bugs: merchant::TestBugs::default(),
            kill_switch: None,
        })
        .await?;

        let shop = Shop::open(ShopParts {
            db: courses_db.clone(),
            clock: Arc::clone(&shared),
            wall,
            rng: Arc::clone(&rng),
            merchant: merchant.clone(),
            merchant_name: COURSES.to_owned(),
            public_url: ports.courses_url(),
            gateway_origin: ports.sandbox_url(),
            jwt_secret: Some(jwt_secret(secrets)?),
            cors_origins: Vec::new(),
            passwords: Passwords::new(rng),
            demo: true,
        })
        .await?;
        merchant.subscribe(shop.subscriber());
        shop.keep_tidy().await?;
        merchant.keep_tidy().await?;

        let workers = vec![sandbox.worker(), merchant.worker(), shop.worker()];
        let movable: Arc<dyn MovableClock> = Arc::new(clock.clone());
        let kept = Arc::clone(folder);
        let schedule = Schedule::new(movable, workers).on_move(Arc::new(move |_| {
            if let Err(error) = kept.keep_clock_offset_ms(clock.offset_ms()) {
                tracing::error!("The clock's offset is not kept: {error:#}");
            }
        }));
        control.moves(Arc::new(schedule));
        let databases = [merchant_db, sandbox_db, courses_db];
        Ok(Self {
            databases,
            sandbox,
            merchant,
            shop,
        })
    }
}

/// Opens one database; jobs that a killed run held are free at once, because nobody else has it.
async fn open(
    folder: &Folder,
    server: Option<&str>,
    name: &str,
    steps: Vec<Step>,
) -> anyhow::Result<Db> {
    let url = folder.database(server, name);
    let options = DbOptions {
        url,
        schema: name.to_owned(),
        steps,
        max_connections: MAX_CONNECTIONS,
    };
    let db = Db::open(options)
        .await
        .with_context(|| format!("the {name} database cannot be used"))?;
    db.write(|tx| Box::pin(async move { store::jobs::release_all(tx).await }))
        .await?;
    Ok(db)
}

/// The merchant's view of an application that the sandbox made.
fn merchant_app(app: &sandbox::App, sandbox_url: &str) -> anyhow::Result<merchant::AppSpec> {
    let private = app
        .app_private_key
        .as_deref()
        .context("the sandbox made no key pair")?;
    let alipay_key: PublicKey = PrivateKey::parse(&app.alipay_private_key)?
        .public_key()
        .clone();
    let gateway_url = format!("{sandbox_url}/gateway.do");
    let private_key = PrivateKey::parse(private)?;
    let alipay = alipay::App {
        seller_id: Some(app.seller_id.clone()),
        ..alipay::App::new(&app.app_id, &gateway_url, private_key, alipay_key)
    };
    Ok(merchant::AppSpec {
        name: app.name.clone(),
        alipay,
    })
}

fn jwt_secret(secrets: &Secrets) -> anyhow::Result<Secret> {
    let bytes = hex::decode(&secrets.jwt_secret).context("the JWT secret is damaged")?;
    let bytes = bytes
        .try_into()
        .map_err(|_| anyhow::anyhow!("the JWT secret is damaged"))?;
    Ok(Secret::new(bytes))
}

/// `/readyz` of the whole demo: 200 once every listener accepts and the files are written.
fn ready_router(ready: &Arc<AtomicBool>) -> Router {
    let ready = Arc::clone(ready);
    Router::new().route(
        "/readyz",
        get(move || async move {
            if ready.load(Ordering::SeqCst) {
                (StatusCode::OK, "ready")
            } else {
                (StatusCode::SERVICE_UNAVAILABLE, "starting")
            }
        }),
    )
}

async fn write_files(
    demo: &Demo,
    ports: &Ports,
    folder: &Folder,
    secrets: &Secrets,
) -> anyhow::Result<()> {
    sandbox::files::write(&demo.sandbox, &folder.path().join("sandbox"), COURSES).await?;
    let file = json!({
        "base_url": ports.merchant_url(),
        "merchants": { COURSES: { "api_key": secrets.courses_api_key } },
        "console": { "username": CONSOLE_USER, "password": secrets.console_password },
    });
    folder.write("merchant.json", &serde_json::to_string_pretty(&file)?)
}

fn facts(ports: &Ports, folder: &Folder) -> Facts {
    let place = |zh, en, url| Place { zh, en, url };
    let buyer = BuyerSpec::default_buyer();
    Facts {
        places: vec![
            place(
                "从这里开始",
                "start here",
                format!("{}/", ports.merchant_url()),
            ),
            place(
                "课程商店",
                "course shop",
                format!("{}/", ports.courses_url()),
            ),
            place(
                "离线支付宝",
                "offline Alipay",
                format!("{}/", ports.sandbox_url()),
            ),
        ],
        courses_url: ports.courses_url(),
        shop_user: SHOP_USER,
        shop_password: SHOP_PASSWORD,
        buyer: buyer.logon_id,
        buyer_password: "111111".to_owned(),
        folder: folder.path().display().to_string(),
        sandbox_file: folder
            .path()
            .join("sandbox/sandbox.json")
            .display()
            .to_string(),
        merchant_file: folder.path().join("merchant.json").display().to_string(),
    }
}
