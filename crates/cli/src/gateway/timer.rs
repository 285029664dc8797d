//! Time for commands that wait: the machine's, with a word to whoever waits along.

use crate::printer;
use alipay::AlipayTime;
use alipay::poll::{Patience, Timer, TokioTimer};
use alipay::transport::BoxFuture;
use anyhow::Context as _;
use kernel::{Clock as _, SystemClock};
use std::sync::Mutex;
use std::sync::PoisonError;

/// Now, as requests say it.
///
/// # Errors
/// When the machine's clock is beyond all years.
pub(crate) fn now() -> anyhow::Result<AlipayTime> {
    AlipayTime::from_unix_ms(SystemClock.now().ms()).context("this machine's clock is far off")
}

/// Questions every so many seconds, for so long.
pub(crate) fn patience(first_s: u32, every_s: u32, for_s: u32) -> Patience {
    Patience {
        first_ms: u64::from(first_s) * 1_000,
        every_ms: u64::from(every_s) * 1_000,
        questions: for_s.saturating_sub(first_s) / every_s.max(1) + 1,
    }
}

/// Waits, and says once why.
pub(crate) struct TellingTimer {
    words: Mutex<Option<String>>,
    start: AlipayTime,
}

impl TellingTimer {
    /// Will say `words` when it waits for the first time.
    ///
    /// # Errors
    /// When the machine's clock is beyond all years.
    pub(crate) fn saying(words: impl Into<String>) -> anyhow::Result<Self> {
        Ok(Self {
            words: Mutex::new(Some(words.into())),
            start: now()?,
        })
    }
}

impl Timer for TellingTimer {
    fn now(&self) -> AlipayTime {
        // It was good at the start, and clocks do not leave all years within minutes.
        now().unwrap_or(self.start)
    }

    fn wait(&self, ms: u64) -> BoxFuture<'_, ()> {
        let words = self
            .words
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(words) = words {
            printer::say(words);
        }
        Box::pin(async move { TokioTimer::new(|| self.now()).wait(ms).await })
    }
}

#[cfg(test)]
mod tests {
    use super::patience;

    #[test]
    fn patience_is_counted_in_questions() {
        let till = patience(5, 5, 60);
        assert_eq!(
            (till.first_ms, till.every_ms, till.questions),
            (5_000, 5_000, 12)
        );
        assert_eq!(patience(0, 10, 0).questions, 1);
        assert_eq!(patience(0, 10, 30).questions, 4);
        assert_eq!(patience(3, 3, 1).questions, 1);
    }
}
