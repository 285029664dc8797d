//! A merchant lets go of money that it holds, once for each number.

use super::ask_freeze::FreezeError;
use super::end_freeze::bring_up;
use super::freeze_money::Held;
use super::hold::{hold_the_rest, let_go, operation_id};
use super::tell_freeze::{To, tell_freeze};
use crate::app::fresh::Fresh;
use crate::context::Context;
use crate::domain::freeze::{
    Freeze, FreezeRefusal, FreezeState, Operation, OperationKind, OperationStatus,
};
use crate::jobs;
use crate::store::freezes::{self, Key};
use money::Fen;
use store::{StoreError, Tx};

/// A wish to let go.
#[derive(Clone, Debug)]
pub struct Unfreeze {
    /// Whose hold.
    pub app_id: String,
    /// Alipay's number of it.
    pub auth_no: String,
    /// The merchant's number of this.
    pub out_request_no: String,
    /// How much.
    pub amount: Fen,
    /// Why.
    pub remark: String,
    /// Where its notice goes.
    pub notify_url: Option<String>,
}

/// Lets go of money; the same number again is the same operation.
///
/// # Errors
/// When less is held, or the number was used for something else.
pub async fn unfreeze(cx: &Context, wish: Unfreeze) -> Result<Held, FreezeError> {
    let fresh = Fresh::take(cx);
    let operation_id = operation_id(cx, &fresh);
    let done: Result<Result<Held, FreezeRefusal>, StoreError> = cx
        .db()
        .write(move |tx| {
            let (wish, fresh) = (wish.clone(), fresh.clone());
            let operation_id = operation_id.clone();
            Box::pin(async move { give_back(tx, &wish, operation_id, &fresh).await })
        })
        .await;
    cx.wake();
    done?.map_err(FreezeError::Refused)
}

async fn give_back(
    tx: &mut Tx<'_>,
    wish: &Unfreeze,
    operation_id: String,
    fresh: &Fresh,
) -> Result<Result<Held, FreezeRefusal>, StoreError> {
    let locked = freezes::lock(tx, Key::AuthNo(&wish.auth_no)).await?;
    let Some(mut freeze) = locked.filter(|freeze| freeze.app_id == wish.app_id) else {
        return Ok(Err(FreezeRefusal::NotExist));
    };
    bring_up(tx, &mut freeze, fresh).await?;
    let known = freezes::operations(tx, &freeze.auth_no).await?;
    let same = known
        .into_iter()
        .find(|operation| operation.out_request_no == wish.out_request_no);
    if let Some(there) = same {
        let fits = there.kind == OperationKind::Unfreeze && there.amount == wish.amount;
        return Ok(if fits {
            Ok((freeze, there))
        } else {
            Err(FreezeRefusal::Differs("out_request_no"))
        });
    }
    if let Err(refusal) = freeze.may_take(wish.amount) {
        return Ok(Err(refusal));
    }
    let part = Part {
        operation_id,
        out_request_no: wish.out_request_no.clone(),
        amount: wish.amount,
        remark: wish.remark.clone(),
    };
    let operation = free(tx, &mut freeze, part, fresh).await?;
    let to = To::Request(wish.notify_url.clone());
    tell_freeze(tx, to, "fund_auth_unfreeze", (&freeze, &operation), fresh).await?;
    Ok(Ok((freeze, operation)))
}

/// What is let go of a hold, under which numbers, and why.
pub(super) struct Part {
    pub(super) operation_id: String,
    pub(super) out_request_no: String,
    pub(super) amount: Fen,
    pub(super) remark: String,
}

/// Lets go of a part of a locked hold, and writes the hold and the operation.
pub(super) async fn free(
    tx: &mut Tx<'_>,
    freeze: &mut Freeze,
    part: Part,
    fresh: &Fresh,
) -> Result<Operation, StoreError> {
    let operation = Operation {
        operation_id: part.operation_id,
        auth_no: freeze.auth_no.clone(),
        out_request_no: part.out_request_no,
        kind: OperationKind::Unfreeze,
        amount: part.amount,
        status: OperationStatus::Success,
        remark: part.remark,
        created_at: fresh.now,
        done_at: Some(fresh.now),
    };
    let amount = part.amount.fen();
    let_go(tx, freeze, fresh).await?;
    freeze.rest = Fen::new(freeze.rest.fen().saturating_sub(amount));
    freeze.unfrozen = Fen::new(freeze.unfrozen.fen().saturating_add(amount));
    hold_the_rest(tx, freeze, fresh).await?;
    freezes::save(tx, freeze).await?;
    if freeze.state == FreezeState::Finish {
        store::jobs::cancel(tx, jobs::END_FREEZE, &freeze.auth_no).await?;
    }
    freezes::add_operation(tx, &operation).await?;
    Ok(operation)
}
