//! Receiving notices in a web server: from the body to a verified notice, and back to the one
//! word that Alipay waits for.
//!
//! Whatever the framework, four things go wrong again and again: parameters of the query are mixed
//! into the form, the strict form parser of the framework refuses Alipay's odd content type, the
//! answer is JSON or has a line's end, and `success` is answered before anything is stored. Here
//! [`Apps::receive`] takes the raw body, and a [`NoticeAnswer`] that says `success` is made from a
//! [`Checked`](crate::notice::Checked) notice only.
//!
//! With the feature `axum` there are an extractor, `VerifiedNotice`, and an `IntoResponse` for the
//! answer. The examples `notice_axum`, `notice_hyper` and (a package of its own) `examples-actix` are
//! whole servers on one page each.

mod answer;
mod apps;
#[cfg(feature = "axum")]
mod extract;

pub use answer::NoticeAnswer;
pub use apps::{Apps, ReceiveError};
#[cfg(feature = "axum")]
pub use extract::{NoticeRejection, VerifiedNotice};
