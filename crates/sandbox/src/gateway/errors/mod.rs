//! Alipay's own errors: a file for each family, and the value that carries one of them.

mod code;
mod fault;

pub(crate) mod gateway;
pub(crate) mod open;
pub(crate) mod royalty;
pub(crate) mod trade;

pub(crate) mod agreement;
pub(crate) mod bill;
pub(crate) mod fund;
pub(crate) mod oauth;
pub(crate) mod preauth;

pub use code::{SubCode, sub_codes};
pub(crate) use fault::Fault;
