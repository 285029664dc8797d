//! Waiting by putting the thread to sleep.

use crate::{AlipayTime, poll::Timer, transport::BoxFuture};
use std::{fmt, thread, time::Duration};

/// Waits by putting the thread to sleep; what time it is says a function, because a process has
/// one clock.
pub struct ThreadTimer<F> {
    now: F,
}

impl<F: Fn() -> AlipayTime + Send + Sync> ThreadTimer<F> {
    /// With this clock.
    pub const fn new(now: F) -> Self {
        Self { now }
    }
}

impl<F: Fn() -> AlipayTime + Send + Sync> Timer for ThreadTimer<F> {
    fn now(&self) -> AlipayTime {
        (self.now)()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a blocking client waits on its thread, and only for who asked for it"
    )]
    fn wait(&self, ms: u64) -> BoxFuture<'_, ()> {
        Box::pin(async move { thread::sleep(Duration::from_millis(ms)) })
    }
}

impl<F> fmt::Debug for ThreadTimer<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadTimer").finish_non_exhaustive()
    }
}
