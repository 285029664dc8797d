//! Steps run once, in their order, and never change once they ran; both engines end up alike.

use crate::counters;
use std::error::Error;
use store::{Db, DbOptions, Engine, Statement, Step, StoreError};
use testdb::TestDb;

const FIRST: Step = Step::common(
    1000,
    "first",
    "CREATE TABLE first (a TEXT NOT NULL, b BIGINT);",
);
const SECOND: Step = Step::common(1001, "second", "CREATE TABLE second (a TEXT NOT NULL);");
const LOWER: Step = Step::common(100, "lower", "CREATE TABLE lower_room (a TEXT NOT NULL);");

async fn reopened(test: &TestDb, steps: &[Step]) -> Result<Db, StoreError> {
    test.db.close().await;
    let options = DbOptions {
        steps: steps.to_vec(),
        ..test.options.clone()
    };
    Db::open(options).await
}

fn why(result: Result<Db, StoreError>) -> String {
    let error = result.expect_err("refused");
    let source = error.source().map(ToString::to_string);
    format!("{error}: {}", source.unwrap_or_default())
}

async fn grows_and_keeps_its_past(engine: Engine) {
    let test = testdb::open(engine, vec![FIRST]).await;
    let db = reopened(&test, &[FIRST]).await.expect("nothing to do");
    db.close().await;
    let db = reopened(&test, &[FIRST, SECOND, LOWER]).await;
    let db = db.expect("a lower room grows after a higher one");
    assert_eq!(tables(&db).await, TABLES);
    db.close().await;

    let changed = Step::common(1000, "first", "CREATE TABLE first (a TEXT NOT NULL);");
    let refused = why(reopened(&test, &[changed, SECOND, LOWER]).await);
    assert!(refused.contains("1000 `first` was changed"), "{refused}");
    let refused = why(reopened(&test, &[FIRST, LOWER]).await);
    assert!(
        refused.contains("1001 `second` ran here and is unknown"),
        "{refused}"
    );
    let broken = Step::common(
        1002,
        "broken",
        "CREATE TABLE third (a TEXT); CREATE NONSENSE;",
    );
    let refused = reopened(&test, &[FIRST, SECOND, LOWER, broken]).await;
    assert!(
        matches!(refused, Err(StoreError::Migrate(_))),
        "{refused:?}"
    );
    let db = reopened(&test, &[FIRST, SECOND, LOWER]).await;
    let db = db.expect("a broken step leaves nothing behind");
    assert_eq!(tables(&db).await, TABLES);
    db.close().await;
}

async fn tables(db: &Db) -> String {
    const COLUMNS: Statement = Statement {
        name: "COLUMNS",
        sqlite: "SELECT m.name AS t, c.name AS c FROM sqlite_schema AS m, pragma_table_info(m.name) AS c \
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'schema%' \
            ORDER BY m.name, c.cid",
        postgres: "SELECT CAST(table_name AS TEXT) AS t, CAST(column_name AS TEXT) AS c \
            FROM information_schema.columns \
            WHERE table_schema = current_schema() AND table_name NOT LIKE 'schema%' \
            ORDER BY table_name, ordinal_position",
    };
    let rows: Result<_, StoreError> = db
        .read(|tx| Box::pin(async { tx.query(&COLUMNS, &[]).await }))
        .await;
    let rows = rows.expect("columns");
    let mut text = String::new();
    let mut last = "";
    for row in &rows {
        let table = row.text("t").expect("a table");
        if table != last {
            text.push('\n');
            text.push_str(table);
        }
        text.push(' ');
        text.push_str(row.text("c").expect("a column"));
        last = table;
    }
    text
}

const TABLES: &str = "
first a b
idempotency scope key request_hash subject status body created_at
jobs job_id kind key payload due_at attempts state leased_until owner last_error
lower_room a
outbox seq event_id kind owner subject payload at
second a";

mod steps_grow {
    use super::*;

    #[tokio::test]
    async fn sqlite() {
        grows_and_keeps_its_past(Engine::Sqlite).await;
    }

    #[tokio::test]
    async fn postgres() {
        grows_and_keeps_its_past(Engine::Postgres).await;
    }
}

#[tokio::test]
async fn processes_that_start_at_once_take_turns() {
    let test = testdb::postgres(Vec::new()).await;
    let open = || {
        Db::open(DbOptions {
            steps: counters::steps(),
            ..test.options.clone()
        })
    };
    let opened = futures::future::join_all([open(), open(), open(), open()]).await;
    for db in opened {
        counters::total(&db.expect("opened")).await;
    }
}

#[tokio::test]
async fn a_schema_is_a_plain_name() {
    let test = testdb::postgres(Vec::new()).await;
    for schema in ["", "Shop", "a-b", "1a", "a;drop schema b"] {
        let options = DbOptions {
            schema: schema.to_owned(),
            ..test.options.clone()
        };
        let refused = Db::open(options).await;
        assert!(matches!(refused, Err(StoreError::Url { .. })), "{schema}");
    }
}
