//! Orders that were written down but never reached the merchant service: the process ended in
//! between. Nobody has a link to pay them, and nobody but the shop can end them.
//!
//! The job is written with the order. It goes away when something becomes of the order, and looks
//! when the order's time is over.

use crate::courses::app::{fulfil, till};
use crate::courses::context::Context;
use crate::courses::domain::{Order, Status};
use crate::courses::store::orders;
use kernel::time::MINUTE_MS;
use store::jobs::{self, JobId, NewJob};
use store::{Script, StoreError, Tx};

/// Looks after a new order.
pub(super) fn watch(script: &mut Script, order: &Order, job_id: JobId) {
    let job = NewJob {
        job_id,
        kind: END_UNPLACED,
        key: order.out_trade_no.clone(),
        payload: "{}".to_owned(),
        due_at: order.created_at.plus_ms(TIME_TO_PAY_MS),
    };
    jobs::script_new(script, &job);
}

/// Something became of the order, so the job has nothing to do.
pub(super) async fn forget(tx: &mut Tx<'_>, out_trade_no: &str) -> Result<(), StoreError> {
    jobs::cancel(tx, END_UNPLACED, out_trade_no).await?;
    Ok(())
}

/// Ends an order that the merchant service does not know. One that it knows it ends itself.
pub(super) async fn end(ctx: &Context, out_trade_no: &str) -> Result<(), till::TillError> {
    let number = out_trade_no.to_owned();
    let found = ctx
        .db
        .read(move |tx| {
            let number = number.clone();
            Box::pin(async move { orders::find(tx, &number).await })
        })
        .await?;
    let Some(order) = found.filter(|order| order.status == Status::Unpaid) else {
        return Ok(());
    };
    if !till::is_placed(ctx, &order).await? {
        fulfil::closed(ctx, out_trade_no).await?;
    }
    Ok(())
}

/// The kind of the job.
pub(super) const END_UNPLACED: &str = "end_unplaced";

/// As long as the merchant service gives an order to be paid.
const TIME_TO_PAY_MS: i64 = 30 * MINUTE_MS;
