//! The database itself refuses to change what is written.

use super::script::{prove, run};
use super::steps;
use store::{Db, Statement, StoreError, params};

store::statements! {
    /// Would make a transfer another.
    CHANGE_TRANSFER = "UPDATE ledger_transfers SET amount = amount + 1";
    /// Would forget transfers.
    DROP_TRANSFERS = "DELETE FROM ledger_transfers";
    /// Would make a posting another.
    CHANGE_POSTING = "UPDATE ledger_postings SET amount = amount + 1";
    /// Would forget postings.
    DROP_POSTINGS = "DELETE FROM ledger_postings";
    /// Would forget accounts.
    DROP_ACCOUNTS = "DELETE FROM ledger_accounts";
    /// Would forget them at once, where there is such a statement.
    EMPTY_POSTINGS = "DELETE FROM ledger_postings", only_pg "TRUNCATE ledger_postings CASCADE";
}

async fn try_it(db: &Db, statement: &'static Statement) -> Result<u64, StoreError> {
    db.write(move |tx| Box::pin(async move { tx.execute(statement, &params![]).await }))
        .await
}

testdb::on_both_engines! {
    async fn what_is_written_is_never_changed(db: Db) {
        run(&db, "
            account  bank
            account  buyer  debits_within_credits
            transfer T1 bank buyer 1.00   -> created
        ").await;
        for statement in ALL {
            let refused = try_it(&db, statement).await;
            assert!(refused.is_err(), "{} went through", statement.name);
        }
        let proof = prove(&db).await;
        assert!(proof.balanced);
        assert_eq!(proof.postings, 2);
    }
}
