//! The rows that the invariants speak of, read by SQL of their own.

use kernel::Timestamp;
use std::collections::BTreeMap;
use store::{Db, Row, Statement, StoreError, Tx, params};

mod of_sandbox {
    store::statements! {
        /// Every trade that Alipay knows of, and those that were only asked for.
        TRADES = "SELECT app_id, out_trade_no, seller_id, state, total_amount, refunded, paid_at
            FROM sandbox_trades";
        /// What went back of each trade, summed from the refunds themselves.
        REFUNDED = "SELECT t.app_id, t.out_trade_no, CAST(SUM(r.amount) AS BIGINT) AS refunded
            FROM sandbox_refunds r JOIN sandbox_trades t ON t.trade_id = r.trade_id
            GROUP BY t.app_id, t.out_trade_no";
        /// Follow-up work that is not done.
        JOBS = "SELECT kind, key, due_at, state, last_error FROM jobs";
    }
}

mod of_merchant {
    store::statements! {
        /// Every order.
        ORDERS = "SELECT order_id, merchant, merchant_order_no, amount, state, paid, refunded, reserved,
            expires_at FROM orders";
        /// Every attempt.
        ATTEMPTS = "SELECT attempt_id, order_id, app_id, out_trade_no, state, paid, refunded, reserved
            FROM attempts";
        /// Every refund.
        REFUNDS = "SELECT refund_id, attempt_id, order_id, amount, state FROM refunds";
        /// What somebody has to look at, of each order.
        CASES = "SELECT order_id, kind FROM cases WHERE order_id IS NOT NULL";
        /// What the books say that came in and stayed, by application.
        CLEARING = "SELECT p.account_id, CAST(SUM(p.amount) AS BIGINT) AS fen
            FROM ledger_postings p JOIN ledger_accounts a ON a.account_id = p.account_id
            WHERE a.kind = 'clearing' AND p.layer = 'posted' GROUP BY p.account_id";
        /// Follow-up work that is not done.
        JOBS = "SELECT kind, key, due_at, state, last_error FROM jobs";
    }
}

mod of_shop {
    store::statements! {
        /// Every order of the shop.
        ORDERS = "SELECT out_trade_no, user_id, total_fen, status, refunded_fen FROM orders";
        /// Every course on an order.
        DETAILS = "SELECT d.out_trade_no, o.user_id, d.course_id
            FROM order_details d JOIN orders o ON o.out_trade_no = d.out_trade_no";
        /// Every course that is open to somebody.
        ENROLLMENTS = "SELECT out_trade_no, user_id, course_id FROM enrollments";
        /// Follow-up work that is not done.
        JOBS = "SELECT kind, key, due_at, state, last_error FROM jobs";
    }
}

/// Every statement by which the facts are read, by the database they are for: the sandbox's, the
/// merchant's, the shop's.
#[must_use]
pub fn statements() -> [Vec<&'static Statement>; 3] {
    [of_sandbox::ALL, of_merchant::ALL, of_shop::ALL].map(|all| all.iter().collect())
}

/// A trade's name: the application and its number.
pub type TradeKey = (String, String);

/// A trade as the sandbox has it.
#[derive(Clone, Debug)]
pub struct Trade {
    /// Who gets the money.
    pub seller_id: String,
    /// `asked`, `waiting`, `paid`, `finished` or `closed`.
    pub state: String,
    /// Fen.
    pub total: i64,
    /// Fen.
    pub refunded: i64,
    /// When the money came in, if it did.
    pub paid_at: Option<Timestamp>,
}

impl Trade {
    /// What came in and did not go back, fen.
    #[must_use]
    pub fn kept(&self) -> i64 {
        if self.paid_at.is_some() {
            self.total - self.refunded
        } else {
            0
        }
    }
}

/// An order as the merchant has it.
#[derive(Clone, Debug)]
pub struct Order {
    /// Whose it is.
    pub merchant: String,
    /// The merchant's number of it.
    pub merchant_order_no: String,
    /// `open`, `paying`, `paid`, `closed`, `late_paid` or `attention`.
    pub state: String,
    /// Fen.
    pub amount: i64,
    /// Fen.
    pub paid: i64,
    /// Fen.
    pub refunded: i64,
    /// Fen.
    pub reserved: i64,
    /// Until when it may be paid.
    pub expires_at: Timestamp,
}

impl Order {
    /// Returns `true` while money is still expected.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        matches!(self.state.as_str(), "open" | "paying")
    }
}

/// An attempt as the merchant has it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Its row.
    pub attempt_id: String,
    /// Its order.
    pub order_id: String,
    /// `created`, `sent`, `waiting`, `succeeded`, `closed`, `failed` or `unknown`.
    pub state: String,
    /// Fen.
    pub paid: i64,
    /// Fen.
    pub refunded: i64,
    /// Fen.
    pub reserved: i64,
}

