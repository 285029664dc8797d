//! The transaction that a closure is handed: the same on both engines.

use crate::{Engine, Row, Statement, StoreError, Value};

/// An open transaction (in [`Db::write`](crate::Db::write)) or a consistent look
/// (in [`Db::read`](crate::Db::read)).
#[derive(Debug)]
pub enum Tx<'c> {
    /// Inside a savepoint of the writer's batch, or on a reader's connection.
    Sqlite(&'c mut rusqlite::Connection),
    /// A transaction of its own.
    Postgres(&'c deadpool_postgres::Transaction<'c>),
}

impl Tx<'_> {
    /// Which engine it runs on. Only a hot statement may ask.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement and returns its rows.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a unique rule is met, otherwise what the engine said.
    #[expect(clippy::unused_async, reason = "skeleton")]
    pub async fn query(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        let _ = (statement, values);
        Err(StoreError::Closed)
    }

    /// Runs a statement whose answer is at most one row.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub async fn query_opt(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.query(statement, values).await?.into_iter().next())
    }

    /// Runs a statement whose answer is exactly one row.
    ///
    /// # Errors
    /// As [`Tx::query`], and [`StoreError::Affected`] when there is no row.
    pub async fn query_one(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Row, StoreError> {
        self.query_opt(statement, values)
            .await?
            .ok_or(StoreError::Affected {
                statement: statement.name,
                changed: 0,
                wanted: 1,
            })
    }

    /// Runs a statement without answer and returns how many rows it changed.
    ///
    /// # Errors
    /// As [`Tx::query`].
    #[expect(clippy::unused_async, reason = "skeleton")]
    pub async fn execute(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<u64, StoreError> {
        let _ = (statement, values);
        Err(StoreError::Closed)
    }

    /// Runs a statement that must change exactly one row.
    ///
    /// # Errors
    /// As [`Tx::query`], and [`StoreError::Affected`] when it changed another number.
    pub async fn execute_one(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<(), StoreError> {
        match self.execute(statement, values).await? {
            1 => Ok(()),
            changed => Err(StoreError::Affected {
                statement: statement.name,
                changed,
                wanted: 1,
            }),
        }
    }
}
