//! Calling the gateway and judging what it answers.

mod call;
mod judge;

pub use call::{Client, DEFAULT_TIMEOUT_MS};
pub use judge::judge;
