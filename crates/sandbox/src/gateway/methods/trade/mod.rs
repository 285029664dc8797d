//! The trade methods, `alipay.trade.…`.

mod table;
mod words;

mod close;
mod page_pay;
mod precreate;
mod query;
mod refund;
mod refund_query;

pub(super) use table::METHODS;
