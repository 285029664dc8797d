//! The service as a value: what every use case is handed.

use crate::domain::{CaseId, RefundId, TestBugs};
use crate::jobs::MerchantJobs;
use crate::parts::{KillSwitch, MerchantParts, Point};
use crate::registry::{Registry, RegistryError};
use crate::views::Subscriber;
use ::store::jobs::JobId;
use ::store::outbox::EventId;
use ::store::{Db, StoreError};
use kernel::{Clock, ManualClock, Rng, SeededRng, Timestamp};
use service::worker::{Worker, WorkerParts};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

/// The merchant service. Clones share it.
#[derive(Clone)]
pub struct Merchant(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    wall: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    public_url: String,
    registry: Registry,
    subscribers: RwLock<Vec<Arc<dyn Subscriber>>>,
    worker: Mutex<Weak<Worker>>,
    /// One for every few orders: their events are handed over one after the other.
    delivering: Vec<tokio::sync::Mutex<()>>,
    bugs: TestBugs,
    kill_switch: Option<KillSwitch>,
}

/// Why the service could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The merchants cannot be served together.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The database failed.
    #[error("the books of the merchants could not be opened")]
    Store(#[from] StoreError),
}

/// A test ended the service here.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the service was ended by a test at {0:?}")]
pub struct Killed(pub(crate) Point);

impl Merchant {
    /// Opens the service on a database that has [`steps`](crate::steps): checks its merchants and
    /// opens their clearing accounts.
    ///
    /// # Errors
    /// When two merchants collide or the database fails.
    pub async fn open(parts: MerchantParts) -> Result<Self, OpenError> {
        let registry = Registry::new(parts.merchants, &parts.transport)?;
        let merchant = Self(Arc::new(Inner {
            db: parts.db,
            clock: parts.clock,
            wall: parts.wall,
            rng: parts.rng,
            public_url: parts.public_url.trim_end_matches('/').to_owned(),
            registry,
            subscribers: RwLock::default(),
            worker: Mutex::default(),
            delivering: std::iter::repeat_with(tokio::sync::Mutex::default)
                .take(LANES)
                .collect(),
            bugs: parts.test_bugs,
            kill_switch: parts.kill_switch,
        }));
        crate::app::books::open_clearing(&merchant).await?;
        Ok(merchant)
    }

    /// Adds somebody who wants to know what happens. Before the first order, please: an event is
    /// handed to those who are there when it happens; call [`catch_up`](Self::catch_up) for those
    /// that are older, or that another process wrote.
    pub fn subscribe(&self, subscriber: Arc<dyn Subscriber>) {
        self.0
            .subscribers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(subscriber);
    }

    /// Lets go of everybody who listens. A listener that holds the service, as a shop does, keeps
    /// both alive otherwise; for tests that open many.
    pub fn unsubscribe_all(&self) {
        self.0
            .subscribers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Keeps the database small: schedules a job that forgets old idempotency keys and old counts of
    /// forged notices, once a day. Safe to repeat; a service that runs for long calls it once at its
    /// start.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_tidy(&self) -> Result<(), StoreError> {
        crate::app::schedule_prune(self).await
    }

