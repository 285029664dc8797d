//! The tables of the service and all of its statements.

use super::{attempts, cases, deliveries, history, notices, orders, proof, refunds};
use ::store::{Statement, Step};

/// The tables of the service and of the ledger that its books are in.
#[must_use]
pub fn steps() -> Vec<Step> {
    let mut steps = ledger::steps();
    steps.push(Step::common(
        1000,
        "merchant",
        include_str!("../../migrations/1000_merchant.sql"),
    ));
    steps.push(Step {
        version: 1001,
        name: "merchant_evidence",
        sqlite: include_str!("../../migrations/1001_evidence.sqlite.sql"),
        postgres: include_str!("../../migrations/1001_evidence.postgres.sql"),
    });
    steps.push(Step::common(
        1002,
        "forged_by_reason",
        include_str!("../../migrations/1002_forged_by_reason.sql"),
    ));
    steps
}

/// Every statement of this room, for the test that prepares each on both engines.
#[must_use]
pub fn statements() -> Vec<&'static Statement> {
    [
        orders::ALL,
        attempts::ALL,
        refunds::ALL,
        history::ALL,
        notices::ALL,
        cases::ALL,
        deliveries::ALL,
        proof::ALL,
    ]
    .into_iter()
    .flatten()
    .collect()
}
