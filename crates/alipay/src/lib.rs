//! An Alipay SDK: keys, signatures, requests, answers, notices.
//!
//! Built so that the usual mistakes do not compile or are named:
//!
//! - A **notice** cannot be used before it is verified and compared: [`notice::Unverified`] →
//!   [`notice::Verified`] → [`notice::Checked`].
//! - A **call** ends in an [`Outcome`]: done, refused, or unknown. A lost answer is no failure.
//! - An **answer** is verified over the text that was sent, never over something parsed and
//!   written anew, and has to be about the order that was asked about.
//! - A **key** is read for what it is, whatever its label says, and named when it is the wrong one.
//! - **Amounts** are whole fen.
//!
//! Every method of the gateway can be called: the important ones have a type in [`requests`] and an
//! answer in [`answers`] ([`Client::execute`]), all others go by their name
//! ([`Client::call_method`]). [`poll`] takes payments and refunds to their end.
//!
//! The module `guide` (there with all features, as at docs.rs) goes from keys to a shop that takes
//! money and gives it back, chapter by chapter.
//!
//! There is no global state: an [`App`] is a value, and so is everything else. Time comes in as a
//! parameter ([`AlipayTime`]), the network as a [`transport::Transport`].
//!
//! ```no_run
//! use alipay::keys::{PrivateKey, PublicKey};
//! use alipay::requests::{PagePay, Query};
//! use alipay::transport::HttpTransport;
//! use alipay::{AlipayTime, App, Client, Outcome, TradeStatus};
//! use money::Fen;
//! use std::sync::Arc;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let app = App::new(
//!     "2021000000000001",
//!     "https://openapi.alipay.com/gateway.do",
//!     PrivateKey::parse(&std::fs::read_to_string("app_private_key.pem")?)?,
//!     PublicKey::parse(&std::fs::read_to_string("alipay_public_key.pem")?)?,
//! );
//! let now = AlipayTime::parse("2026-08-21 09:30:00")?;
//!
//! let pay = PagePay::new("20260821001", "Rust 入门", Fen::new(8_880));
//! let link = app.page_url(&pay, Some("https://shop.example/paid"), None, now)?;
//! println!("send the buyer to {link}");
//!
//! let client = Client::new(app, Arc::new(HttpTransport::new()?));
//! match client.query(&Query::by_out_trade_no("20260821001"), now).await {
//!     Outcome::Done(trade) if trade.trade_status == TradeStatus::Success => println!("paid"),
//!     Outcome::Done(trade) => println!("{}", trade.trade_status.as_str()),
//!     Outcome::Refused(no) if no.is_trade_not_exist() => println!("not opened yet"),
//!     Outcome::Refused(no) => println!("refused: {no}"),
//!     Outcome::Unknown(unknown) => println!("ask again: {unknown}"),
//! }
//! # Ok(())
//! # }
//! ```

#![deny(missing_docs)]

// It speaks of nearly everything, so it is there when everything is: at docs.rs and in tests.
#[cfg(all(
    feature = "bill",
    feature = "cert",
    feature = "client",
    feature = "explain",
    feature = "test"
))]
pub mod guide;

pub mod keys;

pub mod charset;
mod civil;
pub mod form;
mod params;
mod secret;
mod time;
mod words;

pub mod canonical;
pub mod sign;

pub mod content;
mod mode;

#[cfg(feature = "cert")]
pub mod cert;

pub mod answers;
mod app;
pub mod requests;
pub mod response;

mod client;
pub mod codes;
mod order_string;
pub mod outcome;
pub mod poll;
pub mod transport;
pub mod v3;

#[cfg(feature = "bill")]
pub mod bill;
pub mod notice;
pub mod returns;
pub mod web;

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "explain")]
pub mod explain;
#[cfg(any(test, feature = "test"))]
pub mod testing;

pub use answers::{
    Answered, CloseResponse, FundChange, PrecreateResponse, QueryResponse, RefundQueryResponse,
    RefundResponse, TradeStatus,
};
pub use app::{App, PageForm, Prepared, Urls};
pub use charset::{Charset, CharsetError};
pub use client::{
    Call, CallResult, Client, DEFAULT_TIMEOUT_MS, Ended, Gateway, Hook, Repeat, Retry, Sending,
    judge,
};
pub use mode::CertMode;
pub use outcome::{Outcome, Refusal, RefusedBy, Unknown, Why};
pub use params::{Params, Twice};
pub use secret::Secret;
pub use time::{AlipayTime, ParseTimeError};
