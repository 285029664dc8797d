//! Moves the business clock through everything that is due on the way.

use kernel::Timestamp;
use service::clock_control::{ClockControl, ClockError};

/// Past the year 9999 no time can be written any more.
pub(crate) const LATEST: Timestamp = Timestamp::from_ms(253_000_000_000_000);

/// How often a clock that ticks on may overtake the end of a short span.
const MOST_TRIES: u32 = 16;

/// Moves the clock. A span is never in the past: when the clock ticked past its end meanwhile, it
/// goes to where the clock is, and a little further each time that this is overtaken too.
///
/// # Errors
/// When an instant is in the past, or work on the way could not be run.
pub(crate) async fn move_clock(
    control: &dyn ClockControl,
    mut at: Timestamp,
    is_span: bool,
    wait: bool,
) -> Result<u64, ClockError> {
    for tries in 0..MOST_TRIES {
        match control.advance_to(at, wait).await {
            Err(ClockError::Past { now, .. }) if is_span => at = now.plus_ms(1_i64 << tries),
            moved => return moved,
        }
    }
    control.advance_to(at, wait).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::BoxFuture;
    use std::sync::atomic::{AtomicI64, Ordering};
    use store::StoreError;

    /// Three milliseconds pass with every look.
    struct Ticking(AtomicI64);

    impl ClockControl for Ticking {
        fn now(&self) -> Timestamp {
            Timestamp::from_ms(self.0.fetch_add(3, Ordering::Relaxed))
        }

        fn advance_to(&self, at: Timestamp, _wait: bool) -> BoxFuture<'_, Result<u64, ClockError>> {
            let now = self.now();
            let moved = if at < now {
                Err(ClockError::Past { at, now })
            } else {
                Ok(0)
            };
            Box::pin(async move { moved })
        }

        fn put_back(
            &self,
            at: Timestamp,
            work: BoxFuture<'static, Result<(), StoreError>>,
        ) -> BoxFuture<'_, Result<(), ClockError>> {
            self.0.store(at.ms(), Ordering::Relaxed);
            Box::pin(async move { Ok(work.await?) })
        }
    }

    #[tokio::test]
    async fn a_span_is_never_in_the_past() {
        let clock = Ticking(AtomicI64::new(1_000));
        let at = clock.now();
        assert!(move_clock(&clock, at, true, true).await.is_ok());
        assert!(matches!(
            move_clock(&clock, at, false, true).await,
            Err(ClockError::Past { .. })
        ));
    }
}
