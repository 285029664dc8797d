//! Shares of trades: who may get one, giving them at once or later, taking them back.

pub mod party;
pub mod relations;
pub mod settle;
pub mod settle_later;
pub mod share_back;
