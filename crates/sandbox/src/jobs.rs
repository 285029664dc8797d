//! Follow-up work: each kind of job is one use case.

use crate::app;
use crate::context::Context;
use crate::gateway;
use futures::future::BoxFuture;
use service::worker::{Done, JobHandler};
use store::StoreError;
use store::jobs::Job;

/// Delivers a notice; the key is its number.
pub(crate) const SEND_NOTICE: &str = "send_notice";
/// Closes a trade that nobody paid in time; the key is our number of it.
pub(crate) const EXPIRE_TRADE: &str = "expire_trade";
/// Ends the time for refunds; the key is our number of the trade.
pub(crate) const FINISH_TRADE: &str = "finish_trade";
/// Moves the money of a settlement that was left for later; the key is Alipay's number of it.
pub(crate) const SETTLE_ROYALTY: &str = "settle_royalty";
/// A bank puts a transfer onto its card; the key is Alipay's number of it.
pub(crate) const FINISH_TRANSFER: &str = "finish_transfer";
/// Closes a hold that nobody agreed to, or lets old money go; the key is its `auth_no`.
pub(crate) const END_FREEZE: &str = "end_freeze";

/// Gives back what nobody took; the key is the gift's number.
pub(crate) const RETURN_GIFT: &str = "return_gift";

/// Does what a call asked for whose answer the fault dial took; the payload is the call.
pub(crate) const LATE_CALL: &str = "late_call";

pub(crate) struct Handler(Context);

impl Handler {
    pub(crate) fn new(context: Context) -> Self {
        Self(context)
    }
}

impl JobHandler for Handler {
    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Done> {
        Box::pin(async move {
            let done = match job.kind.as_str() {
                SEND_NOTICE => app::send_notice::send_due(&self.0, &job.key, job.due_at).await,
                LATE_CALL => do_late(&self.0, &job.payload).await,
                EXPIRE_TRADE | FINISH_TRADE => app::end_trade::end_due(&self.0, &job.key).await,
                SETTLE_ROYALTY => app::royalty::settle_later::settle_due(&self.0, &job.key).await,
                END_FREEZE => app::preauth::end_freeze::end_due(&self.0, &job.key).await,
                FINISH_TRANSFER => app::funds::send_money::finish_due(&self.0, &job.key).await,
                RETURN_GIFT => app::wallet::claim::return_due(&self.0, &job.key).await,
                other => {
                    return Done::Fail {
                        error: format!("no job of ours is called `{other}`"),
                    };
                }
            };
            done.unwrap_or_else(|error| Done::Retry {
                error: error.to_string(),
            })
        })
    }
}

/// Does what a call asked for, once.
async fn do_late(cx: &Context, payload: &str) -> Result<Done, StoreError> {
    match serde_json::from_str(payload) {
        Ok(late) => {
            gateway::do_late(cx, late).await?;
            Ok(Done::Finished)
        }
        Err(error) => Ok(Done::Fail {
            error: error.to_string(),
        }),
    }
}
