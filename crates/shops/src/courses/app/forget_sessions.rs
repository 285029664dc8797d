//! Forgets sessions that have run out, once a day: whoever has none is logged out anyway.

use crate::courses::context::Context;
use kernel::Timestamp;
use kernel::time::DAY_MS;
use store::StoreError;
use store::jobs::{self, NewJob};

/// Forgets sessions that have run out; its key is always the same.
pub(in crate::courses) const FORGET_SESSIONS: &str = "forget_sessions";

/// Schedules the first round, a day ahead; each round schedules the next. Safe to repeat.
pub(in crate::courses) async fn schedule(ctx: &Context) -> Result<(), StoreError> {
    let (job_id, due_at) = (ctx.new_job_id(), ctx.clock.now().plus_ms(DAY_MS));
    ctx.db
        .write(move |tx| {
            let job = NewJob {
                job_id: job_id.clone(),
                kind: FORGET_SESSIONS,
                key: "daily".to_owned(),
                payload: "{}".to_owned(),
                due_at,
            };
            Box::pin(async move {
                jobs::schedule(tx, &job).await?;
                Ok(())
            })
        })
        .await
}

/// One round. Returns when the next one is due.
pub(in crate::courses) async fn run(ctx: &Context) -> Result<Timestamp, StoreError> {
    ctx.sessions.forget_expired().await?;
    Ok(ctx.clock.now().plus_ms(DAY_MS))
}
