//! Looking at a database without opening it: what ran there, and nothing changes by that.

use std::error::Error;
use store::{Db, DbOptions, Engine, Inspection, Step, StepName, StoreError};

const FIRST: Step = Step::common(1000, "first", "CREATE TABLE first (a TEXT NOT NULL);");
const SECOND: Step = Step::common(1001, "second", "CREATE TABLE second (a TEXT NOT NULL);");

fn numbers(steps: &[StepName]) -> Vec<i32> {
    steps.iter().map(|step| step.version).collect()
}

async fn inspected(options: &DbOptions, steps: &[Step]) -> Inspection {
    let options = DbOptions {
        steps: steps.to_vec(),
        ..options.clone()
    };
    Db::inspect(options).await.expect("it can be looked at")
}

async fn a_look_says_what_ran(engine: Engine) {
    // While it is open.
    let test = testdb::open(engine, vec![FIRST]).await;
    let seen = inspected(&test.options, &[FIRST, SECOND]).await;
    assert_eq!(seen.engine, engine);
    assert_eq!(numbers(&seen.applied), [1, 2, 3, 1000]);
    let second = StepName {
        version: 1001,
        name: "second".to_owned(),
    };
    assert_eq!(seen.missing, [second]);
    assert_eq!((seen.changed.len(), seen.unknown.len()), (0, 0));
    // Nothing ran by that, and it says the same of a closed one.
    test.db.close().await;
    assert_eq!(inspected(&test.options, &[FIRST, SECOND]).await, seen);

    let other = Step::common(1000, "first", "CREATE TABLE first (b TEXT NOT NULL);");
    let seen = inspected(&test.options, &[other]).await;
    assert_eq!(numbers(&seen.changed), [1000]);
    assert_eq!(numbers(&seen.applied), [1, 2, 3]);

    let db = Db::open(DbOptions {
        steps: vec![FIRST, SECOND],
        ..test.options.clone()
    });
    db.await.expect("opened").close().await;
    assert_eq!(
        numbers(&inspected(&test.options, &[SECOND]).await.unknown),
        [1000]
    );
}

mod what_ran_is_told {
    use super::*;

    #[tokio::test]
    async fn sqlite() {
        a_look_says_what_ran(Engine::Sqlite).await;
    }

    #[tokio::test]
    async fn postgres() {
        a_look_says_what_ran(Engine::Postgres).await;
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_made() {
    let test = testdb::sqlite(Vec::new()).await;
    let options = DbOptions {
        url: format!("{}.other", test.options.url),
        ..test.options.clone()
    };
    let refused = Db::inspect(options.clone()).await.expect_err("absent");
    assert!(matches!(refused, StoreError::Open { .. }));
    let source = refused.source().map(ToString::to_string);
    assert!(source.unwrap_or_default().contains("No such file"));
    let path = options.url.strip_prefix("sqlite:").expect("a file");
    assert!(!std::path::Path::new(path).exists());
}

#[tokio::test]
async fn a_closed_file_is_left_alone() {
    let test = testdb::sqlite(vec![FIRST]).await;
    test.db.close().await;
    let path = test.options.url.strip_prefix("sqlite:").expect("a file");
    let directory = std::path::Path::new(path).parent().expect("a directory");
    let files = || {
        let entries = std::fs::read_dir(directory).expect("readable");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    };
    let before = files();
    inspected(&test.options, &[FIRST]).await;
    assert_eq!(files(), before);
}

#[tokio::test]
async fn a_schema_that_is_not_there_is_empty_and_not_made() {
    let test = testdb::postgres(Vec::new()).await;
    let options = DbOptions {
        schema: "nobody_made_this_schema".to_owned(),
        ..test.options.clone()
    };
    for _ in 0..2 {
        let seen = inspected(&options, &[FIRST]).await;
        assert_eq!(numbers(&seen.applied), [0_i32; 0]);
        assert_eq!(numbers(&seen.missing), [1, 2, 3, 1000]);
    }
    let elsewhere = DbOptions {
        url: "postgres://postgres@127.0.0.1:1/postgres".to_owned(),
        ..options
    };
    let refused = Db::inspect(elsewhere).await;
    assert!(matches!(refused, Err(StoreError::Open { .. })));
}
