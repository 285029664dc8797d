//! An offline Alipay: gateway, cashier, wallet, ledger, notices, with a clock you can move.
//!
//! A [`Sandbox`] is a value that owns its database, clock and applications; several are several
//! values. Programs reach it through [`Sandbox::router`]; its [`Sandbox::worker`] delivers notices
//! and lets trades run out. The signatures, the forms and the moments are Alipay's, so that an
//! unmodified SDK cannot tell the difference in what is covered.

pub mod app;
pub mod bills;
pub mod certs;
pub mod control;
pub mod domain;
pub mod exam;
pub mod exchanges;
pub mod faults;
pub mod files;
pub mod gateway;
pub mod notices;
pub mod worlds;

mod cashier;
mod chance;
mod consent;
mod context;
mod grants;
mod home;
mod jobs;
mod router;
pub mod store;
mod wallet;

pub use app::accounts::{BuyerSpec, EnsureBuyerError, Password};
pub use app::fill::{FillError, Filled};
pub use app::register_app::{AppSpec, NewApp, RegisterAppError};
pub use context::{Context, SandboxParts};
pub use domain::filling::Filling;
pub use domain::{Account, App, AppMode, AppSettings, LogonId, Profile};
pub use notices::{Answer, HttpSender, NoticeSender, Outgoing, SendError};

use ::store::{Statement, Step, StoreError};
use service::worker::{Worker, WorkerParts};
use std::sync::Arc;

/// The steps of every room that keeps tables in the sandbox's database.
#[must_use]
pub fn steps() -> Vec<Step> {
    let mut steps = ledger::steps();
    steps.extend(service::steps());
    steps.extend(store::steps());
    steps
}

/// Every statement of the sandbox's own, for the test that prepares each on both engines.
#[must_use]
pub fn statements() -> Vec<&'static Statement> {
    store::statements()
}

/// An offline Alipay. Clones share it.
#[derive(Clone)]
pub struct Sandbox {
    context: Context,
    worker: Arc<Worker>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}

/// How long a delivery may take before another worker may try it, milliseconds.
const LEASE_MS: i64 = 60_000;
/// How many deliveries run at a time.
const PARALLEL: usize = 8;

impl Sandbox {
    /// A sandbox on an open database. Opens the accounts that every sandbox has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(parts: SandboxParts) -> Result<Self, StoreError> {
        let origin = app::origin::begin(&parts.db, parts.seed).await?;
        let context = Context::new(parts.clone(), &origin);
        let worker = Arc::new(Worker::new(WorkerParts {
            name: "sandbox",
            db: parts.db,
            clock: parts.clock,
            rng: parts.rng,
            handler: Arc::new(jobs::Handler::new(context.for_jobs())),
            lease_ms: LEASE_MS,
            parallel: PARALLEL,
        }));
        context.set_worker(&worker);
        app::books::open_house_accounts(&context).await?;
        Ok(Self { context, worker })
    }

    /// Every route: gateway, cashier, wallet, control API.
    pub fn router(&self) -> axum::Router {
        router::router(&self.context)
    }

    /// Delivers notices and ends trades; run it, or step it with the business clock.
    pub fn worker(&self) -> Arc<Worker> {
        Arc::clone(&self.worker)
    }

    /// What its use cases are handed.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The application of that name, made with new keys when it is missing.
    ///
    /// # Errors
    /// When the database fails or a key cannot be made.
    pub async fn ensure_app(&self, app: NewApp) -> Result<App, RegisterAppError> {
        app::register_app::ensure_app(&self.context, app).await
    }

    /// Puts seed data in, once.
    ///
    /// # Errors
    /// When a value is none or does not fit to another one, or the database fails.
    pub async fn fill(&self, filling: &Filling) -> Result<Filled, FillError> {
        app::fill::fill(&self.context, filling).await
    }

    /// The seed data that is in it; what a start that broke off left to do is done.
    ///
    /// # Errors
    /// As [`fill`](Self::fill).
    pub async fn filling(&self) -> Result<Filling, FillError> {
        app::fill::fill_again(&self.context).await
    }

    /// Registers an application with given numbers and keys; the same again is harmless.
    ///
    /// # Errors
    /// When the database fails, a key is none, or the name, id or seller is another's.
    pub async fn register_app(&self, app: AppSpec) -> Result<App, RegisterAppError> {
        app::register_app::register_app(&self.context, app).await
    }

    /// The buyer of that logon id, made with that balance when it is missing.
    ///
    /// # Errors
    /// When the database fails or something about the account is none.
    pub async fn ensure_buyer(&self, buyer: BuyerSpec) -> Result<Account, EnsureBuyerError> {
        app::accounts::ensure_buyer(&self.context, buyer).await
    }
}
