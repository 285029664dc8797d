//! The service over HTTP: REST with API keys, Alipay's notices, health.

mod auth;
mod body;
mod books;
mod health;
mod notify;
mod openapi;
mod orders;
mod page;
mod problems;
mod refunds;

pub use auth::hash_api_key;
pub use notify::{answer_notice, receive};

pub(crate) use openapi::routes;
