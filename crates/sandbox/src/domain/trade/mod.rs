//! A trade: its states, and what may happen to it.

mod life;
mod refusal;
mod state;
#[cfg(test)]
mod tests;

pub use refusal::*;
pub use state::*;
