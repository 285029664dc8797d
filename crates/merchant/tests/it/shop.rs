//! A merchant service of one test, with a clock that it moves and an Alipay that it plays.

use crate::alipay::{APP_A, APP_B, APP_C, FakeAlipay, keys, seller_of};
use ::alipay::Params;
use ::alipay::testing::NOTICE_CONTENT_TYPE;
use bytes::Bytes;
use futures::future::BoxFuture;
use kernel::{ManualClock, MovableClock, Timestamp};
use merchant::app::{
    NoticeIn, NoticeVerdict, OrderRef, PlaceOrder, Scope, find_order, place_order, receive_notice,
};
use merchant::domain::{OrderState, Product};
use merchant::{
    AppSpec, KillSwitch, LatePolicy, Merchant, MerchantParts, MerchantSpec, OrderView, PlacedView,
    Subscriber, TestBugs,
};
use money::Fen;
use service::worker::Worker;
use std::sync::{Arc, Mutex};
use store::outbox::Event;
use store::{Db, StoreError};

pub(crate) const KEY_OF_SCHOOL: &str = "sk_school";
pub(crate) const KEY_OF_MALL: &str = "sk_mall";

pub(crate) struct Shop {
    pub(crate) db: Db,
    pub(crate) clock: ManualClock,
    pub(crate) alipay: FakeAlipay,
    pub(crate) merchant: Merchant,
    pub(crate) worker: Arc<Worker>,
    pub(crate) events: Arc<Events>,
}

/// How a test wants its service.
#[derive(Clone, Default)]
pub(crate) struct Wish {
    pub(crate) late_policy: LatePolicy,
    pub(crate) bugs: TestBugs,
    pub(crate) kill_switch: Option<KillSwitch>,
}

/// Keeps what it is told.
#[derive(Default)]
pub(crate) struct Events(Mutex<Vec<Event>>);

impl Events {
    pub(crate) fn kinds(&self) -> Vec<String> {
        let events = self.0.lock().expect("no test panics in here");
        events.iter().map(|event| event.kind.clone()).collect()
    }
}

impl Subscriber for Events {
    fn name(&self) -> &'static str {
        "test"
    }

    fn owner(&self) -> &'static str {
        "school"
    }

    fn deliver<'a>(&'a self, event: &'a Event) -> BoxFuture<'a, Result<(), String>> {
        self.0
            .lock()
            .expect("no test panics in here")
            .push(event.clone());
        Box::pin(async { Ok(()) })
    }
}

impl Shop {
    pub(crate) async fn new(db: Db) -> Self {
        Self::with(db, Wish::default()).await
    }

    pub(crate) async fn with(db: Db, wish: Wish) -> Self {
        let clock = ManualClock::new(Timestamp::from_ms(1_787_275_800_000));
        let alipay = FakeAlipay::new(clock.clone());
        Self::on(db, clock, alipay, wish).await
    }

    /// The same world after its service ended and began again.
    pub(crate) async fn reopened(&self, wish: Wish) -> Self {
        Self::on(
            self.db.clone(),
            self.clock.clone(),
            self.alipay.clone(),
            wish,
        )
        .await
    }

    async fn on(db: Db, clock: ManualClock, alipay: FakeAlipay, wish: Wish) -> Self {
        let app = |name: &str, app_id: &str| {
            let (ours, theirs) = keys(app_id);
            let gateway = "https://alipay.test/gateway.do";
            let mut alipay =
                ::alipay::App::new(app_id, gateway, ours.clone(), theirs.public_key().clone());
            alipay.seller_id = Some(seller_of(app_id));
            AppSpec {
                name: name.to_owned(),
                alipay,
            }
        };
        let spec = |name: &str, key: &str, apps: Vec<AppSpec>| MerchantSpec {
            name: name.to_owned(),
            api_key_hashes: vec![merchant::http::hash_api_key(key)],
            apps,
            late_policy: wish.late_policy,
        };
        let merchant = Merchant::open(MerchantParts {
            db: db.clone(),
            clock: Arc::new(clock.clone()),
            wall: Arc::new(clock.clone()),
            rng: Arc::new(kernel::OsRng),
            public_url: "https://pay.test".to_owned(),
            transport: Arc::new(alipay.clone()),
            merchants: vec![
                spec(
                    "school",
                    KEY_OF_SCHOOL,
                    vec![app("main", APP_A), app("second", APP_C)],
                ),
                spec("mall", KEY_OF_MALL, vec![app("main", APP_B)]),
            ],
            test_bugs: wish.bugs,
            kill_switch: wish.kill_switch,
        })
        .await
        .expect("the service opens");
        let events = Arc::new(Events::default());
        merchant.subscribe(events.clone());
        let worker = merchant.worker();
        Self {
            db,
            clock,
            alipay,
            merchant,
            worker,
            events,
        }
    }

    /// An order of 39.00 of the school, by page.
    pub(crate) async fn order(&self, number: &str) -> PlacedView {
        place_order(&self.merchant, wish(number))
            .await
            .expect("an order")
    }

