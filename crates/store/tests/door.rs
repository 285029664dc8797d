//! The door for writes, on both engines: what is kept, what is rolled back, who waits for whom.

use store::{Db, Step, StoreError, Value, params};

mod tables {
    store::statements! {
        /// Adds one row.
        ADD = "INSERT INTO counters (name, n) VALUES ($1, $2)";
        /// Adds to one row; its values stand in another order than SQLite counts them.
        BUMP = "UPDATE counters SET n = n + $2 WHERE name = $1";
        /// One row, locked.
        LOCK = "SELECT n FROM counters WHERE name = $1", pg " FOR UPDATE";
        /// All rows.
        ALL_ROWS = "SELECT name, n FROM counters ORDER BY name";
        /// How much there is.
        SUM = "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) AS total FROM counters";
    }
}

fn steps() -> Vec<Step> {
    vec![Step::common(
        1000,
        "counters",
        "CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);",
    )]
}

async fn add(db: &Db, name: &'static str, n: i64) -> Result<(), StoreError> {
    db.write(move |tx| {
        Box::pin(async move { tx.execute_one(&tables::ADD, &params![name, n]).await })
    })
    .await
}

async fn total(db: &Db) -> i64 {
    let total: Result<i64, StoreError> = db
        .read(|tx| Box::pin(async { tx.query_one(&tables::SUM, &[]).await?.int("total") }))
        .await;
    total.expect("a sum")
}

testdb::on_both_engines! {
    async fn what_is_committed_is_read_back(db: Db) {
        add(&db, "a", 1).await.expect("added");
        add(&db, "b", 2).await.expect("added");
        let rows = db
            .read(|tx| Box::pin(async { tx.query(&tables::ALL_ROWS, &[]).await }))
            .await;
        let rows = rows.expect("rows");
        let rows: Vec<_> = rows.iter().map(|row| (row.text("name"), row.int("n"))).collect();
        assert_eq!(format!("{rows:?}"), r#"[(Ok("a"), Ok(1)), (Ok("b"), Ok(2))]"#);
        assert_eq!(total(&db).await, 3);
        assert_eq!(db.stats().closures, 2);
    }

    async fn a_conflict_says_so_and_leaves_nothing(db: Db) {
        add(&db, "a", 1).await.expect("added");
        let again: Result<(), StoreError> = db
            .write(|tx| {
                Box::pin(async {
                    tx.execute_one(&tables::ADD, &params!["b", 5]).await?;
                    tx.execute_one(&tables::ADD, &params!["a", 5]).await
                })
            })
            .await;
        assert!(again.expect_err("it is there").as_conflict().is_some());
        assert_eq!(total(&db).await, 1);
    }
}

#[test]
fn values_are_equal_to_themselves() {
    assert_eq!(Value::from("a"), Value::Text("a".to_owned()));
}
