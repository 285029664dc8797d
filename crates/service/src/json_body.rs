//! A JSON body, or a problem that says what is wrong with it and where.

use crate::problem::Problem;
use axum::extract::{FromRequest, Request};
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

/// A JSON body read into `T`.
#[derive(Clone, Debug)]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Self::Rejection> {
        if !says_json(request.headers()) {
            return Err(wrong_type());
        }
        let body = crate::limits::read_body(request).await?;
        parse(&body).map(Self)
    }
}

/// Reads JSON text into `T`; what is wrong becomes a problem with the place it stands at.
///
/// # Errors
/// 400 for what is no JSON, 422 for JSON of another shape.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        let problem = if error.is_data() {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "wrong-shape",
                "The JSON does not have the shape that is asked for",
            )
        } else {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "not-json",
                "The body is not valid JSON",
            )
        };
        problem
            .detail(format!("{error}."))
            .with("line", error.line())
            .with("column", error.column())
    })
}

fn says_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn wrong_type() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not-json-type",
        "The body must be JSON",
    )
    .detail("Send `Content-Type: application/json`.")
}
