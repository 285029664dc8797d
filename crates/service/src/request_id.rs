//! A name for each request, in its answer and in every line that is logged about it.

use axum::extract::FromRequestParts;
use http::{HeaderName, request::Parts};
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

/// The header of the answer.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The name of a request: 16 hex digits. Always ours; what a client sends is not taken over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// A new name.
    #[must_use]
    pub fn new(rng: &dyn kernel::Rng) -> Self {
        Self(format!("{:016x}", rng.next_u64()).into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Empty where [`edge`](crate::edge) is not in the way, as in a test of one handler.
impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let found = parts.extensions.get::<Self>().cloned();
        Ok(found.unwrap_or_else(|| Self("".into())))
    }
}
