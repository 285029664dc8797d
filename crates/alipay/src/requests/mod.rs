//! What can be asked of Alipay, as types. Each becomes the `biz_content` of a request.
//!
//! Fields that these types do not know go into `extra`, so that nobody has to wait for us:
//!
//! ```
//! use alipay::requests::{Method, PagePay};
//! use money::Fen;
//!
//! let mut pay = PagePay::new("20260821001", "Rust 入门", Fen::new(8_880));
//! pay.timeout_express = Some("30m".to_owned());
//! pay.extra.insert("request_from_url".to_owned(), "https://shop.example".into());
//! assert_eq!(
//!     pay.biz_content()?,
//!     r#"{"out_trade_no":"20260821001","product_code":"FAST_INSTANT_TRADE_PAY","total_amount":"88.80","subject":"Rust 入门","timeout_express":"30m","request_from_url":"https://shop.example"}"#
//! );
//! # Ok::<(), alipay::requests::RequestError>(())
//! ```

mod check;
mod page;
mod refund;
mod trade;

pub use check::{Method, PageMethod, RequestError};
pub use page::{PagePay, WapPay};
pub use refund::{Refund, RefundQuery};
pub use trade::{Close, Precreate, Query};
