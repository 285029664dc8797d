//! What was just asked about orders, so that a page which asks again and again does not make the
//! merchant service ask Alipay every time.

use crate::courses::app::till::Told;
use kernel::Clock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Answers of the last second. Clones share them.
#[derive(Clone)]
pub(in crate::courses) struct Recent {
    wall: Arc<dyn Clock>,
    kept: Arc<Mutex<HashMap<String, (i64, Told)>>>,
}

impl Recent {
    /// Remembers nothing yet.
    pub(in crate::courses) fn new(wall: Arc<dyn Clock>) -> Self {
        let kept = Arc::default();
        Self { wall, kept }
    }

    /// What was answered to the same question less than a second ago.
    pub(in crate::courses) fn find(&self, question: &str) -> Option<Told> {
        let now = self.wall.now().ms();
        let kept = self.lock();
        let (at, told) = kept.get(question)?;
        is_fresh(*at, now).then(|| told.clone())
    }

    /// Remembers an answer that has just come.
    pub(in crate::courses) fn keep(&self, question: &str, told: &Told) {
        let now = self.wall.now().ms();
        let mut kept = self.lock();
        if kept.len() >= MOST_KEPT {
            kept.retain(|_, (at, _)| is_fresh(*at, now));
        }
        if kept.len() < MOST_KEPT {
            kept.insert(question.to_owned(), (now, told.clone()));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, (i64, Told)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that was set back makes nothing fresh.
fn is_fresh(at: i64, now: i64) -> bool {
    (0..FRESH_MS).contains(&now.saturating_sub(at))
}

const FRESH_MS: i64 = 1_000;
const MOST_KEPT: usize = 4_096;
