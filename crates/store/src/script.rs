//! A change that is known before it begins.

use crate::{BoxFuture, Engine, Statement, StoreError, Tx, Value};
use std::task::{Context, Poll, Waker};

/// Statements that change exactly one row each, all of them or none. For
/// [`Db::run`](crate::Db::run).
///
/// A statement says itself what has to be so: an insert with `ON CONFLICT DO NOTHING`, an update
/// with what the row was when it was looked at. When it is not so, the script ends in
/// [`StoreError::Affected`] or [`StoreError::Conflict`] and the caller goes the long way, a closure
/// that looks first.
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub(crate) lines: Vec<(Statement, Vec<Value>)>,
}

impl Script {
    /// An empty script, which changes nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes down what a closure would do if each of its statements changed one row, which they are
    /// told. It can look at nothing: a query fails.
    ///
    /// # Errors
    /// What the closure returned.
    pub fn record<T, E, F>(engine: Engine, closure: F) -> Result<(T, Self), E>
    where
        F: for<'a, 'c> FnOnce(&'a mut Tx<'c>) -> BoxFuture<'a, Result<T, E>>,
        E: From<StoreError>,
    {
        let mut script = Self::new();
        let mut tx = Tx::on_paper(&mut script, engine);
        // Nothing here waits, so one poll is all it takes.
        let mut context = Context::from_waker(Waker::noop());
        let result = match closure(&mut tx).as_mut().poll(&mut context) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(StoreError::Closure(crate::sqlite::WAITED).into()),
        };
        if tx.has_failed() && result.is_ok() {
            return Err(StoreError::Closure(crate::sqlite::WENT_ON).into());
        }
        result.map(|value| (value, script))
    }

    /// Adds a statement.
    pub fn add(&mut self, statement: &Statement, values: impl Into<Vec<Value>>) {
        self.lines.push((*statement, values.into()));
    }
}

/// The text of an insert, written for several rows: `VALUES ($1, $2)` becomes
/// `VALUES ($1, $2), ($3, $4)`. `None` when it is no such text.
pub(crate) fn for_rows(text: &str, values: usize, rows: usize) -> Option<String> {
    let (head, rest) = text.split_once("VALUES (")?;
    let (row, tail) = rest.split_once(')')?;
    if !text.starts_with("INSERT") || row.contains('(') || tail.contains('$') {
        return None;
    }
    let mut written = format!("{head}VALUES ");
    for at in 0..rows {
        if at > 0 {
            written.push_str(", ");
        }
        written.push('(');
        let mut parts = row.split('$');
        written.push_str(parts.next()?);
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = part.split_at(digits);
            let number = number.parse::<usize>().ok()? + at * values;
            written.push('$');
            written.push_str(&number.to_string());
            written.push_str(after);
        }
        written.push(')');
    }
    written.push_str(tail);
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::for_rows;

    #[test]
    fn an_insert_is_written_for_several_rows() {
        let text = "INSERT INTO t (a, b, c)\n VALUES ($1, 0, $2) ON CONFLICT (a) DO NOTHING";
        assert_eq!(for_rows(text, 2, 1).as_deref(), Some(text));
        assert_eq!(
            for_rows(text, 2, 3).as_deref(),
            Some(
                "INSERT INTO t (a, b, c)\n VALUES ($1, 0, $2), ($3, 0, $4), ($5, 0, $6) \
                 ON CONFLICT (a) DO NOTHING"
            )
        );
        let twice = "INSERT INTO t (a, b) VALUES ($1, $1)";
        assert_eq!(
            for_rows(twice, 1, 2).as_deref(),
            Some("INSERT INTO t (a, b) VALUES ($1, $1), ($2, $2)")
        );
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "UPDATE t SET a = $1",
            "INSERT INTO t (a) SELECT $1",
            "INSERT INTO t (a) VALUES (lower($1))",
            "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = $2",
        ] {
            assert_eq!(for_rows(text, 1, 2), None, "{text}");
        }
    }
}
