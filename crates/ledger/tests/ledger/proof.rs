//! The proof says false when something was spoilt behind the ledger's back, and says what.

use super::script::{prove, run};
use super::steps;
use store::{Db, Statement, StoreError, params};

store::statements! {
    /// Lets postings be changed.
    UNLOCK_POSTINGS = "DROP TRIGGER ledger_postings_keep_update",
        only_pg "DROP TRIGGER ledger_postings_keep_update ON ledger_postings";
    /// Lets postings be deleted.
    UNLOCK_DELETE = "DROP TRIGGER ledger_postings_keep_delete",
        only_pg "DROP TRIGGER ledger_postings_keep_delete ON ledger_postings";
    /// One fen appears.
    SPOIL_POSTING = "UPDATE ledger_postings SET amount = amount + 1
        WHERE transfer_id = 'T2' AND side = 'debit'";
    /// Two postings are lost, and the layer still sums to zero.
    LOSE_POSTINGS = "DELETE FROM ledger_postings WHERE transfer_id = 'T2'";
    /// Money goes to nobody.
    STRAY_POSTING = "UPDATE ledger_postings SET account_id = 'nobody'
        WHERE transfer_id = 'T2' AND side = 'credit'";
    /// A stored balance grows by a fen.
    SPOIL_BALANCE = "UPDATE ledger_balances SET credits_posted = credits_posted + 1
        WHERE account_id = 'buyer'";
    /// A stored balance is lost.
    LOSE_BALANCE = "DELETE FROM ledger_balances WHERE account_id = 'buyer'";
    /// A rolled up sum grows by a fen.
    SPOIL_ROLLUP = "UPDATE ledger_rollups SET debits_posted = debits_posted + 1
        WHERE account_id = 'bank'";
}

async fn execute(db: &Db, statement: &'static Statement) {
    db.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move { tx.execute(statement, &params![]).await })
    })
    .await
    .expect("the books are spoilt");
}

async fn some_books(db: &Db) {
    run(
        db,
        "
        account  bank
        account  buyer  debits_within_credits
        account  shop
        transfer T1 bank buyer 100.00   -> created
        transfer T2 buyer shop 30.00    -> created
        pending  P1 buyer shop 20.00    -> created
        post     X1 P1 10.00            -> created
    ",
    )
    .await;
}

async fn differences(db: &Db) -> String {
    let proof = prove(db).await;
    assert!(!proof.balanced);
    proof.differences.join("\n")
}

testdb::on_both_engines! {
    async fn a_spoilt_posting_is_seen(db: Db) {
        some_books(&db).await;
        execute(&db, &UNLOCK_POSTINGS).await;
        execute(&db, &SPOIL_POSTING).await;
        let seen = differences(&db).await;
        assert!(seen.contains("the posted layer sums to 0.01, not to 0.00"), "{seen}");
        assert!(
            seen.contains("transfer T2 has no posted debit posting of 30.00 on account buyer"),
            "{seen}"
        );
        let stored = "account buyer stores debits_posted 40.00, its postings sum to 40.01";
        assert!(seen.contains(stored), "{seen}");
    }

    async fn a_posting_to_nobody_is_seen(db: Db) {
        some_books(&db).await;
        execute(&db, &UNLOCK_POSTINGS).await;
        execute(&db, &STRAY_POSTING).await;
        let seen = differences(&db).await;
        assert!(seen.contains("is to account nobody, which was never opened"), "{seen}");
    }

    async fn a_lost_transfer_is_seen(db: Db) {
        some_books(&db).await;
        execute(&db, &UNLOCK_DELETE).await;
        execute(&db, &LOSE_POSTINGS).await;
        let seen = differences(&db).await;
        assert!(seen.contains("transfer T2 (posted) has 0 postings"), "{seen}");
        assert!(!seen.contains("layer sums"), "{seen}");
    }

    async fn a_spoilt_balance_is_seen(db: Db) {
        some_books(&db).await;
        execute(&db, &SPOIL_BALANCE).await;
        assert_eq!(
            differences(&db).await,
            "account buyer stores credits_posted 100.01, its postings sum to 100.00"
        );
    }

    async fn a_lost_balance_is_seen(db: Db) {
        some_books(&db).await;
        execute(&db, &LOSE_BALANCE).await;
        assert_eq!(
            differences(&db).await,
            "account buyer has a limit and stores no balance"
        );
    }

    async fn a_spoilt_rollup_is_seen(db: Db) {
        some_books(&db).await;
        db.write::<_, StoreError, _>(|tx| Box::pin(ledger::rollup(tx)))
            .await
            .expect("the postings are rolled up");
        assert!(prove(&db).await.balanced);
        execute(&db, &SPOIL_ROLLUP).await;
        assert_eq!(
            differences(&db).await,
            "account bank is rolled up to debits_posted 100.01, its postings sum to 100.00"
        );
    }
}
