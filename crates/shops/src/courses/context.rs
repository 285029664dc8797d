//! What every use case of the shop is handed: its database, time, chance, merchant and limits.

use crate::courses::app::recent::Recent;
use crate::courses::app::tokens::Tokens;
use kernel::{Clock, Rng};
use merchant::Merchant;
use service::csrf::Csrf;
use service::password::Passwords;
use service::rate_limit::RateLimit;
use service::session::Sessions;
use std::ops::Deref;
use std::sync::Arc;
use store::Db;
use store::jobs::JobId;

/// The parts of the shop. Clones share them: every request takes a few.
#[derive(Clone)]
pub(in crate::courses) struct Context(Arc<ContextParts>);

/// What a [`Context`] is made of.
pub(in crate::courses) struct ContextParts {
    /// The shop's own database.
    pub db: Db,
    /// The business clock: stamps orders.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids.
    pub rng: Arc<dyn Rng>,
    /// The merchant service.
    pub merchant: Merchant,
    /// The merchant of it that this shop is.
    pub merchant_name: String,
    /// Where browsers reach the shop, without trailing slash.
    pub public_url: String,
    /// Where the cashier is, for the policy of pages whose forms end there.
    pub gateway_origin: String,
    /// Origins of separate front ends that may call the API.
    pub cors_origins: Vec<String>,
    /// Shows the demo's accounts on the login page.
    pub demo: bool,
    /// Who is logged in on the pages.
    pub sessions: Sessions,
    /// The tokens of the pages' forms.
    pub csrf: Csrf,
    /// The API's tokens.
    pub tokens: Tokens,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Wrong passwords for one name from one place.
    pub login_limit: RateLimit,
    /// Wrong passwords from one place, whatever the name.
    pub place_limit: RateLimit,
    /// New accounts from one place.
    pub register_limit: RateLimit,
    /// What was just asked about orders.
    pub recent: Recent,
}

impl Deref for Context {
    type Target = ContextParts;

    fn deref(&self) -> &ContextParts {
        &self.0
    }
}

impl Context {
    /// The context of a shop.
    pub(in crate::courses) fn new(parts: ContextParts) -> Self {
        Self(Arc::new(parts))
    }

    /// A new id for a job, taken before the door.
    pub(in crate::courses) fn new_job_id(&self) -> JobId {
        JobId::new(self.clock.as_ref(), self.rng.as_ref())
    }
}
