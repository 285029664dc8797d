//! Stories of the world, each named for what must come of it, on both engines. After each one the
//! network heals, everything comes to rest, and the invariants are asked.

mod browsing;
mod buying;
mod ending;
mod lying;
mod refunding;
mod tools;
