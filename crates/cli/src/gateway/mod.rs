//! Calling a gateway by hand: whose keys, what is said about each ending, and how waiting is told.

mod advice;
mod connect;
mod control;
mod desk;
mod file;
mod heard;
mod settings;
mod timer;

pub(crate) use control::Control;
pub(crate) use desk::{Desk, nobody_knows, not_made};
pub(crate) use timer::{TellingTimer, now, patience};
