//! The methods of the gateway: each reads its fields, calls one use case, writes its node.

mod call;
mod close;
mod page_pay;
mod precreate;
mod query;
mod refund;
mod refund_query;

pub(super) use call::{Answered, Call, Method, not_exist, refused, run, trade_ref};
pub(super) use page_pay::page_pay;
