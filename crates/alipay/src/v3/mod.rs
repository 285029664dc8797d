//! The v3 gateway: REST with JSON bodies, signed in a header.
//!
//! A client goes through it with [`Client::with_gateway`](crate::Client::with_gateway); the same
//! typed request goes through either gateway, and its answer has the same type:
//!
//! ```no_run
//! use alipay::{Gateway, requests::Query};
//!
//! # use alipay::{AlipayTime, Client};
//! # async fn example(client: Client, now: AlipayTime) {
//! let client = client.with_gateway(Gateway::V3);
//! let outcome = client.query(&Query::by_out_trade_no("20260821001"), now).await;
//! # let _ = outcome;
//! # }
//! ```
//!
//! What differs on the wire: the path names the method, the answer is the bare result without
//! `code` and `msg`, a refusal is an HTTP status from 400 with `{"code":…,"message":…}`, and
//! `notify_url` is a field of the body. Only UTF-8 and RSA2. Pages and app strings have no v3 and
//! keep `/gateway.do`.
//!
//! Refusals come **unsigned** in v3. They are kept apart by
//! [`RefusedBy::UnsignedGateway`](crate::RefusedBy::UnsignedGateway), so
//! [`Refusal::is_trade_not_exist`](crate::Refusal::is_trade_not_exist) is not true of them; ask
//! with [`Refusal::is`](crate::Refusal::is) when the TLS connection is proof enough.
//!
//! Requests of one's own join by themselves when [`rest_of`] knows their method; others say
//! [`Method::V3`](crate::requests::Method::V3).

mod call;
mod header;
mod judge;
mod methods;
mod request;

pub(crate) use call::ByName;
pub use header::{Nonce, Unsigned, authorization};
pub use judge::{SIGNATURE_HEADERS, judge, signed_text};
pub use methods::{Rest, rest_of};
pub use request::{Verb, path_of};
