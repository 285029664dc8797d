//! A network in one process: sites by origin, and faults between them that a seed decides.

mod fault;
mod message;
mod network;
mod sender;
mod transport;

pub use fault::{Fault, Link, Rates};
pub use message::{Answer, Request};
pub use network::{Acknowledged, Network, Unreached};
pub use sender::NoticeLink;
pub use transport::GatewayLink;
