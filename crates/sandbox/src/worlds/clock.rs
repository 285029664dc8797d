//! A world's business clock: it runs with the wall clock or stands still, and is kept over a restart.

use kernel::{BusinessClock, Clock, ManualClock, MovableClock, Timestamp};
use std::sync::Arc;

/// The clock of one world. Clones share it.
#[derive(Clone, Debug)]
pub(crate) enum WorldClock {
    /// Runs.
    Runs(BusinessClock),
    /// Stands until it is moved.
    Stands(ManualClock),
}

impl WorldClock {
    /// A clock that shows `at`, or the wall clock's time.
    pub(crate) fn begin(wall: &Arc<dyn Clock>, at: Option<Timestamp>, stands: bool) -> Self {
        let now = wall.now();
        let at = at.unwrap_or(now);
        let kept = if stands { at.ms() } else { at.since_ms(now) };
        Self::from_kept(wall, kept, stands)
    }

    /// The clock that a former run kept.
    pub(crate) fn from_kept(wall: &Arc<dyn Clock>, kept: i64, stands: bool) -> Self {
        if stands {
            Self::Stands(ManualClock::new(Timestamp::from_ms(kept)))
        } else {
            Self::Runs(BusinessClock::new(Arc::clone(wall), kept))
        }
    }

    /// What is kept of it: the instant of one that stands, how far one that runs is ahead.
    pub(crate) fn to_keep(&self) -> i64 {
        match self {
            Self::Runs(clock) => clock.offset_ms(),
            Self::Stands(clock) => clock.now().ms(),
        }
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        match self {
            Self::Runs(clock) => Arc::new(clock.clone()),
            Self::Stands(clock) => Arc::new(clock.clone()),
        }
    }

    pub(crate) fn movable(&self) -> Arc<dyn MovableClock> {
        match self {
            Self::Runs(clock) => Arc::new(clock.clone()),
            Self::Stands(clock) => Arc::new(clock.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_makes_the_same_clock_again() {
        let base = ManualClock::new(Timestamp::from_ms(10_000));
        let wall: Arc<dyn Clock> = Arc::new(base.clone());
        let at = Some(Timestamp::from_ms(4_000));
        let (runs, stands) = (
            WorldClock::begin(&wall, at, false),
            WorldClock::begin(&wall, at, true),
        );
        base.advance_ms(500);
        let again = |clock: &WorldClock, stands| {
            WorldClock::from_kept(&wall, clock.to_keep(), stands)
                .clock()
                .now()
                .ms()
        };
        assert_eq!(
            (runs.clock().now().ms(), again(&runs, false)),
            (4_500, 4_500)
        );
        assert_eq!(
            (stands.clock().now().ms(), again(&stands, true)),
            (4_000, 4_000)
        );
        stands.movable().move_to(Timestamp::from_ms(5_000));
        assert_eq!(again(&stands, true), 5_000);
        assert_eq!(
            WorldClock::begin(&wall, None, false).clock().now().ms(),
            10_500
        );
    }
}
