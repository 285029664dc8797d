//! What can go wrong between two sites, and how often it does.

use kernel::Rng;
use kernel::time::{HOUR_MS, MINUTE_MS};

/// Who speaks to whom.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Link {
    /// The merchant's servers to Alipay's gateway.
    Gateway,
    /// Alipay's notices to the merchant and the shops.
    Notice,
}

/// What becomes of one exchange.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// It never arrives.
    LoseRequest,
    /// It arrives and has its effect; the answer is lost.
    LoseAnswer,
    /// Nobody answers in time, and it arrives that many milliseconds later after all: behind
    /// others that were sent after it.
    Delay {
        /// Milliseconds.
        ms: i64,
    },
    /// It arrives twice.
    Double,
    /// A bit of it is turned on the way: of what a merchant is told, whoever asked.
    Garble,
}

/// How often each fault happens, in a thousand exchanges.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Rates {
    /// Requests that never arrive.
    pub lose_request: u64,
    /// Answers lost after the effect.
    pub lose_answer: u64,
    /// Requests that arrive much later.
    pub delay: u64,
    /// Requests that arrive twice.
    pub double: u64,
    /// Messages to the merchant that arrive with a bit turned.
    pub garble: u64,
}

impl Rates {
    /// A network on a bad day.
    pub const ROUGH: Self = Self {
        lose_request: 100,
        lose_answer: 150,
        delay: 80,
        double: 80,
        garble: 40,
    };

    /// Nothing arrives.
    pub const DOWN: Self = Self {
        lose_request: 1_000,
        lose_answer: 0,
        delay: 0,
        double: 0,
        garble: 0,
    };

    pub(crate) fn draw(self, rng: &dyn Rng) -> Option<Fault> {
        let total = [
            self.lose_request,
            self.lose_answer,
            self.delay,
            self.double,
            self.garble,
        ]
        .iter()
        .sum::<u64>();
        if total == 0 {
            return None;
        }
        let mut drawn = rng.below(1_000);
        for (rate, fault) in [
            (self.lose_request, Fault::LoseRequest),
            (self.lose_answer, Fault::LoseAnswer),
            (self.double, Fault::Double),
            (self.garble, Fault::Garble),
        ] {
            if drawn < rate {
                return Some(fault);
            }
            drawn -= rate;
        }
        if drawn < self.delay {
            // Some overtake the next retry, some come when everything seems over.
            let longest = if rng.below(2) == 0 {
                10 * MINUTE_MS
            } else {
                30 * HOUR_MS
            };
            let ms = rng.below(longest.unsigned_abs());
            return Some(Fault::Delay {
                ms: i64::try_from(ms).unwrap_or(MINUTE_MS),
            });
        }
        None
    }
}
