//! What only the embedded engine does: several closures in one commit, and its end of a whole
//! transaction.

use crate::counters::{self, ADD, add, doorkeeper, names};
use futures::future::{BoxFuture, join_all};
use std::error::Error;
use std::sync::Arc;
use store::{Db, Engine, Statement, Step, StoreError, Tx, params};

fn steps() -> Vec<Step> {
    let mut steps = counters::steps();
    steps.push(Step::common(
        1001,
        "traps",
        "CREATE TABLE blobs (name TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL);
         CREATE TRIGGER ends_all BEFORE INSERT ON counters WHEN NEW.name = 'rollback'
         BEGIN SELECT RAISE(ROLLBACK, 'the whole transaction ends'); END;
         CREATE TABLE late (name TEXT NOT NULL REFERENCES blobs (name) DEFERRABLE INITIALLY DEFERRED);",
    ));
    steps
}

store::statements! {
    /// A row as large as it takes.
    BLOB = "INSERT INTO blobs (name, content) VALUES ($1, $2)";
    /// A row that only the commit refuses.
    LATE = "INSERT INTO late (name) VALUES ($1)";
    /// 2 is FULL.
    SYNCHRONOUS = "PRAGMA synchronous";
    /// 1 is on.
    FOREIGN_KEYS = "PRAGMA foreign_keys";
    /// How it keeps its log.
    JOURNAL_MODE = "PRAGMA journal_mode";
    /// How many pages there are.
    PAGES = "PRAGMA page_count";
}

type Change =
    Arc<dyn for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<(), StoreError>> + Send + Sync>;

fn adding(name: &'static str) -> Change {
    Arc::new(move |tx| Box::pin(async move { tx.execute_one(&ADD, &params![name, 1]).await }))
}

/// Queues the changes behind a closure that holds the writer, so that they are one batch.
async fn in_one_batch(db: &Db, changes: Vec<Change>) -> Vec<Result<(), StoreError>> {
    let (inside, arrival, leave) = doorkeeper();
    let inside = Arc::new(inside);
    let holder = db.clone();
    let holding = tokio::spawn(async move {
        holder
            .write(move |_| {
                let inside = Arc::clone(&inside);
                Box::pin(async move {
                    inside.wait();
                    Ok::<_, StoreError>(())
                })
            })
            .await
    });
    tokio::task::block_in_place(|| arrival.recv()).expect("the writer is held");
    let mut queued = Box::pin(join_all(changes.into_iter().map(|change| {
        let db = db.clone();
        async move { db.write(move |tx| change(tx)).await }
    })));
    // One poll puts all of them into the queue.
    assert!(futures::poll!(&mut queued).is_pending());
    leave.send(()).expect("the writer waits");
    holding.await.expect("no panic").expect("held");
    queued.await
}

fn run<Fut: Future<Output = ()>>(test: impl FnOnce(Db) -> Fut) {
    testdb::run(Engine::Sqlite, steps(), test);
}

#[test]
fn a_batch_is_one_commit_and_each_closure_stands_alone() {
    run(|db| async move {
        let before = db.stats();
        let results = in_one_batch(
            &db,
            vec![
                adding("a"),
                Arc::new(|tx| {
                    Box::pin(async {
                        tx.execute_one(&ADD, &params!["half", 1]).await?;
                        tx.execute_one(&ADD, &params!["a", 1]).await
                    })
                }),
                Arc::new(|tx| {
                    Box::pin(async {
                        tx.execute_one(&ADD, &params!["panicked", 1]).await?;
                        panic!("in the middle")
                    })
                }),
                Arc::new(|tx| {
                    Box::pin(async {
                        tx.execute_one(&ADD, &params!["waited", 1]).await?;
                        std::future::pending().await
                    })
                }),
                adding("b"),
            ],
        )
        .await;
        assert!(matches!(
            results.as_slice(),
            [
                Ok(()),
                Err(StoreError::Conflict(_)),
                Err(StoreError::Closure(_)),
                Err(StoreError::Closure(_)),
                Ok(())
            ]
        ));
        assert_eq!(names(&db).await, "a b");
        let after = db.stats();
        assert_eq!(
            after.commits - before.commits,
            2,
            "the holder and the batch"
        );
        assert_eq!(after.closures - before.closures, 3);
    });
}

