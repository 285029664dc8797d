//! What stands around every router: a name and a log line for each request, limits, and problems
//! instead of silence when a handler panics, hangs, or there are too many.

use crate::html::Site;
use crate::limits;
use crate::problem::{self, Problem};
use crate::problem_page::{self, Viewer};
use crate::request_id::{self, RequestId};
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::{HeaderValue, StatusCode, header};
use kernel::Rng;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tracing::Instrument;

/// How a router is guarded.
#[derive(Clone, Debug)]
pub struct EdgeParts {
    /// The service's name in logs and metrics.
    pub name: &'static str,
    /// Names the requests.
    pub rng: Arc<dyn Rng>,
    /// The size of a body, bytes. Routes with a limit of their own set it themselves.
    pub max_body_bytes: usize,
    /// Requests at a time; one more is answered with 503.
    pub max_requests: usize,
    /// How long a handler may take.
    pub handler_timeout: Duration,
    /// Paths whose handlers may take as long as they need.
    pub untimed: &'static [&'static str],
    /// The site whose pages these are: a browser is shown problems as a page of it.
    pub site: Option<Site>,
}

impl EdgeParts {
    /// The usual: 64 KiB, 1024 requests at a time, 30 s.
    #[must_use]
    pub fn new(name: &'static str, rng: Arc<dyn Rng>) -> Self {
        Self {
            name,
            rng,
            max_body_bytes: limits::DEFAULT_BODY_BYTES,
            max_requests: 1_024,
            handler_timeout: Duration::from_secs(30),
            untimed: &[],
            site: None,
        }
    }

    /// Lets the handlers of these paths take as long as they need.
    #[must_use]
    pub fn untimed(mut self, paths: &'static [&'static str]) -> Self {
        self.untimed = paths;
        self
    }

    /// Shows problems to browsers as pages of that site.
    #[must_use]
    pub fn site(mut self, site: Site) -> Self {
        self.site = Some(site);
        self
    }
}

#[derive(Clone)]
struct Edge {
    parts: EdgeParts,
    room: Arc<Semaphore>,
}

/// Guards a router. Call it once, when all routes are there and their state is given.
pub fn guard(router: Router, parts: EdgeParts) -> Router {
    let room = Arc::new(Semaphore::new(parts.max_requests));
    let max_body_bytes = parts.max_body_bytes;
    let edge = Edge { parts, room };
    router
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(DefaultBodyLimit::max(max_body_bytes))
        .layer(from_fn(crate::i18n::remember))
        .layer(from_fn_with_state(edge, pass))
}

async fn pass(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let id = RequestId::new(edge.parts.rng.as_ref());
    let method = request.method().clone();
    // The path alone: queries carry tokens and signed fields.
    let path = request.uri().path().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    request.extensions_mut().insert(id.clone());
    let viewer = edge
        .parts
        .site
        .filter(|_| problem_page::is_wanted(request.headers()))
        .map(|site| Viewer::new(site, &request));
    let span =
        tracing::info_span!("http", service = edge.parts.name, %method, %path, request.id = %id);
    let began = Instant::now();
    let mut response = answer(&edge, request, next).instrument(span.clone()).await;
    if let Some(viewer) = viewer {
        response = viewer.show(response);
    }
    let took = began.elapsed();
    let status = response.status();
    crate::metrics::http_answered(edge.parts.name, &method, &route, status, took);
    span.in_scope(|| {
        tracing::debug!(
            http.status = status.as_u16(),
            duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "{method} {path} → {}",
            status.as_u16()
        );
    });
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(request_id::HEADER, value);
    }
    headers
        .entry(header::X_CONTENT_TYPE_OPTIONS)
        .or_insert(HeaderValue::from_static("nosniff"));
    response
}

async fn answer(edge: &Edge, request: Request, next: Next) -> Response {
    let Ok(_seat) = edge.room.try_acquire() else {
        return busy().into_response();
    };
    let is_timed = !edge.parts.untimed.contains(&request.uri().path());
    let handled = AssertUnwindSafe(next.run(request)).catch_unwind();
    let handled = if is_timed {
        tokio::time::timeout(edge.parts.handler_timeout, handled)
            .await
            .ok()
    } else {
        Some(handled.await)
    };
    match handled {
        Some(Ok(response)) => response,
        Some(Err(panic)) => {
            let what = panic_text(panic.as_ref());
            tracing::error!(panic = what, "A handler panicked: {what}");
            broken().into_response()
        }
        None => {
            tracing::error!("A handler did not answer in time");
            too_slow().into_response()
        }
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}

fn busy() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "Too many requests are being answered",
    )
    .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

fn broken() -> Problem {
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong on our side",
    )
}

fn too_slow() -> Problem {
    Problem::new(
        StatusCode::GATEWAY_TIMEOUT,
        "too-slow",
        "The answer took too long",
    )
    .detail("What was asked for may have happened; ask for its state.")
}
