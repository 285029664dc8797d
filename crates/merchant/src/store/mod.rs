//! Rows in, domain out. No decisions.

pub mod attempts;
pub mod cases;
pub mod deliveries;
pub mod history;
pub mod notices;
pub mod orders;
pub mod proof;
pub mod refunds;

mod schema;

pub use schema::{statements, steps};
