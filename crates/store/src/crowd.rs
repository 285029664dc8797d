//! How many callers there are at a time: where there are many, a commit waits a moment for more.
//!
//! A commit costs the machine much the same whatever is in it, and on a busy machine callers come one
//! by one, because each has work of its own before. Committed as they come, they pay for a commit
//! each, with processor time that the others need. A few callers, or one, never wait.

use std::time::Duration;

/// The callers of the last batches.
#[derive(Debug, Default)]
pub(crate) struct Crowd(usize);

impl Crowd {
    /// Whether to wait once more with `queued` callers in hand, when it was `waited` times already and
    /// the last time brought some.
    pub(crate) fn is_coming(&self, queued: usize, waited: u32) -> bool {
        self.0 >= CROWD && queued < self.0.min(ENOUGH) && waited < TIMES
    }

    /// A batch was taken. A large one is remembered for some time: the next may be small by chance.
    pub(crate) fn came(&mut self, batch: usize) {
        let faded = self.0 - self.0.div_ceil(CROWD);
        self.0 = faded.max(batch);
    }
}

/// Fewer callers than this do not wait for each other.
const CROWD: usize = 4;
/// With as many a commit costs each of them next to nothing, and waiting for more would only make all
/// of them come at once the next time.
const ENOUGH: usize = 16;
/// How long one wait is. A timer may make it a little longer.
pub(crate) const MOMENT: Duration = Duration::from_micros(500);
/// How often is waited, as long as somebody comes.
const TIMES: u32 = 6;

#[cfg(test)]
mod tests {
    use super::{CROWD, Crowd, ENOUGH, TIMES};

    #[test]
    fn a_few_callers_do_not_wait_and_many_wait_for_each_other() {
        let mut crowd = Crowd::default();
        assert!(!crowd.is_coming(1, 0));
        crowd.came(CROWD - 1);
        assert!(!crowd.is_coming(1, 0));
        crowd.came(ENOUGH - 4);
        assert!(crowd.is_coming(ENOUGH - 5, 0));
        assert!(!crowd.is_coming(ENOUGH - 4, 0));
        crowd.came(ENOUGH + 4);
        assert!(crowd.is_coming(ENOUGH - 1, 0));
        assert!(!crowd.is_coming(ENOUGH, 0));
        assert!(!crowd.is_coming(1, TIMES));
    }

    #[test]
    fn a_crowd_is_forgotten_when_it_has_left() {
        let mut crowd = Crowd::default();
        crowd.came(256);
        crowd.came(1);
        assert!(crowd.is_coming(1, 0));
        for _ in 0..40 {
            crowd.came(1);
        }
        assert!(!crowd.is_coming(1, 0));
    }
}
