//! `POST /order/success/`: Alipay's notice. The answer is one word, plain text, no newline.

use crate::courses::app::till::{self, NoticeAnswer};
use crate::courses::context::Context;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use service::limits;

/// Take a notice. `success` only after what it says is durable; a refusal is `error`; a fault of
/// ours is 500, and Alipay comes again.
pub(in crate::courses::http) async fn notice(
    State(ctx): State<Context>,
    request: Request,
) -> Response {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    // A type that is no text is no reason to lose the notice; its bytes are checked anyway.
    let content_type = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into());
    let answer = match limits::read_body_up_to(request, limits::DEFAULT_BODY_BYTES).await {
        Ok(body) => till::take_notice(&ctx, body, content_type).await,
        Err(refusal) => till::refuse_unread_notice(&ctx, &refusal.to_string()).await,
    };
    match answer {
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
