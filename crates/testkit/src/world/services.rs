//! Opening sandbox, merchant and shop on the databases, the clock and the network of a world.

use super::options::{
    ALIPAY, API_KEY, BUYER, COURSES, MERCHANT, PAY_PASSWORD, POOR_BUYER, TENANT, WorldOptions,
};
use crate::keys::{KeyRing, Keys};
use crate::net::{GatewayLink, Network, NoticeLink};
use kernel::{Clock, ManualClock, MovableClock, Rng, SeededRng};
use merchant::{KillSwitch, Merchant, MerchantParts, MerchantSpec};
use money::Fen;
use sandbox::worlds::WorldName;
use sandbox::{BuyerSpec, Password, Profile, Sandbox, SandboxParts};
use service::password::Passwords;
use service::schedule::Schedule;
use service::worker::Worker;
use shops::courses::{Shop, ShopParts};
use std::sync::{Arc, Mutex, PoisonError};
use testdb::TestDb;

/// Why a world does not stand.
pub type WorldError = Box<dyn std::error::Error + Send + Sync>;

/// The three databases.
pub(super) struct Databases {
    pub(super) sandbox: TestDb,
    pub(super) merchant: TestDb,
    pub(super) shop: TestDb,
}

/// What runs, until it is ended and started again.
pub(super) struct Running {
    pub(super) merchant: Merchant,
    pub(super) schedule: Arc<Schedule>,
}

pub(super) fn kill_switch(per_mille: &Arc<Mutex<u64>>, rng: SeededRng) -> KillSwitch {
    let per_mille = Arc::clone(per_mille);
    KillSwitch(Arc::new(move |_point| {
        let often = *per_mille.lock().unwrap_or_else(PoisonError::into_inner);
        often > 0 && rng.below(1_000) < often
    }))
}

pub(super) async fn open_sandbox(
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
        world: WorldName::default(),
        seed: None,
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
pub(super) struct Services<'a> {
    pub(super) options: &'a WorldOptions,
    pub(super) clock: &'a ManualClock,
    pub(super) wall: &'a ManualClock,
    pub(super) network: &'a Network,
    pub(super) rng: SeededRng,
    pub(super) kill: KillSwitch,
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

    pub(super) async fn start(
        self,
        databases: &Databases,
        sandbox: &Sandbox,
    ) -> Result<Running, WorldError> {
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
        shop.keep_tidy().await?;
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
