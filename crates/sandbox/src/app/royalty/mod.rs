//! Shares of trades: who may get one, giving them, taking them back.

pub mod party;
pub mod relations;
pub mod settle;
pub mod share_back;
