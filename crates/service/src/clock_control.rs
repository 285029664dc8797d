//! What a control API may do to the business clock.

use crate::schedule::Schedule;
use futures::future::BoxFuture;
use kernel::Timestamp;
use std::sync::Arc;
use store::StoreError;

/// Shows and moves the business clock.
pub trait ClockControl: Send + Sync {
    /// What it shows.
    fn now(&self) -> Timestamp;

    /// Moves it to `at`, running what becomes due on the way; returns how many tries were made.
    /// Without `wait` the move goes on behind the answer, which is 0 then. Time never goes back.
    fn advance_to(&self, at: Timestamp, wait: bool) -> BoxFuture<'_, Result<u64, ClockError>>;

    /// Lets `work` put another world in the place of this one, and sets the clock to that world's
    /// time, back if need be; nothing else runs meanwhile.
    fn put_back(
        &self,
        at: Timestamp,
        work: BoxFuture<'static, Result<(), StoreError>>,
    ) -> BoxFuture<'_, Result<(), ClockError>>;
}

/// Why the clock could not be moved.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// Time never goes back.
    #[error("{at} is before {now}; time does not go back")]
    Past {
        /// What was asked for.
        at: Timestamp,
        /// What the clock shows.
        now: Timestamp,
    },
    /// Work on the way could not be run.
    #[error("due work could not be run")]
    Store(#[from] StoreError),
}

/// The schedule as a control.
#[derive(Clone)]
pub struct ScheduleControl(Arc<Schedule>);

impl ScheduleControl {
    /// A control of that schedule.
    #[must_use]
    pub fn new(schedule: Arc<Schedule>) -> Self {
        Self(schedule)
    }
}

impl ClockControl for ScheduleControl {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn advance_to(&self, at: Timestamp, wait: bool) -> BoxFuture<'_, Result<u64, ClockError>> {
        Box::pin(async move {
            let now = self.0.now();
            if at < now {
                return Err(ClockError::Past { at, now });
            }
            if wait {
                return Ok(self.0.advance_to(at).await?);
            }
            let schedule = Arc::clone(&self.0);
            tokio::spawn(async move {
                if let Err(error) = schedule.advance_to(at).await {
                    tracing::error!(error = %error, "The clock stopped on its way to {at}");
                }
            });
            Ok(0)
        })
    }

    fn put_back(
        &self,
        at: Timestamp,
        work: BoxFuture<'static, Result<(), StoreError>>,
    ) -> BoxFuture<'_, Result<(), ClockError>> {
        Box::pin(async move { Ok(self.0.put_back(at, work).await?) })
    }
}
