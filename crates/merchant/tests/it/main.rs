//! The merchant service against a small Alipay that does what it is told, on both engines.

#![expect(
    clippy::unwrap_used,
    reason = "a test says by its panic that it cannot go on"
)]

mod alipay;
mod close;
mod http;
mod kills;
mod notices;
mod orders;
mod refunds;
mod returns;
mod schema;
mod shop;
mod upkeep;
