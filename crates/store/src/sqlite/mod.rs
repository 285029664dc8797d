//! The embedded engine: one writer's thread that commits in groups, a few readers beside it.

mod call;
mod checkpoint;
mod connection;
mod durable;
mod engine;
mod lock;
mod reader;
mod whole;
mod writer;

pub(crate) use call::{PANICKED, WAITED, WENT_ON};
pub(crate) use connection::Connection;
pub(crate) use engine::Sqlite;
pub(crate) use lock::erase;
