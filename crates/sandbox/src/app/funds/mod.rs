//! Money that applications send.

pub mod find_transfer;
pub mod send_money;
