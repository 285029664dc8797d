//! What can happen in a walk, and how likely it is.

use kernel::Rng;
use merchant::{LatePolicy, TestBugs};
use store::Engine;

/// How walks are made.
#[derive(Clone, Debug)]
pub struct WalkOptions {
    /// How many things happen before everything comes to rest.
    pub steps: u32,
    /// Which engine keeps the databases.
    pub engine: Engine,
    /// Planted mistakes.
    pub bugs: TestBugs,
}

impl Default for WalkOptions {
    fn default() -> Self {
        Self {
            steps: 30,
            engine: Engine::Sqlite,
            bugs: TestBugs::default(),
        }
    }
}

/// Each seed has its policy, so that all are walked through.
pub(super) fn late_policy(seed: u64) -> LatePolicy {
    match seed % 4 {
        0 => LatePolicy::Accept,
        1 => LatePolicy::Hold,
        _ => LatePolicy::Refund,
    }
}

/// One thing that can happen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Deed {
    /// A learner orders courses.
    Buy,
    /// A buyer opens a link and thinks about it.
    Open,
    /// A buyer pays by a link, an old one perhaps.
    Pay,
    /// A learner asks for another link.
    PayAgain,
    /// The merchant offers another attempt, a QR code perhaps.
    Attempt,
    /// A buyer pays by two links of one order.
    PayTwice,
    /// A learner gives an order up.
    Cancel,
    /// The merchant closes an order.
    Close,
    /// The merchant gives money back.
    Refund,
    /// A browser returns although nobody paid.
    Return,
    /// Somebody lies.
    Lie,
    /// Money comes for a closed trade.
    LateMoney,
    /// Time passes.
    Wait,
    /// The network gets better or worse.
    Weather,
    /// Merchant and shop are ended and started again.
    Restart,
}

/// How likely each is, beside the others.
const WEIGHTS: [(Deed, u64); 15] = [
    (Deed::Buy, 14),
    (Deed::Open, 8),
    (Deed::Pay, 18),
    (Deed::PayAgain, 8),
    (Deed::Attempt, 5),
    (Deed::PayTwice, 5),
    (Deed::Cancel, 5),
    (Deed::Close, 5),
    (Deed::Refund, 12),
    (Deed::Return, 4),
    (Deed::Lie, 8),
    (Deed::LateMoney, 6),
    (Deed::Wait, 18),
    (Deed::Weather, 8),
    (Deed::Restart, 2),
];

impl Deed {
    pub(super) fn draw(rng: &dyn Rng) -> Self {
        let total = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut drawn = rng.below(total);
        for (deed, weight) in WEIGHTS {
            if drawn < weight {
                return deed;
            }
            drawn -= weight;
        }
        Self::Wait
    }
}
