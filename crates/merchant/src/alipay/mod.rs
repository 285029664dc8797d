//! Everything of this service that is Alipay's: links, calls, notices, put into our words.

mod calls;
mod links;
mod messages;
mod refunds;

pub(crate) use calls::{CALL_TIMEOUT_MS, Call, close, precreate, query};
pub use links::LinkError;
pub(crate) use links::pay_link;
pub(crate) use messages::{
    Forged, Genuine, NoticeTold, facts_of_notice, fits_return, read_notice, read_return,
};
pub(crate) use refunds::{RefundCall, RefundFound, query_refund, refund};
