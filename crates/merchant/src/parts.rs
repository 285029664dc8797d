//! What a merchant service is made of: its database, its time, its way to Alipay, its merchants.

use crate::domain::TestBugs;
use ::alipay::transport::Transport;
use ::store::Db;
use kernel::{Clock, Rng};
use std::fmt;
use std::sync::Arc;

/// Everything that [`Merchant::open`](crate::Merchant::open) needs.
pub struct MerchantParts {
    /// Where orders live; opened with [`crate::steps`] and the ledger's.
    pub db: Db,
    /// The business clock: stamps orders, decides what is due.
    pub clock: Arc<dyn Clock>,
    /// The wall clock: freshness of what outside clients sign.
    pub wall: Arc<dyn Clock>,
    /// Chance, for ids.
    pub rng: Arc<dyn Rng>,
    /// Where Alipay reaches us, without trailing slash: `https://pay.example.com`.
    pub public_url: String,
    /// How requests reach Alipay's gateway.
    pub transport: Arc<dyn Transport>,
    /// The tenants.
    pub merchants: Vec<MerchantSpec>,
    /// Planted mistakes, for the test that proves that they are caught. All false elsewhere.
    #[doc(hidden)]
    pub test_bugs: TestBugs,
    /// Lets a test end the service at a chosen instant. `None` elsewhere.
    #[doc(hidden)]
    pub kill_switch: Option<KillSwitch>,
}

/// One tenant of the service.
#[derive(Clone, Debug)]
pub struct MerchantSpec {
    /// Its name; every row of it carries it.
    pub name: String,
    /// SHA-256 of its API keys, lower-case hex (see [`crate::http::hash_api_key`]).
    pub api_key_hashes: Vec<String>,
    /// Its applications at Alipay; the first is used when an order names none.
    pub apps: Vec<AppSpec>,
    /// What becomes of money that arrives for an order that is closed.
    pub late_policy: LatePolicy,
}

/// One application at Alipay.
#[derive(Clone, Debug)]
pub struct AppSpec {
    /// What the merchant calls it.
    pub name: String,
    /// Its number, keys, seller and gateway.
    pub alipay: ::alipay::App,
}

/// What becomes of money that arrives for an order that is closed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum LatePolicy {
    /// The order counts as paid after all, and says that it was late.
    Accept,
    /// The money goes back; the order shows `late_paid`.
    #[default]
    Refund,
    /// The money stays, the order shows `attention`, somebody decides.
    Hold,
}

/// Instants at which a test may end the service: what comes after them does not happen.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Point {
    NoticeBeforeCommit,
    NoticeAfterCommit,
    PlaceAfterCommit,
    RefundAfterReserve,
    RefundAfterCall,
    CloseAfterCall,
    QueryAfterCall,
    PrecreateAfterCall,
}

/// Says `true` when the service ends at that point.
#[doc(hidden)]
#[derive(Clone)]
pub struct KillSwitch(pub Arc<dyn Fn(Point) -> bool + Send + Sync>);

impl fmt::Debug for KillSwitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KillSwitch")
    }
}
