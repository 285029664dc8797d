//! A hold's time is over: nobody agreed, so it closes; or its money was held too long, and goes
//! back by itself.

use super::tell_freeze::{To, tell_freeze};
use super::unfreeze::{Part, free};
use crate::app::fresh::Fresh;
use crate::context::Context;
use crate::domain::freeze::{Freeze, FreezeState, OperationStatus};
use crate::store::freezes::{self, Key};
use service::worker::Done;
use store::{StoreError, Tx};

/// The job's turn: ends the hold if its time is over, and harmlessly does nothing otherwise.
///
/// # Errors
/// When the database fails.
pub async fn end_due(cx: &Context, auth_no: &str) -> Result<Done, StoreError> {
    let (fresh, auth_no) = (Fresh::take(cx), auth_no.to_owned());
    cx.db()
        .write(move |tx| {
            let (fresh, auth_no) = (fresh.clone(), auth_no.clone());
            Box::pin(async move {
                let key = Key::AuthNo(&auth_no);
                if let Some(mut freeze) = freezes::lock(tx, key).await? {
                    bring_up(tx, &mut freeze, &fresh).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    cx.wake();
    Ok(Done::Finished)
}

/// Ends a locked hold whose time is over.
pub(super) async fn bring_up(
    tx: &mut Tx<'_>,
    freeze: &mut Freeze,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    if freeze.is_overdue(fresh.now) {
        return close(tx, freeze, fresh).await;
    }
    if !freeze.is_over(fresh.now) {
        return Ok(());
    }
    let number = fresh.trade_no.get(16..).unwrap_or_default();
    let all = Part {
        operation_id: format!("{}{number}", fresh.now.china_day()),
        out_request_no: format!("auto:{}", freeze.auth_no),
        amount: freeze.rest,
        remark: "到期自动解冻".to_owned(),
    };
    let operation = free(tx, freeze, all, fresh).await?;
    let both = (&*freeze, &operation);
    tell_freeze(tx, To::App, "fund_auth_unfreeze", both, fresh).await
}

/// Closes a hold that nobody agreed to.
pub(super) async fn close(
    tx: &mut Tx<'_>,
    freeze: &mut Freeze,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    freeze.state = FreezeState::Closed;
    freeze.ended_at = Some(fresh.now);
    freezes::save(tx, freeze).await?;
    for mut operation in freezes::operations(tx, &freeze.auth_no).await? {
        if operation.status == OperationStatus::Init {
            operation.status = OperationStatus::Closed;
            operation.done_at = Some(fresh.now);
            freezes::save_operation(tx, &operation).await?;
        }
    }
    Ok(())
}