    /// The order as the school sees it.
    pub(crate) async fn find(&self, number: &str) -> OrderView {
        let named = OrderRef::Number(number.to_owned());
        find_order(&self.merchant, "school", &named)
            .await
            .expect("an order")
    }

    pub(crate) async fn state(&self, number: &str) -> OrderState {
        self.find(number).await.state
    }

    /// Sends a notice to the service's own path.
    pub(crate) async fn notify(&self, fields: &Params) -> NoticeVerdict {
        self.notify_raw(Scope::Any, FakeAlipay::sign(fields)).await
    }

    pub(crate) async fn notify_raw(&self, scope: Scope, body: Vec<u8>) -> NoticeVerdict {
        let notice = NoticeIn {
            scope,
            body: Bytes::from(body),
            content_type: Some(NOTICE_CONTENT_TYPE.to_owned()),
        };
        receive_notice(&self.merchant, notice)
            .await
            .expect("the database is there")
    }

    /// An order that is paid and known to be.
    pub(crate) async fn paid(&self, number: &str) -> OrderView {
        self.order(number).await;
        self.alipay.pay(APP_A, number, 3_900);
        let fields = self.alipay.notice(APP_A, number, "39.00");
        self.notify(&fields).await;
        self.find(number).await
    }

    /// Does what is due, until nothing is.
    pub(crate) async fn settle(&self) {
        while self.worker.run_due().await.expect("the database is there") > 0 {}
    }

    /// Moves the time, stopping wherever something is due.
    pub(crate) async fn advance(&self, ms: i64) {
        let end = kernel::Clock::now(&self.clock).plus_ms(ms);
        loop {
            self.settle().await;
            let due = self.worker.next_due().await.expect("the database is there");
            match due {
                Some(due) if due <= end => self.clock.move_to(due),
                Some(_) | None => break,
            }
        }
        self.clock.move_to(end);
        self.settle().await;
    }

    /// One number that a statement counts.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let statement = store::Statement {
            name: "count",
            sqlite: sql,
            postgres: sql,
        };
        self.db
            .read(move |tx| {
                Box::pin(async move {
                    let row = tx.query_one(&statement, &[]).await?;
                    row.int("n")
                })
            })
            .await
            .unwrap_or_else(|error: StoreError| panic!("{sql}: {error:?}"))
    }

    /// Spoils the database, as only a hand in it can.
    pub(crate) async fn spoil(&self, sql: &'static str) {
        let statement = store::Statement {
            name: "spoil",
            sqlite: sql,
            postgres: sql,
        };
        let changed = self
            .db
            .write(move |tx| Box::pin(async move { tx.execute(&statement, &[]).await }))
            .await;
        assert!(changed.is_ok_and(|rows| rows > 0), "{sql}");
    }

    /// Everything that a message must not change: orders, attempts, refunds, history, books.
    pub(crate) async fn picture(&self) -> [i64; 6] {
        [
            self.count("SELECT COUNT(*) AS n FROM transitions").await,
            self.count("SELECT COUNT(*) AS n FROM ledger_transfers")
                .await,
            self.count("SELECT CAST(COALESCE(SUM(paid), 0) AS BIGINT) AS n FROM attempts")
                .await,
            self.count("SELECT CAST(COALESCE(SUM(updated_at), 0) AS BIGINT) AS n FROM orders")
                .await,
            self.count("SELECT COUNT(*) AS n FROM refunds").await,
            self.count("SELECT COUNT(*) AS n FROM outbox").await,
        ]
    }

    /// The books add up, and say what orders and attempts say.
    pub(crate) async fn prove(&self) {
        let proof = self
            .db
            .read(|tx| Box::pin(async move { ledger::prove(tx).await }))
            .await
            .expect("the database is there");
        assert!(proof.balanced, "{:?}", proof.differences);
        let rows = self.count(PAID_LESS_REFUNDED).await;
        let books = self.count(CLEARING).await;
        assert_eq!(
            rows, books,
            "the clearing accounts hold what the attempts say"
        );
    }
}

const PAID_LESS_REFUNDED: &str =
    "SELECT CAST(COALESCE(SUM(paid - refunded), 0) AS BIGINT) AS n FROM attempts";
const CLEARING: &str =
    "SELECT CAST(COALESCE(SUM(credits_posted - debits_posted), 0) AS BIGINT) AS n
    FROM ledger_balances";

pub(crate) fn wish(number: &str) -> PlaceOrder {
    PlaceOrder {
        merchant: "school".to_owned(),
        app_id: None,
        merchant_order_no: Some(number.to_owned()),
        subject: "Rust 入门".to_owned(),
        amount: Fen::new(3_900),
        product: Product::Page,
        return_url: Some("https://school.test/order/success/".to_owned()),
        notify_url: None,
        success_url: None,
        failure_url: None,
        expires_in_s: None,
        metadata: None,
        key: None,
    }
}
