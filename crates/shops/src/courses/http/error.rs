//! Refusals in the form that the front ends read: a field's name with its messages, and on every
//! 400 and 429 also `data`, which the first front end shows as it is.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};
use service::limits::BodyRefusal;
use service::rate_limit::TooMany;
use store::StoreError;

/// A refusal or failure of the API.
#[derive(Debug)]
pub(in crate::courses::http) struct ApiError(Box<Answer>);

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    body: Map<String, Value>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl ApiError {
    /// 400 about one field: `{"<field>":["<message>"],"data":"<message>"}`.
    pub(super) fn field(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut body = Map::new();
        body.insert(field.to_owned(), json!([message]));
        body.insert("data".to_owned(), Value::from(message));
        Self::new(StatusCode::BAD_REQUEST, body)
    }

    /// 400 about the whole: `{"non_field_errors":["<message>"],"data":"<message>"}`.
    pub(super) fn whole(message: impl Into<String>) -> Self {
        Self::field("non_field_errors", message)
    }

    /// Another status with `{"detail":"<message>"}`.
    pub(super) fn detail(status: StatusCode, message: &str) -> Self {
        let mut body = Map::new();
        body.insert("detail".to_owned(), Value::from(message));
        if status == StatusCode::BAD_REQUEST {
            body.insert("data".to_owned(), Value::from(message));
        }
        Self::new(status, body)
    }

    fn new(status: StatusCode, body: Map<String, Value>) -> Self {
        Self(Box::new(Answer {
            status,
            body,
            header: None,
        }))
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }

    /// 401 for a caller without a good token.
    pub(super) fn unauthorized() -> Self {
        Self::detail(StatusCode::UNAUTHORIZED, "请先登录!").with(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("JWT realm=\"api\""),
        )
    }

    /// 403 for whoever may not know, the same for what does not exist.
    pub(super) fn forbidden() -> Self {
        Self::detail(StatusCode::FORBIDDEN, "您没有执行该操作的权限。")
    }

    /// 404.
    pub(super) fn not_found() -> Self {
        Self::detail(StatusCode::NOT_FOUND, "未找到。")
    }

    /// 500 for a fault of ours; the chain is logged here and not shown.
    pub(super) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error.chain = %service::problem::chain(error), "The request failed: {error}");
        Self::detail(
            StatusCode::INTERNAL_SERVER_ERROR,
            "服务器内部错误，请稍后再试。",
        )
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let answer = *self.0;
        let mut response = (answer.status, axum::Json(Value::Object(answer.body))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(answer.header);
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::internal(&error)
    }
}

impl From<BodyRefusal> for ApiError {
    fn from(refusal: BodyRefusal) -> Self {
        match refusal {
            BodyRefusal::TooLarge => Self::detail(StatusCode::PAYLOAD_TOO_LARGE, "请求内容过大。"),
            BodyRefusal::TooSlow => Self::detail(StatusCode::REQUEST_TIMEOUT, "请求超时。"),
            BodyRefusal::Broken => Self::detail(StatusCode::BAD_REQUEST, "请求内容不完整。"),
        }
    }
}

impl From<TooMany> for ApiError {
    fn from(refusal: TooMany) -> Self {
        let message = "操作过于频繁，请稍后再试。";
        let mut refused = Self::whole(message);
        refused.0.status = StatusCode::TOO_MANY_REQUESTS;
        let detail = Value::from(message);
        refused.0.body.insert("detail".to_owned(), detail);
        let wait = HeaderValue::from(refusal.retry_after_s());
        refused.with(header::RETRY_AFTER, wait)
    }
}
