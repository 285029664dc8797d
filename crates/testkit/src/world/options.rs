//! Who is where in the world, and how a world is made.

use merchant::{LatePolicy, TestBugs};
use store::Engine;

/// Where the merchant service is.
pub const MERCHANT: &str = "http://merchant.test";
/// Where the courses shop is.
pub const COURSES: &str = "http://courses.test";
/// Where Alipay is.
pub const ALIPAY: &str = "http://alipay.test";
/// The merchant that the shop is.
pub const TENANT: &str = "courses";
/// Its API key.
pub const API_KEY: &str = "tb_test_key_of_the_courses_shop";
/// The buyer whose purse is full.
pub const BUYER: &str = "buyer@sandbox.com";
/// The buyer who has next to nothing.
pub const POOR_BUYER: &str = "poor@sandbox.com";
/// Every buyer's payment password.
pub const PAY_PASSWORD: &str = "111111";

/// How a world is made.
#[derive(Clone, Debug)]
pub struct WorldOptions {
    /// All chance comes from it.
    pub seed: u64,
    /// Which engine keeps the three databases.
    pub engine: Engine,
    /// Planted mistakes.
    pub bugs: TestBugs,
    /// What becomes of money that comes after a close.
    pub late_policy: LatePolicy,
}

impl WorldOptions {
    /// A world of that seed on SQLite, without planted mistakes.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            engine: Engine::Sqlite,
            bugs: TestBugs::default(),
            late_policy: LatePolicy::Refund,
        }
    }
}
