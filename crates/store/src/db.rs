//! The database: opening it, the one door for writes, looks that never wait for the writer.

use crate::closure::{Closure, Typed};
use crate::postgres::{Postgres, Target};
use crate::sqlite::Sqlite;
use crate::{BoxFuture, Inspection, Row, Script, Statement, Stats, StoreError, Tx, Value, migrate};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

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
    /// `sqlite:PATH`, `sqlite::memory:` (gone when it is closed) or `postgres://USER@HOST/DB`.
    pub url: String,
    /// The schema on PostgreSQL, made when it is missing; SQLite has one file per schema instead.
    pub schema: String,
    /// The steps of every room that keeps tables in it; the store's own are added.
    pub steps: Vec<Step>,
    /// Connections to PostgreSQL at most; looks at a SQLite file at the same time at most, of which
    /// there are never more than four.
    pub max_connections: usize,
}

/// A database. Clones share it; with the last one its threads and connections end.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

enum Inner {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens the database and brings its schema up to date.
    ///
    /// A SQLite file is opened by one process at a time (others may look at it with their own
    /// tools). PostgreSQL is reached without TLS for now: put it on the same machine or network.
    ///
    /// # Errors
    /// When the URL is none of ours, the database cannot be reached, or a step fails.
    pub async fn open(options: DbOptions) -> Result<Self, StoreError> {
        let inner = if let Some(path) = sqlite_path(&options.url)? {
            Inner::Sqlite(Sqlite::open(path, options.steps, options.max_connections).await?)
        } else {
            let target = postgres_target(&options)?;
            let connections = options.max_connections;
            Inner::Postgres(Postgres::open(target, &options.steps, connections).await?)
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Looks at a database without opening it for work: takes no lock, makes and changes nothing.
    /// Says which of the steps ran there.
    ///
    /// # Errors
    /// When the URL is none of ours, there is no such file, or the database cannot be reached or
    /// read.
    pub async fn inspect(options: DbOptions) -> Result<Inspection, StoreError> {
        if let Some(path) = sqlite_path(&options.url)? {
            return crate::inspect::sqlite(path, options.steps).await;
        }
        let target = postgres_target(&options)?;
        crate::inspect::postgres(&target, &options.steps).await
    }

    /// Removes a database that nobody has open, with everything in it: a file and what stands
    /// beside it, or a schema. One that is not there is fine.
    ///
    /// # Errors
    /// When the URL is none of ours, the file cannot be removed or the server not be reached.
    pub async fn erase(options: DbOptions) -> Result<(), StoreError> {
        if let Some(path) = sqlite_path(&options.url)? {
            return crate::sqlite::erase(&path);
        }
        let target = postgres_target(&options)?;
        migrate::erase(&target.config, &target.schema, &target.name()).await
    }

    /// Which engine it runs on.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match *self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// The one door for writes: runs `change` in a transaction and answers after the commit.
    ///
    /// `change` may run more than once (a batch that was given up, a serialization failure), so it
    /// has no effect but through the transaction; ids and times are taken before the door. It
    /// awaits nothing but the transaction. An error of its own rolls its work back and is returned.
    ///
    /// # Errors
    /// What `change` returned, or a [`StoreError`] made into it.
    pub async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let closure = Typed::new(change);
        let done = self.write_closure(closure.clone()).await;
        closure.outcome(done)
    }

    /// The same door for a change that needs no look: all of the script or none of it, answered
    /// after the commit. On PostgreSQL, too, several callers share a transaction.
    ///
    /// # Errors
    /// [`StoreError::Affected`] or [`StoreError::Conflict`] when a row is there already; otherwise
    /// what the engine said.
    pub async fn run(&self, script: Script) -> Result<(), StoreError> {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.run(script).await,
            Inner::Postgres(postgres) => postgres.run(script).await,
        }
    }

    /// A consistent look at what is committed. Never waits for the writer, changes nothing.
    ///
    /// # Errors
    /// What `look` returned, or a [`StoreError`] made into it.
    pub async fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let closure = Typed::new(look);
        let done = self.read_closure(closure.clone()).await;
        closure.outcome(done)
    }

    /// One statement's answer, where no second one has to fit to it: cheaper than
    /// [`read`](Self::read), because it needs no transaction on PostgreSQL.
    ///
    /// # Errors
    /// What the engine said.
    pub async fn look(
        &self,
        statement: &Statement,
        values: impl Into<Vec<Value>>,
    ) -> Result<Vec<Row>, StoreError> {
        let (statement, values) = (*statement, Arc::<[Value]>::from(values.into()));
        match &*self.inner {
            Inner::Postgres(postgres) => postgres.look(statement, values).await,
            Inner::Sqlite(_) => {
                self.read(move |tx| {
                    let values = Arc::clone(&values);
                    Box::pin(async move { tx.query(&statement, &values).await })
                })
                .await
            }
        }
    }

    async fn write_closure(&self, closure: Arc<dyn Closure>) -> Result<(), StoreError> {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.write(closure).await,
            Inner::Postgres(postgres) => postgres.write(&*closure).await,
        }
    }

    async fn read_closure(&self, closure: Arc<dyn Closure>) -> Result<(), StoreError> {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.read(closure).await,
            Inner::Postgres(postgres) => postgres.read(&*closure).await,
        }
    }

    /// Prepares a statement without running it, for the test that walks every `ALL`.
    ///
    /// # Errors
    /// What the engine says is wrong with it.
    pub async fn prepare(&self, statement: &Statement) -> Result<(), StoreError> {
        let statement = *statement;
        self.read(move |tx| Box::pin(async move { tx.prepare(&statement).await }))
            .await
    }

    /// What went through the door since it was opened.
    #[must_use]
    pub fn stats(&self) -> Stats {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.stats(),
            Inner::Postgres(postgres) => postgres.stats(),
        }
    }

    /// Finishes what is queued and closes the database. Further calls answer [`StoreError::Closed`].
    pub async fn close(&self) {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.close().await,
            Inner::Postgres(postgres) => postgres.close().await,
        }
    }
}

/// Says which engine it is; addresses may hold passwords.
impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db")
            .field("engine", &self.engine())
            .finish_non_exhaustive()
    }
}

/// The file of a `sqlite:` URL, `None` when it is another one.
fn sqlite_path(url: &str) -> Result<Option<PathBuf>, StoreError> {
    match url.strip_prefix("sqlite:") {
        Some(IN_MEMORY) => Ok(Some(PathBuf::from(IN_MEMORY))),
        Some(path) if path.is_empty() || path.starts_with(':') => Err(unknown(url)),
        path => Ok(path.map(PathBuf::from)),
    }
}

/// SQLite's name for a database without a file.
pub(crate) const IN_MEMORY: &str = ":memory:";

fn postgres_target(options: &DbOptions) -> Result<Target, StoreError> {
    let mut schemes = ["postgres://", "postgresql://"].iter();
    let is_ours = schemes.any(|scheme| options.url.starts_with(scheme));
    let target = is_ours.then(|| Target::parse(&options.url, &options.schema));
    target.flatten().ok_or_else(|| unknown(&options.url))
}

fn unknown(url: &str) -> StoreError {
    StoreError::Url {
        url: without_password(url),
    }
}

/// The URL as it may be shown: nothing between the scheme and the last `@`.
fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}"),
        _ => url.to_owned(),
    }
}
