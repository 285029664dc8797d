//! Rolling up changes no balance, whenever it runs.

use super::script::{balance, open, prove, transfer, wanted};
use super::steps;
use ledger::rollup::SLICE_ROWS;
use ledger::{Kind, Limit, TransferResult};
use money::Fen;
use store::{Db, StoreError};

async fn roll(db: &Db) -> ledger::Rolled {
    db.write::<_, StoreError, _>(|tx| Box::pin(ledger::rollup(tx)))
        .await
        .expect("the postings are rolled up")
}

testdb::on_both_engines! {
    async fn a_balance_stays_what_it_is(db: Db) {
        let _ = open(&db, "bank", Limit::Free).await;
        let _ = open(&db, "sales", Limit::Free).await;
        assert_eq!(roll(&db).await.postings, 0);
        let rounds = SLICE_ROWS / 2 + 3;
        for round in 0..rounds {
            let made = wanted(&format!("T{round}"), "bank", "sales", 1, Kind::Posted);
            assert_eq!(transfer(&db, &made).await, TransferResult::Created);
        }
        let before = (balance(&db, "bank").await, balance(&db, "sales").await);
        let first = roll(&db).await;
        assert_eq!((first.postings, first.more), (SLICE_ROWS, true));
        let second = roll(&db).await;
        assert_eq!((second.postings, second.more), (6, false));
        assert_eq!((balance(&db, "bank").await, balance(&db, "sales").await), before);
        let more = wanted("more", "sales", "bank", 1, Kind::Pending);
        assert_eq!(transfer(&db, &more).await, TransferResult::Created);
        let sales = balance(&db, "sales").await.expect("it is there");
        assert_eq!(sales.credits_posted, Fen::new(rounds));
        assert_eq!(sales.debits_pending, Fen::new(1));
        roll(&db).await;
        assert_eq!(balance(&db, "sales").await, Some(sales));
        assert!(prove(&db).await.balanced);
    }
}
