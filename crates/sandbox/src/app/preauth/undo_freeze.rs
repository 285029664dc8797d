//! A merchant cancels the operation that held money: the order closes, or all goes back.

use super::ask_freeze::FreezeError;
use super::end_freeze::{bring_up, close};
use super::find_freeze::FreezeRef;
use super::freeze_money::Held;
use super::hold::operation_id;
use super::tell_freeze::{To, tell_freeze};
use super::unfreeze::{Part, free};
use crate::app::fresh::Fresh;
use crate::context::Context;
use crate::domain::freeze::{
    Cancelled, Freeze, FreezeRefusal, Operation, OperationKind, OperationStatus,
};
use crate::jobs;
use crate::store::freezes;
use store::{StoreError, Tx};

/// A wish to cancel.
#[derive(Clone, Debug)]
pub struct UndoFreeze {
    /// Which hold and which operation of it.
    pub wanted: FreezeRef,
    /// Why.
    pub remark: String,
    /// Where its notice goes.
    pub notify_url: Option<String>,
}

/// What was cancelled, and how.
type Undone = (Held, Cancelled);

/// Cancels; what was cancelled before is answered as it was.
///
/// # Errors
/// When some was taken or let go already, or it is too long ago.
pub async fn undo_freeze(cx: &Context, wish: UndoFreeze) -> Result<Undone, FreezeError> {
    let fresh = Fresh::take(cx);
    let operation_id = operation_id(cx, &fresh);
    let done: Result<Result<Undone, FreezeRefusal>, StoreError> = cx
        .db()
        .write(move |tx| {
            let (wish, fresh) = (wish.clone(), fresh.clone());
            let operation_id = operation_id.clone();
            Box::pin(async move { undo(tx, &wish, operation_id, &fresh).await })
        })
        .await;
    cx.wake();
    done?.map_err(FreezeError::Refused)
}

async fn undo(
    tx: &mut Tx<'_>,
    wish: &UndoFreeze,
    operation_id: String,
    fresh: &Fresh,
) -> Result<Result<Undone, FreezeRefusal>, StoreError> {
    let Some(mut freeze) = wish.wanted.lock(tx).await? else {
        return Ok(Err(FreezeRefusal::NotExist));
    };
    bring_up(tx, &mut freeze, fresh).await?;
    let known = freezes::operations(tx, &freeze.auth_no).await?;
    let Some(asked) = wish.wanted.pick(&known).cloned() else {
        return Ok(Err(FreezeRefusal::NotExist));
    };
    if asked.kind != OperationKind::Freeze {
        return Ok(Err(FreezeRefusal::Begun));
    }
    if let Some(before) = before(&freeze, &asked, &known) {
        return Ok(Ok(((freeze, asked), before)));
    }
    let cancelled = match freeze.may_cancel(fresh.now) {
        Ok(cancelled) => cancelled,
        Err(refusal) => return Ok(Err(refusal)),
    };
    match cancelled {
        Cancelled::Close => {
            close(tx, &mut freeze, fresh).await?;
            store::jobs::cancel(tx, jobs::END_FREEZE, &freeze.auth_no).await?;
        }
        Cancelled::Unfreeze => {
            let all = Part {
                operation_id,
                out_request_no: undo_number(&asked),
                amount: freeze.rest,
                remark: wish.remark.clone(),
            };
            free(tx, &mut freeze, all, fresh).await?;
        }
    }
    let to = To::Request(wish.notify_url.clone());
    let kind = "fund_auth_operation_cancel";
    tell_freeze(tx, to, kind, (&freeze, &asked), fresh).await?;
    Ok(Ok(((freeze, asked), cancelled)))
}

/// What cancelling it did before.
fn before(freeze: &Freeze, asked: &Operation, known: &[Operation]) -> Option<Cancelled> {
    let number = undo_number(asked);
    if known.iter().any(|known| known.out_request_no == number) {
        return Some(Cancelled::Unfreeze);
    }
    let closed = asked.status == OperationStatus::Closed && freeze.frozen_at.is_none();
    closed.then_some(Cancelled::Close)
}

/// The number under which the money of a cancelled operation goes back.
fn undo_number(asked: &Operation) -> String {
    format!("cancel:{}", asked.operation_id)
}
