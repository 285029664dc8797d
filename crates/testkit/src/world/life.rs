//! The world itself: one clock, one network, and what goes on in it.

use super::options::{ALIPAY, COURSES, MERCHANT, WorldOptions};
use super::services::{Databases, Running, Services, WorldError, kill_switch, open_sandbox};
use crate::invariants::{self, Facts};
use crate::net::{Link, Network, Rates, Request};
use kernel::time::{DAY_MS, HOUR_MS};
use kernel::{Clock, ManualClock, Rng, SeededRng, Timestamp};
use merchant::Merchant;
use sandbox::Sandbox;
use std::sync::{Arc, Mutex, PoisonError};
use store::StoreError;

/// Merchant, shop and sandbox on one clock and one network.
pub struct World {
    options: WorldOptions,
    clock: ManualClock,
    wall: ManualClock,
    rng: SeededRng,
    network: Network,
    databases: Databases,
    sandbox: Sandbox,
    running: Running,
    kill_per_mille: Arc<Mutex<u64>>,
    told: Mutex<Vec<String>>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// The services hold the network and it holds them; whoever walks through many worlds would keep
/// the connections and threads of all.
impl Drop for World {
    fn drop(&mut self) {
        self.running.merchant.unsubscribe_all();
        for site in [ALIPAY, MERCHANT, COURSES] {
            self.network.take_site(site);
        }
    }
}

/// A Monday morning in China: 2026-03-02 09:00.
const BEGINNING: Timestamp = Timestamp::from_ms(1_772_413_200_000);

impl World {
    /// A world on SQLite.
    ///
    /// # Errors
    /// When one of its services does not open.
    pub async fn new(seed: u64) -> Result<Self, WorldError> {
        Self::open(WorldOptions::new(seed)).await
    }

    /// A world as the options say.
    ///
    /// # Errors
    /// When one of its services does not open.
    pub async fn open(options: WorldOptions) -> Result<Self, WorldError> {
        let clock = ManualClock::new(BEGINNING);
        let wall = ManualClock::new(BEGINNING);
        // Streams of their own: one more fault must not change everybody's ids.
        let stream = |n: u64| SeededRng::new(options.seed.wrapping_mul(1_000).wrapping_add(n));
        let network = Network::new(Arc::new(clock.clone()), stream(1));
        let databases = Databases {
            sandbox: testdb::open(options.engine, sandbox::steps()).await,
            merchant: testdb::open(options.engine, merchant::steps()).await,
            shop: testdb::open(options.engine, shops::courses::steps()).await,
        };
        let kill_per_mille = Arc::new(Mutex::new(0));
        let sandbox = open_sandbox(&databases, &clock, &wall, &network, stream(2)).await?;
        let parts = Services {
            options: &options,
            clock: &clock,
            wall: &wall,
            network: &network,
            rng: stream(3),
            kill: kill_switch(&kill_per_mille, stream(4)),
        };
        let running = parts.start(&databases, &sandbox).await?;
        Ok(Self {
            rng: stream(0),
            options,
            clock,
            wall,
            network,
            databases,
            sandbox,
            running,
            kill_per_mille,
            told: Mutex::default(),
        })
    }

    /// The chance of those who act in this world.
    #[must_use]
    pub fn rng(&self) -> &dyn Rng {
        &self.rng
    }

    /// The business time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The merchant service.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.running.merchant
    }

    /// The sandbox.
    #[must_use]
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// The databases of sandbox, merchant and shop.
    #[must_use]
    pub fn databases(&self) -> [&store::Db; 3] {
        [
            &self.databases.sandbox.db,
            &self.databases.merchant.db,
            &self.databases.shop.db,
        ]
    }

    /// Writes down what is done, for whoever reads about a failure.
    pub fn tell(&self, what: &str) {
        let line = format!("{} {what}", self.now().china());
        self.told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }

