//! The transaction that a closure is handed: the same on both engines.

use crate::{Engine, Row, Script, Statement, StoreError, Value, Whole, postgres, sqlite};
use std::fmt;

/// An open transaction (in [`Db::write`](crate::Db::write)) or a consistent look
/// (in [`Db::read`](crate::Db::read)).
///
/// After a statement has failed, a conflict included, the transaction is lost: further statements
/// fail, and so does the closure if it returns `Ok`. PostgreSQL is like that, and SQLite is held to
/// it. Where a row may be there already, write `ON CONFLICT DO NOTHING` and look at the number of
/// changed rows.
pub struct Tx<'c> {
    on: On<'c>,
    failed: bool,
}

enum On<'c> {
    /// Inside a savepoint of the writer's batch, or on a reader's connection.
    Sqlite(&'c mut sqlite::Connection),
    /// A transaction of its own.
    Postgres(&'c mut postgres::Session),
    /// Nothing runs; it is written down for that engine.
    Paper(&'c mut Script, Engine),
}

impl<'c> Tx<'c> {
    pub(crate) fn on_sqlite(connection: &'c mut sqlite::Connection) -> Self {
        Self {
            on: On::Sqlite(connection),
            failed: false,
        }
    }

    pub(crate) fn on_postgres(session: &'c mut postgres::Session) -> Self {
        Self {
            on: On::Postgres(session),
            failed: false,
        }
    }

    pub(crate) fn on_paper(script: &'c mut Script, engine: Engine) -> Self {
        Self {
            on: On::Paper(script, engine),
            failed: false,
        }
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Says that the statement that failed met a race, which is over when the closure runs again.
    pub(crate) fn ask_again(&mut self) {
        if let On::Postgres(session) = &mut self.on {
            session.ask_again();
        }
    }

    /// Which engine it runs on. Only a hot statement may ask.
    pub fn engine(&self) -> Engine {
        match self.on {
            On::Sqlite(_) => Engine::Sqlite,
            On::Postgres(_) => Engine::Postgres,
            On::Paper(_, engine) => engine,
        }
    }

    /// Whether nothing runs now: what is done is written down, to run when other things have happened.
    pub fn is_on_paper(&self) -> bool {
        matches!(self.on, On::Paper(..))
    }

    /// Runs a statement and returns its rows.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a unique rule is met, otherwise what the engine said.
    pub async fn query(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        self.check(statement)?;
        let result = match &mut self.on {
            On::Sqlite(connection) => connection.query(statement, values),
            On::Postgres(session) => session.query(statement, values).await,
            On::Paper(..) => Err(on_paper(statement)),
        };
        self.failed = result.is_err();
        result
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
    pub async fn execute(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<u64, StoreError> {
        self.check(statement)?;
        let result = match &mut self.on {
            On::Sqlite(connection) => connection.execute(statement, values),
            On::Postgres(session) => session.execute(statement, values).await,
            On::Paper(script, _) => {
                script.add(statement, values);
                Ok(1)
            }
        };
        self.failed = result.is_err();
        result
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

    /// Runs a statement that changes exactly `rows` rows, at the latest with the commit; whatever
    /// runs after it sees what it changed.
    ///
    /// On PostgreSQL it travels with the next statement or with the commit, which saves the wait for
    /// an answer of its own. What goes wrong is told by whatever it travelled with: a conflict may
    /// come from the commit.
    ///
    /// # Errors
    /// As [`Tx::query`], and [`StoreError::Affected`] when it changed another number.
    #[expect(clippy::unused_async, reason = "a statement is run like every other")]
    pub async fn later(
        &mut self,
        statement: &Statement,
        values: impl AsRef<[Value]> + Into<Vec<Value>>,
        rows: u64,
    ) -> Result<(), StoreError> {
        self.check(statement)?;
        let result = match &mut self.on {
            On::Sqlite(connection) => match connection.execute(statement, values.as_ref()) {
                Ok(changed) if changed != rows => Err(StoreError::Affected {
                    statement: statement.name,
                    changed,
                    wanted: rows,
                }),
                other => other.map(|_| ()),
            },
            On::Postgres(session) => {
                session.later(statement, values.into(), rows);
                Ok(())
            }
            On::Paper(script, _) if rows == 1 => {
                script.add(statement, values);
                Ok(())
            }
            On::Paper(..) => Err(on_paper(statement)),
        };
        self.failed = result.is_err();
        result
    }

    /// All rows of the database but those of the tables in `but`.
    ///
    /// # Errors
    /// What the engine said.
    pub async fn take_whole(&mut self, but: &[&str]) -> Result<Whole, StoreError> {
        self.check(&WHOLE)?;
        let result = match &mut self.on {
            On::Sqlite(connection) => connection.take_whole(but),
            On::Postgres(session) => session.take_whole(but).await,
            On::Paper(..) => Err(on_paper(&WHOLE)),
        };
        self.failed = result.is_err();
        result
    }

    /// Puts rows in the place of all that are there, but for the tables in `but`. What keeps rows
    /// from being changed is off meanwhile: nothing is changed, another world takes this one's
    /// place.
    ///
    /// # Errors
    /// What the engine said; rows of another build do not fit its tables.
    pub async fn put_back_whole(&mut self, whole: &Whole, but: &[&str]) -> Result<(), StoreError> {
        self.check(&WHOLE)?;
        let result = match &mut self.on {
            On::Sqlite(connection) => connection.put_back_whole(whole, but),
            On::Postgres(session) => session.put_back_whole(whole, but).await,
            On::Paper(..) => Err(on_paper(&WHOLE)),
        };
        self.failed = result.is_err();
        result
    }

    /// Prepares a statement without running it: its text, tables and columns are right.
    ///
    /// # Errors
    /// What the engine says is wrong with it.
    pub async fn prepare(&mut self, statement: &Statement) -> Result<(), StoreError> {
        self.check(statement)?;
        let result = match &mut self.on {
            On::Sqlite(connection) => connection.prepare(statement),
            On::Postgres(session) => session.prepare(statement).await,
            On::Paper(..) => Err(on_paper(statement)),
        };
        self.failed = result.is_err();
        result
    }

    fn check(&self, statement: &Statement) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Statement {
                statement: statement.name,
                source: "a statement before it in the same transaction had failed".into(),
            });
        }
        Ok(())
    }
}

/// Stands for all rows in errors; the engines write their own texts, one for each table.
const WHOLE: Statement = Statement {
    name: "the whole",
    sqlite: "",
    postgres: "",
};

fn on_paper(statement: &Statement) -> StoreError {
    StoreError::Statement {
        statement: statement.name,
        source: "a script looks at nothing, and changes one row at a time".into(),
    }
}

/// Says where it runs; what it holds is not for printing.
impl fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx")
            .field("engine", &self.engine())
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}
