//! `tongbao serve`: the merchant service alone, against any gateway.

use super::served_app::alipay_app;
use crate::args::ServeArgs;
use crate::config::{Config, LatePaymentConfig, MerchantConfig, ShopConfig};
use crate::exit::Failure;
use crate::printer;
use crate::running::Running;
use alipay::transport::HttpTransport;
use anyhow::Context as _;
use kernel::{Clock, OsRng, Rng, SystemClock};
use merchant::{LatePolicy, Merchant, MerchantParts, MerchantSpec};
use service::password::Passwords;
use service::telemetry::LogOptions;
use shops::courses::{Shop, ShopParts};
use std::sync::Arc;
use store::{Db, DbOptions, Step};

/// Connections that one database may keep to PostgreSQL.
const MAX_CONNECTIONS: usize = 32;

/// Runs it until it is asked to stop.
pub(crate) async fn run(args: ServeArgs) -> Result<(), Failure> {
    service::telemetry::init(&LogOptions {
        filter: "info".to_owned(),
        json: None,
    })?;
    let config = Config::load(&args.config)?;
    let db = open(&config, "merchant", merchant::steps()).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    let merchant = Merchant::open(MerchantParts {
        db: db.clone(),
        clock: Arc::clone(&clock),
        wall: Arc::clone(&clock),
        rng: Arc::clone(&rng),
        public_url: config.public_url.clone(),
        transport: Arc::new(HttpTransport::new()?),
        merchants: merchants(&config)?,
        test_bugs: merchant::TestBugs::default(),
        kill_switch: None,
    })
    .await?;
    let mut databases = vec![db];
    let mut running = Running::new()?;
    for shop in config.shops.values() {
        let shop_db = open(&config, "courses", shops::courses::steps()).await?;
        databases.push(shop_db.clone());
        let listener = listen(shop.listen)?;
        let shop = open_shop(&config, shop, shop_db, &merchant, &clock, &rng).await?;
        merchant.subscribe(shop.subscriber());
        shop.keep_tidy().await?;
        running.serve("the course shop", listener, shop.router())?;
        running.work(shop.worker());
    }
    merchant.catch_up().await?;
    merchant.keep_tidy().await?;
    running.serve(
        "the merchant service",
        listen(config.listen)?,
        merchant.router(),
    )?;
    running.work(merchant.worker());
    printer::say(format!(
        "The merchant service listens on http://{}",
        config.listen
    ));
    let ended = running.until_stopped().await;
    for db in &databases {
        db.close().await;
    }
    Ok(ended?)
}

fn listen(address: std::net::SocketAddr) -> anyhow::Result<std::net::TcpListener> {
    std::net::TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))
}

async fn open(config: &Config, schema: &str, steps: Vec<Step>) -> anyhow::Result<Db> {
    let url = database_url(config, schema);
    let file = url.strip_prefix("sqlite:").map(std::path::Path::new);
    if let Some(folder) = file.and_then(std::path::Path::parent) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("`{}` cannot be made", folder.display()))?;
    }
    let options = DbOptions {
        url,
        schema: schema.to_owned(),
        steps,
        max_connections: MAX_CONNECTIONS,
    };
    Db::open(options)
        .await
        .with_context(|| format!("the {schema} database cannot be used"))
}

/// The server, or one SQLite file for each schema: `merchant.db` has `courses.db` beside it.
pub(super) fn database_url(config: &Config, schema: &str) -> String {
    let Some(path) = config.database.strip_prefix("sqlite:") else {
        return config.database.clone();
    };
    let path = config.path(std::path::Path::new(path));
    let path = match schema {
        "merchant" => path,
        other => path.with_file_name(format!("{other}.db")),
    };
    format!("sqlite:{}", path.display())
}

/// The tenants, with their keys read.
///
/// # Errors
/// When a key is missing or none; says which of whom.
pub(super) fn merchants(config: &Config) -> anyhow::Result<Vec<MerchantSpec>> {
    config
        .merchants
        .iter()
        .map(|(name, merchant)| tenant(config, name, merchant))
        .collect()
}

fn tenant(config: &Config, name: &str, merchant: &MerchantConfig) -> anyhow::Result<MerchantSpec> {
    let mut api_key_hashes = Vec::with_capacity(merchant.api_keys.len());
    for place in &merchant.api_keys {
        let key = config
            .api_key(place)
            .with_context(|| format!("merchants.{name}.api_keys"))?;
        api_key_hashes.push(merchant::http::hash_api_key(&key));
    }
    let mut apps = Vec::with_capacity(merchant.apps.len());
    for (app_name, app) in &merchant.apps {
        let alipay = alipay_app(config, app)
            .with_context(|| format!("merchants.{name}.apps.{app_name} cannot be used"))?;
        apps.push(merchant::AppSpec {
            name: app_name.clone(),
            alipay,
        });
    }
    let late_policy = match merchant.late_payment {
        LatePaymentConfig::Accept => LatePolicy::Accept,
        LatePaymentConfig::Refund => LatePolicy::Refund,
        LatePaymentConfig::Hold => LatePolicy::Hold,
    };
    Ok(MerchantSpec {
        name: name.to_owned(),
        api_key_hashes,
        apps,
        late_policy,
    })
}

async fn open_shop(
    config: &Config,
    shop: &ShopConfig,
    db: Db,
    merchant: &Merchant,
    clock: &Arc<dyn Clock>,
    rng: &Arc<dyn Rng>,
) -> anyhow::Result<Shop> {
    let gateway = config.merchants[&shop.merchant].apps.values().next();
    let gateway = gateway.context("the shop's merchant has no application")?;
    let public_url = shop
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", shop.listen));
    let shop = Shop::open(ShopParts {
        db,
        clock: Arc::clone(clock),
        wall: Arc::clone(clock),
        rng: Arc::clone(rng),
        merchant: merchant.clone(),
        merchant_name: shop.merchant.clone(),
        public_url,
        gateway_origin: url::Url::parse(&gateway.gateway_url)?
            .origin()
            .ascii_serialization(),
        jwt_secret: None,
        cors_origins: shop.cors_origins.clone(),
        passwords: Passwords::new(Arc::clone(rng)),
        demo: false,
    })
    .await?;
    Ok(shop)
}
