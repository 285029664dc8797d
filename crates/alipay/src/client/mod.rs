//! Calling the gateway and judging what it answers.

mod call;
mod execute;
mod judge;

pub use call::{Client, DEFAULT_TIMEOUT_MS};
pub use execute::Call;
pub use judge::judge;
