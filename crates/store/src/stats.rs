//! How much went through the door, for metrics and for tests of the grouping.

use std::sync::atomic::{AtomicU64, Ordering};

/// What went through the door since the database was opened.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Stats {
    /// Transactions that were committed.
    pub commits: u64,
    /// Closures whose work is in them: on SQLite several share a commit.
    pub closures: u64,
    /// Batches that were given up: on SQLite their closures ran again one by one, on PostgreSQL
    /// their scripts in halves.
    pub splits: u64,
    /// Closures that PostgreSQL made run again: serialization failures, deadlocks, lost
    /// connections before the commit.
    pub retries: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    commits: AtomicU64,
    closures: AtomicU64,
    splits: AtomicU64,
    retries: AtomicU64,
}

impl Counters {
    pub(crate) fn count_commit(&self, closures: u64) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.closures.fetch_add(closures, Ordering::Relaxed);
    }

    pub(crate) fn count_split(&self) {
        self.splits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_retry(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Stats {
        Stats {
            commits: self.commits.load(Ordering::Relaxed),
            closures: self.closures.load(Ordering::Relaxed),
            splits: self.splits.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
        }
    }
}
