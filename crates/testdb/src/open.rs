//! Opening a database that lives as long as its test.

use crate::postgres::Schema;
use store::{Db, DbOptions, Engine, Step};
use tempfile::TempDir;

/// A database of one test. Dropped, it is removed.
#[derive(Debug)]
pub struct TestDb {
    /// The database.
    pub db: Db,
    /// How it was opened, to open it again after a `close`.
    pub options: DbOptions,
    _place: Place,
}

#[derive(Debug)]
enum Place {
    Directory(#[expect(dead_code, reason = "held until the end")] TempDir),
    Schema(#[expect(dead_code, reason = "held until the end")] Schema),
}

/// An empty database on that engine.
///
/// # Panics
/// When it cannot be had.
pub async fn open(engine: Engine, steps: Vec<Step>) -> TestDb {
    match engine {
        Engine::Sqlite => sqlite(steps).await,
        Engine::Postgres => postgres(steps).await,
    }
}

/// An empty SQLite file.
///
/// # Panics
/// When it cannot be made, or a step fails.
pub async fn sqlite(steps: Vec<Step>) -> TestDb {
    // These tests are about what the code does, not the disk: in memory a commit is quick.
    let directory = tempfile::Builder::new()
        .prefix("tongbao-test-")
        .tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .expect("a directory for the test's database");
    let options = DbOptions {
        url: format!("sqlite:{}", directory.path().join("test.db").display()),
        schema: "test".to_owned(),
        steps,
        max_connections: CONNECTIONS,
    };
    opened(options, Place::Directory(directory)).await
}

/// A fresh schema on the server that `TONGBAO_TEST_POSTGRES` names.
///
/// # Panics
/// When the variable is not set, the server cannot be reached, or a step fails.
pub async fn postgres(steps: Vec<Step>) -> TestDb {
    let schema = Schema::reserve().await;
    let options = DbOptions {
        url: schema.url(),
        schema: schema.name().to_owned(),
        steps,
        max_connections: CONNECTIONS,
    };
    opened(options, Place::Schema(schema)).await
}

async fn opened(options: DbOptions, place: Place) -> TestDb {
    let db = Db::open(options.clone()).await;
    TestDb {
        db: db.expect("the test's database opens"),
        options,
        _place: place,
    }
}

/// Of each test; a server allows a hundred in all, and several tests run at once.
const CONNECTIONS: usize = 8;
