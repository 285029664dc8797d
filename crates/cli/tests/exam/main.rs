//! The exam as a person sits it: the binary itself, over real HTTP, against our own back ends and
//! against careless ones.
#![expect(clippy::unwrap_used, reason = "a test ends where something is wrong")]

mod careless;
mod ours;
mod world;
