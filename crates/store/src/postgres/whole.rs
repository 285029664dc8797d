//! All rows of a schema: read, and put back in the place of what is there.

use super::session::Session;
use super::value::value_of;
use crate::StoreError;
use crate::whole::{Table, Whole, is_kept, quoted};
use futures::future::try_join_all;
use std::collections::HashSet;
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Every table of the schema.
const TABLES: &str = "SELECT c.oid::BIGINT, c.relname::TEXT FROM pg_class c \
    JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = current_schema() AND c.relkind = 'r' ORDER BY c.oid";
/// Which table refers to which other one.
const REFERENCES: &str = "SELECT conrelid::BIGINT, confrelid::BIGINT FROM pg_constraint \
    WHERE contype = 'f' AND conrelid <> confrelid";
/// Columns that number their rows by themselves.
const NUMBERED: &str = "SELECT attname::TEXT FROM pg_attribute \
    WHERE attrelid::BIGINT = $1 AND attidentity <> '' AND NOT attisdropped";
/// Rows that are on their way at a time.
const AT_ONCE: usize = 200;

/// A table by the engine's number and its name.
struct Known {
    oid: i64,
    name: String,
}

impl Session {
    pub(crate) async fn take_whole(&mut self, but: &[&str]) -> Result<Whole, StoreError> {
        let client = self.bare().await?;
        let taken = take(&client, but).await;
        self.is_back();
        taken.map_err(failed)
    }

    pub(crate) async fn put_back_whole(
        &mut self,
        whole: &Whole,
        but: &[&str],
    ) -> Result<(), StoreError> {
        let client = self.bare().await?;
        let put = put_back(&client, whole, but).await;
        self.is_back();
        put.map_err(failed)
    }
}

fn failed(source: BoxError) -> StoreError {
    StoreError::Statement {
        statement: "the whole",
        source,
    }
}

/// The tables that are kept, each behind those that it refers to.
async fn tables(client: &Client, but: &[&str]) -> Result<Vec<Known>, BoxError> {
    let mut left = Vec::new();
    for row in client.query(TABLES, &[]).await? {
        let known = Known {
            oid: row.try_get(0)?,
            name: row.try_get(1)?,
        };
        if is_kept(&known.name, but) {
            left.push(known);
        }
    }
    let mut references = Vec::new();
    for row in client.query(REFERENCES, &[]).await? {
        references.push((row.try_get::<_, i64>(0)?, row.try_get::<_, i64>(1)?));
    }
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waiting: HashSet<i64> = left.iter().map(|known| known.oid).collect();
        let is_free = |known: &Known| {
            let mut of = references.iter().filter(|(from, _)| *from == known.oid);
            !of.any(|(_, to)| waiting.contains(to))
        };
        let (free, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(is_free);
        if free.is_empty() {
            return Err("tables refer to one another in a circle".into());
        }
        ordered.extend(free);
        left = rest;
    }
    Ok(ordered)
}

async fn take(client: &Client, but: &[&str]) -> Result<Whole, BoxError> {
    let mut whole = Whole::default();
    for known in tables(client, but).await? {
        // A row may refer to one of its own table that came before it: the key stands first.
        let text = format!("SELECT * FROM {} ORDER BY 1", quoted(&known.name));
        let statement = client.prepare(&text).await?;
        let columns = statement.columns().iter();
        let columns: Vec<String> = columns.map(|column| column.name().to_owned()).collect();
        let mut rows = Vec::new();
        for row in client.query(&statement, &[]).await? {
            let values = (0..columns.len()).map(|index| value_of(&row, index));
            rows.push(values.collect::<Result<Vec<_>, _>>()?);
        }
        whole.tables.push(Table {
            name: known.name,
            columns,
            rows,
        });
    }
    Ok(whole)
}

async fn put_back(client: &Client, whole: &Whole, but: &[&str]) -> Result<(), BoxError> {
    let known = tables(client, but).await?;
    let names: Vec<String> = known.iter().map(|known| quoted(&known.name)).collect();
    for name in &names {
        let off = format!("ALTER TABLE {name} DISABLE TRIGGER USER");
        client.batch_execute(&off).await?;
    }
    let empty = format!("TRUNCATE {}", names.join(", "));
    client.batch_execute(&empty).await?;
    for known in &known {
        let table = whole.tables.iter().find(|table| table.name == known.name);
        if let Some(table) = table {
            insert(client, table).await?;
        }
        count_on(client, known).await?;
    }
    for name in &names {
        let on = format!("ALTER TABLE {name} ENABLE TRIGGER USER");
        client.batch_execute(&on).await?;
    }
    Ok(())
}

async fn insert(client: &Client, table: &Table) -> Result<(), BoxError> {
    let columns: Vec<String> = table.columns.iter().map(|name| quoted(name)).collect();
    let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
    let text = format!(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})",
        quoted(&table.name),
        columns.join(", "),
        places.join(", ")
    );
    let statement = client.prepare(&text).await?;
    for rows in table.rows.chunks(AT_ONCE) {
        let values: Vec<Vec<&(dyn ToSql + Sync)>> = rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|value| -> &(dyn ToSql + Sync) { value })
                    .collect()
            })
            .collect();
        let sent = values.iter().map(|row| client.execute(&statement, row));
        try_join_all(sent).await?;
    }
    Ok(())
}

/// Lets columns that number their rows go on behind the highest number that is there.
async fn count_on(client: &Client, known: &Known) -> Result<(), BoxError> {
    for row in client.query(NUMBERED, &[&known.oid]).await? {
        let column: String = row.try_get(0)?;
        let (table, name) = (quoted(&known.name), quoted(&column));
        let text = format!(
            "SELECT setval(pg_get_serial_sequence($1, $2), COALESCE(MAX({name}), 1), \
             MAX({name}) IS NOT NULL) FROM {table}"
        );
        client.query(&text, &[&table, &column]).await?;
    }
    Ok(())
}
