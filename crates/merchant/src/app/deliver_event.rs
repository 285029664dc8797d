//! Hands events to one subscriber of this process, those of one order in their order.

use crate::context::Merchant;
use crate::store::deliveries;
use crate::views::Subscriber;
use ::store::StoreError;
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
    for event in untaken(merchant, &subscriber, event).await? {
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
    Ok(Delivered::Taken)
}

/// The events of the same order up to this one that the subscriber has not taken, oldest first.
async fn untaken(
    merchant: &Merchant,
    subscriber: &Arc<dyn Subscriber>,
    wanted: Event,
) -> Result<Vec<Event>, StoreError> {
    let name = subscriber.name().to_owned();
    merchant
        .db()
        .read(move |tx| {
            let (wanted, name) = (wanted.clone(), name.clone());
            Box::pin(async move {
                let mut events = Vec::new();
                for numbered in outbox::about(tx, &wanted.subject, MAX_EVENTS).await? {
                    let this = numbered.event.event_id == wanted.event_id;
                    if !deliveries::has(tx, &numbered.event.event_id, &name).await? {
                        events.push(numbered.event);
                    }
                    if this {
                        break;
                    }
                }
                Ok(events)
            })
        })
        .await
}

/// An order has a handful; each refund adds one.
const MAX_EVENTS: i64 = 1_000;
