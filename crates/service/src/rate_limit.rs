//! How often somebody may try: logins, payment passwords, codes.
//!
//! Each key has a bucket of `burst` tries that fills up again by one every `refill_ms` (the generic
//! cell rate algorithm: one instant per key). The memory is bounded: when there are too many keys,
//! the one that is nearest to a full bucket is forgotten.

use crate::problem::Problem;
use kernel::Clock;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Keys that one limit remembers at most.
pub const MAX_KEYS: usize = 50_000;

/// How much is allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Quota {
    /// Tries at once.
    pub burst: u32,
    /// Time until one more is allowed, milliseconds.
    pub refill_ms: i64,
}

/// A limit with a name. Clones share the counts.
#[derive(Clone, Debug)]
pub struct RateLimit {
    name: &'static str,
    quota: Quota,
    max_keys: usize,
    clock: Arc<dyn Clock>,
    buckets: Arc<Mutex<Buckets>>,
}

/// Too many tries.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("too many tries ({limit}); try again in {} s", self.retry_after_s())]
pub struct TooMany {
    /// Which limit.
    pub limit: &'static str,
    /// How long to wait, milliseconds.
    pub retry_after_ms: i64,
}

/// For each key, the instant at which its bucket is full again; the same sorted by instant.
#[derive(Debug, Default)]
struct Buckets {
    full_at: HashMap<String, i64>,
    by_instant: BTreeSet<(i64, String)>,
}

impl RateLimit {
    /// A limit on that clock: the wall clock, so that moving the business clock opens no door.
    #[must_use]
    pub fn new(name: &'static str, quota: Quota, clock: Arc<dyn Clock>) -> Self {
        Self {
            name,
            quota,
            max_keys: MAX_KEYS,
            clock,
            buckets: Arc::default(),
        }
    }

    /// Remembers another number of keys than [`MAX_KEYS`].
    #[must_use]
    pub fn max_keys(mut self, keys: usize) -> Self {
        self.max_keys = keys.max(1);
        self
    }

    /// Takes one try of `key`.
    ///
    /// # Errors
    /// When none is left; nothing is taken then.
    pub fn take(&self, key: &str) -> Result<(), TooMany> {
        let now = self.clock.now().ms();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = buckets.full_at.get(key).copied().unwrap_or(now).max(now);
        let room = self
            .quota
            .refill_ms
            .saturating_mul(i64::from(self.quota.burst));
        let wanted = full_at.saturating_add(self.quota.refill_ms);
        let over = wanted.saturating_sub(now).saturating_sub(room);
        if over > 0 {
            return Err(TooMany {
                limit: self.name,
                retry_after_ms: over,
            });
        }
        buckets.set(key, wanted);
        buckets.shrink(now, self.max_keys);
        Ok(())
    }

    /// Gives one try back to `key`: what was taken for something that turned out harmless.
    pub fn give_back(&self, key: &str) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full_at) = buckets.full_at.get(key).copied() {
            buckets.set(key, full_at.saturating_sub(self.quota.refill_ms));
        }
    }

    /// Gives all tries back to `key`: after a login that went well.
    pub fn forgive(&self, key: &str) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.remove(key);
    }

    /// How many keys are remembered.
    pub fn keys(&self) -> usize {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.full_at.len()
    }
}

impl Buckets {
    fn set(&mut self, key: &str, full_at: i64) {
        self.remove(key);
        self.full_at.insert(key.to_owned(), full_at);
        self.by_instant.insert((full_at, key.to_owned()));
    }

    fn remove(&mut self, key: &str) {
        if let Some((key, full_at)) = self.full_at.remove_entry(key) {
            self.by_instant.remove(&(full_at, key));
        }
    }

    /// Drops full buckets, two at a time so that the work stays even, and whatever is too many.
    fn shrink(&mut self, now: i64, max_keys: usize) {
        for _ in 0..2 {
            let Some((full_at, _)) = self.by_instant.first() else {
                return;
            };
            if *full_at > now && self.full_at.len() <= max_keys {
                return;
            }
            if let Some((_, key)) = self.by_instant.pop_first() {
                self.full_at.remove(&key);
            }
        }
    }
}

impl TooMany {
    /// How long to wait, whole seconds, at least one.
    pub fn retry_after_s(&self) -> i64 {
        (self.retry_after_ms.saturating_add(999) / 1_000).max(1)
    }
}

impl From<TooMany> for Problem {
    fn from(refusal: TooMany) -> Self {
        Self::too_many(refusal.retry_after_s()).with("limit", refusal.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{ManualClock, Timestamp};

    fn limit(clock: &ManualClock) -> RateLimit {
        let quota = Quota {
            burst: 3,
            refill_ms: 10_000,
        };
        RateLimit::new("login", quota, Arc::new(clock.clone()))
    }

    #[test]
    fn a_burst_then_one_every_refill() {
        let clock = ManualClock::new(Timestamp::from_ms(1_000_000));
        let limit = limit(&clock);
        for _ in 0..3 {
            assert_eq!(limit.take("root"), Ok(()));
        }
        let refusal = limit.take("root").unwrap_err();
        assert_eq!(refusal.retry_after_ms, 10_000);
        assert_eq!(
            refusal.to_string(),
            "too many tries (login); try again in 10 s"
        );
        assert_eq!(limit.take("another"), Ok(()));
        clock.advance_ms(9_999);
        assert_eq!(limit.take("root").unwrap_err().retry_after_ms, 1);
        clock.advance_ms(1);
        assert_eq!(limit.take("root"), Ok(()));
        assert!(limit.take("root").is_err());
        limit.give_back("root");
        assert_eq!(limit.take("root"), Ok(()));
        assert!(limit.take("root").is_err());
        limit.give_back("nobody");
        limit.forgive("root");
        assert_eq!(limit.take("root"), Ok(()));
    }

    #[test]
    fn a_flood_of_keys_does_not_free_the_one_under_attack() {
        let clock = ManualClock::new(Timestamp::from_ms(1_000_000));
        let limit = limit(&clock).max_keys(100);
        while limit.take("victim").is_ok() {}
        for number in 0..10_000 {
            assert_eq!(limit.take(&format!("noise {number}")), Ok(()));
        }
        assert!(limit.keys() <= 100);
        assert!(limit.take("victim").is_err());
    }

    #[test]
    fn what_is_full_again_is_forgotten() {
        let clock = ManualClock::new(Timestamp::from_ms(1_000_000));
        let limit = limit(&clock);
        for number in 0..50 {
            assert_eq!(limit.take(&number.to_string()), Ok(()));
        }
        clock.advance_ms(60_000);
        for _ in 0..60 {
            assert_eq!(limit.take("one"), Ok(()));
            limit.forgive("one");
        }
        assert_eq!(limit.keys(), 0);
    }
}
