//! The merchant payment service: orders, attempts, verified notices, safe close, refunds.
//!
//! An order is what is to be paid; an attempt is one try to pay it, with a number of its own at
//! Alipay. Everything that tells about a trade is an observation, and one pure function decides
//! what it means: [`domain::observe`]. Money that moved is in the ledger, in the transaction that
//! learnt of it. Silence is never failure: what is unclear stays so and is asked again.

pub mod domain;

mod context;
mod parts;
mod registry;
mod views;

pub mod alipay;
pub mod app;
pub mod http;
mod jobs;
pub mod store;

pub use context::{Merchant, OpenError};
pub use domain::TestBugs;
pub use parts::{AppSpec, KillSwitch, LatePolicy, MerchantParts, MerchantSpec, Point};
pub use store::{statements, steps};
pub use views::{AttemptView, OrderView, Pay, PlacedView, RefundView, Subscriber};
