//! The v3 gateway: REST with JSON bodies, signed in a header.
//!
//! A client goes through it with [`Client::with_gateway`](crate::Client::with_gateway); the same
//! typed request goes through either gateway, and its answer has the same type:
//!
//! ```no_run
//! use alipay::{AlipayTime, Client, Gateway, requests::Query};
//!
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
//! A request joins with one line, `impl V3Request for MyRequest {}`, when its v3 method is `POST`
//! and its path is the method's name; see [`V3Request`].

mod call;
mod header;
mod judge;
mod methods;
mod request;

pub use header::{Nonce, Unsigned, authorization};
pub use judge::{SIGNATURE_HEADERS, judge, signed_text};
use request::query_of;
pub use request::{V3Request, Verb, path_of};
