//! Clock, chance and ids: what every room takes as a parameter.
//!
//! Nothing of ours reads the wall clock or the system's chance directly (clippy forbids it), so
//! that the whole system can run in a simulated world, fast and twice the same.

pub mod clock;
pub mod id;
pub mod rng;
pub mod time;

pub use clock::{BusinessClock, Clock, ManualClock, MovableClock, SystemClock};
pub use id::{IdError, uuid_v7_hex};
pub use rng::{OsRng, Rng, SeededRng};
pub use time::{ParseTimeError, Timestamp};
