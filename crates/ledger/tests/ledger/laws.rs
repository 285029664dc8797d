//! Laws that hold for any sequence of transfers, tried on random ones.

use super::script::{balance, open, prove, transfer, wanted};
use ledger::{Balance, Kind, Limit, NewTransfer, TransferResult};
use money::Fen;
use proptest::prelude::*;
use std::collections::BTreeMap;
use store::Db;
use testdb::TestDb;

const ACCOUNTS: [(&str, Limit); 4] = [
    ("bank", Limit::Free),
    ("alice", Limit::DebitsWithinCredits),
    ("bob", Limit::DebitsWithinCredits),
    ("owing", Limit::CreditsWithinDebits),
];

/// One wish: which id, which phase, between which accounts, how much, and which pending one.
type Wish = (u8, u8, usize, usize, i64, u8);

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let wish = (
        0_u8..30,
        0_u8..6,
        0_usize..4,
        0_usize..4,
        0_i64..40,
        0_u8..30,
    );
    prop::collection::vec(wish, 1..40)
}

/// Each case keeps its books under names of its own, so that all share one database.
fn read_wish(case: u64, wish: &Wish) -> NewTransfer {
    let (id, phase, debit, credit, fen, pending) = *wish;
    let pending_id = format!("{case}:{pending}");
    let id = format!("{case}:{id}");
    let account = |index: usize| format!("{case}:{}", ACCOUNTS[index].0);
    match phase {
        0 | 1 => wanted(&id, &account(debit), &account(credit), fen, Kind::Posted),
        2 | 3 => wanted(&id, &account(debit), &account(credit), fen, Kind::Pending),
        4 => wanted(&id, "", "", fen, Kind::Post { pending_id }),
        _ => wanted(&id, "", "", 0, Kind::Void { pending_id }),
    }
}

/// What the books should say: the ledger again, the naive way.
#[derive(Default)]
struct Model {
    balances: BTreeMap<String, [i64; 4]>,
    held: BTreeMap<String, (String, String, i64)>,
}

impl Model {
    fn add(&mut self, debit: &str, credit: &str, pending: i64, posted: i64) {
        let sums = self.balances.entry(debit.to_owned()).or_default();
        sums[0] += pending;
        sums[1] += posted;
        let sums = self.balances.entry(credit.to_owned()).or_default();
        sums[2] += pending;
        sums[3] += posted;
    }

    fn made(&mut self, made: &NewTransfer) {
        let fen = made.amount.fen();
        match &made.kind {
            Kind::Posted => self.add(&made.debit, &made.credit, 0, fen),
            Kind::Pending => {
                let held = (made.debit.clone(), made.credit.clone(), fen);
                self.held.insert(made.transfer_id.clone(), held);
                self.add(&made.debit, &made.credit, fen, 0);
            }
            Kind::Post { pending_id } => {
                let (debit, credit, held) = self.held.remove(pending_id).expect("it was held");
                assert!(fen <= held);
                self.add(&debit, &credit, -held, fen);
            }
            Kind::Void { pending_id } => {
                let (debit, credit, held) = self.held.remove(pending_id).expect("it was held");
                self.add(&debit, &credit, -held, 0);
            }
        }
    }
}

async fn obey(db: &Db, case: u64, wishes: &[Wish]) {
    for (account, limit) in ACCOUNTS {
        let _ = open(db, &format!("{case}:{account}"), limit).await;
    }
    let mut model = Model::default();
    for wish in wishes {
        let asked = read_wish(case, wish);
        let result = transfer(db, &asked).await;
        if result == TransferResult::Created {
            model.made(&asked);
        }
        if result.is_done() {
            let again = transfer(db, &asked).await;
            assert_eq!(again, TransferResult::Exists, "{asked:?}");
        } else {
            assert_eq!(transfer(db, &asked).await, result, "{asked:?}");
        }
    }
    for (account, limit) in ACCOUNTS {
        let account = format!("{case}:{account}");
        let found = balance(db, &account).await.expect("it is there");
        let [dp, d, cp, c] = model.balances.get(&account).copied().unwrap_or_default();
        let expected = Balance {
            debits_pending: Fen::new(dp),
            debits_posted: Fen::new(d),
            credits_pending: Fen::new(cp),
            credits_posted: Fen::new(c),
        };
        assert_eq!(found, expected, "{account}");
        match limit {
            Limit::Free => (),
            Limit::DebitsWithinCredits => assert!(dp + d <= c, "{account}"),
            Limit::CreditsWithinDebits => assert!(cp + c <= d, "{account}"),
        }
    }
}

fn hold(cases: u32, open_db: impl AsyncFnOnce() -> TestDb) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let test = runtime.block_on(open_db());
    let case = std::cell::Cell::new(0_u64);
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    };
    proptest!(config, |(wishes in wishes())| {
        case.set(case.get() + 1);
        runtime.block_on(obey(&test.db, case.get(), &wishes));
    });
    let proof = runtime.block_on(prove(&test.db));
    assert!(proof.balanced, "{:?}", proof.differences);
    assert!(proof.postings > 0);
    drop(test);
}

mod any_transfers_keep_the_books {
    use super::hold;

    #[test]
    fn sqlite() {
        hold(64, async || testdb::sqlite(super::super::steps()).await);
    }

    #[test]
    fn postgres() {
        hold(64, async || testdb::postgres(super::super::steps()).await);
    }
}
