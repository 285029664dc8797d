//! The merchant service against a small Alipay that does what it is told, on both engines.

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
