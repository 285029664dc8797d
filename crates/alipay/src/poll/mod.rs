//! Asking until it is known, by Alipay's rules: a payment by barcode that is cancelled when it
//! stays unknown, an order that is waited for, a refund that is repeated under its number.
//!
//! Nothing here keeps anything: when the process dies in the middle, call again with the same
//! numbers, and the end is the same.
//!
//! ```no_run
//! use alipay::poll::{self, Patience, PayEnd};
//! use alipay::requests::Pay;
//! use money::Fen;
//!
//! # use alipay::{Client, poll::Timer};
//! # async fn example(client: Client, timer: &dyn Timer) {
//! let pay = Pay::by_barcode("20260821005", "Rust 入门", Fen::new(8_880), "28763443825664394");
//! match poll::pay(&client, &pay, Patience::TILL, timer).await {
//!     PayEnd::Paid(trade) => println!("{} paid", trade.total_amount),
//!     PayEnd::Refused(no) => println!("not paid: {no}"),
//!     PayEnd::Closed(_) | PayEnd::Cancelled(_) | PayEnd::NotSent(_) => println!("not paid"),
//!     PayEnd::NotCancelled(_) | PayEnd::Unknown(_) => println!("ask again: poll::settle"),
//! }
//! # }
//! ```

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
