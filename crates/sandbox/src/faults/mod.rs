//! The fault dial: what goes wrong on purpose, how often, and by which seed.
//!
//! Kept in memory; a restart turns everything off. The same seed and the same order of calls give
//! the same faults.

mod dial;
mod strikes;
mod what;

pub use dial::{Dial, DialError, Fault};
pub(crate) use strikes::Target;
pub use strikes::{Faults, Shown, Strike, Struck};
pub use what::{What, When};
