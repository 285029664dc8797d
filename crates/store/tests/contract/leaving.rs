//! A look whose caller has left is not begun, and not gone on with.

use crate::counters::{doorkeeper, names, steps};
use futures::future::join_all;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{Db, Engine, StoreError};

store::statements! {
    /// Counts for ever.
    ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) AS c FROM n";
}

/// As many looks as there are readers.
const READERS: usize = 4;

#[test]
fn a_look_that_nobody_waits_for_is_not_begun() {
    testdb::run(Engine::Sqlite, steps(), |db| async move {
        let mut holders = Vec::new();
        let mut leaves = Vec::new();
        for _ in 0..READERS {
            let (inside, arrival, leave) = doorkeeper();
            let (inside, holder) = (Arc::new(inside), db.clone());
            holders.push(tokio::spawn(async move {
                let look = holder.read(move |_| {
                    let inside = Arc::clone(&inside);
                    Box::pin(async move {
                        inside.wait();
                        Ok::<_, StoreError>(())
                    })
                });
                look.await
            }));
            tokio::task::block_in_place(|| arrival.recv()).expect("a reader is held");
            leaves.push(leave);
        }
        let ran = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&ran);
        let left = db.read(move |_| {
            seen.store(true, Ordering::SeqCst);
            Box::pin(async { Ok::<_, StoreError>(()) })
        });
        assert!(futures::FutureExt::now_or_never(left).is_none());
        for leave in leaves {
            leave.send(()).expect("the reader waits");
        }
        for holder in join_all(holders).await {
            holder.expect("no panic").expect("looked");
        }
        // The readers take turns in order, so theirs came before this one.
        assert_eq!(names(&db).await, "");
        assert!(!ran.load(Ordering::SeqCst));
    });
}

#[test]
fn a_look_ends_when_its_caller_leaves() {
    testdb::run(Engine::Sqlite, steps(), |db| async move {
        join_all((0..READERS).map(|_| begun_and_left(&db))).await;
        let look = tokio::time::timeout(Duration::from_secs(10), names(&db)).await;
        assert_eq!(look.expect("a reader is free"), "");
    });
}

async fn begun_and_left(db: &Db) {
    let endless = db.read::<_, StoreError, _>(|tx| Box::pin(tx.query(&ENDLESS, &[])));
    let waited = tokio::time::timeout(Duration::from_millis(300), endless).await;
    assert!(waited.is_err(), "it does not end by itself");
}