    /// Makes jobs for the events that the subscribers of this process have not had yet, whoever wrote
    /// them: a process that had no such subscriber, on the same database. Safe to repeat; call it
    /// after every `subscribe`. Returns how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catch_up(&self) -> Result<u64, StoreError> {
        crate::app::deliver_missed(self).await
    }

    /// Everything that is served over HTTP: REST, notices, health.
    pub fn router(&self) -> axum::Router {
        crate::http::routes(self)
    }

    /// What does the follow-up work. One for each service; ask again and it is the same.
    pub fn worker(&self) -> Arc<Worker> {
        let mut slot = self.0.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(worker) = slot.upgrade() {
            return worker;
        }
        let worker = Arc::new(Worker::new(WorkerParts {
            name: "merchant",
            db: self.0.db.clone(),
            clock: self.0.clock.clone(),
            rng: self.0.rng.clone(),
            handler: Arc::new(MerchantJobs::new(self.clone())),
            lease_ms: LEASE_MS,
            parallel: PARALLEL,
        }));
        *slot = Arc::downgrade(&worker);
        worker
    }

    /// Makes the worker look at its queue now, when there is one.
    pub(crate) fn wake(&self) {
        let slot = self.0.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(worker) = slot.upgrade() {
            worker.wake();
        }
    }

    /// Its database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The business time.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The wall clock.
    pub fn wall(&self) -> &Arc<dyn Clock> {
        &self.0.wall
    }

    /// Who the merchants are.
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// Where Alipay's notices reach us.
    pub fn notify_url(&self) -> String {
        format!("{}/notify/alipay", self.0.public_url)
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        self.0.rng.as_ref()
    }

    pub(crate) fn bugs(&self) -> TestBugs {
        self.0.bugs
    }

    /// Ends here when a test wants it.
    pub(crate) fn survive(&self, point: Point) -> Result<(), Killed> {
        match &self.0.kill_switch {
            Some(switch) if (switch.0)(point) => Err(Killed(point)),
            Some(_) | None => Ok(()),
        }
    }

    /// The subscriber of that name.
    pub(crate) fn subscriber(&self, name: &str) -> Option<Arc<dyn Subscriber>> {
        let subscribers = self.subscribers();
        subscribers.iter().find(|s| s.name() == name).cloned()
    }

    /// The names of those who want the events of a merchant.
    pub(crate) fn subscribers_of(&self, merchant: &str) -> Vec<String> {
        let subscribers = self.subscribers();
        let wanted = subscribers.iter().filter(|s| s.owner() == merchant);
        wanted.map(|s| s.name().to_owned()).collect()
    }

    /// Everybody who wants to know something.
    pub(crate) fn all_subscribers(&self) -> Vec<Arc<dyn Subscriber>> {
        self.subscribers()
    }

    fn subscribers(&self) -> Vec<Arc<dyn Subscriber>> {
        self.0
            .subscribers
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits until no other event of this order is being handed over in this process.
    pub(crate) async fn hold_events_of(&self, order: &str) -> tokio::sync::MutexGuard<'_, ()> {
        // The last characters of an id are chance.
        let lane = order.bytes().rev().take(4).fold(0_usize, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(usize::from(byte))
        });
        self.0.delivering[lane % LANES].lock().await
    }

    /// Takes the time and the chance for one transaction, before its door.
    pub(crate) fn mint(&self) -> Mint {
        Mint {
            now: self.now(),
            seed: self.0.rng.next_u64(),
        }
    }
}

impl std::fmt::Debug for Merchant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Merchant").finish_non_exhaustive()
    }
}

/// The time and the chance of one transaction, taken before its door. The closure may run again:
/// it starts from here each time and makes the same ids.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mint {
    pub(crate) now: Timestamp,
    seed: u64,
}

impl Mint {
    pub(crate) fn start(self) -> Minting {
        Minting {
            now: self.now,
            clock: ManualClock::new(self.now),
            rng: SeededRng::new(self.seed),
            steps: 0,
            work: AtomicBool::new(false),
        }
    }
}

/// Makes ids inside of a transaction. They name rows; none of them is a secret.
#[derive(Debug)]
pub(crate) struct Minting {
    pub(crate) now: Timestamp,
    clock: ManualClock,
    rng: SeededRng,
    steps: u32,
    work: AtomicBool,
}

impl Minting {
    /// Notes that the transaction leaves work that is due at that instant.
    pub(crate) fn leaves_work(&self, due_at: Timestamp) {
        if due_at <= self.now {
            self.work.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the worker has something to do at once, when the transaction is committed.
    pub(crate) fn has_work(&self) -> bool {
        self.work.load(Ordering::Relaxed)
    }

    pub(crate) fn job_id(&self) -> JobId {
        JobId::new(&self.clock, &self.rng)
    }

    pub(crate) fn event_id(&self) -> EventId {
        EventId::new(&self.clock, &self.rng)
    }

    pub(crate) fn refund_id(&self) -> RefundId {
        RefundId::new(&self.clock, &self.rng)
    }

    pub(crate) fn case_id(&self) -> CaseId {
        CaseId::new(&self.clock, &self.rng)
    }

    /// Sorts the transitions of one transaction in the order in which they were made.
    pub(crate) fn transition_id(&mut self) -> String {
        self.steps += 1;
        format!("{:03}-{:016x}", self.steps, self.rng.next_u64())
    }
}

/// A claimed job is its worker's for a minute; a call to Alipay ends long before.
const LEASE_MS: i64 = 60_000;
const PARALLEL: usize = 8;
/// Orders whose events are handed over at the same time.
const LANES: usize = 64;
