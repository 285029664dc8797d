//! Alipay's codes: what they are called, what they say, and what they mean for a caller.
//!
//! Codes that are not in this table exist (Alipay adds some every year) and are handled: every
//! error of this crate keeps them as text.

mod business;
mod gateway;
mod lookup;
mod of_others;
mod of_payments;

pub(crate) use lookup::stem;
pub use lookup::{
    GATEWAY_CODES, MESSAGES, SubCode, find, is_unclear, message, of_method, sub_codes,
};
