//! A trade: its states, and what may happen to it.

mod life;
#[cfg(test)]
mod tests;

pub use life::*;