#[test]
fn after_a_failure_batches_are_careful_and_then_quick_again() {
    run(|db| async move {
        let runs = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let counting = |runs: &Arc<std::sync::atomic::AtomicU64>, fails: bool| -> Change {
            let runs = Arc::clone(runs);
            Arc::new(move |_| {
                runs.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let refused = StoreError::Closed;
                Box::pin(async move { if fails { Err(refused) } else { Ok(()) } })
            })
        };
        let ran = |runs: &Arc<std::sync::atomic::AtomicU64>| {
            runs.swap(0, std::sync::atomic::Ordering::SeqCst)
        };
        let good = vec![counting(&runs, false), counting(&runs, false)];
        in_one_batch(&db, good.clone()).await;
        assert_eq!(ran(&runs), 2, "each once");
        let one_bad = vec![
            counting(&runs, false),
            counting(&runs, true),
            counting(&runs, false),
        ];
        let results = in_one_batch(&db, one_bad.clone()).await;
        assert!(matches!(
            results.as_slice(),
            [Ok(()), Err(StoreError::Closed), Ok(())]
        ));
        assert_eq!(
            ran(&runs),
            5,
            "up to the bad one, and then all with savepoints"
        );
        in_one_batch(&db, one_bad.clone()).await;
        assert_eq!(ran(&runs), 3, "with savepoints from the start");
        for _ in 0..62 {
            in_one_batch(&db, good.clone()).await;
        }
        ran(&runs);
        in_one_batch(&db, one_bad).await;
        assert_eq!(ran(&runs), 5, "the last failure is forgotten");
    });
}

#[test]
fn a_trigger_that_ends_the_transaction_costs_nobody_else_his_work() {
    run(|db| async move {
        let ends_and_goes_on: Change = Arc::new(|tx| {
            Box::pin(async {
                let ended = tx.execute_one(&ADD, &params!["rollback", 1]).await;
                assert!(ended.is_err());
                // Outside of a transaction this would stay for good.
                let after = tx.execute_one(&ADD, &params!["leaked", 1]).await;
                assert!(after.is_err());
                Ok(())
            })
        });
        let changes = vec![
            adding("a"),
            adding("rollback"),
            ends_and_goes_on,
            adding("b"),
        ];
        let results = in_one_batch(&db, changes).await;
        assert!(matches!(
            results.as_slice(),
            [
                Ok(()),
                Err(StoreError::Statement {
                    statement: "ADD",
                    ..
                }),
                Err(StoreError::Closure(_)),
                Ok(())
            ]
        ));
        assert_eq!(names(&db).await, "a b");
        assert_eq!(db.stats().splits, 1);
    });
}

#[test]
fn a_full_disk_costs_nobody_else_his_work() {
    run(|db| async move {
        let pages: Result<i64, StoreError> = db
            .read(|tx| Box::pin(async { tx.query_one(&PAGES, &[]).await?.int("page_count") }))
            .await;
        let quota = format!("PRAGMA max_page_count = {}", pages.expect("a number") + 20);
        let quota: &'static str = quota.leak();
        let quota = Statement {
            name: "QUOTA",
            sqlite: quota,
            postgres: quota,
        };
        let set: Result<_, StoreError> = db
            .write(move |tx| Box::pin(async move { tx.query(&quota, &[]).await }))
            .await;
        set.expect("a quota");
        let large: Change = Arc::new(|tx| {
            Box::pin(async {
                tx.execute_one(&ADD, &params!["half", 1]).await?;
                tx.execute_one(&BLOB, &params!["large", "x".repeat(1 << 20)])
                    .await
            })
        });
        let results = in_one_batch(&db, vec![adding("a"), large, adding("b")]).await;
        assert!(matches!(
            results.as_slice(),
            [
                Ok(()),
                Err(StoreError::Statement {
                    statement: "BLOB",
                    ..
                }),
                Ok(())
            ]
        ));
        assert_eq!(names(&db).await, "a b");
        assert_eq!(db.stats().splits, 1);
        add(&db, "c", 1)
            .await
            .expect("there is room for small ones");
    });
}

