//! What a new shop begins with: a catalogue, and in the demo two accounts.

mod catalogue;
mod demo;

pub(in crate::courses) use catalogue::fill as fill_catalogue;
pub(in crate::courses) use demo::{DEMO_PASSWORD, DEMO_USER, STAFF_USER, add as add_demo_accounts};
