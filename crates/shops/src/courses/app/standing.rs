//! Standing work: jobs that are always there and schedule their own next round.

use crate::courses::context::Context;
use store::StoreError;
use store::jobs::{self, NewJob};

/// Schedules the first round of that kind, in so many milliseconds. Safe to repeat: there is never
/// more than one that waits.
pub(in crate::courses) async fn schedule(
    ctx: &Context,
    kind: &'static str,
    in_ms: i64,
) -> Result<(), StoreError> {
    let (job_id, due_at) = (ctx.new_job_id(), ctx.clock.now().plus_ms(in_ms));
    ctx.db
        .write(move |tx| {
            let job = NewJob {
                job_id: job_id.clone(),
                kind,
                key: "standing".to_owned(),
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
