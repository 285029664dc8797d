//! One connection: how it is opened, and how a statement of ours runs on it.

use super::durable::Log;
use crate::statement::{Place, place};
use crate::{Conflict, Row, Statement, StoreError, Value};
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, ffi};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::Arc;

/// An open file. Each thread has one of its own.
pub(crate) struct Connection {
    raw: rusqlite::Connection,
    plans: HashMap<Place, Plan>,
    /// What the writer's connection tells of its log.
    log: Arc<Log>,
}

/// What a text's columns are called and which value each of its places takes, worked out once.
struct Plan {
    columns: Arc<[String]>,
    /// For each place of SQLite's, the index of our value: SQLite counts `$2` as its first place
    /// when it stands first.
    places: Vec<usize>,
    values: usize,
}

impl Connection {
    /// Opens the file for the writer.
    pub(super) fn writer(path: &Path) -> rusqlite::Result<Self> {
        let mut raw = Self::open(path)?;
        // WAL lets readers look while we write. A commit is synced before it is answered, as with FULL,
        // but not here: see `durable`.
        raw.pragma_update(None, "journal_mode", "WAL")?;
        raw.pragma_update(None, "synchronous", "NORMAL")?;
        raw.pragma_update(None, "journal_size_limit", WAL_KEPT_BYTES)?;
        raw.pragma_update(None, "cache_size", WRITER_CACHE_KIB)?;
        let log = Arc::new(Log::default());
        let (begins, ends) = (Arc::clone(&log), Arc::clone(&log));
        raw.commit_hook(Some(move || {
            begins.begins();
            // Nobody is against it.
            false
        }))?;
        // It also ends SQLite's own checkpoints: see `checkpoint`.
        raw.wal_hook(Some(move |_: &mut Wal, pages| {
            ends.written(usize::try_from(pages).unwrap_or(0));
            Ok(())
        }))?;
        Ok(Self {
            log,
            ..Self::of(raw)
        })
    }

    /// Opens the file for checkpoints.
    pub(super) fn checkpointer(path: &Path) -> rusqlite::Result<Self> {
        let raw = Self::open(path)?;
        // The log is synced before it is copied, and the file after it.
        raw.pragma_update(None, "synchronous", "NORMAL")?;
        Ok(Self::of(raw))
    }

    /// Opens the file for looks only.
    pub(super) fn reader(path: &Path) -> rusqlite::Result<Self> {
        let raw = Self::open(path)?;
        raw.pragma_update(None, "query_only", true)?;
        Ok(Self::of(raw))
    }

    fn open(path: &Path) -> rusqlite::Result<rusqlite::Connection> {
        let raw = rusqlite::Connection::open(path)?;
        raw.busy_timeout(BUSY_TIMEOUT)?;
        raw.pragma_update(None, "foreign_keys", true)?;
        raw.pragma_update(None, "temp_store", "MEMORY")?;
        // This SQLite peeks at bound values to choose a plan, and prepares a query anew for each
        // new value: a quarter of the writer's time. Our plans hang on the text alone.
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        raw.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        Ok(raw)
    }

    fn of(raw: rusqlite::Connection) -> Self {
        Self {
            raw,
            plans: HashMap::new(),
            log: Arc::default(),
        }
    }

    /// What this connection, the writer's, has committed.
    pub(super) fn log(&self) -> &Arc<Log> {
        &self.log
    }

