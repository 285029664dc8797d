//! The shop's own follow-up work, by the kinds of its jobs.

use crate::courses::app::{forget_sessions, refund_order, till, unplaced};
use crate::courses::context::Context;
use kernel::Timestamp;
use service::worker::{Done, JobHandler};
use store::BoxFuture;
use store::jobs::Job;

/// Does the shop's own follow-up work.
pub(in crate::courses) struct Jobs {
    ctx: Context,
    unplaced: unplaced::Rounds,
}

impl Jobs {
    /// The jobs of a shop.
    pub(in crate::courses) fn new(ctx: Context) -> Self {
        Self {
            ctx,
            unplaced: unplaced::Rounds::default(),
        }
    }
}

impl JobHandler for Jobs {
    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Done> {
        Box::pin(async move {
            match job.kind.as_str() {
                refund_order::ASK_REFUND => done(refund_order::ask_for(&self.ctx, &job.key).await),
                unplaced::END_UNPLACED => again(self.unplaced.run(&self.ctx).await),
                forget_sessions::FORGET_SESSIONS => {
                    again(forget_sessions::run(&self.ctx).await.map_err(Into::into))
                }
                other => Done::Fail {
                    error: format!("`{other}` is no job of this shop"),
                },
            }
        })
    }
}

/// The end of a round of standing work: the next one is due then.
fn again(next: Result<Timestamp, till::TillError>) -> Done {
    match next {
        Ok(due_at) => Done::Again {
            due_at,
            error: None,
        },
        Err(error) => done(Err(error)),
    }
}

fn done(result: Result<(), till::TillError>) -> Done {
    match result {
        Ok(()) => Done::Finished,
        Err(error) => Done::Retry {
            error: service::problem::chain(&error),
        },
    }
}
