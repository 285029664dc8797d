//! Alipay's codes: what they are called, what they say, and what they mean for a caller.
//!
//! Codes that are not in this table exist (Alipay adds some every year) and are handled: every
//! error of this crate keeps them as text.

mod table;

mod gateway;
mod others;
mod trades;

mod of_others;
mod of_payments;

mod kind;
mod lookup;

pub use kind::{Kind, kind};
pub(crate) use lookup::stem;
pub use lookup::{
    GATEWAY_CODES, MESSAGES, find, is_unclear, message, methods, of_method, sub_codes,
};
pub use table::SubCode;
