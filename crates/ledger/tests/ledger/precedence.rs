//! One wrong transfer, put right one fault at a time: each answer in its order of precedence, and
//! every answer there is.

use super::script::{open, transfer, wanted};
use super::steps;
use ledger::transfer::{AMOUNT_MAX, ID_BYTES_MAX};
use ledger::{Kind, Limit, NewTransfer, TransferResult as R};
use money::Fen;
use std::collections::BTreeSet;
use store::{Db, StoreError, params};

store::statements! {
    /// Brings an account close to what 64 bits hold.
    FILL = "UPDATE ledger_balances SET debits_posted = $2, credits_posted = $3 WHERE account_id = $1";
}

/// A change to the transfer, and what is answered after it.
type Fix = (fn(&mut NewTransfer), R);

async fn walk(db: &Db, mut transfer_now: NewTransfer, fixes: &[Fix], seen: &mut BTreeSet<R>) {
    for (index, (fix, expected)) in fixes.iter().enumerate() {
        fix(&mut transfer_now);
        let result = transfer(db, &transfer_now).await;
        assert_eq!(result, *expected, "fix {index}: {transfer_now:?}");
        seen.insert(result);
    }
}

async fn fill(db: &Db, account_id: &'static str, debits: i64, credits: i64) {
    db.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            let values = params![account_id, debits, credits];
            tx.execute_one(&FILL, &values).await
        })
    })
    .await
    .expect("the balance is filled");
}

async fn new_transfers(db: &Db, seen: &mut BTreeSet<R>) {
    let all_wrong = NewTransfer {
        code: "",
        ..wanted("", "full", "full", -1, Kind::Posted)
    };
    let fixes: &[Fix] = &[
        (|_| (), R::TransferIdInvalid),
        (
            |t| t.transfer_id = "x".repeat(ID_BYTES_MAX + 1),
            R::TransferIdInvalid,
        ),
        (
            |t| "N1".clone_into(&mut t.transfer_id),
            R::CodeMustNotBeEmpty,
        ),
        (|t| t.code = "pay", R::AmountMustBePositive),
        (|t| t.amount = Fen::ZERO, R::AmountMustBePositive),
        (
            |t| t.amount = Fen::new(AMOUNT_MAX.fen() + 1),
            R::AmountExceedsMaximum,
        ),
        (|t| t.amount = AMOUNT_MAX, R::AccountsMustDiffer),
        (
            |t| "nobody".clone_into(&mut t.debit),
            R::DebitAccountNotFound,
        ),
        (
            |t| {
                "full_debits".clone_into(&mut t.debit);
                "no one".clone_into(&mut t.credit);
            },
            R::CreditAccountNotFound,
        ),
        (
            |t| "full_credits".clone_into(&mut t.credit),
            R::OverflowsDebits,
        ),
        (|t| "buyer".clone_into(&mut t.debit), R::OverflowsCredits),
        (|t| "owing".clone_into(&mut t.credit), R::ExceedsCredits),
        (|t| "bank".clone_into(&mut t.debit), R::ExceedsDebits),
        (|t| "shop".clone_into(&mut t.credit), R::Created),
        (|_| (), R::Exists),
        (|t| t.code = "tip", R::ExistsWithDifferentCode),
        (|t| t.amount = Fen::new(1), R::ExistsWithDifferentAmount),
        (
            |t| "nobody".clone_into(&mut t.credit),
            R::ExistsWithDifferentCredit,
        ),
        (
            |t| "nobody".clone_into(&mut t.debit),
            R::ExistsWithDifferentDebit,
        ),
        (|t| t.kind = Kind::Pending, R::ExistsWithDifferentKind),
        (|t| t.transfer_id = String::new(), R::TransferIdInvalid),
    ];
    walk(db, all_wrong, fixes, seen).await;
}

/// Lets a post or a void end another pending transfer.
fn ends(t: &mut NewTransfer, pending: &str) {
    let pending_id = pending.to_owned();
    t.kind = match t.kind {
        Kind::Void { .. } => Kind::Void { pending_id },
        _ => Kind::Post { pending_id },
    };
}

async fn ends_of_pending_ones(db: &Db, seen: &mut BTreeSet<R>) {
    let held = wanted("P1", "bank", "shop", 100, Kind::Pending);
    assert_eq!(transfer(db, &held).await, R::Created);
    let held = wanted("P2", "bank", "shop", 100, Kind::Pending);
    assert_eq!(transfer(db, &held).await, R::Created);
    let pending_id = "E1".to_owned();
    let all_wrong = wanted("E1", "shop", "bank", 101, Kind::Post { pending_id });
    let fixes: &[Fix] = &[
        (|_| (), R::PendingIdMustBeDifferent),
        (|t| ends(t, "P9"), R::PendingNotFound),
        (|t| ends(t, "N1"), R::PendingNotPending),
        (|t| ends(t, "P1"), R::PendingHasDifferentDebit),
        (
            |t| "bank".clone_into(&mut t.debit),
            R::PendingHasDifferentCredit,
        ),
        (
            |t| "shop".clone_into(&mut t.credit),
            R::ExceedsPendingAmount,
        ),
        (|t| t.amount = Fen::new(99), R::Created),
        (
            |t| "E2".clone_into(&mut t.transfer_id),
            R::PendingAlreadyPosted,
        ),
        (
            |t| {
                t.kind = Kind::Void {
                    pending_id: "P2".to_owned(),
                };
                t.amount = Fen::new(99);
            },
            R::PendingHasDifferentAmount,
        ),
        (|t| t.amount = Fen::new(100), R::Created),
        (|t| t.amount = Fen::ZERO, R::Exists),
        (
            |t| "E3".clone_into(&mut t.transfer_id),
            R::PendingAlreadyVoided,
        ),
        (
            |t| {
                "E2".clone_into(&mut t.transfer_id);
                ends(t, "P1");
            },
            R::ExistsWithDifferentPendingId,
        ),
    ];
    walk(db, all_wrong, fixes, seen).await;
}

testdb::on_both_engines! {
    async fn every_answer_comes_in_its_order(db: Db) {
        for (account, limit) in [
            ("bank", Limit::Free),
            ("shop", Limit::Free),
            ("full", Limit::Free),
            ("full_debits", Limit::DebitsWithinCredits),
            ("full_credits", Limit::CreditsWithinDebits),
            ("buyer", Limit::DebitsWithinCredits),
            ("owing", Limit::CreditsWithinDebits),
        ] {
            let _ = open(&db, account, limit).await;
        }
        fill(&db, "full_debits", i64::MAX, i64::MAX).await;
        fill(&db, "full_credits", i64::MAX, i64::MAX).await;
        let mut seen = BTreeSet::new();
        new_transfers(&db, &mut seen).await;
        ends_of_pending_ones(&db, &mut seen).await;
        assert_eq!(seen.len(), 28, "an answer is missing: {seen:?}");
        assert_eq!(seen.last(), Some(&R::ExceedsDebits));
    }
}
