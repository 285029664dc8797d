//! The random walk: people, network and time do what a seed says, and after every step the
//! invariants are asked.

pub mod command;

mod course;
mod outcome;
mod plan;
mod step;

pub use course::walk;
pub use outcome::{Fall, Seen, Walked};
pub use plan::{Deed, WalkOptions};
