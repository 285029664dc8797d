//! Bills: the address of a day's files, and the account's lines and balance.

mod table;

mod account_log;
mod balance;
mod download_url;

pub(super) use table::METHODS;
