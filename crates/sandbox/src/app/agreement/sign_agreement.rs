//! A wallet's owner signs an agreement, or refuses it.

use super::ask_agreement::AgreementError;
use super::tell_agreement::{To, tell_agreement};
use crate::app::fresh::Fresh;
use crate::app::login::{self, Checked};
use crate::context::Context;
use crate::domain::Account;
use crate::domain::account::Secret;
use crate::domain::agreement::{Agreement, AgreementRefusal, AgreementState, Signer};
use crate::store::{accounts, agreements};
use store::{StoreError, Tx};

type Signed = Result<Agreement, AgreementRefusal>;

/// Signs. Without a password somebody is played who typed it.
///
/// # Errors
/// When the password is not taken, the agreement does not wait, or the same was signed before.
pub async fn sign_agreement(
    cx: &Context,
    agreement_no: &str,
    user_id: &str,
    pay_password: Option<&str>,
) -> Result<Agreement, AgreementError> {
    let account = login::find_by_user(cx, user_id)
        .await?
        .ok_or(AgreementError::NoSuchBuyer)?;
    if let Some(password) = pay_password {
        match login::check(cx, &account, Secret::Pay, password).await? {
            Checked::Right => {}
            Checked::Denied(denied) => return Err(AgreementError::Password(denied)),
        }
    }
    let (fresh, number) = (Fresh::take(cx), agreement_no.to_owned());
    let signed: Result<Signed, StoreError> = cx
        .db()
        .write(move |tx| {
            let (fresh, number, account) = (fresh.clone(), number.clone(), account.clone());
            Box::pin(async move { sign(tx, &number, &account, &fresh).await })
        })
        .await;
    cx.wake();
    signed?.map_err(AgreementError::Refused)
}

async fn sign(
    tx: &mut Tx<'_>,
    number: &str,
    account: &Account,
    fresh: &Fresh,
) -> Result<Signed, StoreError> {
    let Some(agreement) = agreements::lock(tx, number).await? else {
        return Ok(Err(AgreementRefusal::NotExist));
    };
    let mut agreement = agreement.at(fresh.now);
    if let Err(refusal) = agreement.may_sign() {
        return Ok(Err(refusal));
    }
    let terms = &agreement.terms;
    if terms.external_agreement_no.is_none() {
        // Two pages at once: the second waits here and finds what the first signed.
        accounts::lock(tx, &account.user_id).await?;
        let (whose, what) = (
            (agreement.app_id.as_str(), account.user_id.as_str()),
            (terms.product, terms.sign_scene.as_str()),
        );
        let same = agreements::find_same(tx, whose, what).await?;
        let holds = |same: Agreement| same.at(fresh.now).state == AgreementState::Normal;
        if same.into_iter().any(holds) {
            return Ok(Err(AgreementRefusal::SignedBefore));
        }
    }
    agreement.state = AgreementState::Normal;
    agreement.signed_at = Some(fresh.now);
    agreement.signer = Some(Signer {
        user_id: account.user_id.clone(),
        logon_id: account.logon_id.masked(),
    });
    agreements::save(tx, &agreement).await?;
    let to = To::Request(agreement.notify_url.clone());
    tell_agreement(tx, to, "dut_user_sign", &agreement, fresh).await?;
    Ok(Ok(agreement))
}

/// Refuses: the page is over, and its number free again.
///
/// # Errors
/// When the agreement does not wait.
pub async fn refuse_agreement(
    cx: &Context,
    agreement_no: &str,
) -> Result<Agreement, AgreementError> {
    let (now, number) = (cx.now(), agreement_no.to_owned());
    let refused: Result<Signed, StoreError> = cx
        .db()
        .write(move |tx| {
            let number = number.clone();
            Box::pin(async move {
                let Some(agreement) = agreements::lock(tx, &number).await? else {
                    return Ok(Err(AgreementRefusal::NotExist));
                };
                let mut agreement = agreement.at(now);
                if let Err(refusal) = agreement.may_sign() {
                    return Ok(Err(refusal));
                }
                agreement.state = AgreementState::Closed;
                agreement.ended_at = Some(now);
                agreements::save(tx, &agreement).await?;
                Ok(Ok(agreement))
            })
        })
        .await;
    refused?.map_err(AgreementError::Refused)
}
