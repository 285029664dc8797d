//! Why a bill cannot be read.

use std::io;

/// Why a bill cannot be read, and where.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BillError {
    /// The file is no ZIP, or a damaged one.
    #[error("no readable ZIP: {0}")]
    Zip(String),
    /// The bytes do not come.
    #[error("the bill cannot be read")]
    Read(#[from] io::Error),
    /// The ZIP has no such file.
    #[error("the ZIP has no file {0}")]
    NoFile(usize),
    /// The file does not begin as a bill does.
    #[error("the file does not begin with the title of a bill")]
    NoTitle,
    /// A line is neither GBK nor UTF-8.
    #[error("line {line} is neither GBK nor UTF-8")]
    NotText {
        /// Which line, from 1 on.
        line: u64,
    },
    /// A line is longer than any real one.
    #[error("line {line} has more than {max} bytes")]
    TooLong {
        /// Which line, from 1 on.
        line: u64,
        /// The most bytes that are read.
        max: usize,
    },
    /// A line has more or fewer cells than there are columns.
    #[error("line {line} has {found} cells where there are {columns} columns")]
    Cells {
        /// Which line, from 1 on.
        line: u64,
        /// How many it has.
        found: usize,
        /// How many columns there are.
        columns: usize,
    },
    /// A cell is missing or makes no sense.
    #[error("line {line} has no usable `{column}`")]
    Cell {
        /// Which line, from 1 on.
        line: u64,
        /// The column, as this crate calls it.
        column: &'static str,
    },
    /// The file ends in the middle of its lines: it did not come whole.
    #[error("the bill ends without its last lines; fetch it again")]
    Truncated,
}
