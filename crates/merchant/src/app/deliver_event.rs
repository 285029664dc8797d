//! Hands one event to one subscriber of this process.

use crate::context::Merchant;
use ::store::StoreError;
use ::store::outbox::{self, EventId};

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

/// Hands the event over. The subscriber may see it more than once, always under the same id.
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
    Ok(match subscriber.deliver(&event).await {
        Ok(()) => Delivered::Taken,
        Err(error) => Delivered::Refused(error),
    })
}
