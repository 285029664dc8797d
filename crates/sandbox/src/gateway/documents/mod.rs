//! What the documents say of the fields of a call: a table for each family of methods, and one
//! check of a call against its table, before its method reads it.

mod check;
mod field;

mod shapes;
mod trade;

mod agreement;
mod bill;
mod fund;
mod open;
mod preauth;
mod royalty;

pub(super) use check::check;
