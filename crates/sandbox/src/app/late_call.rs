//! A call whose effect comes late: its caller heard nothing, and it is done all the same.

use crate::context::Context;
use crate::jobs;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::jobs::{JobId, NewJob};

/// A call that was verified.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct LateCall {
    pub(crate) method: String,
    /// Whose call it is, or on whose behalf.
    pub(crate) app_id: String,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) gbk: bool,
    pub(crate) charset_name: String,
    pub(crate) by_wallet: bool,
    pub(crate) by_cert: bool,
}

/// Keeps a call, to be done `delay_ms` later.
pub(crate) async fn keep(cx: &Context, late: &LateCall, delay_ms: i64) -> Result<(), StoreError> {
    let job_id = JobId::new(cx.clock(), cx.rng());
    let job = NewJob {
        key: job_id.to_string(),
        job_id,
        kind: jobs::LATE_CALL,
        payload: serde_json::to_string(late).unwrap_or_default(),
        due_at: cx.now().plus_ms(delay_ms),
    };
    cx.db()
        .write(move |tx| {
            let job = job.clone();
            Box::pin(async move {
                store::jobs::schedule(tx, &job).await?;
                Ok(())
            })
        })
        .await
}
