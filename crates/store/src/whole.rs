//! All rows of a database as a value: what a snapshot keeps, and what is put back in the place of
//! everything that is there.
//!
//! Which tables there are is asked of the engine, so that a table which a room adds later is kept
//! without another word. Rows are put back by the engine itself: triggers that keep rows from being
//! changed are off meanwhile, because nothing is changed then; another world takes the place of
//! this one, in one transaction.

use crate::{StoreError, Value};
use serde::{Deserialize, Serialize};

/// All rows of a database.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Whole {
    pub(crate) tables: Vec<Table>,
}

/// All rows of a table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Value>>,
}

/// Tables in which the migrations note what ran begin so; they say how the tables are made, not what
/// is in them.
const HISTORY: &str = "schema_history_";

/// Whether a table belongs to the rows that are kept.
pub(crate) fn is_kept(name: &str, but: &[&str]) -> bool {
    !name.starts_with(HISTORY) && !but.contains(&name)
}

/// A name as both engines take it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[derive(Deserialize, Serialize)]
struct WrittenTable {
    name: String,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Cell {
    Null(()),
    Bool(bool),
    Int(i64),
    Text(String),
    Bytes { hex: String },
}

impl From<&Value> for Cell {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null(()),
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Int(number) => Self::Int(*number),
            Value::Text(text) => Self::Text(text.clone()),
            Value::Bytes(bytes) => Self::Bytes {
                hex: hex::encode(bytes),
            },
        }
    }
}

impl TryFrom<Cell> for Value {
    type Error = hex::FromHexError;

    fn try_from(cell: Cell) -> Result<Self, Self::Error> {
        Ok(match cell {
            Cell::Null(()) => Self::Null,
            Cell::Bool(truth) => Self::Bool(truth),
            Cell::Int(number) => Self::Int(number),
            Cell::Text(text) => Self::Text(text),
            Cell::Bytes { hex } => Self::Bytes(hex::decode(hex)?),
        })
    }
}

impl Whole {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    /// The whole as text, for a column or a file.
    ///
    /// # Errors
    /// When there is not enough memory for it.
    pub fn to_text(&self) -> Result<String, StoreError> {
        let written: Vec<_> = self
            .tables
            .iter()
            .map(|table| WrittenTable {
                name: table.name.clone(),
                columns: table.columns.clone(),
                rows: table
                    .rows
                    .iter()
                    .map(|row| row.iter().map(Cell::from).collect())
                    .collect(),
            })
            .collect();
        serde_json::to_string(&written).map_err(damaged)
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let written: Vec<WrittenTable> = serde_json::from_str(text).map_err(damaged)?;
        let mut tables = Vec::with_capacity(written.len());
        for table in written {
            let mut rows = Vec::with_capacity(table.rows.len());
            for row in table.rows {
                let row = row.into_iter().map(Value::try_from);
                rows.push(row.collect::<Result<Vec<_>, _>>().map_err(damaged)?);
            }
            tables.push(Table {
                name: table.name,
                columns: table.columns,
                rows,
            });
        }
        Ok(Self { tables })
    }
}

fn damaged(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Statement {
        statement: "the whole as text",
        source: source.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let row = vec![
            Value::Null,
            Value::Bool(true),
            Value::Int(-9_007_199_254_740_993),
            Value::Text("课\"程\u{0}".to_owned()),
            Value::Bytes(vec![0, 255]),
        ];
        let whole = Whole {
            tables: vec![Table {
                name: "t".to_owned(),
                columns: vec!["a".to_owned()],
                rows: vec![row],
            }],
        };
        let text = whole.to_text().expect("written");
        assert_eq!(Whole::parse(&text).expect("read"), whole);
        assert!(Whole::parse("{}").is_err());
        assert!(!is_kept("schema_history_2000", &[]) && !is_kept("t", &["t"]));
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
    }
}
