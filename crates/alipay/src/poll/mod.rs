//! Asking until it is known, by Alipay's rules: a payment by barcode that is cancelled when it
//! stays unknown, an order that is waited for, a refund that is repeated under its number.
//!
//! Nothing here keeps anything: when the process dies in the middle, call again with the same
//! numbers, and the end is the same.

mod paid;
mod pay;
mod refund;
mod timer;
#[cfg(feature = "client")]
mod tokio_timer;

pub use paid::{Waited, wait_until_paid};
pub use pay::{PayEnd, pay, settle};
pub use refund::{RefundEnd, refund};
pub use timer::{Patience, Timer};
#[cfg(feature = "client")]
pub use tokio_timer::TokioTimer;
