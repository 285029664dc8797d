//! Hands events to one subscriber of this process, those of one order in their order.

use crate::context::{Merchant, Minting};
use crate::jobs::DELIVER_EVENT;
use crate::store::deliveries;
use crate::views::Subscriber;
use ::store::StoreError;
use ::store::jobs::{self, NewJob, Scheduled};
use ::store::outbox::{self, Event, EventId};
use std::sync::Arc;

/// What became of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Delivered {
    /// The subscriber has it.
    Taken,
    /// There is no such event.
    Gone,
    /// Again, later.
    Refused(String),
}

/// Hands the event over, and before it whatever of the same order the subscriber has not taken yet.
/// The subscriber may see one more than once, always under the same id.
pub(crate) async fn deliver_event(
    merchant: &Merchant,
    subscriber: &str,
    event_id: &EventId,
) -> Result<Delivered, StoreError> {
    let Some(subscriber) = merchant.subscriber(subscriber) else {
        return Ok(Delivered::Refused(format!(
            "nobody called `{subscriber}` listens in this process"
        )));
    };
    let wanted = event_id.clone();
    let event = merchant
        .db()
        .read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { outbox::find(tx, &wanted).await })
        })
        .await?;
    let Some(event) = event else {
        return Ok(Delivered::Gone);
    };
    let _held = merchant.hold_events_of(&event.subject).await;
    loop {
        let due = untaken(merchant, &subscriber, &event).await?;
        if due.is_empty() {
            return Ok(Delivered::Taken);
        }
        for event in due {
            if let Err(error) = subscriber.deliver(&event).await {
                return Ok(Delivered::Refused(error));
            }
            let (name, now) = (subscriber.name().to_owned(), merchant.now());
            merchant
                .db()
                .write(move |tx| {
                    let (name, event_id) = (name.clone(), event.event_id.clone());
                    Box::pin(async move { deliveries::taken(tx, &event_id, &name, now).await })
                })
                .await?;
        }
    }
}

/// The next events of the same order up to this one that the subscriber has not taken.
async fn untaken(
    merchant: &Merchant,
    subscriber: &Arc<dyn Subscriber>,
    until: &Event,
) -> Result<Vec<Event>, StoreError> {
    let (name, until) = (subscriber.name().to_owned(), until.clone());
    merchant
        .db()
        .read(move |tx| {
            let (name, until) = (name.clone(), until.clone());
            Box::pin(async move { deliveries::untaken(tx, &name, &until, PAGE).await })
        })
        .await
}

/// Makes jobs for the events that a subscriber of this process has missed: another process that
/// does not know it wrote them. Safe to repeat; returns how many jobs there are new.
pub(crate) async fn deliver_missed(merchant: &Merchant) -> Result<u64, StoreError> {
    let mut made = 0;
    for subscriber in merchant.all_subscribers() {
        let mut after = 0;
        loop {
            let (mint, from) = (merchant.mint(), after);
            let who = (subscriber.owner().to_owned(), subscriber.name().to_owned());
            let found = merchant
                .db()
                .write(move |tx| {
                    let (owner, name) = who.clone();
                    Box::pin(async move {
                        let minting = mint.start();
                        let missed = deliveries::missed(tx, &owner, &name, from, PAGE).await?;
                        let mut made = 0;
                        for (_, event_id) in &missed {
                            let job = delivery(&minting, &name, event_id);
                            made +=
                                u64::from(jobs::schedule(tx, &job).await? == Scheduled::Created);
                        }
                        Ok::<_, StoreError>((missed.last().map(|(seq, _)| *seq), made))
                    })
                })
                .await?;
            made += found.1;
            match found.0 {
                Some(seq) => after = seq,
                None => break,
            }
        }
    }
    if made > 0 {
        merchant.wake();
    }
    Ok(made)
}

/// The job that hands an event to a subscriber, at once.
pub(super) fn delivery(minting: &Minting, subscriber: &str, event_id: &EventId) -> NewJob {
    minting.leaves_work(minting.now);
    let payload = serde_json::json!({ "subscriber": subscriber, "event_id": event_id });
    NewJob {
        job_id: minting.job_id(),
        kind: DELIVER_EVENT,
        key: format!("{subscriber}:{event_id}"),
        payload: payload.to_string(),
        due_at: minting.now,
    }
}

/// How many events are looked at together.
const PAGE: i64 = 100;
