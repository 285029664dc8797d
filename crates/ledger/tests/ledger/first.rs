//! An account that begins with its first money.

use super::script::{NOW, balance, open};
use super::steps;
use ledger::{Kind, Limit, NewAccount, NewTransfer, TransferResult};
use money::Fen;
use store::{Db, StoreError};

fn order() -> NewAccount {
    NewAccount {
        account_id: "order".to_owned(),
        kind: "order".to_owned(),
        limit: Limit::DebitsWithinCredits,
        owner: "acme".to_owned(),
    }
}

fn pay(id: &str, debit: &str, fen: i64) -> NewTransfer {
    NewTransfer {
        transfer_id: id.to_owned(),
        debit: debit.to_owned(),
        credit: "order".to_owned(),
        amount: Fen::new(fen),
        code: "pay",
        memo: "first".to_owned(),
        kind: Kind::Posted,
    }
}

async fn begin(db: &Db, first: NewTransfer) -> TransferResult {
    db.write::<_, StoreError, _>(move |tx| {
        let first = first.clone();
        Box::pin(async move { ledger::open_with(tx, &order(), &first, NOW).await })
    })
    .await
    .expect("it is answered")
}

async fn credits(db: &Db) -> i64 {
    balance(db, "order")
        .await
        .expect("it is open")
        .credits_posted
        .fen()
}

async fn prove(db: &Db) {
    let proof = db
        .read(|tx| Box::pin(async move { ledger::prove(tx).await }))
        .await
        .expect("it is answered");
    assert!(proof.balanced, "{:?}", proof.differences);
}

testdb::on_both_engines! {
    async fn it_has_its_money_and_a_repeat_adds_none(db: Db) {
        let _ = open(&db, "clearing", Limit::Free).await;
        assert_eq!(begin(&db, pay("t1", "clearing", 3_900)).await, TransferResult::Created);
        assert_eq!(begin(&db, pay("t1", "clearing", 3_900)).await, TransferResult::Exists);
        assert_eq!(
            begin(&db, pay("t1", "clearing", 4_000)).await,
            TransferResult::ExistsWithDifferentAmount
        );
        assert_eq!(credits(&db).await, 3_900);
        assert_eq!(begin(&db, pay("t2", "clearing", 100)).await, TransferResult::Created);
        assert_eq!(credits(&db).await, 4_000);
        prove(&db).await;
    }

    async fn what_may_not_be_paid_is_refused_as_ever(db: Db) {
        assert_eq!(begin(&db, pay("t1", "nobody", 1)).await, TransferResult::DebitAccountNotFound);
        assert_eq!(credits(&db).await, 0);
        let _ = open(&db, "wallet", Limit::DebitsWithinCredits).await;
        assert_eq!(begin(&db, pay("t1", "wallet", 1)).await, TransferResult::ExceedsCredits);
        assert_eq!(begin(&db, pay("t1", "wallet", 0)).await, TransferResult::AmountMustBePositive);
        prove(&db).await;
    }

    async fn a_limited_payer_pays_by_the_long_way(db: Db) {
        let _ = open(&db, "bank", Limit::Free).await;
        let _ = open(&db, "wallet", Limit::DebitsWithinCredits).await;
        let fill = NewTransfer { credit: "wallet".to_owned(), ..pay("t0", "bank", 500) };
        let filled = db
            .write::<_, StoreError, _>(move |tx| {
                let fill = fill.clone();
                Box::pin(async move { ledger::transfer(tx, &fill, NOW).await })
            })
            .await
            .expect("it is answered");
        assert_eq!(filled, TransferResult::Created);
        assert_eq!(begin(&db, pay("t1", "wallet", 500)).await, TransferResult::Created);
        assert_eq!(credits(&db).await, 500);
        prove(&db).await;
    }
}
