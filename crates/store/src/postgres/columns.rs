//! The driver's rows as ours.

use super::session::failed;
use super::value::value_of;
use crate::statement::{Place, place};
use crate::{Row, Statement, StoreError};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The names of each text's columns, shared by all connections.
#[derive(Debug, Default)]
pub(super) struct Columns(RwLock<Names>);

type Names = HashMap<Place, Arc<[String]>>;

impl Columns {
    /// The driver's rows as ours.
    pub(super) fn rows(
        &self,
        statement: &Statement,
        rows: &[tokio_postgres::Row],
    ) -> Result<Vec<Row>, StoreError> {
        let Some(first) = rows.first() else {
            return Ok(Vec::new());
        };
        let columns = self.of(statement, first);
        let mut answer = Vec::with_capacity(rows.len());
        for row in rows {
            let values = (0..columns.len()).map(|index| value_of(row, index));
            let values = values.collect::<Result<Vec<_>, _>>();
            let values = values.map_err(|source| failed(statement, source))?;
            answer.push(Row::new(Arc::clone(&columns), values));
        }
        Ok(answer)
    }

    fn of(&self, statement: &Statement, row: &tokio_postgres::Row) -> Arc<[String]> {
        let key = place(statement.postgres);
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(columns) = known.get(&key) {
            return Arc::clone(columns);
        }
        drop(known);
        let columns: Arc<[String]> = row.columns().iter().map(|c| c.name().to_owned()).collect();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, Arc::clone(&columns));
        columns
    }
}
