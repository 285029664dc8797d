//! All rows of a file: read, and put back in the place of what is there.

use super::Connection;
use super::connection::value_of;
use crate::StoreError;
use crate::whole::{Table, Whole, is_kept, quoted};
use rusqlite::params_from_iter;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Every table, as they were made: a table stands behind those that it refers to.
const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
/// Every trigger with the words that made it.
const TRIGGERS: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";

impl Connection {
    pub(crate) fn take_whole(&mut self, but: &[&str]) -> Result<Whole, StoreError> {
        take(self.raw(), but).map_err(failed)
    }

    pub(crate) fn put_back_whole(&mut self, whole: &Whole, but: &[&str]) -> Result<(), StoreError> {
        put_back(self.raw(), whole, but).map_err(failed)
    }
}

fn failed(source: BoxError) -> StoreError {
    StoreError::Statement {
        statement: "the whole",
        source,
    }
}

fn tables(raw: &rusqlite::Connection, but: &[&str]) -> rusqlite::Result<Vec<String>> {
    let mut statement = raw.prepare(TABLES)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    Ok(names
        .into_iter()
        .filter(|name| is_kept(name, but))
        .collect())
}

fn take(raw: &rusqlite::Connection, but: &[&str]) -> Result<Whole, BoxError> {
    let mut whole = Whole::default();
    for name in tables(raw, but)? {
        let mut statement = raw.prepare(&format!("SELECT * FROM {}", quoted(&name)))?;
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut found = statement.query([])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let mut values = Vec::with_capacity(columns.len());
            for index in 0..columns.len() {
                values.push(value_of(row.get_ref(index)?)?);
            }
            rows.push(values);
        }
        drop(found);
        drop(statement);
        whole.tables.push(Table {
            name,
            columns,
            rows,
        });
    }
    Ok(whole)
}

fn put_back(raw: &rusqlite::Connection, whole: &Whole, but: &[&str]) -> Result<(), BoxError> {
    // Until the commit, which turns it off again: rows of one table may refer to one another.
    raw.pragma_update(None, "defer_foreign_keys", true)?;
    let mut statement = raw.prepare(TRIGGERS)?;
    let triggers = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let triggers: Vec<(String, String)> = triggers.collect::<Result<_, _>>()?;
    drop(statement);
    for (name, _) in &triggers {
        raw.execute_batch(&format!("DROP TRIGGER {}", quoted(name)))?;
    }
    for name in tables(raw, but)?.iter().rev() {
        raw.execute(&format!("DELETE FROM {}", quoted(name)), [])?;
    }
    for table in &whole.tables {
        let columns: Vec<String> = table.columns.iter().map(|name| quoted(name)).collect();
        let places = vec!["?"; columns.len()].join(", ");
        let mut insert = raw.prepare(&format!(
            "INSERT INTO {} ({}) VALUES ({places})",
            quoted(&table.name),
            columns.join(", ")
        ))?;
        for row in &table.rows {
            insert.execute(params_from_iter(row))?;
        }
    }
    for (_, words) in &triggers {
        raw.execute_batch(words)?;
    }
    Ok(())
}
