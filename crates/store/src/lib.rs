//! Two engines behind one value layer, one SQL text and one door for writes.
//!
//! SQLite is embedded; PostgreSQL takes over when the URL says so. Every statement is one text for
//! both, declared with [`statements!`]; every change goes through [`Db::write`]; every look goes
//! through [`Db::read`], which never waits for the writer.
//!
//! Columns are TEXT, BIGINT, BOOLEAN and bytes, nothing else: times are milliseconds, money is
//! fen, ids and JSON are text.

mod closure;
mod crowd;
mod db;
mod error;
mod inspect;
mod migrate;
mod postgres;
mod row;
mod script;
mod sqlite;
mod statement;
mod stats;
mod tx;
mod value;
mod whole;

pub mod idempotency;
pub mod jobs;
pub mod outbox;

pub use db::{Db, DbOptions, Engine, Step};
pub use error::{Conflict, StoreError};
pub use inspect::{Inspection, StepName};
pub use row::Row;
pub use script::Script;
pub use statement::Statement;
pub use stats::Stats;
pub use tx::Tx;
pub use value::Value;
pub use whole::Whole;

/// A boxed future that borrows the transaction, what a closure for [`Db::write`] returns.
pub type BoxFuture<'a, T> = futures::future::BoxFuture<'a, T>;

/// Every statement of the store itself, for the test that prepares each on both engines.
#[must_use]
pub fn statements() -> Vec<&'static Statement> {
    let rooms = [idempotency::ALL, jobs::ALL, outbox::ALL];
    rooms.into_iter().flatten().collect()
}
