//! kill -9 of the running demo under load, again and again, and the reckoning afterwards.

mod buyer;
mod chance;
mod reckoning;
mod rounds;

pub(crate) use rounds::{postgres, sqlite};
