//! Databases for tests: a SQLite file in memory where the system has such a place, and a fresh
//! schema on the PostgreSQL that `TONGBAO_TEST_POSTGRES` names.
//!
//! A test of SQL is written once and stamped for both engines with [`on_both_engines!`]; a list of
//! statements is held against both with [`prepare_all`].

mod open;
mod postgres;

pub use open::{TestDb, open, postgres, sqlite};

use std::future::Future;
use store::{Db, Engine, Statement, Step};

/// Stamps each `async fn name(db: Db)` as two tests, `name::sqlite` and `name::postgres`, each on
/// an empty database of its own.
///
/// The tables come from `fn steps() -> Vec<Step>` beside it, or from a path that begins with a
/// crate's name: `steps: ledger::steps;`.
///
/// ```
/// # use store::{Db, Step, StoreError};
/// fn steps() -> Vec<Step> {
///     Vec::new()
/// }
/// testdb::on_both_engines! {
///     async fn an_empty_look_is_fine(db: Db) {
///         let look = db.read(|_tx| Box::pin(async { Ok::<_, StoreError>(()) })).await;
///         assert!(look.is_ok());
///     }
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! on_both_engines {
    (steps: $($step:ident)::+; $($tests:tt)+) => {
        $crate::on_both_engines! { @each [$($step)::+] $($tests)+ }
    };
    (@each [$($step:ident)::+]) => {};
    (@each [$($step:ident)::+]
        $(#[$meta:meta])* async fn $name:ident($db:ident: $ty:ty) $body:block $($tests:tt)*
    ) => {
        $(#[$meta])*
        async fn $name($db: $ty) $body

        mod $name {
            #[test]
            fn sqlite() {
                $crate::run($crate::SQLITE, $($step)::+(), super::$name);
            }

            #[test]
            fn postgres() {
                $crate::run($crate::POSTGRES, $($step)::+(), super::$name);
            }
        }

        $crate::on_both_engines! { @each [$($step)::+] $($tests)* }
    };
    ($($tests:tt)+) => {
        $crate::on_both_engines! { @each [super::steps] $($tests)+ }
    };
}

/// For the macro.
#[doc(hidden)]
pub const SQLITE: Engine = Engine::Sqlite;
/// For the macro.
#[doc(hidden)]
pub const POSTGRES: Engine = Engine::Postgres;

/// Runs one test on one engine: opens a database of its own, runs the body, closes and removes it.
///
/// # Panics
/// When the body does, or the database cannot be had.
pub fn run<F, Fut>(engine: Engine, steps: Vec<Step>, body: F)
where
    F: FnOnce(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the test");
    runtime.block_on(async {
        let database = open(engine, steps).await;
        body(database.db.clone()).await;
        database.db.close().await;
    });
}

/// Prepares every statement on the engine of `db`.
///
/// # Panics
/// When the engine refuses one: all refused ones are named, each with its reason.
pub async fn prepare_all(db: &Db, statements: &[&Statement]) {
    let mut refused = Vec::new();
    for statement in statements {
        if let Err(error) = db.prepare(statement).await {
            let mut reason = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                reason = format!("{reason}: {cause}");
                source = cause.source();
            }
            refused.push(reason);
        }
    }
    assert!(
        refused.is_empty(),
        "{:?} refuses {} of {} statements:\n{}",
        db.engine(),
        refused.len(),
        statements.len(),
        refused.join("\n")
    );
}
