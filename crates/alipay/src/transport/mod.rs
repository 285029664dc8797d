//! How bytes get to the gateway and back. A trait, because a test, a simulated network and a
//! company's proxy each have their own way.

#[cfg(all(feature = "client", feature = "bill"))]
mod download;
mod exchange;
#[cfg(feature = "client")]
mod http;
#[cfg(feature = "client")]
pub(crate) mod network;

#[cfg(all(feature = "client", feature = "bill"))]
pub use download::DownloadError;
#[cfg(all(feature = "blocking", feature = "bill"))]
pub(crate) use download::USER_AGENT;
pub use exchange::{
    BoxFuture, HttpRequest, HttpResponse, MAX_RESPONSE_BYTES, Transport, TransportError,
    TransportErrorKind,
};
#[cfg(feature = "client")]
pub use http::HttpTransport;
