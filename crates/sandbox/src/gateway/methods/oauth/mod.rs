//! Logins with Alipay: the token, and who it is about.

mod table;

mod token;
mod user_info;

pub(super) use table::METHODS;
