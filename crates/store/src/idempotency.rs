//! Keys by which a caller makes a repeated request safe, each with its request's hash and answer.

use crate::{StoreError, Tx};
use kernel::Timestamp;

/// What a key says about a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Claim {
    /// Never seen: it is ours now, do the work.
    Fresh,
    /// Seen with this request, and the work has not ended: go on with the thing named when it was
    /// claimed.
    Started {
        /// The thing that the first request made: an order's or a refund's id.
        subject: String,
    },
    /// Done: answer this again.
    Replay {
        /// The HTTP status of the first answer.
        status: i64,
        /// The body of the first answer.
        body: String,
    },
    /// Seen with another request.
    Differs,
}

/// Claims a key for a request, or says what became of it before.
///
/// `scope` is whose key it is, `request_hash` the hex SHA-256 of method, path and body, `subject`
/// the id of what this request is going to make.
///
/// # Errors
/// What the engine said.
#[expect(clippy::unused_async, reason = "skeleton")]
pub async fn claim(
    tx: &mut Tx<'_>,
    scope: &str,
    key: &str,
    request_hash: &str,
    subject: &str,
    now: Timestamp,
) -> Result<Claim, StoreError> {
    let _ = (tx, scope, key, request_hash, subject, now);
    Err(StoreError::Closed)
}

/// Saves the answer under a claimed key.
///
/// # Errors
/// What the engine said.
#[expect(clippy::unused_async, reason = "skeleton")]
pub async fn save(
    tx: &mut Tx<'_>,
    scope: &str,
    key: &str,
    status: i64,
    body: &str,
) -> Result<(), StoreError> {
    let _ = (tx, scope, key, status, body);
    Err(StoreError::Closed)
}
