//! Forgets what nobody needs any more: old idempotency keys, old counts of forged messages.

use crate::context::Merchant;
use crate::jobs;
use crate::store::notices;
use ::store::jobs::NewJob;
use ::store::{StoreError, idempotency};
use kernel::Timestamp;
use kernel::time::DAY_MS;

/// Schedules the first round, a day ahead; each round schedules the next. Safe to repeat.
pub(crate) async fn schedule_prune(merchant: &Merchant) -> Result<(), StoreError> {
    let mint = merchant.mint();
    merchant
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let job = NewJob {
                    job_id: mint.start().job_id(),
                    kind: jobs::PRUNE,
                    key: "daily".to_owned(),
                    payload: "{}".to_owned(),
                    due_at: mint.now.plus_ms(DAY_MS),
                };
                ::store::jobs::schedule(tx, &job).await?;
                Ok(())
            })
        })
        .await
}

/// One round, in short transactions. Returns when the next one is due.
pub(crate) async fn prune(merchant: &Merchant) -> Result<Timestamp, StoreError> {
    let now = merchant.now();
    let before = now.plus_ms(-FORGED_KEPT_MS);
    merchant
        .db()
        .write(move |tx| Box::pin(async move { notices::forget_forged(tx, before).await }))
        .await?;
    let before = now.plus_ms(-KEYS_KEPT_MS);
    loop {
        let forgotten = merchant
            .db()
            .write(move |tx| Box::pin(async move { idempotency::forget(tx, before, SLICE).await }))
            .await?;
        if forgotten == 0 {
            return Ok(now.plus_ms(DAY_MS));
        }
    }
}

/// How long a request may be repeated under its key.
const KEYS_KEPT_MS: i64 = 30 * DAY_MS;
/// How long a forged message is counted after it came last.
const FORGED_KEPT_MS: i64 = 7 * DAY_MS;
/// How many keys are forgotten in one transaction.
const SLICE: i64 = 500;
