//! Many at once: nobody overdraws, nobody waits for ever, a repeat is one transfer.

use super::script::{balance, open, prove, transfer, wanted};
use super::steps;
use futures::future::join_all;
use ledger::{Kind, Limit, TransferResult};
use money::Fen;
use store::{Db, StoreError};

async fn funded(db: &Db, account: &str, fen: i64) {
    let _ = open(db, account, Limit::DebitsWithinCredits).await;
    let top_up = wanted(
        &format!("top-up {account}"),
        "bank",
        account,
        fen,
        Kind::Posted,
    );
    assert_eq!(transfer(db, &top_up).await, TransferResult::Created);
}

fn count(results: &[TransferResult], wanted: TransferResult) -> usize {
    results.iter().filter(|result| **result == wanted).count()
}

testdb::on_both_engines! {
    async fn sixty_four_spenders_never_overdraw(db: Db) {
        let _ = open(&db, "bank", Limit::Free).await;
        let _ = open(&db, "shop", Limit::Free).await;
        funded(&db, "buyer", 1_000).await;
        let spends: Vec<_> = (0..64)
            .map(|n| wanted(&format!("S{n}"), "buyer", "shop", 100, Kind::Posted))
            .collect();
        let results = join_all(spends.iter().map(|spend| transfer(&db, spend))).await;
        assert_eq!(count(&results, TransferResult::Created), 10);
        assert_eq!(count(&results, TransferResult::ExceedsCredits), 54);
        let buyer = balance(&db, "buyer").await.expect("it is there");
        assert_eq!(buyer.available_credit(), Fen::ZERO);
        assert!(prove(&db).await.balanced);
    }

    async fn one_transfer_asked_for_many_times_at_once_is_made_once(db: Db) {
        let _ = open(&db, "bank", Limit::Free).await;
        let _ = open(&db, "shop", Limit::Free).await;
        funded(&db, "buyer", 100).await;
        for (debit, id) in [("buyer", "limited"), ("bank", "free")] {
            let once = wanted(id, debit, "shop", 100, Kind::Posted);
            let results = join_all((0..32).map(|_| transfer(&db, &once))).await;
            assert_eq!(count(&results, TransferResult::Created), 1, "{id}");
            assert_eq!(count(&results, TransferResult::Exists), 31, "{id}");
        }
        assert!(prove(&db).await.balanced);
    }

    async fn a_held_amount_ends_once_however_many_end_it(db: Db) {
        let _ = open(&db, "bank", Limit::Free).await;
        let _ = open(&db, "shop", Limit::Free).await;
        let held = wanted("P1", "bank", "shop", 100, Kind::Pending);
        assert_eq!(transfer(&db, &held).await, TransferResult::Created);
        let ends: Vec<_> = (0..32)
            .map(|n| {
                let pending_id = "P1".to_owned();
                let (kind, fen) = if n % 2 == 0 {
                    (Kind::Post { pending_id }, 100)
                } else {
                    (Kind::Void { pending_id }, 0)
                };
                wanted(&format!("E{n}"), "", "", fen, kind)
            })
            .collect();
        let results = join_all(ends.iter().map(|end| transfer(&db, end))).await;
        assert_eq!(count(&results, TransferResult::Created), 1);
        assert!(prove(&db).await.balanced);
    }

    async fn two_who_pay_each_other_do_not_wait_for_ever(db: Db) {
        let _ = open(&db, "bank", Limit::Free).await;
        funded(&db, "alice", 10_000).await;
        funded(&db, "bob", 10_000).await;
        let pays: Vec<_> = (0..64)
            .map(|n| {
                let (from, to) = if n % 2 == 0 { ("alice", "bob") } else { ("bob", "alice") };
                wanted(&format!("P{n}"), from, to, 1, Kind::Posted)
            })
            .collect();
        let results = join_all(pays.iter().map(|pay| transfer(&db, pay))).await;
        assert_eq!(count(&results, TransferResult::Created), 64);
        assert!(prove(&db).await.balanced);
    }

    async fn rolling_up_beside_writers_loses_nothing(db: Db) {
        let _ = open(&db, "bank", Limit::Free).await;
        let _ = open(&db, "shop", Limit::Free).await;
        let pays: Vec<_> = (0..100)
            .map(|n| wanted(&format!("P{n}"), "bank", "shop", 1, Kind::Posted))
            .collect();
        let pay_all = join_all(pays.iter().map(|pay| transfer(&db, pay)));
        let roll_all = join_all((0..20).map(|_| {
            db.write::<_, StoreError, _>(|tx| Box::pin(ledger::rollup(tx)))
        }));
        let (results, rolled) = futures::join!(pay_all, roll_all);
        assert_eq!(count(&results, TransferResult::Created), 100);
        assert!(rolled.iter().all(Result::is_ok), "{rolled:?}");
        let shop = balance(&db, "shop").await.expect("it is there");
        assert_eq!(shop.credits_posted, Fen::new(100));
        assert!(prove(&db).await.balanced);
    }
}
