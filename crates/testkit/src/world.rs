//! The world: merchant, shop and sandbox in one process, on one virtual clock and one network.

use crate::invariants::{self, Facts};
use crate::keys::{KeyRing, Keys};
use crate::net::{GatewayLink, Link, Network, NoticeLink, Rates, Request};
use kernel::time::{DAY_MS, HOUR_MS};
use kernel::{Clock, ManualClock, MovableClock, Rng, SeededRng, Timestamp};
use merchant::{KillSwitch, LatePolicy, Merchant, MerchantParts, MerchantSpec, TestBugs};
use money::Fen;
use sandbox::{BuyerSpec, Password, Profile, Sandbox, SandboxParts};
use service::password::Passwords;
use service::schedule::Schedule;
use service::worker::Worker;
use shops::courses::{Shop, ShopParts};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Engine, StoreError};
use testdb::TestDb;

/// Where the merchant service is.
pub const MERCHANT: &str = "http://merchant.test";
/// Where the courses shop is.
pub const COURSES: &str = "http://courses.test";
/// Where Alipay is.
pub const ALIPAY: &str = "http://alipay.test";
/// The merchant that the shop is.
pub const TENANT: &str = "courses";
/// Its API key.
pub const API_KEY: &str = "tb_test_key_of_the_courses_shop";
/// The buyer whose purse is full.
pub const BUYER: &str = "buyer@sandbox.com";
/// The buyer who has next to nothing.
pub const POOR_BUYER: &str = "poor@sandbox.com";
/// Every buyer's payment password.
pub const PAY_PASSWORD: &str = "111111";

/// How a world is made.
#[derive(Clone, Debug)]
pub struct WorldOptions {
    /// All chance comes from it.
    pub seed: u64,
    /// Which engine keeps the three databases.
    pub engine: Engine,
    /// Planted mistakes.
    pub bugs: TestBugs,
    /// What becomes of money that comes after a close.
    pub late_policy: LatePolicy,
}

impl WorldOptions {
    /// A world of that seed on SQLite, without planted mistakes.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            engine: Engine::Sqlite,
            bugs: TestBugs::default(),
            late_policy: LatePolicy::Refund,
        }
    }
}

/// The three databases.
struct Databases {
    sandbox: TestDb,
    merchant: TestDb,
    shop: TestDb,
}

/// What runs, until it is ended and started again.
struct Running {
    merchant: Merchant,
    schedule: Arc<Schedule>,
}

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

/// Why a world does not stand.
pub type WorldError = Box<dyn std::error::Error + Send + Sync>;

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
    pub fn tell(&self, what: String) {
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
        self.running = parts.start(&self.databases, &self.sandbox).await?;
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
        // Notices are sent for 25 hours, orders and links run out within a day or so, and what
        // hangs longest is asked for once an hour.
        self.advance_ms(REST_MS).await?;
        let facts = self.facts().await?;
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

const REST_MS: i64 = 4 * DAY_MS + HOUR_MS;

fn kill_switch(per_mille: &Arc<Mutex<u64>>, rng: SeededRng) -> KillSwitch {
    let per_mille = Arc::clone(per_mille);
    KillSwitch(Arc::new(move |_point| {
        let often = *per_mille.lock().unwrap_or_else(PoisonError::into_inner);
        often > 0 && rng.below(1_000) < often
    }))
}

async fn open_sandbox(
    databases: &Databases,
    clock: &ManualClock,
    wall: &ManualClock,
    network: &Network,
    rng: SeededRng,
) -> Result<Sandbox, WorldError> {
    let rng = Arc::new(rng);
    let sandbox = Sandbox::open(SandboxParts {
        db: databases.sandbox.db.clone(),
        clock: Arc::new(clock.clone()),
        wall: Arc::new(wall.clone()),
        passwords: Passwords::cheap(rng.clone()),
        rng,
        sender: Arc::new(NoticeLink(network.clone())),
        public_url: ALIPAY.to_owned(),
        control_token: None,
        clock_control: None,
        demo: false,
    })
    .await?;
    let keys = Keys::of_process();
    for (name, ring) in [("courses", &keys.courses), ("other", &keys.other)] {
        sandbox
            .register_app(sandbox::AppSpec {
                name: name.to_owned(),
                app_id: ring.app_id.to_owned(),
                seller_id: ring.seller_id.to_owned(),
                app_public_key: ring.app.public_key().to_pem(),
                app_private_key: None,
                alipay_private_key: ring.alipay.to_pkcs8_pem().to_string(),
                profile: Profile::Production,
            })
            .await?;
    }
    for (logon_id, balance) in [(BUYER, 100_000_000), (POOR_BUYER, 100)] {
        sandbox
            .ensure_buyer(BuyerSpec {
                logon_id: logon_id.to_owned(),
                login_password: Password::Plain(PAY_PASSWORD.to_owned()),
                pay_password: Password::Plain(PAY_PASSWORD.to_owned()),
                balance: Fen::new(balance),
            })
            .await?;
    }
    network.put_site(ALIPAY, sandbox.router());
    Ok(sandbox)
}

/// What merchant and shop are started with.
struct Services<'a> {
    options: &'a WorldOptions,
    clock: &'a ManualClock,
    wall: &'a ManualClock,
    network: &'a Network,
    rng: SeededRng,
    kill: KillSwitch,
}

