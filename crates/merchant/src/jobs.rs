//! The service's follow-up work: each kind of job is one use case with a due time.

use crate::app::{self, Asked, Delivered};
use crate::context::Merchant;
use ::store::jobs::Job;
use ::store::outbox::EventId;
use futures::future::BoxFuture;
use serde::Deserialize;
use service::problem::chain;
use service::worker::{Done, JobHandler};

/// Asks Alipay about an attempt until it has ended; its key is the attempt's id.
pub(crate) const CHECK_ATTEMPT: &str = "check_attempt";
/// Asks about an attempt that had ended when a notice spoke of it; its key is the attempt's id.
pub(crate) const FOLLOW_UP: &str = "follow_up";
/// Asks Alipay about a refund until it has ended; its key is the refund's id.
pub(crate) const CHECK_REFUND: &str = "check_refund";
/// Ends an order that nobody can pay any more; its key is the order's id.
pub(crate) const END_ORDER: &str = "end_order";
/// Hands an event to a subscriber; its key is `{subscriber}:{event_id}`.
pub(crate) const DELIVER_EVENT: &str = "deliver_event";

/// Forgets what nobody needs any more, once a day; its key is always the same.
pub(crate) const PRUNE: &str = "prune";

/// Does the jobs of one service.
pub(crate) struct MerchantJobs {
    merchant: Merchant,
}

impl MerchantJobs {
    pub(crate) fn new(merchant: Merchant) -> Self {
        Self { merchant }
    }

    async fn dispatch(&self, job: &Job) -> Done {
        match job.kind.as_str() {
            CHECK_ATTEMPT => match job.key.parse() {
                Ok(id) => asked(app::check_attempt(&self.merchant, &id).await),
                Err(_) => bad_key(job),
            },
            FOLLOW_UP => match job.key.parse() {
                Ok(id) => asked(app::follow_up(&self.merchant, &id, job.attempts).await),
                Err(_) => bad_key(job),
            },
            CHECK_REFUND => match job.key.parse() {
                Ok(id) => asked(app::check_refund(&self.merchant, &id).await),
                Err(_) => bad_key(job),
            },
            END_ORDER => match job.key.parse() {
                Ok(id) => match app::end_order(&self.merchant, &id).await {
                    Ok(()) => Done::Finished,
                    Err(error) => retry(&error),
                },
                Err(_) => bad_key(job),
            },
            DELIVER_EVENT => self.deliver(job).await,
            PRUNE => asked(app::prune(&self.merchant).await.map(Asked::Again)),
            other => Done::Fail {
                error: format!("no job of ours is called `{other}`"),
            },
        }
    }

    async fn deliver(&self, job: &Job) -> Done {
        let Ok(delivery) = serde_json::from_str::<Delivery>(&job.payload) else {
            return bad_key(job);
        };
        let Delivery {
            subscriber,
            event_id,
        } = delivery;
        match app::deliver_event(&self.merchant, &subscriber, &event_id).await {
            Ok(Delivered::Taken | Delivered::Gone) => Done::Finished,
            Ok(Delivered::Refused(error)) => Done::Retry { error },
            Err(error) => retry(&error),
        }
    }
}

impl JobHandler for MerchantJobs {
    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Done> {
        Box::pin(self.dispatch(job))
    }
}

#[derive(Deserialize)]
struct Delivery {
    subscriber: String,
    event_id: EventId,
}

fn asked<E: std::error::Error + 'static>(result: Result<Asked, E>) -> Done {
    match result {
        Ok(Asked::Ended) => Done::Finished,
        Ok(Asked::Again(due_at)) => Done::Again {
            due_at,
            error: None,
        },
        Err(error) => retry(&error),
    }
}

fn retry(error: &(dyn std::error::Error + 'static)) -> Done {
    Done::Retry {
        error: chain(error),
    }
}

fn bad_key(job: &Job) -> Done {
    Done::Fail {
        error: format!("`{}` is no key of a job `{}`", job.key, job.kind),
    }
}
