//! An Alipay SDK: keys, signatures, requests, responses, notices.

pub mod charset;
pub mod form;
pub mod keys;
mod params;
pub mod response;
pub mod sign;
mod time;

pub use charset::{Charset, CharsetError};
pub use params::{Params, Twice};
pub use time::{AlipayTime, ParseTimeError};
