//! The ledger on both engines: what may happen, what must not, and that the proof sees the
//! difference.

mod concurrency;
mod first;
mod history;
mod immutable;
mod laws;
mod opening;
mod phases;
mod precedence;
mod proof;
mod rollup;
mod script;

use store::Step;

/// The tables that these tests need.
fn steps() -> Vec<Step> {
    ledger::steps()
}

testdb::on_both_engines! {
    async fn every_statement_is_understood(db: store::Db) {
        testdb::prepare_all(&db, &ledger::statements()).await;
    }
}
