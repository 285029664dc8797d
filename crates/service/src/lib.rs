//! Web and process parts that every service of ours shares.
//!
//! Nothing here knows an order or a trade: problems, languages, pages, sessions, limits, jobs, the
//! moving clock, and how a process starts and stops.

pub mod lifecycle;
pub mod metrics;
pub mod server;
pub mod telemetry;

pub mod client_ip;
pub mod edge;
pub mod limits;
pub mod request_id;

pub mod cookie;
pub mod form_body;
pub mod i18n;
pub mod json_body;
pub mod problem;
pub mod problem_page;

pub mod assets;
pub mod chart;
pub mod html;
pub mod pager;
pub mod qr;

pub mod api_key;
pub mod csrf;
pub mod password;
pub mod private_file;
pub mod rate_limit;
pub mod secret;
pub mod session;

pub mod http_client;

mod done;

pub mod clock_control;
pub mod late_control;
pub mod schedule;
pub mod worker;

pub use client_ip::ClientIp;
pub use form_body::FormBody;
pub use i18n::Lang;
pub use json_body::JsonBody;
pub use problem::Problem;
pub use request_id::RequestId;

/// The tables of this crate, for a database that keeps sessions or secrets. Versions 200 to 299.
#[must_use]
pub fn steps() -> Vec<store::Step> {
    vec![store::Step::common(
        200,
        "service",
        include_str!("../migrations/200_service.sql"),
    )]
}

/// Every statement of this crate, for the test that prepares each on both engines.
#[must_use]
pub fn statements() -> Vec<&'static store::Statement> {
    session::ALL.iter().chain(secret::ALL).collect()
}