impl Attempt {
    /// Returns `true` while its end is not known.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        matches!(
            self.state.as_str(),
            "created" | "sent" | "waiting" | "unknown"
        )
    }
}

/// A refund as the merchant has it.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its row.
    pub refund_id: String,
    /// Whose money goes back.
    pub attempt_id: String,
    /// `reserved`, `sent`, `succeeded`, `failed` or `unknown`.
    pub state: String,
    /// Fen.
    pub amount: i64,
}

/// An order as the shop has it.
#[derive(Clone, Debug)]
pub struct ShopOrder {
    /// Who ordered.
    pub user_id: String,
    /// Fen.
    pub total: i64,
    /// 0 unpaid, 1 paid, 2 cancelled, 3 run out.
    pub status: i64,
    /// Fen.
    pub refunded: i64,
}

/// A course on an order, or open to somebody.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Course {
    /// The order.
    pub out_trade_no: String,
    /// Who.
    pub user_id: String,
    /// What.
    pub course_id: i64,
}

/// Follow-up work that is not done.
#[derive(Clone, Debug)]
pub struct Job {
    /// What is to be done.
    pub kind: String,
    /// For which thing.
    pub key: String,
    /// Not before this.
    pub due_at: Timestamp,
    /// `waiting`, `running` or `failed`.
    pub state: String,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// Everything that the invariants speak of, read at one moment when nothing moves.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The sandbox's trades.
    pub trades: BTreeMap<TradeKey, Trade>,
    /// What its refunds sum to, by trade.
    pub refund_sums: BTreeMap<TradeKey, i64>,
    /// The merchant's orders by id.
    pub orders: BTreeMap<String, Order>,
    /// The merchant's attempts by application and number.
    pub attempts: BTreeMap<TradeKey, Attempt>,
    /// The merchant's refunds.
    pub refunds: Vec<Refund>,
    /// Orders that somebody has to look at, and why.
    pub cases: Vec<(String, String)>,
    /// What the merchant's books say that it has at Alipay, by account.
    pub clearing: BTreeMap<String, i64>,
    /// The shop's orders by number.
    pub shop_orders: BTreeMap<String, ShopOrder>,
    /// Courses on orders.
    pub details: Vec<Course>,
    /// Courses that are open.
    pub enrollments: Vec<Course>,
    /// Work of the sandbox that is not done.
    pub sandbox_jobs: Vec<Job>,
    /// Work of the merchant that is not done.
    pub merchant_jobs: Vec<Job>,
    /// Work of the shop that is not done.
    pub shop_jobs: Vec<Job>,
}

impl Facts {
    /// Reads the facts.
    ///
    /// # Errors
    /// When a database fails.
    pub async fn read(sandbox: &Db, merchant: &Db, shop: &Db) -> Result<Self, StoreError> {
        let from_sandbox = sandbox
            .read::<_, StoreError, _>(|tx| Box::pin(read_sandbox(tx)))
            .await?;
        let from_merchant = merchant
            .read::<_, StoreError, _>(|tx| Box::pin(read_merchant(tx)))
            .await?;
        let from_shop = shop
            .read::<_, StoreError, _>(|tx| Box::pin(read_shop(tx)))
            .await?;
        Ok(Self {
            trades: from_sandbox.trades,
            refund_sums: from_sandbox.refund_sums,
            sandbox_jobs: from_sandbox.sandbox_jobs,
            shop_orders: from_shop.shop_orders,
            details: from_shop.details,
            enrollments: from_shop.enrollments,
            shop_jobs: from_shop.shop_jobs,
            ..from_merchant
        })
    }

    /// Returns `true` when some work is due before `by`, or was given up.
    #[must_use]
    pub fn has_work_before(&self, by: Timestamp) -> bool {
        let all = [&self.sandbox_jobs, &self.merchant_jobs, &self.shop_jobs];
        let mut jobs = all.into_iter().flatten();
        jobs.any(|job| job.state != "waiting" || job.due_at < by)
    }

    /// The attempts of an order, with their trades as far as Alipay knows them.
    pub fn attempts_of(
        &self,
        order_id: &str,
    ) -> impl Iterator<Item = (&TradeKey, &Attempt, Option<&Trade>)> {
        self.attempts
            .iter()
            .filter(move |(_, attempt)| attempt.order_id == order_id)
            .map(|(key, attempt)| (key, attempt, self.trades.get(key)))
    }

    /// The merchant's order of a number of the shop's.
    pub fn order_of_number<'a>(&'a self, number: &'a str) -> Option<(&'a String, &'a Order)> {
        let mut orders = self.orders.iter();
        orders.find(|(_, order)| order.merchant_order_no == number)
    }
}

