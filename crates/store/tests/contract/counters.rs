//! A table of named numbers, for tests of who sees and keeps what.

use std::sync::mpsc;
use store::{Db, Step, StoreError, params};

store::statements! {
    /// Adds one row.
    ADD = "INSERT INTO counters (name, n) VALUES ($1, $2)";
    /// Adds one row unless it is there.
    ADD_ONCE = "INSERT INTO counters (name, n) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    /// Adds to one row; its values stand in another order than they are counted.
    BUMP = "UPDATE counters SET n = n + $2 WHERE name = $1";
    /// One row, locked.
    LOCK = "SELECT n FROM counters WHERE name = $1", pg " FOR UPDATE";
    /// All names.
    NAMES = "SELECT name FROM counters ORDER BY name";
    /// How much there is.
    SUM = "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) AS total FROM counters";
}

pub(crate) fn steps() -> Vec<Step> {
    vec![Step::common(
        1000,
        "counters",
        "CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);",
    )]
}

pub(crate) async fn add(db: &Db, name: &'static str, n: i64) -> Result<(), StoreError> {
    db.write(move |tx| Box::pin(async move { tx.execute_one(&ADD, &params![name, n]).await }))
        .await
}

pub(crate) async fn total(db: &Db) -> i64 {
    let total: Result<i64, StoreError> = db
        .read(|tx| Box::pin(async { tx.query_one(&SUM, &[]).await?.int("total") }))
        .await;
    total.expect("a sum")
}

pub(crate) async fn names(db: &Db) -> String {
    let rows: Result<_, StoreError> = db
        .read(|tx| Box::pin(async { tx.query(&NAMES, &[]).await }))
        .await;
    let rows = rows.expect("rows");
    let names: Vec<_> = rows
        .iter()
        .map(|row| row.text("name").expect("a name"))
        .collect();
    names.join(" ")
}

/// Lets a closure say that it is inside, and keeps it there until it may leave.
pub(crate) fn doorkeeper() -> (Inside, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (arrived, arrival) = mpsc::channel();
    let (leave, may_leave) = mpsc::channel();
    let inside = Inside {
        arrived,
        may_leave: std::sync::Mutex::new(may_leave),
    };
    (inside, arrival, leave)
}

pub(crate) struct Inside {
    arrived: mpsc::Sender<()>,
    may_leave: std::sync::Mutex<mpsc::Receiver<()>>,
}

impl Inside {
    pub(crate) fn wait(&self) {
        self.arrived.send(()).expect("the test listens");
        tokio::task::block_in_place(|| {
            let may_leave = self.may_leave.lock().expect("nobody panicked");
            may_leave.recv().expect("the test lets it go");
        });
    }
}
