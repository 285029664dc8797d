//! Rows in, domain values out: every statement of the sandbox stands here.

pub mod accounts;
pub mod agreements;
pub mod app_auths;
pub mod apps;
pub mod bills;
pub mod books;
pub mod cards;
pub mod certs;
pub mod daily_limits;
pub mod figures;
pub mod freezes;
pub mod gifts;
pub mod messages;
pub mod movements;
pub mod notices;
pub mod oauth;
pub mod origins;
pub mod payment_codes;
pub mod people;
pub mod refunds;
pub mod resets;
pub mod royalty;
pub mod snapshots;
pub mod trades;
pub mod transfers;
pub mod visits;

mod schema;

pub use schema::{statements, steps};