#[test]
fn a_commit_that_is_refused_costs_nobody_else_his_work() {
    run(|db| async move {
        let late: Change =
            Arc::new(|tx| Box::pin(async { tx.execute_one(&LATE, &params!["nobody"]).await }));
        let results = in_one_batch(&db, vec![adding("a"), late, adding("b")]).await;
        assert!(matches!(
            results.as_slice(),
            [Ok(()), Err(StoreError::Commit(_)), Ok(())]
        ));
        assert_eq!(names(&db).await, "a b");
        assert_eq!(db.stats().splits, 1);
    });
}

/// With 1, `NORMAL`, a commit does not sync the log; whoever answers does, see `durable`.
#[test]
fn the_writer_keeps_a_log_that_is_synced_before_answers() {
    run(|db| async move {
        let settings: Result<_, StoreError> = db
            .write(|tx| {
                Box::pin(async {
                    let synchronous = tx.query_one(&SYNCHRONOUS, &[]).await?;
                    let foreign_keys = tx.query_one(&FOREIGN_KEYS, &[]).await?;
                    let journal_mode = tx.query_one(&JOURNAL_MODE, &[]).await?;
                    Ok((
                        synchronous.int("synchronous")?,
                        foreign_keys.int("foreign_keys")?,
                        journal_mode.text("journal_mode")?.to_owned(),
                    ))
                })
            })
            .await;
        assert_eq!(settings.expect("settings"), (1, 1, "wal".to_owned()));
    });
}

#[test]
fn a_caller_that_left_before_its_turn_changes_nothing() {
    run(|db| async move {
        let leaving = db.clone();
        let (gone, stays): (Change, Change) = (adding("gone"), adding("stays"));
        let results = in_one_batch(
            &db,
            vec![Arc::new(move |_| {
                // Inside the first batch: whoever is queued now and leaves is not run.
                let (leaving, gone) = (leaving.clone(), Arc::clone(&gone));
                Box::pin(async move {
                    let writing = leaving.write(move |tx| gone(tx));
                    assert!(futures::FutureExt::now_or_never(writing).is_none());
                    Ok(())
                })
            })],
        )
        .await;
        assert!(matches!(results.as_slice(), [Ok(())]));
        let results = in_one_batch(&db, vec![stays]).await;
        assert!(matches!(results.as_slice(), [Ok(())]));
        assert_eq!(names(&db).await, "stays");
    });
}

#[tokio::test]
async fn a_file_is_opened_once_and_again_after_it_was_let_go() {
    let test = testdb::sqlite(steps()).await;
    add(&test.db, "a", 1).await.expect("added");
    let refused = Db::open(test.options.clone()).await.expect_err("in use");
    assert!(matches!(refused, StoreError::Open { .. }));
    let source = refused.source().map(ToString::to_string);
    assert!(source.unwrap_or_default().contains("another process"));

    test.db.close().await;
    let db = Db::open(test.options.clone()).await.expect("let go");
    assert_eq!(names(&db).await, "a");
    drop(db);
    let db = Db::open(test.options.clone())
        .await
        .expect("dropped is let go");
    assert_eq!(names(&db).await, "a");
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let test = testdb::sqlite(steps()).await;
    let path = test.options.url.strip_prefix("sqlite:").expect("a file");
    let mode = std::fs::metadata(path).expect("it exists").permissions();
    assert_eq!(mode.mode() & 0o077, 0);
}
