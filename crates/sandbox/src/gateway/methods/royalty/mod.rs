//! The methods of shares: `alipay.trade.royalty.…` and `alipay.trade.order.settle…`.

mod table;
mod words;

mod rate;
mod relation;
mod settle;
mod settle_query;

pub(super) use table::METHODS;
pub(super) use words::{named, not_shared};
