//! Counters of this process, written at four places only: HTTP answers, calls to Alipay, jobs, and
//! verdicts on notices.
//!
//! What the database knows (orders by state, jobs due) is not counted here: it is computed when
//! `/metrics` is read, and appended to [`render`].

use http::{Method, StatusCode};
use metrics::{counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

const HTTP: &str = "tongbao_http_requests_total";
const HTTP_SECONDS: &str = "tongbao_http_request_seconds";
const ALIPAY: &str = "tongbao_alipay_calls_total";
const ALIPAY_SECONDS: &str = "tongbao_alipay_call_seconds";
const JOBS: &str = "tongbao_job_tries_total";
const NOTICES: &str = "tongbao_notices_total";

const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// Begins to count. Later calls do nothing; without one, counting costs nothing.
pub fn install() {
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).ok()?;
        let handle = builder.install_recorder().ok()?;
        describe_counter!(HTTP, "HTTP requests answered");
        describe_histogram!(HTTP_SECONDS, "Time to answer an HTTP request");
        describe_counter!(ALIPAY, "Calls to a gateway by outcome");
        describe_histogram!(ALIPAY_SECONDS, "Time of a call to a gateway");
        describe_counter!(JOBS, "Tries of follow-up work by outcome");
        describe_counter!(NOTICES, "Notices by verdict");
        Some(handle)
    });
}

/// All counters in Prometheus' text format; empty before [`install`].
#[must_use]
pub fn render() -> String {
    match HANDLE.get() {
        Some(Some(handle)) => {
            handle.run_upkeep();
            handle.render()
        }
        _ => String::new(),
    }
}

/// An HTTP request was answered. `route` is the pattern, not the path: paths are endless.
pub fn http_answered(
    service: &'static str,
    method: &Method,
    route: &str,
    status: StatusCode,
    took: Duration,
) {
    // A stranger can make up methods as well.
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let labels = [
        ("service", service.to_owned()),
        ("method", method.to_owned()),
        ("route", route.to_owned()),
        ("status", status.as_str().to_owned()),
    ];
    counter!(HTTP, &labels).increment(1);
    histogram!(HTTP_SECONDS, "service" => service).record(took);
}

/// A call to a gateway ended: `outcome` is `done`, `refused` or `unknown`.
pub fn alipay_called(method: &str, outcome: &'static str, took: Duration) {
    counter!(ALIPAY, "method" => method.to_owned(), "outcome" => outcome).increment(1);
    histogram!(ALIPAY_SECONDS, "method" => method.to_owned()).record(took);
}

/// A job was tried: `outcome` is `finished`, `again`, `retry` or `fail`.
pub fn job_tried(worker: &'static str, kind: &str, outcome: &'static str) {
    counter!(JOBS, "worker" => worker, "kind" => kind.to_owned(), "outcome" => outcome)
        .increment(1);
}

/// A notice was judged: `verdict` is a word such as `accepted`, `repeated`, `forged`, `mismatch`.
pub fn notice_judged(verdict: &'static str) {
    counter!(NOTICES, "verdict" => verdict).increment(1);
}
