//! A row as it came from either engine, read column by column into what it must be.

use crate::{StoreError, Value};
use kernel::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One row of an answer. Columns are asked for by the name they have in the SQL.
#[derive(Debug)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
    /// Most are asked for in the order in which they stand: the one after the last is tried first.
    next: AtomicUsize,
}

impl Clone for Row {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.columns), self.values.clone())
    }
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self {
            columns,
            values,
            next: AtomicUsize::new(0),
        }
    }

    fn value(&self, column: &'static str) -> Result<&Value, StoreError> {
        let next = self.next.load(Ordering::Relaxed);
        let index = match self.columns.get(next) {
            Some(name) if name == column => Some(next),
            _ => self.columns.iter().position(|name| name == column),
        };
        if let Some(index) = index {
            self.next.store(index + 1, Ordering::Relaxed);
        }
        index
            .and_then(|index| self.values.get(index))
            .ok_or(StoreError::Column {
                column,
                wanted: "a column of that name",
                found: "none",
            })
    }

    fn wrong(column: &'static str, wanted: &'static str, value: &Value) -> StoreError {
        let found = match value {
            Value::Null => "null",
            Value::Text(_) => "text",
            Value::Int(_) => "an integer",
            Value::Bool(_) => "a boolean",
            Value::Bytes(_) => "bytes",
        };
        StoreError::Column {
            column,
            wanted,
            found,
        }
    }

    /// The text in a column.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub fn text(&self, column: &'static str) -> Result<&str, StoreError> {
        match self.value(column)? {
            Value::Text(text) => Ok(text),
            other => Err(Self::wrong(column, "text", other)),
        }
    }

    /// The text in a column that may be null.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub fn opt_text(&self, column: &'static str) -> Result<Option<&str>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other => Err(Self::wrong(column, "text or null", other)),
        }
    }

    /// The integer in a column.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub fn int(&self, column: &'static str) -> Result<i64, StoreError> {
        match self.value(column)? {
            Value::Int(number) => Ok(*number),
            other => Err(Self::wrong(column, "an integer", other)),
        }
    }

    /// The integer in a column that may be null.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub fn opt_int(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(*number)),
            other => Err(Self::wrong(column, "an integer or null", other)),
        }
    }

    /// The boolean in a column. SQLite keeps them as 0 and 1.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub fn bool(&self, column: &'static str) -> Result<bool, StoreError> {
        match self.value(column)? {
            Value::Bool(truth) => Ok(*truth),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(Self::wrong(column, "a boolean", other)),
        }
    }

    /// The bytes in a column.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub fn bytes(&self, column: &'static str) -> Result<&[u8], StoreError> {
        match self.value(column)? {
            Value::Bytes(bytes) => Ok(bytes),
            other => Err(Self::wrong(column, "bytes", other)),
        }
    }

    /// The bytes in a column that may be null.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub fn opt_bytes(&self, column: &'static str) -> Result<Option<&[u8]>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Bytes(bytes) => Ok(Some(bytes)),
            other => Err(Self::wrong(column, "bytes or null", other)),
        }
    }

    /// The instant in a column of milliseconds.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.int(column).map(Timestamp::from_ms)
    }

    /// The instant in a column of milliseconds that may be null.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub fn opt_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.opt_int(column)?.map(Timestamp::from_ms))
    }

    /// The text in a column, read into a type of ours; an unreadable one is an inconsistency of
    /// the database, not of the caller.
    ///
    /// # Errors
    /// When there is no such column, no text in it, or a text that the type refuses.
    pub fn parse<T: std::str::FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| StoreError::Column {
            column,
            wanted: std::any::type_name::<T>(),
            found: "other text",
        })
    }

    /// As [`Row::parse`], for a column that may be null.
    ///
    /// # Errors
    /// When there is no such column, something else than text in it, or a text that the type
    /// refuses.
    pub fn opt_parse<T: std::str::FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.parse(column).map(Some),
        }
    }
}
