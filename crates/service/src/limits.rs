//! Limits on what a stranger may send: size of a body, time to send it.
//!
//! [`guard`] sets the size for a whole router; [`read_body`] is how handlers read, and says what
//! went wrong as a value, because a page, an API and a callback each answer it in their own way.

use crate::problem::Problem;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use std::time::Duration;

/// The size of a body where nobody says otherwise, bytes.
pub const DEFAULT_BODY_BYTES: usize = 64 * 1024;
/// How much of an oversized body is thrown away before its connection is closed, bytes.
const MOST_THROWN_AWAY: usize = 5 * 1024 * 1024 * 1024 / 4;
/// How long a body may take to arrive.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a body was not read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BodyRefusal {
    /// More bytes than allowed.
    #[error("the body is larger than allowed")]
    TooLarge,
    /// It did not arrive in time.
    #[error("the body did not arrive in time")]
    TooSlow,
    /// The connection broke, or the encoding is wrong.
    #[error("the body broke off")]
    Broken,
}

impl From<BodyRefusal> for Problem {
    fn from(refusal: BodyRefusal) -> Self {
        match refusal {
            BodyRefusal::TooLarge => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body-too-large",
                "The body is larger than allowed",
            ),
            BodyRefusal::TooSlow => Self::new(
                StatusCode::REQUEST_TIMEOUT,
                "body-too-slow",
                "The body did not arrive in time",
            ),
            BodyRefusal::Broken => Self::new(
                StatusCode::BAD_REQUEST,
                "body-broken",
                "The body broke off before its end",
            ),
        }
    }
}

/// Sets the size of a body for every route of `router`, bytes.
pub fn guard(router: Router, max_bytes: usize) -> Router {
    router.layer(DefaultBodyLimit::max(max_bytes))
}

/// Reads a whole body within the router's size (2 MB where none is set) and [`BODY_TIMEOUT`].
///
/// # Errors
/// When it is too large, too slow or breaks off.
pub async fn read_body(request: Request) -> Result<Bytes, BodyRefusal> {
    use axum::RequestExt;
    collect(request.into_limited_body()).await
}

/// Reads a whole body of at most `max_bytes`, whatever the router says: for callbacks, whose
/// answer to an oversized body is a word of their own protocol.
///
/// What is too large is answered at once; the rest of it is thrown away for a while, because many
/// clients read the answer only when they have sent everything, and a connection that is closed
/// under them loses it.
///
/// # Errors
/// When it is too large, too slow or breaks off.
pub async fn read_body_up_to(request: Request, max_bytes: usize) -> Result<Bytes, BodyRefusal> {
    use http_body_util::BodyExt;
    let mut body = request.into_body();
    let read = async {
        let mut read = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| BodyRefusal::Broken)?.into_data() else {
                continue;
            };
            if data.len() > max_bytes - read.len() {
                return Err(BodyRefusal::TooLarge);
            }
            read.extend_from_slice(&data);
        }
        Ok(read.freeze())
    };
    let read = tokio::time::timeout(BODY_TIMEOUT, read).await;
    let read = read.unwrap_or(Err(BodyRefusal::TooSlow));
    if read == Err(BodyRefusal::TooLarge) {
        tokio::spawn(throw_away(body));
    }
    read
}

/// Reads on without keeping anything, for a while.
async fn throw_away(mut body: axum::body::Body) {
    use http_body_util::BodyExt;
    let rest = async {
        let mut left = MOST_THROWN_AWAY;
        while let Some(Ok(frame)) = body.frame().await {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            left = left.saturating_sub(bytes);
            if left == 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    let _ = tokio::time::timeout(BODY_TIMEOUT, rest).await;
}

async fn collect(body: axum::body::Body) -> Result<Bytes, BodyRefusal> {
    use http_body_util::BodyExt;
    match tokio::time::timeout(BODY_TIMEOUT, body.collect()).await {
        Err(_) => Err(BodyRefusal::TooSlow),
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) => {
            let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
            while let Some(cause) = source {
                if cause.is::<http_body_util::LengthLimitError>() {
                    return Err(BodyRefusal::TooLarge);
                }
                source = cause.source();
            }
            Err(BodyRefusal::Broken)
        }
    }
}
