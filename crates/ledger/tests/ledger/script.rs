//! A small language for ledger tests: lines that can be read aloud, each with what must come of it.
//!
//! ```text
//! account  buyer  debits_within_credits
//! transfer T1 bank buyer 88.88       -> created
//! pending  P1 buyer shop 80.00       -> created
//! post     X1 P1 60.00               -> created
//! void     X2 P1                     -> pending_already_posted
//! balance  buyer 28.88 held 0.00
//! ```

use kernel::Timestamp;
use ledger::{Kind, Limit, NewAccount, NewTransfer, Opened, TransferResult};
use money::Fen;
use store::{Db, StoreError};

/// When everything in these tests happens.
pub(crate) const NOW: Timestamp = Timestamp::from_ms(1_700_000_000_000);

/// A transfer with what most tests do not care about filled in.
pub(crate) fn wanted(id: &str, debit: &str, credit: &str, fen: i64, kind: Kind) -> NewTransfer {
    NewTransfer {
        transfer_id: id.to_owned(),
        debit: debit.to_owned(),
        credit: credit.to_owned(),
        amount: Fen::new(fen),
        code: "pay",
        memo: format!("{debit} to {credit}"),
        kind,
    }
}

/// Opens an account in a transaction of its own.
pub(crate) async fn open(db: &Db, account_id: &str, limit: Limit) -> Opened {
    let account = NewAccount {
        account_id: account_id.to_owned(),
        kind: "test".to_owned(),
        limit,
        owner: "tests".to_owned(),
    };
    db.write::<_, StoreError, _>(move |tx| {
        let account = account.clone();
        Box::pin(async move { ledger::open(tx, &account, NOW).await })
    })
    .await
    .expect("the account is opened")
}

/// Makes a transfer in a transaction of its own.
pub(crate) async fn transfer(db: &Db, wanted: &NewTransfer) -> TransferResult {
    let wanted = wanted.clone();
    db.write::<_, StoreError, _>(move |tx| {
        let wanted = wanted.clone();
        Box::pin(async move { ledger::transfer(tx, &wanted, NOW).await })
    })
    .await
    .expect("the transfer is answered")
}

/// The balance of an account.
pub(crate) async fn balance(db: &Db, account_id: &str) -> Option<ledger::Balance> {
    let account_id = account_id.to_owned();
    db.read::<_, StoreError, _>(move |tx| {
        let account_id = account_id.clone();
        Box::pin(async move { ledger::balance(tx, &account_id).await })
    })
    .await
    .expect("the balance is read")
}

/// The proof of the whole books.
pub(crate) async fn prove(db: &Db) -> ledger::Proof {
    db.read::<_, StoreError, _>(|tx| Box::pin(ledger::prove(tx)))
        .await
        .expect("the books are proved")
}

/// Runs a script and asserts every line of it, and that the books are proved after it.
pub(crate) async fn run(db: &Db, script: &str) {
    for line in script.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (words, result) = line.split_once("->").unwrap_or((line, ""));
        let words: Vec<&str> = words.split_whitespace().collect();
        match words.as_slice() {
            ["account", id] => {
                let _ = open(db, id, Limit::Free).await;
            }
            ["account", id, limit] => {
                let _ = open(db, id, limit.parse().expect("a limit")).await;
            }
            ["balance", id, credit_balance, "held", held] => {
                let found = balance(db, id).await.expect("the account is there");
                let seen = (
                    found.credit_balance().to_string(),
                    found.debits_pending.to_string(),
                );
                let expected = ((*credit_balance).to_owned(), (*held).to_owned());
                assert_eq!(seen, expected, "{line}");
            }
            words => {
                let seen = transfer(db, &read_transfer(words)).await;
                assert_eq!(seen.as_str(), result.trim(), "{line}");
            }
        }
    }
    let proof = prove(db).await;
    assert!(proof.balanced, "{:?}", proof.differences);
}

fn read_transfer(words: &[&str]) -> NewTransfer {
    let fen = |text: &str| Fen::parse_signed_yuan(text).expect("an amount").fen();
    let pending_id = |text: &str| text.to_owned();
    match words {
        ["transfer", id, debit, credit, amount] => {
            wanted(id, debit, credit, fen(amount), Kind::Posted)
        }
        ["pending", id, debit, credit, amount] => {
            wanted(id, debit, credit, fen(amount), Kind::Pending)
        }
        ["post", id, pending, amount] => {
            let pending_id = pending_id(pending);
            wanted(id, "", "", fen(amount), Kind::Post { pending_id })
        }
        ["void", id, pending] => {
            let pending_id = pending_id(pending);
            wanted(id, "", "", 0, Kind::Void { pending_id })
        }
        _ => panic!("no line of this language: {words:?}"),
    }
}
