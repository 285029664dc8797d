//! Who may use the control API: this machine, or whoever knows the token.

use crate::context::Context;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};
use service::Problem;
use service::client_ip::ClientIp;
use subtle::ConstantTimeEq;

/// Lets a request through, or says why not.
pub(super) async fn guard(
    State(cx): State<Context>,
    ip: ClientIp,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if !knows_token(&cx, headers) {
        if !ip.is_local() {
            return Problem::unauthorized(
                "The control API is open to this machine only. From elsewhere send `Authorization: Bearer <token>`; the sandbox was started with it.",
            )
            .into_response();
        }
        // A page on the internet whose name was made to mean 127.0.0.1 still sends its own name.
        if !names_us(&cx, headers) {
            return Problem::forbidden(
                "The Host header names neither this machine nor the sandbox's public address.",
            )
            .into_response();
        }
    }
    let changes = matches!(
        *request.method(),
        Method::POST | Method::PUT | Method::PATCH
    );
    if changes && !says_json(headers) {
        return Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not-json-type",
            "The body must be JSON",
        )
        .detail("Send `Content-Type: application/json`, with `{}` where there is nothing to say.")
        .into_response();
    }
    next.run(request).await
}

/// Whether a request may look at what is inside: it knows the token, or it comes from this machine
/// and names us.
pub(crate) fn may_look(cx: &Context, ip: ClientIp, headers: &HeaderMap) -> bool {
    knows_token(cx, headers) || (ip.is_local() && names_us(cx, headers))
}

fn knows_token(cx: &Context, headers: &HeaderMap) -> bool {
    let Some(token) = &cx.parts().control_token else {
        return false;
    };
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    given.is_some_and(|given| bool::from(given.as_bytes().ct_eq(token.as_bytes())))
}

fn names_us(cx: &Context, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else {
        return true;
    };
    let Ok(named) = host.to_str() else {
        return false;
    };
    let Ok(named) = url::Url::parse(&format!("http://{named}/")) else {
        return false;
    };
    let public = url::Url::parse(cx.public_url()).ok();
    match named.host() {
        Some(url::Host::Domain("localhost") | url::Host::Ipv4(_) | url::Host::Ipv6(_)) => true,
        other => public.is_some_and(|public| public.host() == other),
    }
}

fn says_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}
