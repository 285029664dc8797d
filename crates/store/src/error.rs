//! What can go wrong below the domain.

/// A unique rule that an insert met. It is a result, not an accident: the caller says what it means.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Conflict {
    /// SQLite names `table.column, …`; PostgreSQL names the constraint.
    pub what: String,
}

/// A failure of the database or of what is stored in it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL is none that we know.
    #[error("`{url}` is no database of ours; write sqlite:PATH or postgres://USER@HOST/DB")]
    Url {
        /// What was given, without password.
        url: String,
    },
    /// The database could not be opened or reached.
    #[error("the database cannot be opened: {what}")]
    Open {
        /// Which one and what for.
        what: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A migration did not go through.
    #[error("the database cannot be brought up to date")]
    Migrate(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A unique rule was met.
    #[error("already there: {}", .0.what)]
    Conflict(Conflict),
    /// The engine refused a statement.
    #[error("the statement {statement} failed")]
    Statement {
        /// Its name.
        statement: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A text holds the character NUL, which no text of a database does: somebody sent it.
    #[error("a text for the statement {statement} holds the character NUL")]
    ZeroByte {
        /// Its name.
        statement: &'static str,
    },
    /// The transaction could not be committed, or the engine gave it up; nothing of it is there.
    #[error("the transaction was not committed")]
    Commit(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A statement touched another number of rows than it must.
    #[error("{statement} changed {changed} rows, not {wanted}")]
    Affected {
        /// Its name.
        statement: &'static str,
        /// How many it changed.
        changed: u64,
        /// How many it had to change.
        wanted: u64,
    },
    /// A column is missing or holds something else.
    #[error("column `{column}` holds {found}, not {wanted}")]
    Column {
        /// Its name in the SQL.
        column: &'static str,
        /// What was asked for.
        wanted: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// A row that cannot be.
    #[error("row `{id}` of `{table}` is inconsistent: {what}")]
    Inconsistent {
        /// Its table.
        table: &'static str,
        /// Its key.
        id: String,
        /// What is wrong with it.
        what: String,
    },
    /// A closure panicked, or waited for something else than the transaction: a bug of ours. Its
    /// work was rolled back.
    #[error("a transaction's closure {0}; its work was rolled back")]
    Closure(&'static str),
    /// The database is shutting down.
    #[error("the database is closed")]
    Closed,
}

impl StoreError {
    /// Returns the unique rule that was met, if that is what happened.
    pub fn as_conflict(&self) -> Option<&Conflict> {
        match self {
            Self::Conflict(conflict) => Some(conflict),
            _ => None,
        }
    }
}
