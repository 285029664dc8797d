//! The sign doctor: why a message does not verify, and what to change.
//!
//! An RSA signature can be *opened* with a public key: what comes out is either a well-formed
//! digest (then this key is the signer's, and the text is what differs) or noise (then it is the
//! wrong key). With the digest in hand, thousands of texts that somebody may have signed instead
//! are tried, each a mistake that is known from practice, alone and two at a time.
//!
//! ```
//! use alipay::explain::{Cause, Keys, explain};
//! use alipay::keys::PrivateKey;
//! use alipay::testing::{paid_notice, signed_notice};
//!
//! let alipay = PrivateKey::generate(2048)?;
//! let notice = signed_notice(&alipay, &paid_notice("2021", "2088", "1", "88.80"));
//! let notice = String::from_utf8(notice)?;
//! let keys = Keys { alipay: Some(alipay.public_key()), app: None };
//! assert!(explain(&notice, keys).verifies);
//!
//! // A web framework added a parameter of its own.
//! let more = explain(&format!("{notice}&lang=zh"), keys);
//! assert_eq!(more.cause(), Some(&Cause::ExtraParameters(vec!["lang".to_owned()])));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing here decides whether a message is believed; only [`crate::notice`], [`crate::returns`]
//! and [`crate::judge`] do.

mod answer;
mod cause;
mod chinese;
mod doctor;
mod input;
mod json;
mod list;
mod message;
mod names;
mod open;
mod remedies;
mod signature;

pub use cause::Cause;
pub use doctor::{Explanation, Keys, explain};
pub use input::{Input, InputError, MAX_INPUT_BYTES};
pub use list::CAUSES;
pub use message::Kind;
