//! Where Alipay's notices arrive.

mod alipay;

pub use alipay::{answer_notice, receive};
