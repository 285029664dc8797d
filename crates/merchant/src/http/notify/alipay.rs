//! `POST /notify/alipay`: takes a notice and answers it as Alipay wants it: plain text, without
//! quotes or newline, with 200. Only our own fault is a 500.

use crate::app::{
    NoticeIn, NoticeVerdict, ReceiveNoticeError, Scope, receive_notice, refuse_notice,
};
use crate::context::Merchant;
use ::alipay::notice::MAX_NOTICE_BYTES;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use service::limits::read_body_up_to;
use service::problem::chain;

/// The service's own path: for every merchant.
pub async fn receive(State(merchant): State<Merchant>, request: Request) -> Response {
    answer_notice(&merchant, Scope::Any, request, "failure").await
}

/// Takes the notice in `request` and answers it; `refusal` is what the path says when it refuses.
/// For the shops' own paths, too.
pub async fn answer_notice(
    merchant: &Merchant,
    scope: Scope,
    request: Request,
    refusal: &'static str,
) -> Response {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    // The header that Alipay sends is malformed; it is taken as it comes.
    let content_type = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into());
    let body = match read_body_up_to(request, MAX_NOTICE_BYTES).await {
        Ok(body) => body,
        Err(why) => {
            refuse_notice(merchant, b"", &why.to_string()).await;
            return text(StatusCode::OK, refusal, true);
        }
    };
    let notice = NoticeIn {
        scope,
        body,
        content_type,
    };
    answer(receive_notice(merchant, notice).await, refusal)
}

fn answer(verdict: Result<NoticeVerdict, ReceiveNoticeError>, refusal: &'static str) -> Response {
    match verdict {
        Ok(verdict) => text(StatusCode::OK, verdict.answer(refusal), false),
        Err(error) => {
            tracing::error!(error.chain = %chain(&error), "A notice was not taken: {error}");
            text(StatusCode::INTERNAL_SERVER_ERROR, refusal, false)
        }
    }
}

fn text(status: StatusCode, word: &'static str, close: bool) -> Response {
    let mut response = Response::new(Body::from(word));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, plain);
    if close {
        // The rest of the body is not read: nothing else can come through this connection.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
