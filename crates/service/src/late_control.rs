//! The control of a schedule that can only be made after the service that is handed the control.

use crate::clock_control::{ClockControl, ClockError, ScheduleControl};
use crate::schedule::Schedule;
use futures::future::BoxFuture;
use kernel::{Clock, Timestamp};
use std::sync::{Arc, OnceLock};
use store::StoreError;

/// Moves one business clock for everybody, once it knows the schedule.
#[derive(Clone)]
pub struct LateControl {
    clock: Arc<dyn Clock>,
    control: Arc<OnceLock<ScheduleControl>>,
}

impl LateControl {
    /// Shows the time of `clock` and moves nothing yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            control: Arc::default(),
        }
    }

    /// Says what is moved from now on; only the first call counts.
    pub fn moves(&self, schedule: Arc<Schedule>) {
        self.control.get_or_init(|| ScheduleControl::new(schedule));
    }
}

impl ClockControl for LateControl {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn advance_to(&self, at: Timestamp, wait: bool) -> BoxFuture<'_, Result<u64, ClockError>> {
        match self.control.get() {
            Some(control) => control.advance_to(at, wait),
            // Nothing listens before the schedule is there, so nobody can ask.
            None => Box::pin(async { Ok(0) }),
        }
    }

    fn put_back(
        &self,
        at: Timestamp,
        work: BoxFuture<'static, Result<(), StoreError>>,
    ) -> BoxFuture<'_, Result<(), ClockError>> {
        match self.control.get() {
            Some(control) => control.put_back(at, work),
            None => Box::pin(async { Ok(()) }),
        }
    }
}
