//! The door for writes, on both engines: what is kept, what is rolled back, who waits for whom.

use crate::counters::{ADD, ADD_ONCE, BUMP, LOCK, add, doorkeeper, names, steps, total};
use futures::future::join_all;
use std::sync::Arc;
use store::{Db, Script, Statement, StoreError, params};

/// A refusal of a domain, as the rooms above have them.
#[derive(Debug)]
enum Refused {
    TooMuch,
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

testdb::on_both_engines! {
    async fn what_is_committed_is_read_back(db: Db) {
        add(&db, "a", 1).await.expect("added");
        add(&db, "b", 2).await.expect("added");
        assert_eq!(names(&db).await, "a b");
        assert_eq!(total(&db).await, 3);
        assert_eq!(db.stats().closures, 2);
    }

    async fn a_refusal_rolls_back_and_is_returned(db: Db) {
        let refused: Result<(), Refused> = db
            .write(|tx| Box::pin(async {
                tx.execute_one(&ADD, &params!["a", 1]).await?;
                Err(Refused::TooMuch)
            }))
            .await;
        assert!(matches!(refused, Err(Refused::TooMuch)));
        assert_eq!(names(&db).await, "");
        assert_eq!(db.stats().closures, 0);
    }

    async fn a_conflict_says_so_and_leaves_nothing(db: Db) {
        add(&db, "a", 1).await.expect("added");
        let again: Result<(), Refused> = db
            .write(|tx| Box::pin(async {
                tx.execute_one(&ADD, &params!["b", 5]).await?;
                Ok(tx.execute_one(&ADD, &params!["a", 5]).await?)
            }))
            .await;
        match again {
            Err(Refused::Store(error)) => assert!(error.as_conflict().is_some(), "{error:?}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(names(&db).await, "a");
    }

    async fn what_runs_later_is_seen_by_what_runs_after_it(db: Db) {
        let seen: Result<i64, StoreError> = db
            .write(|tx| Box::pin(async {
                tx.later(&ADD, params!["a", 1], 1).await?;
                tx.later(&BUMP, params!["a", 2], 1).await?;
                let seen = tx.query_one(&LOCK, &params!["a"]).await?.int("n")?;
                tx.later(&ADD, params!["b", 4], 1).await?;
                Ok(seen)
            }))
            .await;
        assert_eq!(seen.expect("committed"), 3);
        assert_eq!(names(&db).await, "a b");
        assert_eq!(total(&db).await, 7);
    }

    async fn what_runs_later_and_meets_a_conflict_takes_the_rest_with_it(db: Db) {
        add(&db, "a", 1).await.expect("added");
        let conflict: Result<(), StoreError> = db
            .write(|tx| Box::pin(async {
                tx.later(&ADD, params!["b", 1], 1).await?;
                tx.later(&ADD, params!["a", 1], 1).await?;
                tx.later(&ADD, params!["c", 1], 1).await
            }))
            .await;
        assert!(matches!(conflict, Err(StoreError::Conflict(_))), "{conflict:?}");
        assert_eq!(names(&db).await, "a");
        add(&db, "b", 1).await.expect("the connection goes on");
    }

    async fn what_runs_later_and_changes_another_number_takes_the_rest_with_it(db: Db) {
        let affected: Result<(), StoreError> = db
            .write(|tx| Box::pin(async {
                tx.later(&ADD, params!["b", 1], 1).await?;
                tx.later(&BUMP, params!["nobody", 1], 1).await
            }))
            .await;
        let wanted = StoreError::Affected { statement: "BUMP", changed: 0, wanted: 1 };
        assert_eq!(affected.expect_err("refused").to_string(), wanted.to_string());
        let early: Result<i64, StoreError> = db
            .write(|tx| Box::pin(async {
                tx.later(&BUMP, params!["nobody", 1], 1).await?;
                tx.later(&ADD, params!["c", 1], 1).await?;
                tx.query_one(&LOCK, &params!["c"]).await?.int("n")
            }))
            .await;
        assert_eq!(early.expect_err("refused").to_string(), wanted.to_string());
        assert_eq!(names(&db).await, "");
    }

    async fn scripts_of_many_callers_are_all_kept(db: Db) {
        let script = |caller: usize| {
            let mut script = Script::new();
            script.add(&ADD_ONCE, params![format!("a{caller:03}"), 1]);
            for line in 0..caller % 3 {
                script.add(&ADD, params![format!("b{caller:03}-{line}"), 10]);
            }
            script
        };
        let runs = join_all((0..200).map(|caller| db.run(script(caller)))).await;
        assert!(runs.iter().all(Result::is_ok), "{runs:?}");
        assert_eq!(total(&db).await, 200 + 10 * (0..200).map(|caller: i64| caller % 3).sum::<i64>());
        let stats = db.stats();
        assert_eq!(stats.closures, 200);
        assert!(stats.commits < 100, "{stats:?}");
    }

    async fn a_refused_script_takes_only_itself_back(db: Db) {
        add(&db, "taken", 1).await.expect("added");
        let script = |name: &'static str, kind: &Statement| {
            let mut script = Script::new();
            script.add(&ADD, params![format!("{name}-first"), 1]);
            script.add(kind, params![if name == "good" { "good" } else { "taken" }, 1]);
            script
        };
        let runs = join_all([
            db.run(script("there", &ADD_ONCE)),
            db.run(script("good", &ADD)),
            db.run(script("conflict", &ADD)),
        ])
        .await;
        assert!(matches!(
            runs.as_slice(),
            [
                Err(StoreError::Affected { statement: "ADD_ONCE", changed: 0, wanted: 1 }),
                Ok(()),
                Err(StoreError::Conflict(_)),
            ]
        ), "{runs:?}");
        assert_eq!(names(&db).await, "good good-first taken");
    }

    async fn of_many_who_add_the_same_one_does(db: Db) {
        let runs = join_all((0..100).map(|_| {
            let mut script = Script::new();
            script.add(&ADD_ONCE, params!["same", 1]);
            db.run(script)
        }))
        .await;
        assert_eq!(runs.iter().filter(|run| run.is_ok()).count(), 1);
        assert_eq!(total(&db).await, 1);
    }

    async fn nothing_is_kept_after_a_failed_statement(db: Db) {
        add(&db, "a", 1).await.expect("added");
        let went_on: Result<(), StoreError> = db
            .write(|tx| Box::pin(async {
                tx.execute_one(&ADD, &params!["b", 1]).await?;
                let conflict = tx.execute_one(&ADD, &params!["a", 1]).await;
                assert!(conflict.is_err());
                let after = tx.execute_one(&ADD, &params!["c", 1]).await;
                assert!(matches!(after, Err(StoreError::Statement { .. })));
                Ok(())
            }))
            .await;
        assert!(matches!(went_on, Err(StoreError::Closure(_))), "{went_on:?}");
        assert_eq!(names(&db).await, "a");
    }

    async fn a_panic_is_an_error_and_rolls_back(db: Db) {
        for early in [true, false] {
            let panicked: Result<(), StoreError> = db
                .write(move |tx| {
                    assert!(!early, "before the future");
                    Box::pin(async {
                        tx.execute_one(&ADD, &params!["a", 1]).await?;
                        panic!("inside the future")
                    })
                })
                .await;
            assert!(matches!(panicked, Err(StoreError::Closure(_))), "{panicked:?}");
        }
        assert_eq!(names(&db).await, "");
        add(&db, "b", 1).await.expect("the door still works");
    }

    async fn waiting_for_something_else_is_an_error(db: Db) {
        let waited: Result<(), StoreError> = db
            .write(|tx| Box::pin(async {
                tx.execute_one(&ADD, &params!["a", 1]).await?;
                std::future::pending::<()>().await;
                Ok(())
            }))
            .await;
        assert!(matches!(waited, Err(StoreError::Closure(_))), "{waited:?}");
        assert_eq!(names(&db).await, "");
        add(&db, "b", 1).await.expect("the door still works");
    }

    async fn no_increment_of_64_callers_is_lost(db: Db) {
        add(&db, "a", 0).await.expect("added");
        let callers = (0..64).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..10 {
                    let bumped: Result<(), StoreError> = db
                        .write(|tx| Box::pin(async {
                            tx.query_one(&LOCK, &params!["a"]).await?.int("n")?;
                            tx.execute_one(&BUMP, &params!["a", 1]).await
                        }))
                        .await;
                    bumped.expect("bumped");
                }
            })
        });
        for caller in join_all(callers).await {
            caller.expect("no panic");
        }
        assert_eq!(total(&db).await, 640);
        let stats = db.stats();
        assert_eq!(stats.closures, 641);
        assert!(stats.commits <= stats.closures);
    }

    async fn a_look_does_not_wait_for_the_writer(db: Db) {
        add(&db, "a", 1).await.expect("added");
        let (inside, arrival, leave) = doorkeeper();
        let inside = Arc::new(inside);
        let writer = db.clone();
        let writing = tokio::spawn(async move {
            writer
                .write(move |tx| {
                    let inside = Arc::clone(&inside);
                    Box::pin(async move {
                        tx.execute_one(&BUMP, &params!["a", 10]).await?;
                        inside.wait();
                        Ok::<_, StoreError>(())
                    })
                })
                .await
        });
        tokio::task::block_in_place(|| arrival.recv()).expect("the writer is inside");
        assert_eq!(total(&db).await, 1);
        leave.send(()).expect("the writer waits");
        writing.await.expect("no panic").expect("written");
        assert_eq!(total(&db).await, 11);
    }

    async fn a_look_cannot_change_anything(db: Db) {
        let changed: Result<(), StoreError> = db
            .read(|tx| Box::pin(async { tx.execute_one(&ADD, &params!["a", 1]).await }))
            .await;
        assert!(matches!(changed, Err(StoreError::Statement { .. })), "{changed:?}");
        assert_eq!(names(&db).await, "");
    }

    async fn the_wrong_number_of_rows_is_an_error(db: Db) {
        let missed: Result<(), StoreError> = db
            .write(|tx| Box::pin(async { tx.execute_one(&BUMP, &params!["nobody", 1]).await }))
            .await;
        assert!(matches!(missed, Err(StoreError::Affected { changed: 0, .. })));
        let none: Result<(), StoreError> = db
            .read(|tx| Box::pin(async {
                tx.query_one(&LOCK_FREE, &params!["nobody"]).await.map(|_| ())
            }))
            .await;
        assert!(matches!(none, Err(StoreError::Affected { changed: 0, .. })));
    }

    async fn a_closed_database_says_so(db: Db) {
        add(&db, "a", 1).await.expect("added");
        db.close().await;
        db.close().await;
        assert!(matches!(add(&db, "b", 1).await, Err(StoreError::Closed)));
        let look: Result<(), StoreError> = db.read(|_| Box::pin(async { Ok(()) })).await;
        assert!(matches!(look, Err(StoreError::Closed)));
    }

    async fn what_is_queued_is_done_before_it_closes(db: Db) {
        let adding = (0..32).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(move |tx| Box::pin(async move {
                    tx.execute_one(&ADD, &params![format!("n{n}"), 1]).await
                }))
                .await
            })
        });
        let adding: Vec<_> = adding.collect();
        db.close().await;
        for added in join_all(adding).await {
            let added: Result<(), StoreError> = added.expect("no panic");
            assert!(matches!(added, Ok(()) | Err(StoreError::Closed)), "{added:?}");
        }
    }
}

/// As `LOCK`, for a look.
const LOCK_FREE: Statement = Statement {
    name: "LOCK_FREE",
    sqlite: "SELECT n FROM counters WHERE name = $1",
    postgres: "SELECT n FROM counters WHERE name = $1",
};

#[tokio::test]
async fn an_address_that_is_none_is_shown_without_its_password() {
    for (url, shown) in [
        ("mysql://me:secret@host/db", "mysql://…@host/db"),
        ("sqlite:", "sqlite:"),
        ("sqlite::nowhere:", "sqlite::nowhere:"),
    ] {
        let options = store::DbOptions {
            url: url.to_owned(),
            schema: "test".to_owned(),
            steps: steps(),
            max_connections: 1,
        };
        let error = Db::open(options).await.expect_err("no database of ours");
        assert!(error.to_string().contains(shown), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
