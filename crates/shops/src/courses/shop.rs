//! Opening the shop: its parts put together, its tables filled, its doors named.

use crate::courses::app::accounts::RegisterError;
use crate::courses::app::forget_sessions::FORGET_SESSIONS;
use crate::courses::app::fulfil::Fulfilment;
use crate::courses::app::jobs::Jobs;
use crate::courses::app::recent::Recent;
use crate::courses::app::standing;
use crate::courses::app::tokens::Tokens;
use crate::courses::app::unplaced::{END_UNPLACED, TIME_TO_PAY_MS};
use crate::courses::context::{Context, ContextParts};
use crate::courses::{http, pages, seed};
use axum::Router;
use kernel::time::{DAY_MS, MINUTE_MS, SECOND_MS};
use kernel::{Clock, Rng};
use merchant::{Merchant, Subscriber};
use service::csrf::Csrf;
use service::edge::EdgeParts;
use service::password::Passwords;
use service::rate_limit::{Quota, RateLimit};
use service::secret::Secret;
use service::session::{SessionParts, Sessions};
use service::worker::{Worker, WorkerParts};
use std::sync::Arc;
use store::{Db, StoreError};

/// Everything that [`Shop::open`] needs.
#[derive(Clone)]
pub struct ShopParts {
    /// The shop's own database, opened with [`steps`](crate::courses::steps).
    pub db: Db,
    /// The business clock: stamps orders.
    pub clock: Arc<dyn Clock>,
    /// The wall clock: sessions and tokens live by it.
    pub wall: Arc<dyn Clock>,
    /// Chance, for ids and secrets.
    pub rng: Arc<dyn Rng>,
    /// The merchant service in this process.
    pub merchant: Merchant,
    /// Which of its merchants this shop is.
    pub merchant_name: String,
    /// Where browsers and Alipay reach the shop, without trailing slash: `http://127.0.0.1:8601`.
    pub public_url: String,
    /// The origin of Alipay's gateway and cashier: `https://openapi.alipay.com`.
    pub gateway_origin: String,
    /// The secret of the API's tokens; one that is kept in the database when there is none.
    pub jwt_secret: Option<Secret>,
    /// Origins of separate front ends that may call the API.
    pub cors_origins: Vec<String>,
    /// Hashes passwords; cheap ones are for tests.
    pub passwords: Passwords,
    /// Adds the demo's accounts and shows them on the login page.
    pub demo: bool,
}

/// Why the shop does not open.
#[derive(Debug, thiserror::Error)]
pub enum ShopError {
    /// The database failed.
    #[error("the courses shop's database cannot be used")]
    Store(#[from] StoreError),
    /// The demo's accounts could not be made.
    #[error("the courses shop's demo accounts cannot be made: {0}")]
    Accounts(String),
}

/// The courses shop. Clones share it.
#[derive(Clone)]
pub struct Shop {
    ctx: Context,
    worker: Arc<Worker>,
}

impl Shop {
    /// Opens the shop; a new one gets its catalogue, and in the demo its accounts.
    ///
    /// # Errors
    /// When its database fails.
    pub async fn open(parts: ShopParts) -> Result<Self, ShopError> {
        let forms = Secret::load(&parts.db, parts.rng.as_ref(), "courses_forms").await?;
        let jwt = match parts.jwt_secret {
            Some(secret) => secret,
            None => Secret::load(&parts.db, parts.rng.as_ref(), "courses_jwt").await?,
        };
        let secure = parts.public_url.starts_with("https://");
        let sessions = Sessions::new(SessionParts {
            db: parts.db.clone(),
            wall: Arc::clone(&parts.wall),
            rng: Arc::clone(&parts.rng),
            site: SITE,
            ttl_ms: 7 * DAY_MS,
            secure,
        });
        let limit = |name, quota| RateLimit::new(name, quota, Arc::clone(&parts.wall));
        let ctx = Context::new(ContextParts {
            sessions,
            csrf: Csrf::new(SITE, forms, Arc::clone(&parts.rng), secure),
            tokens: Tokens::new(&jwt, Arc::clone(&parts.wall)),
            login_limit: limit("courses-login", LOGIN_QUOTA),
            place_limit: limit("courses-login-place", PLACE_QUOTA),
            register_limit: limit("courses-register", REGISTER_QUOTA),
            recent: Recent::new(Arc::clone(&parts.wall)),
            db: parts.db,
            clock: parts.clock,
            rng: parts.rng,
            merchant: parts.merchant,
            merchant_name: parts.merchant_name,
            public_url: parts.public_url.trim_end_matches('/').to_owned(),
            gateway_origin: parts.gateway_origin,
            cors_origins: parts.cors_origins,
            demo: parts.demo,
            passwords: parts.passwords,
        });
        seed::fill_catalogue(&ctx.db, ctx.clock.now()).await?;
        if ctx.demo {
            seed::add_demo_accounts(&ctx)
                .await
                .map_err(|error| match error {
                    RegisterError::Store(error) => ShopError::Store(error),
                    other => ShopError::Accounts(service::problem::chain(&other)),
                })?;
        }
        let worker = Worker::new(WorkerParts {
            name: "courses",
            db: ctx.db.clone(),
            clock: Arc::clone(&ctx.clock),
            rng: Arc::clone(&ctx.rng),
            handler: Arc::new(Jobs::new(ctx.clone())),
            lease_ms: MINUTE_MS,
            parallel: 4,
        });
        Ok(Self {
            ctx,
            worker: Arc::new(worker),
        })
    }

    /// Every address of the shop: API, pages, notices and pictures, guarded.
    pub fn router(&self) -> Router {
        let parts = EdgeParts::new(SITE, Arc::clone(&self.ctx.rng)).site(pages::SITE);
        service::edge::guard(http::router(self.ctx.clone()), parts)
    }

    /// Hears what becomes of orders: hand it to [`Merchant::subscribe`] before the start.
    pub fn subscriber(&self) -> Arc<dyn Subscriber> {
        Arc::new(Fulfilment::new(self.ctx.clone()))
    }

    /// Starts the standing work: forgets, once a day, what nobody needs any more, and ends orders
    /// that never reached the merchant service. Call it once at the start.
    ///
    /// # Errors
    /// When its database fails.
    pub async fn keep_tidy(&self) -> Result<(), ShopError> {
        standing::schedule(&self.ctx, FORGET_SESSIONS, DAY_MS).await?;
        standing::schedule(&self.ctx, END_UNPLACED, TIME_TO_PAY_MS).await?;
        Ok(())
    }

    /// Does the shop's own follow-up work.
    pub fn worker(&self) -> Arc<Worker> {
        Arc::clone(&self.worker)
    }
}

/// The site's name in its cookies.
const SITE: &str = "courses";

/// Twenty tries at once, then one every six seconds.
const LOGIN_QUOTA: Quota = Quota {
    burst: 20,
    refill_ms: 6 * SECOND_MS,
};

/// A school class logs in from one address at once; then one wrong password every half second.
const PLACE_QUOTA: Quota = Quota {
    burst: 300,
    refill_ms: SECOND_MS / 2,
};

/// A school class registers from one address at once; then one account every two seconds.
const REGISTER_QUOTA: Quota = Quota {
    burst: 1_000,
    refill_ms: 2 * SECOND_MS,
};
