//! One exchange: a request, an answer, or why there is none.

use std::{fmt, future::Future, pin::Pin};

/// A future in a box, as object-safe traits need it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one request and returns its answer.
///
/// An implementation obeys `timeout_ms`, follows no redirects, sends exactly once (repeating is
/// the caller's decision), and says [`TransportErrorKind::NotSent`] only when it is certain that
/// not one byte reached the gateway.
pub trait Transport: Send + Sync {
    /// Sends `request`.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>>;
}

/// A request to send. [`fmt::Debug`] shows neither its query, its headers' values nor its body:
/// they hold signatures and tokens.
#[derive(Clone, Eq, PartialEq)]
pub struct HttpRequest {
    /// `POST` or `GET`.
    pub method: &'static str,
    /// The whole address, query included.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body, empty for `GET`.
    pub body: Vec<u8>,
    /// How long the whole exchange may take, in milliseconds.
    pub timeout_ms: u64,
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (address, query) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let names = self.headers.iter().map(|(name, _)| *name);
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("address", &address)
            .field("query_bytes", &query.len())
            .field("headers", &names.collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .field("timeout_ms", &self.timeout_ms)
            .finish()
    }
}

/// An answer, whatever its status.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HttpResponse {
    /// 200 for everything that Alipay's v2 gateway itself says.
    pub status: u16,
    /// Names (in lower case) and values.
    pub headers: Vec<(String, String)>,
    /// The body, at most [`MAX_RESPONSE_BYTES`].
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first header of that name (in lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The largest answer that is read. Alipay's largest are a few kilobytes.
pub const MAX_RESPONSE_BYTES: usize = 1024 * 1024;

/// Why there is no answer.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{kind}: {detail}")]
pub struct TransportError {
    /// What can be said about what happened.
    pub kind: TransportErrorKind,
    /// For people; holds neither keys nor parameters.
    pub detail: String,
}

/// What can be said about a request without an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// It certainly never left: no address, connection refused.
    NotSent,
    /// It may have arrived, and the answer got lost.
    Lost,
    /// It may have arrived, and no answer came in time.
    Timeout,
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "the request was not sent",
            Self::Lost => "the answer was lost",
            Self::Timeout => "no answer in time",
        })
    }
}