    /// Copies what is in the log into the file, as far as nobody looks at what was there before.
    /// Waits for nobody. Returns how many pages are left, none when it could not be done.
    pub(super) fn checkpoint(&mut self) -> usize {
        let counts = self
            .raw
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
            });
        match counts {
            Ok((all, copied)) => usize::try_from(all - copied).unwrap_or(0),
            Err(error) => {
                tracing::warn!(%error, "the log was not copied into the file");
                0
            }
        }
    }

    /// The driver's own connection, for migrations.
    pub(super) fn raw(&mut self) -> &mut rusqlite::Connection {
        &mut self.raw
    }

    /// Stops what runs here, from another thread.
    pub(super) fn interrupt_handle(&self) -> rusqlite::InterruptHandle {
        self.raw.get_interrupt_handle()
    }

    /// Runs one of our own words: BEGIN, SAVEPOINT, COMMIT…
    pub(super) fn run(&self, words: &'static str) -> rusqlite::Result<()> {
        self.raw.prepare_cached(words)?.raw_execute().map(|_| ())
    }

    /// Returns `true` when no transaction is open, also when the engine gave ours up.
    pub(super) fn has_no_transaction(&self) -> bool {
        self.raw.is_autocommit()
    }

    /// Ends a transaction, if one is open, without keeping anything of it.
    pub(super) fn abandon(&self) {
        if !self.has_no_transaction()
            && let Err(error) = self.run("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    pub(crate) fn prepare(&mut self, statement: &Statement) -> Result<(), StoreError> {
        let prepared = self.raw.prepare_cached(statement.sqlite);
        let prepared = prepared.map_err(|error| refused(statement, error))?;
        Plan::of(statement, &prepared).map(|_| ())
    }

    pub(crate) fn query(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        let fail = |error| refused(statement, error);
        let mut prepared = self.raw.prepare_cached(statement.sqlite).map_err(fail)?;
        let plan = planned(&mut self.plans, statement, &prepared)?;
        plan.bind(statement, &mut prepared, values)?;
        let mut rows = prepared.raw_query();
        let mut answer = Vec::new();
        while let Some(row) = rows.next().map_err(fail)? {
            let mut values = Vec::with_capacity(plan.columns.len());
            for index in 0..plan.columns.len() {
                values.push(value_of(row.get_ref(index).map_err(fail)?).map_err(|what| {
                    StoreError::Statement {
                        statement: statement.name,
                        source: format!("column `{}` holds {what}", plan.columns[index]).into(),
                    }
                })?);
            }
            answer.push(Row::new(Arc::clone(&plan.columns), values));
        }
        Ok(answer)
    }

    pub(crate) fn execute(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<u64, StoreError> {
        let fail = |error| refused(statement, error);
        let mut prepared = self.raw.prepare_cached(statement.sqlite).map_err(fail)?;
        let plan = planned(&mut self.plans, statement, &prepared)?;
        plan.bind(statement, &mut prepared, values)?;
        let mut rows = prepared.raw_query();
        while rows.next().map_err(fail)?.is_some() {}
        drop(rows);
        drop(prepared);
        Ok(self.raw.changes())
    }
}

fn planned<'p>(
    plans: &'p mut HashMap<Place, Plan>,
    statement: &Statement,
    prepared: &rusqlite::Statement<'_>,
) -> Result<&'p Plan, StoreError> {
    match plans.entry(place(statement.sqlite)) {
        Entry::Occupied(entry) => Ok(entry.into_mut()),
        Entry::Vacant(entry) => Ok(entry.insert(Plan::of(statement, prepared)?)),
    }
}

impl Plan {
    fn of(statement: &Statement, prepared: &rusqlite::Statement<'_>) -> Result<Self, StoreError> {
        let mut places = Vec::with_capacity(prepared.parameter_count());
        for place in 1..=prepared.parameter_count() {
            let name = prepared.parameter_name(place).unwrap_or("?");
            let number = name.strip_prefix('$').and_then(|n| n.parse::<usize>().ok());
            match number {
                Some(number) if number > 0 => places.push(number - 1),
                _ => {
                    return Err(StoreError::Statement {
                        statement: statement.name,
                        source: format!("`{name}` is no place for a value; write $1, $2, …").into(),
                    });
                }
            }
        }
        Ok(Self {
            columns: prepared.column_names().map(str::to_owned).collect(),
            values: places.iter().map(|index| index + 1).max().unwrap_or(0),
            places,
        })
    }

    fn bind(
        &self,
        statement: &Statement,
        prepared: &mut rusqlite::Statement<'_>,
        values: &[Value],
    ) -> Result<(), StoreError> {
        if values.len() != self.values {
            return Err(StoreError::Statement {
                statement: statement.name,
                source: format!("it takes {} values, not {}", self.values, values.len()).into(),
            });
        }
        // PostgreSQL takes no such text, and what runs here shall run there.
        if values.iter().any(has_nul) {
            return Err(StoreError::ZeroByte {
                statement: statement.name,
            });
        }
        for (place, index) in self.places.iter().enumerate() {
            prepared
                .raw_bind_parameter(place + 1, &values[*index])
                .map_err(|error| refused(statement, error))?;
        }
        Ok(())
    }
}

fn has_nul(value: &Value) -> bool {
    matches!(value, Value::Text(text) if memchr::memchr(0, text.as_bytes()).is_some())
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Bool(truth) => ValueRef::Integer(i64::from(*truth)),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

pub(super) fn value_of(value: ValueRef<'_>) -> Result<Value, &'static str> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Text(text) => std::str::from_utf8(text)
            .map(|text| Value::Text(text.to_owned()))
            .map_err(|_| "text that is not UTF-8"),
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => Err("a float"),
    }
}

fn refused(statement: &Statement, error: rusqlite::Error) -> StoreError {
    if let rusqlite::Error::SqliteFailure(failure, message) = &error
        && failure.code == ErrorCode::ConstraintViolation
        && UNIQUE_CODES.contains(&failure.extended_code)
    {
        let message = message.as_deref().unwrap_or_default();
        let what = message.split_once(": ").map_or(message, |(_, what)| what);
        return StoreError::Conflict(Conflict {
            what: what.to_owned(),
        });
    }
    StoreError::Statement {
        statement: statement.name,
        source: Box::new(error),
    }
}

const UNIQUE_CODES: [i32; 3] = [
    ffi::SQLITE_CONSTRAINT_UNIQUE,
    ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
    ffi::SQLITE_CONSTRAINT_ROWID,
];
/// Another process may hold the file for a moment: a checkpoint, somebody's shell.
const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);
/// More than all statements of one database.
const STATEMENTS_KEPT: usize = 512;
/// The log is cut back to this after a checkpoint.
const WAL_KEPT_BYTES: i64 = 64 * 1024 * 1024;
/// Negative means KiB to SQLite.
const WRITER_CACHE_KIB: i64 = -16 * 1024;
