//! Where the time comes from.

use crate::Timestamp;
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Says what time it is. Everything that stamps or compares takes one as a parameter.
pub trait Clock: Debug + Send + Sync {
    /// The instant that it is now.
    fn now(&self) -> Timestamp;
}

/// A clock that the schedule can move forward.
pub trait MovableClock: Clock {
    /// Moves the time to `at`; an earlier instant does nothing, time never goes back.
    fn move_to(&self, at: Timestamp);

    /// Sets the time to `at`, back if need be: for a whole world that is put back, with everything
    /// in it, and for nothing else.
    fn put_back(&self, at: Timestamp);
}

/// The wall clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(jiff::Timestamp::now().as_millisecond())
    }
}

/// A clock that stands still until it is moved. Clones share the time; it never goes back.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(start.ms())))
    }

    /// Moves the time forward by `ms`; a negative step does nothing.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms.max(0), Ordering::SeqCst);
    }
}

impl MovableClock for ManualClock {
    fn move_to(&self, at: Timestamp) {
        self.0.fetch_max(at.ms(), Ordering::SeqCst);
    }

    fn put_back(&self, at: Timestamp) {
        self.0.store(at.ms(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.0.load(Ordering::SeqCst))
    }
}

/// The business clock: another clock plus an offset that only grows, unless a whole world is put
/// back.
///
/// It stamps orders, trades and due work, and can be moved by the control API. Freshness of
/// signatures and sessions uses the wall clock instead. Clones share the offset.
#[derive(Clone, Debug)]
pub struct BusinessClock {
    base: Arc<dyn Clock>,
    offset_ms: Arc<AtomicI64>,
}

impl BusinessClock {
    /// A clock `offset_ms` ahead of `base`, or behind it in a world that was put back; what a former
    /// run left is passed in here.
    #[must_use]
    pub fn new(base: Arc<dyn Clock>, offset_ms: i64) -> Self {
        Self {
            base,
            offset_ms: Arc::new(AtomicI64::new(offset_ms)),
        }
    }

    /// How far it is ahead of its base, in milliseconds. Keep this over a restart.
    #[must_use]
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::SeqCst)
    }
}

impl MovableClock for BusinessClock {
    fn move_to(&self, at: Timestamp) {
        let wanted = at.since_ms(self.base.now());
        self.offset_ms.fetch_max(wanted, Ordering::SeqCst);
    }

    fn put_back(&self, at: Timestamp) {
        let wanted = at.since_ms(self.base.now());
        self.offset_ms.store(wanted, Ordering::SeqCst);
    }
}

impl Clock for BusinessClock {
    fn now(&self) -> Timestamp {
        self.base.now().plus_ms(self.offset_ms())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_goes_back() {
        let base = ManualClock::new(Timestamp::from_ms(1_000));
        let clock = BusinessClock::new(Arc::new(base.clone()), 0);
        clock.move_to(Timestamp::from_ms(5_000));
        assert_eq!(clock.now().ms(), 5_000);
        clock.move_to(Timestamp::from_ms(2_000));
        assert_eq!(clock.now().ms(), 5_000);
        base.advance_ms(10);
        assert_eq!(clock.now().ms(), 5_010);
        assert_eq!(clock.offset_ms(), 4_000);
        base.advance_ms(-10);
        base.move_to(Timestamp::ZERO_FOR_TESTS);
        assert_eq!(clock.now().ms(), 5_010);
        assert!(SystemClock.now().ms() > 1_700_000_000_000);
    }

    #[test]
    fn only_a_world_that_is_put_back_takes_its_time_with_it() {
        let base = ManualClock::new(Timestamp::from_ms(9_000));
        let clock = BusinessClock::new(Arc::new(base.clone()), 500);
        clock.put_back(Timestamp::from_ms(2_000));
        assert_eq!(clock.now().ms(), 2_000);
        base.advance_ms(5);
        assert_eq!(clock.now().ms(), 2_005);
        let after_a_restart = BusinessClock::new(Arc::new(base.clone()), clock.offset_ms());
        assert_eq!(after_a_restart.now().ms(), 2_005);
        base.put_back(Timestamp::from_ms(10));
        assert_eq!(base.now().ms(), 10);
    }

    impl Timestamp {
        const ZERO_FOR_TESTS: Self = Self::from_ms(0);
    }
}
