//! How many use cases a second go through the door: 64 callers at once, each closure selects a row
//! by its number, updates it and inserts another. Prints one JSON object.
//!
//! `bench_door sqlite:PATH` or `bench_door postgres://…`, then the seconds to run (3).

use futures::future::join_all;
use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};
use store::{Db, DbOptions, Engine, Step, StoreError, params};

store::statements! {
    /// Fills the table.
    FILL = "INSERT INTO bench_orders (order_no, amount, state, version) VALUES ($1, $2, 'open', 0)";
    /// By its number.
    LOCK = "SELECT amount, state, version FROM bench_orders WHERE order_no = $1", pg " FOR UPDATE";
    /// Its new state.
    PAY = "UPDATE bench_orders SET state = 'paid', version = version + 1 WHERE order_no = $1";
    /// What happened to it.
    TELL = "INSERT INTO bench_events (event_id, order_no, what) VALUES ($1, $2, 'paid')";
}

fn steps() -> Vec<Step> {
    vec![Step::common(
        1000,
        "bench",
        "CREATE TABLE bench_orders (order_no TEXT NOT NULL PRIMARY KEY, amount BIGINT NOT NULL,
             state TEXT NOT NULL, version BIGINT NOT NULL);
         CREATE TABLE bench_events (event_id TEXT NOT NULL PRIMARY KEY, order_no TEXT NOT NULL,
             what TEXT NOT NULL);",
    )]
}

async fn fill(db: &Db) -> Result<(), StoreError> {
    for slice in 0..ORDERS / SLICE {
        db.write(move |tx| {
            Box::pin(async move {
                for n in slice * SLICE..(slice + 1) * SLICE {
                    tx.execute_one(&FILL, &params![number(n), 3_900]).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    }
    Ok(())
}

async fn pay(db: &Db, n: i64) -> Result<(), StoreError> {
    let (order, event) = (
        number(n.wrapping_mul(7_919) % ORDERS),
        format!("evt{n:012}"),
    );
    db.write(move |tx| {
        let (order, event) = (order.clone(), event.clone());
        Box::pin(async move {
            let row = tx.query_one(&LOCK, &params![&order]).await?;
            row.int("amount")?;
            tx.execute_one(&PAY, &params![&order]).await?;
            tx.execute_one(&TELL, &params![event, order]).await
        })
    })
    .await
}

fn number(n: i64) -> String {
    format!("order{n:012}")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("say which database")?;
    let seconds = arguments.next().map_or(Ok(3), |text| text.parse())?;
    let db = Db::open(DbOptions {
        url,
        schema: "bench_door".to_owned(),
        steps: steps(),
        max_connections: 32,
    })
    .await?;
    fill(&db).await?;

    let before = db.stats();
    let stop = Arc::new(AtomicBool::new(false));
    let next = Arc::new(AtomicI64::new(0));
    let started = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (db, stop, next) = (db.clone(), Arc::clone(&stop), Arc::clone(&next));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    pay(&db, next.fetch_add(1, Ordering::Relaxed)).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .collect();
    tokio::task::spawn_blocking(move || {
        std::thread::park_timeout(Duration::from_secs(seconds));
        stop.store(true, Ordering::Relaxed);
    })
    .await?;
    for caller in join_all(callers).await {
        caller??;
    }
    let micros = started.elapsed().as_micros();
    let after = db.stats();
    let done = u128::from(after.closures - before.closures);
    let engine = match db.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    writeln!(
        std::io::stdout(),
        "{{\"engine\":\"{engine}\",\"callers\":{CALLERS},\"per_second\":{},\"done\":{done},\"commits\":{}}}",
        done * 1_000_000 / micros,
        after.commits - before.commits
    )?;
    db.close().await;
    Ok(())
}

const CALLERS: usize = 64;
const ORDERS: i64 = 20_000;
const SLICE: i64 = 500;
