//! `POST /order/success/`: Alipay's notice. The answer is one word, plain text, no newline.

use crate::courses::app::till::{self, NoticeAnswer};
use crate::courses::context::Context;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

/// Take a notice. `success` only after what it says is durable; a refusal is `error`; a fault of
/// ours is 500, and Alipay comes again.
pub(in crate::courses::http) async fn notice(
    State(ctx): State<Context>,
    request: Request,
) -> Response {
    match till::take_notice(&ctx, request).await {
        NoticeAnswer::Taken => word(StatusCode::OK, "success"),
        NoticeAnswer::Refused => word(StatusCode::OK, "error"),
        NoticeAnswer::Broken => word(StatusCode::INTERNAL_SERVER_ERROR, "error"),
    }
}

fn word(status: StatusCode, word: &'static str) -> Response {
    let mut response = (status, word).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