fn key(row: &Row) -> Result<TradeKey, StoreError> {
    Ok((
        row.text("app_id")?.to_owned(),
        row.text("out_trade_no")?.to_owned(),
    ))
}

async fn jobs(tx: &mut Tx<'_>, statement: &'static Statement) -> Result<Vec<Job>, StoreError> {
    let mut jobs = Vec::new();
    for row in tx.query(statement, &params![]).await? {
        jobs.push(Job {
            kind: row.text("kind")?.to_owned(),
            key: row.text("key")?.to_owned(),
            due_at: row.time("due_at")?,
            state: row.text("state")?.to_owned(),
            last_error: row.opt_text("last_error")?.map(str::to_owned),
        });
    }
    Ok(jobs)
}

async fn read_sandbox(tx: &mut Tx<'_>) -> Result<Facts, StoreError> {
    let mut facts = Facts::default();
    for row in tx.query(&of_sandbox::TRADES, &params![]).await? {
        let trade = Trade {
            seller_id: row.text("seller_id")?.to_owned(),
            state: row.text("state")?.to_owned(),
            total: row.int("total_amount")?,
            refunded: row.int("refunded")?,
            paid_at: row.opt_time("paid_at")?,
        };
        facts.trades.insert(key(&row)?, trade);
    }
    for row in tx.query(&of_sandbox::REFUNDED, &params![]).await? {
        facts.refund_sums.insert(key(&row)?, row.int("refunded")?);
    }
    facts.sandbox_jobs = jobs(tx, &of_sandbox::JOBS).await?;
    Ok(facts)
}

async fn read_merchant(tx: &mut Tx<'_>) -> Result<Facts, StoreError> {
    let mut facts = Facts::default();
    for row in tx.query(&of_merchant::ORDERS, &params![]).await? {
        let order = Order {
            merchant: row.text("merchant")?.to_owned(),
            merchant_order_no: row.text("merchant_order_no")?.to_owned(),
            state: row.text("state")?.to_owned(),
            amount: row.int("amount")?,
            paid: row.int("paid")?,
            refunded: row.int("refunded")?,
            reserved: row.int("reserved")?,
            expires_at: row.time("expires_at")?,
        };
        facts.orders.insert(row.text("order_id")?.to_owned(), order);
    }
    for row in tx.query(&of_merchant::ATTEMPTS, &params![]).await? {
        let attempt = Attempt {
            attempt_id: row.text("attempt_id")?.to_owned(),
            order_id: row.text("order_id")?.to_owned(),
            state: row.text("state")?.to_owned(),
            paid: row.int("paid")?,
            refunded: row.int("refunded")?,
            reserved: row.int("reserved")?,
        };
        facts.attempts.insert(key(&row)?, attempt);
    }
    for row in tx.query(&of_merchant::REFUNDS, &params![]).await? {
        facts.refunds.push(Refund {
            refund_id: row.text("refund_id")?.to_owned(),
            attempt_id: row.text("attempt_id")?.to_owned(),
            state: row.text("state")?.to_owned(),
            amount: row.int("amount")?,
        });
    }
    for row in tx.query(&of_merchant::CASES, &params![]).await? {
        let case = (
            row.text("order_id")?.to_owned(),
            row.text("kind")?.to_owned(),
        );
        facts.cases.push(case);
    }
    for row in tx.query(&of_merchant::CLEARING, &params![]).await? {
        facts
            .clearing
            .insert(row.text("account_id")?.to_owned(), row.int("fen")?);
    }
    facts.merchant_jobs = jobs(tx, &of_merchant::JOBS).await?;
    Ok(facts)
}

async fn read_shop(tx: &mut Tx<'_>) -> Result<Facts, StoreError> {
    let mut facts = Facts::default();
    for row in tx.query(&of_shop::ORDERS, &params![]).await? {
        let order = ShopOrder {
            user_id: row.text("user_id")?.to_owned(),
            total: row.int("total_fen")?,
            status: row.int("status")?,
            refunded: row.int("refunded_fen")?,
        };
        facts
            .shop_orders
            .insert(row.text("out_trade_no")?.to_owned(), order);
    }
    facts.details = courses(tx, &of_shop::DETAILS).await?;
    facts.enrollments = courses(tx, &of_shop::ENROLLMENTS).await?;
    facts.shop_jobs = jobs(tx, &of_shop::JOBS).await?;
    Ok(facts)
}

async fn courses(
    tx: &mut Tx<'_>,
    statement: &'static Statement,
) -> Result<Vec<Course>, StoreError> {
    let mut courses = Vec::new();
    for row in tx.query(statement, &params![]).await? {
        courses.push(Course {
            out_trade_no: row.text("out_trade_no")?.to_owned(),
            user_id: row.text("user_id")?.to_owned(),
            course_id: row.int("course_id")?,
        });
    }
    Ok(courses)
}
