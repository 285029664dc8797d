//! An extractor for axum: the handler sees verified notices only.

use super::{Apps, NoticeAnswer, ReceiveError};
use crate::notice::{MAX_NOTICE_BYTES, NoticeError, Verified};
use axum::{
    body::{Body, to_bytes},
    extract::{FromRef, FromRequest, Request},
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

/// A notice that Alipay signed, for one of the [`Apps`] of the state. Compare it with the order by
/// [`Verified::check`], commit, and answer [`NoticeAnswer::committed`].
///
/// The state has to give the applications: `Apps` itself is a state, or implement
/// `FromRef<YourState> for Apps`. Bodies of more than 64 KiB are not read.
#[derive(Clone, Debug)]
pub struct VerifiedNotice(pub Verified);

/// What is answered instead of calling the handler: `failure`, and nothing about why.
#[derive(Clone, Debug)]
pub struct NoticeRejection {
    /// Why, for a log.
    pub why: ReceiveError,
}

impl<S> FromRequest<S> for VerifiedNotice
where
    Apps: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = NoticeRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, NoticeRejection> {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, MAX_NOTICE_BYTES).await;
        let read = bytes.map_err(|_| NoticeError::TooLarge.into());
        let content_type = parts.headers.get(CONTENT_TYPE);
        let content_type = content_type.and_then(|kind| kind.to_str().ok());
        read.and_then(|bytes| Apps::from_ref(state).receive(&bytes, content_type))
            .map(Self)
            .map_err(|why| NoticeRejection { why })
    }
}

impl IntoResponse for NoticeRejection {
    fn into_response(self) -> Response {
        NoticeAnswer::refused().into_response()
    }
}

impl IntoResponse for NoticeAnswer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body()));
        *response.status_mut() =
            StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = HeaderValue::from_static(Self::CONTENT_TYPE);
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    }
}
