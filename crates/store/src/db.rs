//! The database: opening it, the one door for writes, looks that never wait for the writer.

use crate::{BoxFuture, StoreError, Tx};

/// Which engine a database runs on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server, one schema of it.
    Postgres,
}

/// One step of a schema. Its number is unique within one database: the store has 1 to 99, the
/// ledger 100 to 199, `service` 200 to 299, a context 1000 and above.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its number; steps run in their order.
    pub version: i32,
    /// What it does, `snake_case`.
    pub name: &'static str,
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL, mostly the same.
    pub postgres: &'static str,
}

impl Step {
    /// A step whose text is the same on both engines.
    #[must_use]
    pub const fn common(version: i32, name: &'static str, sql: &'static str) -> Self {
        Self {
            version,
            name,
            sqlite: sql,
            postgres: sql,
        }
    }
}

/// How to open a database.
#[derive(Clone, Debug)]
pub struct DbOptions {
    /// `sqlite:PATH` or `postgres://USER@HOST/DB`.
    pub url: String,
    /// The schema on PostgreSQL, made when it is missing; SQLite has one file per schema instead.
    pub schema: String,
    /// The steps of every room that keeps tables in it; the store's own are added.
    pub steps: Vec<Step>,
    /// Connections to PostgreSQL at most.
    pub max_connections: usize,
}

/// A database. Clones share it.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Engine,
}

impl Db {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// When the URL is none of ours, the database cannot be reached, or a step fails.
    #[expect(clippy::unused_async, reason = "skeleton")]
    pub async fn open(options: DbOptions) -> Result<Self, StoreError> {
        let _ = options;
        Ok(Self {
            engine: Engine::Sqlite,
        })
    }

    /// Which engine it runs on.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The one door for writes: runs `change` in a transaction and answers after the commit.
    ///
    /// `change` may run more than once (a batch that was given up, a serialization failure), so it
    /// has no effect but through the transaction; ids and times are taken before the door. It
    /// awaits nothing but the transaction. An error of its own rolls its work back and is returned.
    ///
    /// # Errors
    /// What `change` returned, or a [`StoreError`] made into it.
    #[expect(clippy::unused_async, reason = "skeleton")]
    pub async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let _ = change;
        Err(StoreError::Closed.into())
    }

    /// A consistent look at what is committed. Never waits for the writer, changes nothing.
    ///
    /// # Errors
    /// What `look` returned, or a [`StoreError`] made into it.
    #[expect(clippy::unused_async, reason = "skeleton")]
    pub async fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let _ = look;
        Err(StoreError::Closed.into())
    }

    /// Finishes what is queued and closes the database. Further calls answer [`StoreError::Closed`].
    #[expect(clippy::unused_async, reason = "skeleton")]
    pub async fn close(&self) {}
}
