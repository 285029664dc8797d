//! One line of a table, by the names of its columns.

use super::BillError;
use crate::AlipayTime;
use money::Fen;
use std::sync::Arc;

/// One line: its cells and the names of their columns, those included that no type knows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    pub(super) line: u64,
    pub(super) columns: Arc<[String]>,
    pub(super) cells: Vec<String>,
}

impl Row {
    /// Which line of the file this is, from 1 on.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// The cell of a column, unless it is empty. Names are as in the file without what stands in
    /// brackets: `订单金额` for `订单金额（元）`.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| name == column)?;
        let cell = self.cells.get(place)?;
        (!cell.is_empty()).then_some(cell.as_str())
    }

    /// All cells with the names of their columns.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let cells = self.cells.iter().map(String::as_str);
        self.columns.iter().map(String::as_str).zip(cells)
    }

    fn missing(&self, column: &'static str) -> BillError {
        BillError::Cell {
            line: self.line,
            column,
        }
    }
}

/// The name of a column without its unit.
pub(super) fn column_name(heading: &str) -> String {
    let end = heading.find(['（', '(']).unwrap_or(heading.len());
    heading[..end].trim().to_owned()
}

/// A kind of cell.
pub(super) trait Cell: Sized {
    fn read(row: &Row, column: &'static str) -> Result<Self, BillError>;
}

impl Cell for String {
    fn read(row: &Row, column: &'static str) -> Result<Self, BillError> {
        let cell = row.get(column).ok_or_else(|| row.missing(column))?;
        Ok(cell.to_owned())
    }
}

impl Cell for Option<String> {
    fn read(row: &Row, column: &'static str) -> Result<Self, BillError> {
        Ok(row.get(column).map(str::to_owned))
    }
}

impl Cell for Option<Fen> {
    fn read(row: &Row, column: &'static str) -> Result<Self, BillError> {
        let Some(cell) = row.get(column) else {
            return Ok(None);
        };
        let cell = cell.strip_prefix('+').unwrap_or(cell);
        let amount = Fen::parse_signed_yuan(cell).map_err(|_| row.missing(column))?;
        Ok(Some(amount))
    }
}

impl Cell for Fen {
    fn read(row: &Row, column: &'static str) -> Result<Self, BillError> {
        Option::<Self>::read(row, column)?.ok_or_else(|| row.missing(column))
    }
}

impl Cell for Option<AlipayTime> {
    fn read(row: &Row, column: &'static str) -> Result<Self, BillError> {
        let parse = |cell| AlipayTime::parse(cell).map_err(|_| row.missing(column));
        row.get(column).map(parse).transpose()
    }
}

impl Cell for AlipayTime {
    fn read(row: &Row, column: &'static str) -> Result<Self, BillError> {
        Option::<Self>::read(row, column)?.ok_or_else(|| row.missing(column))
    }
}

impl Cell for u64 {
    fn read(row: &Row, column: &'static str) -> Result<Self, BillError> {
        let number = row.get(column).and_then(|cell| cell.parse().ok());
        number.ok_or_else(|| row.missing(column))
    }
}
