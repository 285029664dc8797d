//! A key is claimed once, whoever comes at the same time.

use futures::future::join_all;
use kernel::Timestamp;
use store::idempotency::{self, Claim, Saved};
use store::{Db, Step, StoreError};

fn steps() -> Vec<Step> {
    Vec::new()
}

async fn claim(db: &Db, key: &'static str, hash: &'static str, subject: String) -> Claim {
    let claim: Result<Claim, StoreError> = db
        .write(move |tx| {
            let subject = subject.clone();
            Box::pin(async move {
                let now = Timestamp::from_ms(7);
                idempotency::claim(tx, "acme", key, hash, &subject, now).await
            })
        })
        .await;
    claim.expect("claimed")
}

async fn save(
    db: &Db,
    key: &'static str,
    status: i64,
    body: &'static str,
) -> Result<Saved, StoreError> {
    db.write(move |tx| {
        Box::pin(async move { idempotency::save(tx, "acme", key, status, body).await })
    })
    .await
}

testdb::on_both_engines! {
    async fn a_key_goes_from_fresh_over_started_to_replayed(db: Db) {
        assert_eq!(claim(&db, "k", "h", "ord_1".to_owned()).await, Claim::Fresh);
        let started = Claim::Started { subject: "ord_1".to_owned() };
        assert_eq!(claim(&db, "k", "h", "ord_2".to_owned()).await, started);
        assert_eq!(claim(&db, "k", "other", "ord_2".to_owned()).await, Claim::Differs);
        assert_eq!(save(&db, "k", 202, "wait").await.expect("saved"), Saved::First);
        let earlier = Saved::Earlier { status: 202, body: "wait".to_owned() };
        assert_eq!(save(&db, "k", 201, "{}").await.expect("kept"), earlier);
        let replay = Claim::Replay { status: 202, body: "wait".to_owned() };
        assert_eq!(claim(&db, "k", "h", "ord_3".to_owned()).await, replay);
        assert_eq!(claim(&db, "k2", "h", "ord_4".to_owned()).await, Claim::Fresh);
        assert!(matches!(
            save(&db, "nobody's", 200, "").await,
            Err(StoreError::Affected { .. })
        ));
    }

    async fn one_of_many_at_once_is_fresh(db: Db) {
        let callers = (0..24).map(|n| {
            let db = db.clone();
            tokio::spawn(async move { claim(&db, "k", "h", format!("ord_{n}")).await })
        });
        let mut fresh = 0;
        let mut subjects = Vec::new();
        for claimed in join_all(callers).await {
            match claimed.expect("no panic") {
                Claim::Fresh => fresh += 1,
                Claim::Started { subject } => subjects.push(subject),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(fresh, 1);
        subjects.dedup();
        assert_eq!(subjects.len(), 1);
    }

    async fn old_keys_are_forgotten_in_slices(db: Db) {
        for key in ["a", "b", "c"] {
            claim(&db, key, "h", String::new()).await;
        }
        let forget = |before| {
            let db = db.clone();
            async move {
                let gone: Result<u64, StoreError> = db
                    .write(move |tx| Box::pin(async move {
                        idempotency::forget(tx, Timestamp::from_ms(before), 2).await
                    }))
                    .await;
                gone.expect("forgotten")
            }
        };
        assert_eq!(forget(7).await, 0);
        assert_eq!(forget(8).await, 2);
        assert_eq!(forget(8).await, 1);
        assert_eq!(claim(&db, "a", "h", String::new()).await, Claim::Fresh);
    }
}
