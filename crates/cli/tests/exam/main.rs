//! Over real HTTP: the exam as a person sits it, against our own back ends and careless ones, and the
//! merchant service in certificate mode.
#![expect(clippy::unwrap_used, reason = "a test ends where something is wrong")]

mod careless;
mod certified;
mod ours;
mod world;
