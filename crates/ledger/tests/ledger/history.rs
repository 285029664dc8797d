//! The pages of a wallet: what happened, newest first, with the balance after each.

use super::script::run;
use super::steps;
use ledger::{Entry, Side};
use money::Fen;
use store::{Db, StoreError};

async fn page(db: &Db, before: Option<i64>, limit: i64) -> Vec<Entry> {
    db.read::<_, StoreError, _>(move |tx| {
        Box::pin(async move { ledger::history(tx, "buyer", before, limit).await })
    })
    .await
    .expect("the history is read")
}

fn told(entries: &[Entry]) -> Vec<(&str, Side, &str, i64, i64)> {
    entries
        .iter()
        .map(|entry| {
            (
                entry.transfer_id.as_str(),
                entry.side,
                entry.other_account.as_str(),
                entry.amount.fen(),
                entry.credit_balance.fen(),
            )
        })
        .collect()
}

testdb::on_both_engines! {
    async fn each_entry_has_the_balance_after_it(db: Db) {
        run(&db, "
            account  bank
            account  buyer  debits_within_credits
            account  shop
            transfer T1 bank buyer 100.00   -> created
            transfer T2 buyer shop 30.00    -> created
            pending  P1 buyer shop 20.00    -> created
            post     X1 P1 15.00            -> created
            transfer T3 shop buyer 5.00     -> created
        ").await;
        let newest = page(&db, None, 2).await;
        assert_eq!(
            told(&newest),
            [
                ("T3", Side::Credit, "shop", 500, 6_000),
                ("X1", Side::Debit, "shop", 1_500, 5_500),
            ]
        );
        assert_eq!(newest[1].memo, " to ");
        assert_eq!(newest[1].code, "pay");
        let older = page(&db, newest.last().map(|entry| entry.seq), 10).await;
        assert_eq!(
            told(&older),
            [
                ("T2", Side::Debit, "shop", 3_000, 7_000),
                ("T1", Side::Credit, "bank", 10_000, 10_000),
            ]
        );
        assert_eq!(older[1].credit_balance, Fen::new(10_000));
        assert!(page(&db, older.last().map(|entry| entry.seq), 10).await.is_empty());
        assert!(page(&db, None, -1).await.is_empty());
    }
}
