//! Time as the helpers need it: what it is, and waiting.

use crate::{AlipayTime, transport::BoxFuture};

/// What time it is, and how to wait. A test's time passes at once.
pub trait Timer: Send + Sync {
    /// Now.
    fn now(&self) -> AlipayTime;

    /// Waits that many milliseconds.
    fn wait(&self, ms: u64) -> BoxFuture<'_, ()>;
}

/// How often to ask, and for how long.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Patience {
    /// Before the first question, in milliseconds.
    pub first_ms: u64,
    /// Between questions, in milliseconds.
    pub every_ms: u64,
    /// How many questions at most; at least one is asked.
    pub questions: u32,
}

impl Patience {
    /// For a buyer at a till: after 5 seconds, then every 5 seconds, for a minute in all. Alipay
    /// says 3 to 6 seconds, for 30 or 60.
    pub const TILL: Self = Self {
        first_ms: 5_000,
        every_ms: 5_000,
        questions: 12,
    };

    /// For a buyer in front of a page or a QR code: every 3 seconds for 5 minutes.
    pub const PAGE: Self = Self {
        first_ms: 3_000,
        every_ms: 3_000,
        questions: 100,
    };

    /// For a refund: 10 seconds between questions, as Alipay advises, six times. Two refunds of one
    /// trade have to be 3 seconds apart.
    pub const REFUND: Self = Self {
        first_ms: 10_000,
        every_ms: 10_000,
        questions: 6,
    };

    /// How long to wait before that question, from 0 on; `None` when there is no further one.
    pub(super) fn before(self, question: u32) -> Option<u64> {
        match question {
            0 => Some(self.first_ms),
            more if more < self.questions => Some(self.every_ms),
            _ => None,
        }
    }
}
