//! How bytes get to the gateway and back. A trait, because a test, a simulated network and a
//! company's proxy each have their own way.

mod exchange;
#[cfg(feature = "client")]
mod http;
#[cfg(feature = "client")]
pub(crate) mod network;

pub use exchange::{
    BoxFuture, HttpRequest, HttpResponse, MAX_RESPONSE_BYTES, Transport, TransportError,
    TransportErrorKind,
};
#[cfg(feature = "client")]
pub use http::HttpTransport;
