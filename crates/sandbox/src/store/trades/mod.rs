//! Trades and their history: the statements, and what a row says.

mod row;
mod rows;

pub use rows::*;
