//! Notices: what Alipay posts to `notify_url` when something happened to a trade.
//!
//! Three types, each of which can only be had from the one before it, so that no check can be
//! left out: [`Unverified`] is what arrived, [`Verified`] is what Alipay signed, [`Checked`] is
//! what Alipay signed *and* is about your order, your amount, your application and your account.
//! Only the last can be acknowledged.
//!
//! ```
//! use alipay::keys::PublicKey;
//! use alipay::notice::{Expectation, MAX_NOTICE_BYTES, Unverified};
//! use money::Fen;
//!
//! # fn save_paid() {}
//! fn receive(body: &[u8], content_type: Option<&str>, alipay_key: &PublicKey) -> Option<&'static str> {
//!     let notice = Unverified::from_form(body, content_type).ok()?;
//!     let notice = notice.verify(alipay_key).ok()?;
//!     // … find the order by notice.out_trade_no() …
//!     let order = Expectation {
//!         out_trade_no: "20260821001",
//!         total_amount: Fen::new(8_880),
//!         app_id: "2021000000000001",
//!         seller_id: "2088000000000001",
//!     };
//!     let checked = notice.check(&order).ok()?;
//!     if checked.says_paid() {
//!         save_paid(); // durably, before the answer
//!     }
//!     Some(checked.acknowledge())
//! }
//! ```
//!
//! Notices come again until they are acknowledged (usually eight times within 25 hours), sometimes
//! twice within a fifth of a second, and out of order: take them under a lock on the order.

mod check;
mod error;
mod receive;
mod verified;

pub use check::{Checked, Difference, Expectation, Mismatch};
pub use error::NoticeError;
pub(crate) use receive::verify as receive_verify;
pub use receive::{MAX_NOTICE_BYTES, Unverified};
pub use verified::{Rule, Verified};
