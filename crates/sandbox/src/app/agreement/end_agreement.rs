//! An agreement is ended: by the merchant, or by whoever signed it.

use super::ask_agreement::AgreementError;
use super::find_agreement::AgreementRef;
use super::tell_agreement::{To, tell_agreement};
use crate::app::fresh::Fresh;
use crate::context::Context;
use crate::domain::agreement::{Agreement, AgreementRefusal, AgreementState};
use crate::store::agreements;
use store::{StoreError, Tx};

type Ended = Result<Agreement, AgreementRefusal>;

/// The merchant ends an agreement; its notice goes to the address of the call, or to the
/// application's own.
///
/// # Errors
/// When there is none that holds.
pub async fn unsign(
    cx: &Context,
    app_id: &str,
    wanted: AgreementRef,
    notify_url: Option<String>,
) -> Result<Agreement, AgreementError> {
    let (fresh, app_id) = (Fresh::take(cx), app_id.to_owned());
    let ended: Result<Ended, StoreError> = cx
        .db()
        .write(move |tx| {
            let (fresh, wanted) = (fresh.clone(), wanted.clone());
            let (app_id, url) = (app_id.clone(), notify_url.clone());
            Box::pin(async move {
                match wanted.lock(tx, &app_id, fresh.now).await? {
                    Ok(found) => end(tx, found, To::Request(url), &fresh).await,
                    Err(refusal) => Ok(Err(refusal)),
                }
            })
        })
        .await;
    cx.wake();
    ended?.map_err(AgreementError::Refused)
}

/// Whoever signed ends an agreement; only the application's own address hears of it.
///
/// # Errors
/// When they signed none of that number that holds.
pub async fn end_by_signer(
    cx: &Context,
    agreement_no: &str,
    user_id: &str,
) -> Result<Agreement, AgreementError> {
    let (fresh, number) = (Fresh::take(cx), agreement_no.to_owned());
    let user_id = user_id.to_owned();
    let ended: Result<Ended, StoreError> = cx
        .db()
        .write(move |tx| {
            let (fresh, number, user_id) = (fresh.clone(), number.clone(), user_id.clone());
            Box::pin(async move {
                let found = agreements::lock(tx, &number).await?;
                let own = found.filter(|found| {
                    let signer = found.signer.as_ref();
                    signer.is_some_and(|signer| signer.user_id == user_id)
                });
                match own {
                    Some(found) => end(tx, found.at(fresh.now), To::App, &fresh).await,
                    None => Ok(Err(AgreementRefusal::NotExist)),
                }
            })
        })
        .await;
    cx.wake();
    ended?.map_err(AgreementError::Refused)
}

async fn end(
    tx: &mut Tx<'_>,
    mut agreement: Agreement,
    to: To,
    fresh: &Fresh,
) -> Result<Ended, StoreError> {
    if let Err(refusal) = agreement.may_change() {
        return Ok(Err(refusal));
    }
    agreement.state = AgreementState::Unsign;
    agreement.ended_at = Some(fresh.now);
    agreements::save(tx, &agreement).await?;
    tell_agreement(tx, to, "dut_user_unsign", &agreement, fresh).await?;
    Ok(Ok(agreement))
}
