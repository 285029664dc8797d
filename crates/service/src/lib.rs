//! Web and process parts that every service of ours shares.
//!
//! Nothing here knows an order or a trade: problems, languages, pages, sessions, limits, jobs, the
//! moving clock, and how a process starts and stops.

pub mod lifecycle;
pub mod limits;

pub mod cookie;
pub mod i18n;
pub mod json_body;
pub mod problem;

pub mod assets;
pub mod html;

pub mod api_key;
pub mod csrf;
pub mod secret;
pub mod session;

pub mod clock_control;
pub mod schedule;
pub mod worker;

pub use json_body::JsonBody;
pub use problem::Problem;

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
