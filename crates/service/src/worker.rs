//! Runs follow-up work: claims jobs that are due, hands them to a handler, writes down what became
//! of them.
//!
//! A job is done at least once. Whoever handles it makes doing it twice harmless. A panic counts as
//! a failed try. One pass at a time runs in a worker, so that [`run_due`](Worker::run_due) returns
//! only when nothing that was due is left running.

pub use crate::done::Done;
use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{Clock, Rng, Timestamp};
use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use store::jobs::{self, Job, JobId};
use store::{Db, StoreError};
use tokio::sync::{Mutex, MutexGuard, Notify};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

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
    core: Arc<Core>,
    woken: Notify,
    pass: Mutex<()>,
    /// How many wait for the pass that is under way to end.
    waiting: AtomicUsize,
}

/// What a running try shares with its worker.
struct Core {
    parts: WorkerParts,
    owner: String,
    ran: AtomicU64,
    in_turn: AtomicBool,
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
        let ran = AtomicU64::new(0);
        Self {
            core: Arc::new(Core {
                parts,
                owner,
                ran,
                in_turn: AtomicBool::new(false),
            }),
            woken: Notify::new(),
            pass: Mutex::new(()),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Its name in logs and metrics.
    pub fn name(&self) -> &'static str {
        self.core.parts.name
    }

    /// Runs jobs one after the other from now on, so that a simulated world runs the same way
    /// twice.
    pub fn run_in_turn(&self) {
        self.core.in_turn.store(true, Ordering::SeqCst);
    }

    /// How many tries it made since it was made.
    pub fn ran(&self) -> u64 {
        self.core.ran.load(Ordering::SeqCst)
    }

    /// Runs everything that is due, and what becomes due by that at the same instant; returns how
    /// many tries were made. Waits for a pass that is under way.
    ///
    /// # Errors
    /// When the database fails; jobs that were running have ended then.
    pub async fn run_due(&self) -> Result<u64, StoreError> {
        let pass = self.hold().await;
        // A look costs less than a claim of nothing.
        if !self.has_due().await? {
            return Ok(0);
        }
        self.run_pass(&pass, None).await
    }

    /// The earliest instant at which there is something to do; may lie in the past.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        jobs::next_due(&self.core.parts.db).await
    }

    async fn has_due(&self) -> Result<bool, StoreError> {
        let now = self.core.parts.clock.now();
        Ok(self.next_due().await?.is_some_and(|due| due <= now))
    }

    /// Makes [`run_until`](Self::run_until) look at the queue now: call it after a commit that
    /// scheduled something for now.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// Lets jobs that a crash left running wait again; returns how many. For the start of the only
    /// process of a database.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recover(&self) -> Result<u64, StoreError> {
        let db = &self.core.parts.db;
        db.write(|tx| Box::pin(jobs::release_all(tx))).await
    }

    /// Runs what is due until `stop`, then lets what runs come to its end.
    ///
    /// What is due is asked of the business clock, but waited for in real time, so it looks again
    /// at least every second: the clock may have been moved, or another process left work behind.
    pub async fn run_until(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let wait = self.look(&stop).await.unwrap_or_else(|error| {
                tracing::error!(
                    error.chain = %crate::problem::chain(&error),
                    "The worker `{}` cannot reach its jobs: {error}",
                    self.name()
                );
                POLL
            });
            tokio::select! {
                () = stop.cancelled() => {}
                _ = tokio::time::timeout(wait, self.woken.notified()) => {}
            }
        }
    }

    /// Runs what is due, if anything, and says how long to wait for the next look.
    async fn look(&self, stop: &CancellationToken) -> Result<Duration, StoreError> {
        if self.has_due().await? {
            let pass = self.hold().await;
            self.run_pass(&pass, Some(stop)).await?;
        }
        let left_ms = self
            .next_due()
            .await?
            .map_or(i64::MAX, |due| due.since_ms(self.core.parts.clock.now()));
        let left = Duration::from_millis(u64::try_from(left_ms).unwrap_or_default());
        Ok(left.clamp(Duration::from_millis(1), POLL))
    }

    /// Waits until nothing of this worker runs, and keeps it so while the guard lives. The loop of
    /// [`run_until`](Self::run_until) begins nothing more meanwhile: with work that never ends the
    /// wait would not end either.
    pub(crate) async fn hold(&self) -> MutexGuard<'_, ()> {
        let _waiting = Waiting::new(&self.waiting);
        self.pass.lock().await
    }

    async fn run_pass(
        &self,
        _pass: &MutexGuard<'_, ()>,
        stop: Option<&CancellationToken>,
    ) -> Result<u64, StoreError> {
        let mut running = JoinSet::new();
        let mut held = HashSet::new();
        let mut tries = 0;
        let mut broken = None;
        loop {
            let stopped = stop
                .is_some_and(|stop| stop.is_cancelled() || self.waiting.load(Ordering::SeqCst) > 0);
            if broken.is_none() && !stopped {
                match self.core.claim(running.len()).await {
                    // One that runs already was claimed again because the clock jumped over its
                    // lease; that renewed it.
                    Ok(jobs) => {
                        for job in jobs {
                            if held.insert(job.job_id.clone()) {
                                tries += 1;
                                running.spawn(Arc::clone(&self.core).try_once(job));
                            }
                        }
                    }
                    Err(error) => broken = Some(error),
                }
            }
            let ended = tokio::select! {
                ended = running.join_next() => ended,
                // One slow job keeps nobody waiting whose turn comes meanwhile.
                _ = tokio::time::timeout(POLL, self.woken.notified()), if stop.is_some() => continue,
            };
            let Some(mut ended) = ended else {
                break;
            };
            loop {
                match ended {
                    Ok((job_id, Ok(()))) => {
                        held.remove(&job_id);
                    }
                    Ok((job_id, Err(error))) => {
                        held.remove(&job_id);
                        broken.get_or_insert(error);
                    }
                    // Handlers' panics are caught inside; only a runtime that is going away cancels.
                    Err(_) => {
                        broken.get_or_insert(StoreError::Closed);
                    }
                }
                match running.try_join_next() {
                    Some(next) => ended = next,
                    None => break,
                }
            }
        }
        broken.map_or(Ok(tries), Err)
    }
}