    /// Everything that was done so far.
    #[must_use]
    pub fn story(&self) -> Vec<String> {
        self.told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Lets the service end at chance, so often in a thousand of the points where it can.
    pub fn set_kills(&self, per_mille: u64) {
        *self
            .kill_per_mille
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = per_mille;
    }

    /// Runs everything that is due.
    ///
    /// # Errors
    /// When a database fails.
    pub async fn settle(&self) -> Result<(), StoreError> {
        self.running.schedule.settle().await?;
        while self.network.deliver_held().await > 0 {
            self.running.schedule.settle().await?;
        }
        Ok(())
    }

    /// Moves the time forward, through every instant at which something is due or arrives.
    ///
    /// # Errors
    /// When a database fails.
    pub async fn advance_ms(&self, ms: i64) -> Result<(), StoreError> {
        let until = self.now().plus_ms(ms);
        while let Some(due) = self.network.next_held().filter(|due| *due <= until) {
            self.running.schedule.advance_to(due).await?;
            self.network.deliver_held().await;
        }
        self.running.schedule.advance_to(until).await?;
        self.settle().await
    }

    /// Ends merchant and shop and starts them again on what they left in their databases.
    ///
    /// # Errors
    /// When they do not open again.
    pub async fn restart(&mut self) -> Result<(), WorldError> {
        let parts = Services {
            options: &self.options,
            clock: &self.clock,
            wall: &self.wall,
            network: &self.network,
            rng: SeededRng::new(self.rng.next_u64()),
            kill: kill_switch(&self.kill_per_mille, SeededRng::new(self.rng.next_u64())),
        };
        let started = parts.start(&self.databases, &self.sandbox).await?;
        self.running.merchant.unsubscribe_all();
        self.running = started;
        Ok(())
    }

    /// Reads the facts of all three databases.
    ///
    /// # Errors
    /// When a database fails.
    pub async fn facts(&self) -> Result<Facts, StoreError> {
        let [sandbox, merchant, shop] = self.databases();
        Facts::read(sandbox, merchant, shop).await
    }

    /// What must always hold and does not, in words.
    ///
    /// # Errors
    /// When a database fails.
    pub async fn broken(&self) -> Result<Vec<String>, StoreError> {
        let facts = self.facts().await?;
        Ok(invariants::always(&facts, &self.network.acknowledged()))
    }

    /// What the books of sandbox and merchant do not prove, in words.
    ///
    /// # Errors
    /// When a database fails.
    pub async fn unproved(&self) -> Result<Vec<String>, StoreError> {
        let [sandbox, merchant, _] = self.databases();
        let mut differences = Vec::new();
        for db in [sandbox, merchant] {
            let proof = db
                .read::<_, StoreError, _>(|tx| Box::pin(ledger::prove(tx)))
                .await?;
            differences.extend(proof.differences);
        }
        Ok(differences)
    }

    /// Heals the network, lets everything come to its end and says what does not hold then.
    ///
    /// # Errors
    /// When a database fails.
    pub async fn come_to_rest(&self) -> Result<Vec<String>, StoreError> {
        self.network.heal();
        self.set_kills(0);
        let until = self.now().plus_ms(REST_MS);
        let facts = loop {
            self.advance_ms(12 * HOUR_MS).await?;
            let facts = self.facts().await?;
            let quiet = self.network.next_held().is_none()
                && !facts.has_work_before(self.now().plus_ms(QUIET_MS));
            if quiet || self.now() > until {
                break facts;
            }
        };
        let mut broken = invariants::always(&facts, &self.network.acknowledged());
        broken.extend(invariants::at_rest(&facts));
        broken.extend(self.unproved().await?);
        broken.extend(self.books().await);
        Ok(broken)
    }

    /// What the sandbox itself finds wrong with its books, trades held against them.
    async fn books(&self) -> Option<String> {
        let url = format!("{ALIPAY}/sandbox/v1/books");
        let answer = self.network.call(&Request::get(&url)).await;
        let proof = answer.map(|answer| answer.json()).unwrap_or_default();
        (proof["balanced"] != true).then(|| format!("the sandbox's books: {proof}"))
    }

    /// A rough or a quiet network.
    pub fn set_weather(&self, gateway: Rates, notice: Rates) {
        self.network.set_rates(Link::Gateway, gateway);
        self.network.set_rates(Link::Notice, notice);
    }
}

/// Notices are sent for 25 hours, orders and links run out within a day or so, and what hangs
/// longest is asked for once an hour: what is not over by then never will be.
const REST_MS: i64 = 6 * DAY_MS;
/// Whatever is still to be done after so long a silence (a trade finishes after a year) is not
/// waited for.
const QUIET_MS: i64 = 7 * DAY_MS;
