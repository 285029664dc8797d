//! Holds, `alipay.fund.auth.…`.

mod table;
mod wish;
mod words;

mod app_freeze;
mod cancel;
mod code_freeze;
mod detail;
mod unfreeze;
mod voucher;

pub(super) use table::METHODS;
