//! Whole fen: exact amounts of Chinese money, checked arithmetic only.
//!
//! One yuan is a hundred fen. An amount is an `i64` of fen and nothing else: no float takes part,
//! no operator is overloaded, and every sum says what happens when it does not fit.

#![deny(missing_docs)]

mod fen;
mod parse;
mod split;

pub use fen::Fen;
pub use parse::ParseYuanError;
pub use split::SplitError;
