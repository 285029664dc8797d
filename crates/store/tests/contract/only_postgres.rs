//! What only a server can do to us: deadlocks between transactions.

use crate::counters::{BUMP, LOCK, add, steps, total};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use store::{Db, Engine, StoreError, params};

#[test]
fn a_deadlock_is_tried_again() {
    testdb::run(Engine::Postgres, steps(), |db| async move {
        add(&db, "a", 0).await.expect("added");
        add(&db, "b", 0).await.expect("added");
        let both_hold_one = Arc::new(Barrier::new(2));
        let tries = Arc::new(AtomicU32::new(0));
        let cross = |first: &'static str, second: &'static str| {
            let db = db.clone();
            let (both_hold_one, tries) = (Arc::clone(&both_hold_one), Arc::clone(&tries));
            tokio::spawn(async move { bump_both(&db, first, second, both_hold_one, tries).await })
        };
        let (one, other) = (cross("a", "b"), cross("b", "a"));
        one.await.expect("no panic").expect("one came through");
        other
            .await
            .expect("no panic")
            .expect("the other came through");
        assert_eq!(total(&db).await, 4);
        // The one that lost may come back before the other has woken up, and lose once more.
        let again = tries.load(Ordering::SeqCst) - 2;
        assert!(again > 0);
        assert_eq!(db.stats().retries, u64::from(again));
    });
}

async fn bump_both(
    db: &Db,
    first: &'static str,
    second: &'static str,
    both_hold_one: Arc<Barrier>,
    tries: Arc<AtomicU32>,
) -> Result<(), StoreError> {
    db.write(move |tx| {
        let (both_hold_one, tries) = (Arc::clone(&both_hold_one), Arc::clone(&tries));
        Box::pin(async move {
            tx.query_one(&LOCK, &params![first]).await?;
            if tries.fetch_add(1, Ordering::SeqCst) < 2 {
                tokio::task::block_in_place(|| both_hold_one.wait());
            }
            tx.execute_one(&BUMP, &params![second, 1]).await?;
            tx.execute_one(&BUMP, &params![first, 1]).await
        })
    })
    .await
}

store::statements! {
    /// Ends those who wait for what the caller has locked, as an administrator does.
    END_THE_WAITING = "SELECT pg_terminate_backend(pid) AS ended FROM pg_locks
        WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))";
}

#[test]
fn a_look_whose_connection_is_ended_is_sent_again() {
    testdb::run(Engine::Postgres, steps(), |db| async move {
        add(&db, "a", 7).await.expect("added");
        let locked = Arc::new(tokio::sync::Notify::new());
        let (holder, told) = (db.clone(), Arc::clone(&locked));
        let holding = tokio::spawn(async move {
            let held = holder.write(move |tx| {
                let told = Arc::clone(&told);
                Box::pin(async move {
                    tx.query_one(&LOCK, &params!["a"]).await?;
                    told.notify_one();
                    while tx.query(&END_THE_WAITING, &[]).await?.is_empty() {}
                    Ok::<_, StoreError>(())
                })
            });
            held.await
        });
        locked.notified().await;
        // It waits for the row, is ended there, and waits again on another connection.
        let rows = db.look(&LOCK, params!["a"]).await.expect("a look");
        assert_eq!(rows[0].int("n").expect("a number"), 7);
        holding.await.expect("no panic").expect("held");
        assert!(db.stats().retries > 0);
    });
}

#[test]
fn a_dropped_call_leaves_the_connection_clean() {
    testdb::run(Engine::Postgres, steps(), |db| async move {
        add(&db, "a", 0).await.expect("added");
        for _ in 0..16 {
            let writing = db.write(|tx| {
                Box::pin(async {
                    tx.execute_one(&BUMP, &params!["a", 1]).await?;
                    tx.execute_one(&BUMP, &params!["a", 1]).await
                })
            });
            // Polled until it waits for the server, then dropped.
            let dropped: Option<Result<(), StoreError>> = futures::FutureExt::now_or_never(writing);
            assert!(dropped.is_none());
        }
        add(&db, "b", 5).await.expect("added");
        assert_eq!(total(&db).await, 5);
    });
}
