//! Events to the outside and follow-up work, written in the transaction that causes them.

use super::deliver_event::delivery;
use crate::context::{Merchant, Minting};
use crate::domain::{AttemptId, Order, OrderId, Refund, RefundId};
use crate::jobs;
use crate::views::{OrderView, RefundView};
use ::store::jobs::{NewJob, Scheduled};
use ::store::outbox::{self, Event};
use ::store::{Script, StoreError, Tx};
use kernel::Timestamp;
use serde::Serialize;

/// An order became something that the outside wants to know.
pub(super) async fn order_event(
    tx: &mut Tx<'_>,
    merchant: &Merchant,
    minting: &Minting,
    kind: &'static str,
    order: &Order,
) -> Result<(), StoreError> {
    let view = OrderView::from(order);
    emit(
        tx,
        merchant,
        minting,
        kind,
        &order.merchant,
        &order.order_id,
        &view,
    )
    .await
}

/// A refund ended.
pub(super) async fn refund_event(
    tx: &mut Tx<'_>,
    merchant: &Merchant,
    minting: &Minting,
    kind: &'static str,
    refund: &Refund,
) -> Result<(), StoreError> {
    let view = RefundView::from(refund);
    emit(
        tx,
        merchant,
        minting,
        kind,
        &refund.merchant,
        &refund.order_id,
        &view,
    )
    .await
}

#[expect(clippy::too_many_arguments, reason = "an event has that many parts")]
async fn emit(
    tx: &mut Tx<'_>,
    merchant: &Merchant,
    minting: &Minting,
    kind: &'static str,
    owner: &str,
    order_id: &OrderId,
    view: &(impl Serialize + Sync),
) -> Result<(), StoreError> {
    let payload = serde_json::to_string(view).map_err(|error| StoreError::Inconsistent {
        table: "outbox",
        id: order_id.to_string(),
        what: format!("the event cannot be written: {error}"),
    })?;
    let event = Event {
        event_id: minting.event_id(),
        kind: kind.to_owned(),
        owner: owner.to_owned(),
        subject: order_id.to_string(),
        payload,
        at: minting.now,
    };
    let event_id = event.event_id.clone();
    outbox::append(tx, event).await?;
    for name in merchant.subscribers_of(owner) {
        let job = delivery(minting, &name, &event_id);
        ::store::jobs::schedule(tx, &job).await?;
    }
    Ok(())
}

/// Asks about an attempt at `due_at`; one that waits already is moved there.
pub(super) async fn ask_attempt(
    tx: &mut Tx<'_>,
    minting: &Minting,
    attempt_id: &AttemptId,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    ask(
        tx,
        minting,
        jobs::CHECK_ATTEMPT,
        attempt_id.as_str(),
        due_at,
    )
    .await
}

/// Asks about a refund at `due_at`; one that waits already is moved there.
pub(super) async fn ask_refund(
    tx: &mut Tx<'_>,
    minting: &Minting,
    refund_id: &RefundId,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    ask(tx, minting, jobs::CHECK_REFUND, refund_id.as_str(), due_at).await
}

/// Ends an order that nobody can pay any more, at its expiry.
pub(super) async fn end_order_at(
    tx: &mut Tx<'_>,
    minting: &Minting,
    order_id: &OrderId,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    ask(tx, minting, jobs::END_ORDER, order_id.as_str(), due_at).await
}

async fn ask(
    tx: &mut Tx<'_>,
    minting: &Minting,
    kind: &'static str,
    key: &str,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    minting.leaves_work(due_at);
    let job = NewJob {
        job_id: minting.job_id(),
        kind,
        key: key.to_owned(),
        payload: "{}".to_owned(),
        due_at,
    };
    match ::store::jobs::schedule(tx, &job).await? {
        Scheduled::Created => Ok(()),
        Scheduled::Exists => {
            ::store::jobs::reschedule(tx, kind, key, due_at).await?;
            Ok(())
        }
    }
}

/// Asks about an attempt that is being written down: nothing can wait for it yet.
pub(super) async fn ask_new_attempt(
    tx: &mut Tx<'_>,
    minting: &Minting,
    attempt_id: &AttemptId,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    ::store::jobs::schedule_new(tx, &question(minting, attempt_id, due_at)).await
}

/// The same in a script.
pub(super) fn script_ask(
    script: &mut Script,
    minting: &Minting,
    attempt_id: &AttemptId,
    due_at: Timestamp,
) {
    ::store::jobs::script_new(script, &question(minting, attempt_id, due_at));
}

fn question(minting: &Minting, attempt_id: &AttemptId, due_at: Timestamp) -> NewJob {
    NewJob {
        job_id: minting.job_id(),
        kind: jobs::CHECK_ATTEMPT,
        key: attempt_id.to_string(),
        payload: "{}".to_owned(),
        due_at,
    }
}
