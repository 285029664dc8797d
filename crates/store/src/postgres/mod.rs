//! The server engine: a pool of connections, each closure a transaction of its own, scripts in
//! batches.

mod columns;
mod engine;
mod looks;
mod session;
mod texts;
mod together;
mod value;
mod whole;

pub(crate) use engine::{Postgres, Target};
pub(crate) use session::Session;
