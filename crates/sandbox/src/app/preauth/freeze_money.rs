//! A buyer agrees to a hold: the money stays theirs, and nobody can spend it but the seller.

use super::ask_freeze::FreezeError;
use super::end_freeze::bring_up;
use super::hold::hold;
use super::tell_freeze::{To, tell_freeze};
use crate::app::fresh::Fresh;
use crate::app::login::{self, Checked};
use crate::context::Context;
use crate::domain::Account;
use crate::domain::account::Secret;
use crate::domain::freeze::{
    Freeze, FreezeRefusal, FreezeState, HOLD_MS, Operation, OperationStatus, Payer,
};
use crate::jobs;
use crate::store::freezes::{self, Key};
use store::jobs::NewJob;
use store::{StoreError, Tx};

/// A hold with an operation of it.
pub type Held = (Freeze, Operation);

/// Holds a buyer's money. Without a password the buyer agreed elsewhere, by a payment code.
///
/// # Errors
/// When the password is not taken, the money is too little, or the hold does not wait.
pub async fn freeze_money(
    cx: &Context,
    auth_no: &str,
    user_id: &str,
    pay_password: Option<&str>,
) -> Result<Held, FreezeError> {
    let account = login::find_by_user(cx, user_id)
        .await?
        .ok_or(FreezeError::NoSuchBuyer)?;
    if let Some(password) = pay_password {
        match login::check(cx, &account, Secret::Pay, password).await? {
            Checked::Right => {}
            Checked::Denied(denied) => return Err(FreezeError::Password(denied)),
        }
    }
    let (fresh, auth_no) = (Fresh::take(cx), auth_no.to_owned());
    let held: Result<Result<Held, FreezeRefusal>, StoreError> = cx
        .db()
        .write(move |tx| {
            let (fresh, auth_no, account) = (fresh.clone(), auth_no.clone(), account.clone());
            Box::pin(async move { agree(tx, &auth_no, &account, &fresh).await })
        })
        .await;
    cx.wake();
    held?.map_err(FreezeError::Refused)
}

/// Holds an account's money for a hold that waits.
pub(super) async fn agree(
    tx: &mut Tx<'_>,
    auth_no: &str,
    account: &Account,
    fresh: &Fresh,
) -> Result<Result<Held, FreezeRefusal>, StoreError> {
    let Some(mut freeze) = freezes::lock(tx, Key::AuthNo(auth_no)).await? else {
        return Ok(Err(FreezeRefusal::NotExist));
    };
    bring_up(tx, &mut freeze, fresh).await?;
    if let Err(refusal) = freeze.may_freeze() {
        return Ok(Err(refusal));
    }
    let waits_for = freeze.payer.as_ref();
    if waits_for.is_some_and(|payer| payer.user_id != account.user_id) {
        return Ok(Err(FreezeRefusal::Unfit("buyer")));
    }
    let asked = freezes::operations(tx, auth_no)
        .await?
        .into_iter()
        .find(|operation| operation.status == OperationStatus::Init);
    let Some(mut operation) = asked else {
        return Ok(Err(FreezeRefusal::NotExist));
    };
    freeze.payer = Some(Payer {
        user_id: account.user_id.clone(),
        logon_id: account.logon_id.masked(),
    });
    freeze.rest = freeze.amount;
    freeze.hold = 1;
    if let Err(refusal) = hold(tx, &freeze, fresh).await? {
        return Ok(Err(refusal));
    }
    freeze.state = FreezeState::Authorized;
    freeze.frozen_at = Some(fresh.now);
    freezes::save(tx, &freeze).await?;
    operation.status = OperationStatus::Success;
    operation.done_at = Some(fresh.now);
    freezes::save_operation(tx, &operation).await?;
    store::jobs::cancel(tx, jobs::END_FREEZE, auth_no).await?;
    let job = NewJob {
        job_id: fresh.end_job.clone(),
        kind: jobs::END_FREEZE,
        key: auth_no.to_owned(),
        payload: "{}".to_owned(),
        due_at: fresh.now.plus_ms(HOLD_MS),
    };
    store::jobs::schedule(tx, &job).await?;
    let to = To::Request(freeze.notify_url.clone());
    tell_freeze(tx, to, "fund_auth_freeze", (&freeze, &operation), fresh).await?;
    Ok(Ok((freeze, operation)))
}
