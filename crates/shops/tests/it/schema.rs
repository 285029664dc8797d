//! Every statement of the shops is understood by both engines.

testdb::on_both_engines! {
    steps: shops::courses::steps;

    async fn every_statement_is_prepared(db: store::Db) {
        testdb::prepare_all(&db, &shops::statements()).await;
    }
}
