//! Waiting on tokio.

use super::Timer;
use crate::{AlipayTime, transport::BoxFuture};
use std::{fmt, time::Duration};

/// Waits on tokio's timer; what time it is says a function, because a process has one clock.
pub struct TokioTimer<F> {
    now: F,
}

impl<F: Fn() -> AlipayTime + Send + Sync> TokioTimer<F> {
    /// With this clock.
    pub const fn new(now: F) -> Self {
        Self { now }
    }
}

impl<F: Fn() -> AlipayTime + Send + Sync> Timer for TokioTimer<F> {
    fn now(&self) -> AlipayTime {
        (self.now)()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place where the SDK waits, and only for who asked for it"
    )]
    fn wait(&self, ms: u64) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms)))
    }
}

impl<F> fmt::Debug for TokioTimer<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokioTimer").finish_non_exhaustive()
    }
}
