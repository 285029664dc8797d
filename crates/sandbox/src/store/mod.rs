//! Rows in, domain values out: every statement of the sandbox stands here.

pub mod accounts;
pub mod apps;
pub mod books;
pub mod figures;
pub mod notices;
pub mod refunds;
pub mod resets;
pub mod trades;
pub mod visits;

use ::store::{Statement, Step};

/// The steps that make the sandbox's own tables.
#[must_use]
pub fn steps() -> Vec<Step> {
    vec![
        Step::common(
            2000,
            "sandbox_tables",
            include_str!("../../migrations/2000_tables.sql"),
        ),
        Step::common(
            2001,
            "sandbox_resets",
            include_str!("../../migrations/2001_resets.sql"),
        ),
    ]
}

/// Every statement of the sandbox's own tables.
#[must_use]
pub fn statements() -> Vec<&'static Statement> {
    [
        accounts::ALL,
        apps::ALL,
        books::ALL,
        figures::ALL,
        notices::ALL,
        refunds::ALL,
        resets::ALL,
        trades::ALL,
        visits::ALL,
    ]
    .into_iter()
    .flatten()
    .collect()
}
