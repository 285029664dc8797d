//! What an order shows: before, after, and when it has come to rest.

use super::card::{comparable, without_times};
use super::examinee::Order;
use super::sit::{Exam, ExamError};
use std::future::pending;
use std::time::Duration;

/// How long it is waited for what a back end does after it answered.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// Before it counts as at rest: who delivers twice may do so a moment later.
    pub rest: Duration,
    /// For a change that must come.
    pub change: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            rest: Duration::from_millis(300),
            change: Duration::from_secs(10),
        }
    }
}

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

impl Exam<'_> {
    /// Looks twice at an order that nobody touches: what differs already is left out from now on.
    ///
    /// # Errors
    /// When it cannot be seen, or is never the same.
    pub(super) async fn get_used_to(&mut self, order: &Order) -> Result<(), ExamError> {
        let first = self.examinee.state(order).await.map_err(ExamError::State)?;
        let second = self.examinee.state(order).await.map_err(ExamError::State)?;
        let times = |state: &Option<String>| state.as_deref().map(without_times);
        self.restless = times(&first) != times(&second);
        let plain = |state: Option<String>| state.map(|state| self.plain(&state));
        if plain(first) != plain(second) {
            let why = "it shows something else each time, though nothing happened; --state-field picks what counts";
            return Err(ExamError::State(why.to_owned()));
        }
        Ok(())
    }

    fn plain(&self, state: &str) -> String {
        if self.restless {
            comparable(state, &[])
        } else {
            without_times(state)
        }
    }

    /// What the order shows now; none when nothing does.
    pub(super) async fn state(&self, order: &Order) -> Option<String> {
        let seen = self.examinee.state(order).await;
        seen.unwrap_or_else(Some).map(|state| self.plain(&state))
    }

    /// What it shows when nothing should come any more.
    pub(super) async fn state_at_rest(&self, order: &Order) -> Option<String> {
        let now = self.state(order).await?;
        pause(self.waits.rest).await;
        self.state(order).await.or(Some(now))
    }

    /// Waits until it shows what is wanted, or for as long as is waited; then what it shows at rest.
    pub(super) async fn state_when(
        &self,
        order: &Order,
        wanted: impl Fn(&str) -> bool + Send + Sync,
    ) -> Option<String> {
        let until_then = async {
            while self.state(order).await.is_some_and(|state| !wanted(&state)) {
                pause(LOOK_AGAIN).await;
            }
        };
        // Whether it came or not is seen from what it shows.
        let _ = tokio::time::timeout(self.waits.change, until_then).await;
        self.state_at_rest(order).await
    }
}

/// Lets time pass for somebody else's program.
pub(super) async fn pause(how_long: Duration) {
    let _ = tokio::time::timeout(how_long, pending::<()>()).await;
}
