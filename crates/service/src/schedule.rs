//! Moves the business clock the way time passes: through every instant at which work is due.
//!
//! A jump of an hour that ran due work only at its end would let a job of minute 5 see minute 60.
//! So the clock is moved to the earliest due instant, everything due runs until nothing is, and so
//! on; then to where it was wanted.

use crate::worker::Worker;
use futures::future;
use kernel::{MovableClock, Timestamp};
use std::sync::Arc;
use store::StoreError;
use tokio::sync::Mutex;

/// Called after each move with the new time, to keep the offset over a restart.
pub type OnMove = Arc<dyn Fn(Timestamp) + Send + Sync>;

/// One business clock and all workers that live by it.
pub struct Schedule {
    clock: Arc<dyn MovableClock>,
    workers: Vec<Arc<Worker>>,
    on_move: Option<OnMove>,
    moving: Mutex<()>,
}

impl Schedule {
    /// The schedule of `workers`, in the order in which they take turns at one instant.
    #[must_use]
    pub fn new(clock: Arc<dyn MovableClock>, workers: Vec<Arc<Worker>>) -> Self {
        Self {
            clock,
            workers,
            on_move: None,
            moving: Mutex::new(()),
        }
    }

    /// Calls `hook` after each move.
    #[must_use]
    pub fn on_move(mut self, hook: OnMove) -> Self {
        self.on_move = Some(hook);
        self
    }

    /// What the business clock shows.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs everything that is due now; returns how many tries were made.
    ///
    /// # Errors
    /// When a worker's database fails.
    pub async fn settle(&self) -> Result<u64, StoreError> {
        let _moving = self.moving.lock().await;
        let before = self.ran();
        self.run_all().await?;
        Ok(self.ran().saturating_sub(before))
    }

    /// Moves the clock to `at` through every due instant before it; returns how many tries were
    /// made. An instant in the past only runs what is due. One move at a time.
    ///
    /// # Errors
    /// When a worker's database fails; the clock stands where it was then.
    pub async fn advance_to(&self, at: Timestamp) -> Result<u64, StoreError> {
        let _moving = self.moving.lock().await;
        let before = self.ran();
        loop {
            self.run_all().await?;
            if self.step_towards(at).await? {
                break;
            }
        }
        self.run_all().await?;
        Ok(self.ran().saturating_sub(before))
    }

    /// Lets `work` put another world in the place of this one, and then sets the clock to that
    /// world's time, back if need be. No job runs and no clock moves meanwhile, so that nothing of
    /// one world sees the time of the other.
    ///
    /// # Errors
    /// What `work` returned; the clock stays where it was then.
    pub async fn put_back<E>(
        &self,
        at: Timestamp,
        work: impl Future<Output = Result<(), E>>,
    ) -> Result<(), E> {
        let _moving = self.moving.lock().await;
        let mut held = Vec::with_capacity(self.workers.len());
        for worker in &self.workers {
            held.push(worker.hold().await);
        }
        work.await?;
        self.clock.put_back(at);
        if let Some(hook) = &self.on_move {
            hook(self.clock.now());
        }
        Ok(())
    }

    /// Moves the clock to the next due instant, or to `at` when none is before it; returns whether
    /// it got there. Nothing runs while the clock moves: no job sees two times, and no lease runs
    /// out under a job that is being done.
    async fn step_towards(&self, at: Timestamp) -> Result<bool, StoreError> {
        let mut held = Vec::with_capacity(self.workers.len());
        for worker in &self.workers {
            held.push(worker.hold().await);
        }
        let asked = self.workers.iter().map(|worker| worker.next_due());
        let dues = future::try_join_all(asked).await?;
        let next = dues.into_iter().flatten().fold(at, Timestamp::min);
        self.clock.move_to(next);
        if let Some(hook) = &self.on_move {
            hook(self.clock.now());
        }
        Ok(next >= at)
    }

    /// Lets the workers take turns until each has found nothing since another one did something.
    async fn run_all(&self) -> Result<(), StoreError> {
        let mut idle = 0;
        for worker in self.workers.iter().cycle() {
            // One that did something has emptied its queue by now, so it counts itself.
            idle = match worker.run_due().await? {
                0 => idle + 1,
                _ => 1,
            };
            if idle == self.workers.len() {
                break;
            }
        }
        Ok(())
    }

    fn ran(&self) -> u64 {
        self.workers.iter().map(|worker| worker.ran()).sum()
    }
}