/// Counts somebody who waits, until it comes to its turn or leaves.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Core {
    async fn claim(&self, running: usize) -> Result<Vec<Job>, StoreError> {
        let in_turn = self.in_turn.load(Ordering::SeqCst);
        let parallel = if in_turn {
            1
        } else {
            self.parts.parallel.max(1)
        };
        let free = parallel.saturating_sub(running);
        let limit = i64::try_from(free).unwrap_or(i64::MAX);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let now = self.parts.clock.now();
        let lease_ms = self.parts.lease_ms;
        let owner = self.owner.clone();
        self.parts
            .db
            .write(move |tx| {
                let owner = owner.clone();
                Box::pin(async move { jobs::claim(tx, now, lease_ms, &owner, limit).await })
            })
            .await
    }

    async fn try_once(self: Arc<Self>, job: Job) -> (JobId, Result<(), StoreError>) {
        let span = tracing::info_span!(
            "job",
            worker = self.parts.name,
            job.kind = job.kind,
            job.key = job.key,
            job.attempt = job.attempts
        );
        async move {
            let done = self.run_guarded(&job).await;
            self.ran.fetch_add(1, Ordering::SeqCst);
            crate::metrics::job_tried(self.parts.name, &job.kind, done.word());
            let job_id = job.job_id.clone();
            (job_id, self.settle(job, done).await)
        }
        .instrument(span)
        .await
    }

    /// Runs the handler; a panic, or a try that outlives its lease, is a failed try.
    async fn run_guarded(&self, job: &Job) -> Done {
        let lease = Duration::from_millis(u64::try_from(self.parts.lease_ms).unwrap_or_default());
        let handled = AssertUnwindSafe(self.parts.handler.run(job)).catch_unwind();
        match tokio::time::timeout(lease, handled).await {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => Done::Retry {
                error: format!("panicked: {}", crate::edge::panic_text(panic.as_ref())),
            },
            Err(_) => Done::Retry {
                error: format!("took longer than its lease of {} ms", self.parts.lease_ms),
            },
        }
    }

    /// Writes down what became of a try.
    async fn settle(&self, job: Job, done: Done) -> Result<(), StoreError> {
        done.log(&job);
        let due_at = match &done {
            Done::Again { due_at, .. } => *due_at,
            Done::Finished | Done::Fail { .. } => job.due_at,
            Done::Retry { .. } => self.retry_at(&job),
        };
        let owner = self.owner.clone();
        let still_ours = self
            .parts
            .db
            .write(move |tx| {
                let (job, done, owner) = (job.clone(), done.clone(), owner.clone());
                Box::pin(async move {
                    match &done {
                        Done::Finished => jobs::finish(tx, &job, &owner).await,
                        Done::Again { error, .. } => {
                            jobs::retry(tx, &job, &owner, due_at, error.as_deref()).await
                        }
                        Done::Retry { error } => {
                            jobs::retry(tx, &job, &owner, due_at, Some(error)).await
                        }
                        Done::Fail { error } => jobs::fail(tx, &job, &owner, error).await,
                    }
                })
            })
            .await?;
        if !still_ours {
            tracing::warn!("Another worker took the job over before its end was written");
        }
        Ok(())
    }

    /// What the handler says, and up to a tenth more, so that what failed together does not come
    /// back together.
    fn retry_at(&self, job: &Job) -> Timestamp {
        let now = self.parts.clock.now();
        let at = self.parts.handler.retry_at(job, now);
        let tenth = u64::try_from(at.since_ms(now) / 10).unwrap_or_default();
        let jitter = self.parts.rng.below(tenth.saturating_add(1));
        at.plus_ms(i64::try_from(jitter).unwrap_or_default())
    }
}

/// The wait after that many earlier tries, milliseconds: doubled each time, up to an hour.
#[must_use]
pub fn backoff_ms(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(0, 12)).unwrap_or_default();
    (1_000_i64 << doublings).min(LONGEST_BACKOFF_MS)
}
