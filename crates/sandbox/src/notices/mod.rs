//! What Alipay says by itself: notices to the merchant's server, the return of the browser.

pub mod form;
pub mod returns;
pub mod sender;

pub use sender::{Answer, HttpSender, NoticeSender, Outgoing, SendError};
