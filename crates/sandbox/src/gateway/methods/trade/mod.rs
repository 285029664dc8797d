//! The trade methods, `alipay.trade.…`.

mod table;
mod words;

mod cancel;
mod capture;
mod close;
mod create;
mod deduct;
mod order_sync;
mod page_pay;
mod pay;
mod precreate;
mod query;
mod refund;
mod refund_query;

pub(super) use table::METHODS;