impl Services<'_> {
    fn app(ring: &KeyRing) -> alipay::App {
        let gateway = format!("{ALIPAY}/gateway.do");
        let app_key = ring.app.clone();
        let alipay_key = ring.alipay.public_key().clone();
        let mut app = alipay::App::new(ring.app_id, &gateway, app_key, alipay_key);
        app.seller_id = Some(ring.seller_id.to_owned());
        app
    }

    fn tenant(&self, name: &str, api_key: &str, ring: &KeyRing) -> MerchantSpec {
        MerchantSpec {
            name: name.to_owned(),
            api_key_hashes: vec![merchant::http::hash_api_key(api_key)],
            apps: vec![merchant::AppSpec {
                name: "main".to_owned(),
                alipay: Self::app(ring),
            }],
            late_policy: self.options.late_policy,
        }
    }

    async fn start(self, databases: &Databases, sandbox: &Sandbox) -> Result<Running, WorldError> {
        let keys = Keys::of_process();
        let rng: Arc<dyn Rng> = Arc::new(self.rng.clone());
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let wall: Arc<dyn Clock> = Arc::new(self.wall.clone());
        let merchant = Merchant::open(MerchantParts {
            db: databases.merchant.db.clone(),
            clock: clock.clone(),
            wall: wall.clone(),
            rng: rng.clone(),
            public_url: MERCHANT.to_owned(),
            transport: Arc::new(GatewayLink(self.network.clone())),
            merchants: vec![
                self.tenant(TENANT, API_KEY, &keys.courses),
                self.tenant("other", "tb_test_key_of_another", &keys.other),
            ],
            test_bugs: self.options.bugs,
            kill_switch: Some(self.kill),
        })
        .await?;
        let shop = Shop::open(ShopParts {
            db: databases.shop.db.clone(),
            clock,
            wall,
            rng: rng.clone(),
            merchant: merchant.clone(),
            merchant_name: TENANT.to_owned(),
            public_url: COURSES.to_owned(),
            gateway_origin: ALIPAY.to_owned(),
            jwt_secret: None,
            cors_origins: Vec::new(),
            passwords: Passwords::cheap(rng),
            demo: true,
        })
        .await?;
        merchant.subscribe(shop.subscriber());
        self.network.put_site(MERCHANT, merchant.router());
        self.network.put_site(COURSES, shop.router());
        let workers: Vec<Arc<Worker>> = vec![merchant.worker(), shop.worker(), sandbox.worker()];
        for worker in &workers {
            worker.run_in_turn();
            worker.recover().await?;
        }
        let movable: Arc<dyn MovableClock> = Arc::new(self.clock.clone());
        let schedule = Arc::new(Schedule::new(movable, workers));
        Ok(Running { merchant, schedule })
    }
}
