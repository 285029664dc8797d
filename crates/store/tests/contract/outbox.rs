//! Events keep their order and are never changed.

use kernel::{ManualClock, SeededRng, Timestamp};
use store::outbox::{self, Event, EventId};
use store::{Db, Step, StoreError};

store::statements! {
    /// What nobody may do.
    CHANGE = "UPDATE outbox SET payload = '{}'";
    /// What nobody may do either.
    REMOVE = "DELETE FROM outbox";
}

fn steps() -> Vec<Step> {
    Vec::new()
}

fn event(seed: u64, owner: &str) -> Event {
    Event {
        event_id: EventId::new(
            &ManualClock::new(Timestamp::from_ms(0)),
            &SeededRng::new(seed),
        ),
        kind: "order.paid".to_owned(),
        owner: owner.to_owned(),
        subject: "ord_1".to_owned(),
        payload: format!("{{\"seed\":{seed},\"名\":\"宝\"}}"),
        at: Timestamp::from_ms(9),
    }
}

async fn append(db: &Db, event: Event) -> Result<(), StoreError> {
    db.write(move |tx| {
        let event = event.clone();
        Box::pin(async move { outbox::append(tx, event).await })
    })
    .await
}

testdb::on_both_engines! {
    async fn events_are_listed_in_their_order(db: Db) {
        for (seed, owner) in [(1, "acme"), (2, "acme"), (3, "other"), (4, "acme")] {
            append(&db, event(seed, owner)).await.expect("appended");
        }
        let look: Result<_, StoreError> = db
            .read(|tx| Box::pin(async {
                let first = outbox::list(tx, "acme", 0, 2).await?;
                let rest = outbox::list(tx, "acme", first[1].seq, 9).await?;
                let latest = outbox::latest(tx, "acme", None, 2).await?;
                let before = outbox::latest(tx, "acme", Some(latest[1].seq), 2).await?;
                let about = outbox::about(tx, "ord_1", 9).await?;
                let found = outbox::find(tx, &event(3, "other").event_id).await?;
                let missing = outbox::find(tx, &event(5, "other").event_id).await?;
                Ok((first, rest, latest, before, about.len(), found, missing))
            }))
            .await;
        let (first, rest, latest, before, about, found, missing) = look.expect("looked");
        let events = |list: &[outbox::Numbered]| {
            list.iter().map(|one| one.event.clone()).collect::<Vec<_>>()
        };
        assert_eq!(events(&first), [event(1, "acme"), event(2, "acme")]);
        assert_eq!(events(&rest), [event(4, "acme")]);
        assert_eq!(events(&latest), [event(4, "acme"), event(2, "acme")]);
        assert_eq!(events(&before), [event(1, "acme")]);
        assert_eq!(about, 4);
        assert_eq!(found, Some(event(3, "other")));
        assert_eq!(missing, None);
    }

    async fn an_event_is_never_changed_or_removed(db: Db) {
        append(&db, event(1, "acme")).await.expect("appended");
        for statement in [CHANGE, REMOVE] {
            let changed: Result<u64, StoreError> = db
                .write(move |tx| Box::pin(async move { tx.execute(&statement, &[]).await }))
                .await;
            assert!(matches!(changed, Err(StoreError::Statement { .. })), "{changed:?}");
        }
        assert!(append(&db, event(1, "acme")).await.expect_err("twice").as_conflict().is_some());
    }
}
