//! The hostile pass: what nobody should send, a row for each, and nothing moved by any of them.

mod pass;
mod promises;
mod row;
mod scene;

mod bodies;
mod forged;
mod headers;
mod others;
mod people;
mod replays;
mod signatures;
mod texts;
mod worlds;
mod zeros;
