//! Transfers and what an account holds, `alipay.fund.…`.

mod table;
mod words;

mod account_query;
mod old_transfer;
mod transfer;
mod transfer_query;

pub(super) use table::METHODS;
