//! What a caller is told when something is refused or broken: RFC 9457 problem documents.
//!
//! A use case returns its own error; the handler's file turns it into a [`Problem`] with a `match`
//! that names every refusal, so that a new one does not compile until it has a status and a name.
//! The chain behind a 5xx is logged once, here, and never shown.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value};
use std::error::Error;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// One refusal or failure, as the outside sees it.
///
/// ```
/// use http::StatusCode;
/// use service::problem::Problem;
///
/// let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refund-exceeds-paid", "More than was paid")
///     .detail("12.00 are left to refund.")
///     .with("left", "12.00");
/// assert_eq!(problem.to_json()["type"], "/problems/refund-exceeds-paid");
/// ```
#[derive(Clone, Debug)]
pub struct Problem(Box<Document>);

#[derive(Clone, Debug)]
struct Document {
    status: StatusCode,
    slug: &'static str,
    title: &'static str,
    detail: Option<String>,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem of the kind `slug` (the last part of its `type`); `title` is the same sentence for
    /// every problem of that kind.
    #[must_use]
    pub fn new(status: StatusCode, slug: &'static str, title: &'static str) -> Self {
        Self(Box::new(Document {
            status,
            slug,
            title,
            detail: None,
            members: Map::new(),
            headers: Vec::new(),
        }))
    }

    /// What happened this time, to which thing, and what to do about it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// One more member that a program can read.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(key.to_owned(), value.into());
        self
    }

    /// A header of the answer, such as `Retry-After` or `WWW-Authenticate`.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// 404 for a thing that is not there, or is not the caller's.
    #[must_use]
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing").detail(what)
    }

    /// 400 for a request that cannot be understood.
    #[must_use]
    pub fn bad_request(what: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "The request cannot be understood",
        )
        .detail(what)
    }

    /// 401 for a caller that is not known.
    #[must_use]
    pub fn unauthorized(what: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "The caller is not known",
        )
        .detail(what)
    }

    /// 403 for a caller that is known and may not.
    #[must_use]
    pub fn forbidden(what: impl Into<String>) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "The caller is not allowed to do this",
        )
        .detail(what)
    }

    /// 409 for a change that what is there forbids.
    #[must_use]
    pub fn conflict(slug: &'static str, what: impl Into<String>) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            slug,
            "The present state does not allow this",
        )
        .detail(what)
    }

    /// 429 for a caller that has to wait; `retry_after_s` goes into the header, whole seconds.
    #[must_use]
    pub fn too_many(retry_after_s: i64) -> Self {
        let seconds = retry_after_s.max(1);
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "Too many requests",
        )
        .detail(format!("Try again in {seconds} s."))
        .with("retry_after_s", seconds)
        .header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// 500 for a fault of ours. Logs the whole chain, tells the caller nothing of it. A text with a
    /// zero byte that came as far as the database is the caller's fault, and 400.
    #[must_use]
    pub fn internal(error: &(dyn Error + 'static)) -> Self {
        if is_zero_byte(error) {
            return Self::bad_request("Something in it holds a zero byte, which no text does.");
        }
        tracing::error!(error.chain = %chain(error), "The request failed: {error}");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side",
        )
        .detail("It is in our log. Trying again is safe when the call says so.")
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The last part of its `type`.
    pub fn slug(&self) -> &'static str {
        self.0.slug
    }

    /// The same sentence for every problem of this kind.
    pub fn title(&self) -> &'static str {
        self.0.title
    }

    /// What happened this time.
    pub fn detail_text(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// The document.
    pub fn to_json(&self) -> Value {
        let mut document = Map::new();
        document.insert(
            "type".to_owned(),
            Value::from(format!("/problems/{}", self.0.slug)),
        );
        document.insert("title".to_owned(), Value::from(self.0.title));
        document.insert("status".to_owned(), Value::from(self.0.status.as_u16()));
        if let Some(detail) = &self.0.detail {
            document.insert("detail".to_owned(), Value::from(detail.as_str()));
        }
        // Members of ours never hide a standard one.
        for (key, value) in &self.0.members {
            document.entry(key.clone()).or_insert_with(|| value.clone());
        }
        Value::Object(document)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.0.status, self.to_json().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in &self.0.headers {
            headers.insert(name, value.clone());
        }
        // A site makes a page of it for a browser; see `edge`.
        response.extensions_mut().insert(self);
        response
    }
}

/// A failing database is our fault.
impl From<store::StoreError> for Problem {
    fn from(error: store::StoreError) -> Self {
        Self::internal(&error)
    }
}

fn is_zero_byte(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(store::StoreError::ZeroByte { .. }) = error.downcast_ref() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// An error and everything that caused it, in one line.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The fallback for paths that no route has.
#[expect(clippy::unused_async, reason = "axum handlers are async")]
pub async fn no_such_path(uri: http::Uri) -> Problem {
    Problem::not_found(format!("Nothing is served at `{}`.", uri.path()))
}

/// The fallback for methods that a route does not have.
pub async fn no_such_method(method: http::Method, uri: http::Uri) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "The path does not take this method",
    )
    .detail(format!("`{}` does not take {method}.", uri.path()))
}
