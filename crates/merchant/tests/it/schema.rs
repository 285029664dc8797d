//! Every statement is good SQL on both engines.

use store::Db;

testdb::on_both_engines! {
    steps: merchant::steps;

    async fn every_statement_is_prepared(db: Db) {
        testdb::prepare_all(&db, &merchant::statements()).await;
        testdb::prepare_all(&db, &ledger::statements()).await;
    }
}
