//! The blocking face (feature `blocking`): for programs without an async runtime.
//!
//! It is the same client over the same core: requests are made, answers judged, calls repeated and
//! certificates fetched by the very code that the async one runs. Only the bytes travel in
//! another way, through a [`Transport`] that returns when it is done.
//!
//! ```no_run
//! use alipay::{blocking, requests::Query};
//! use std::sync::Arc;
//!
//! # use alipay::{AlipayTime, App};
//! # fn example(app: App, now: AlipayTime) -> Result<(), Box<dyn std::error::Error>> {
//! let client = blocking::Client::new(app, Arc::new(blocking::HttpTransport::new()?));
//! let outcome = client.query(&Query::by_out_trade_no("20260821001"), now);
//! # let _ = outcome;
//! # Ok(())
//! # }
//! ```
//!
//! What takes several calls is there, too: [`Client::pay`], [`Client::wait_until_paid`],
//! [`Client::refund_until_known`], over a [`ThreadTimer`]; and with the feature `bill` the transport
//! downloads bills.
//!
//! Inside an async runtime use [`crate::Client`]: waiting here would stop the runtime's thread.

mod client;
#[cfg(feature = "bill")]
mod download;
mod http;
mod timer;
mod wait;

pub use client::{Client, Transport};
pub use http::HttpTransport;
pub use timer::ThreadTimer;
