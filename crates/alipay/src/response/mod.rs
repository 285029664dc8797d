//! The answer of the gateway: `{"alipay_trade_query_response":{…},"sign":"…"}`.
//!
//! Its signature covers the text of the node exactly as sent. So an answer is [`cut()`], never
//! parsed and written anew; and the other direction, [`write_node`] and [`write_envelope`], emits
//! the one form that every SDK can cut: no white space, `code` and `msg` first, the rest sorted,
//! `/` as `\/`, everything else raw.

mod cut;
mod strict;
mod write;

#[cfg(feature = "explain")]
pub(crate) use cut::members;
pub use cut::{CutError, MAX_DEPTH, Node, cut};
pub use strict::parse_strict;
pub use write::{node_name, write_envelope, write_node};
