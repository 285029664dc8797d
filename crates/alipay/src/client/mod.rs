//! Calling the gateway and judging what it answers.

mod attempts;
mod call;
mod execute;
mod hook;
mod judge;
mod options;
mod repeat;

pub(crate) use attempts::Exchange;
pub use call::{Client, DEFAULT_TIMEOUT_MS};
pub use execute::Call;
pub use hook::{CallResult, Ended, Hook, Sending};
pub use judge::judge;
pub(crate) use judge::{alipay_key, echoed};
pub use options::{Gateway, Retry};
pub use repeat::Repeat;
