//! The merchant turns an agreement without a plan into one that has a plan.

use super::ask_agreement::AgreementError;
use super::find_agreement::AgreementRef;
use crate::context::Context;
use crate::domain::agreement::{
    Agreement, AgreementProduct, AgreementRefusal, AgreementState, PeriodRule,
};
use crate::store::{accounts, agreements};
use kernel::Timestamp;
use store::{StoreError, Tx};

type Transferred = Result<Agreement, AgreementRefusal>;

/// Gives an agreement a plan; the same plan again is answered alike.
///
/// # Errors
/// When the agreement does not hold, has another plan, or its signer signed the same with a plan.
pub async fn transfer_agreement(
    cx: &Context,
    app_id: &str,
    agreement_no: &str,
    rule: PeriodRule,
) -> Result<Agreement, AgreementError> {
    let (now, app_id) = (cx.now(), app_id.to_owned());
    let wanted = AgreementRef::Number(agreement_no.to_owned());
    let done: Result<Transferred, StoreError> = cx
        .db()
        .write(move |tx| {
            let (wanted, app_id, rule) = (wanted.clone(), app_id.clone(), rule.clone());
            Box::pin(async move {
                match wanted.lock(tx, &app_id, now).await? {
                    Ok(found) => transfer(tx, found, rule, now).await,
                    Err(refusal) => Ok(Err(refusal)),
                }
            })
        })
        .await;
    done?.map_err(AgreementError::Refused)
}

async fn transfer(
    tx: &mut Tx<'_>,
    mut agreement: Agreement,
    rule: PeriodRule,
    now: Timestamp,
) -> Result<Transferred, StoreError> {
    match agreement.get_plan(rule) {
        Err(refusal) => return Ok(Err(refusal)),
        Ok(false) => return Ok(Ok(agreement)),
        Ok(true) => {}
    }
    // Without a number of the merchant's somebody signs a product for a scene once.
    if let (None, Some(signer)) = (&agreement.terms.external_agreement_no, &agreement.signer) {
        accounts::lock(tx, &signer.user_id).await?;
        let (whose, what) = (
            (agreement.app_id.as_str(), signer.user_id.as_str()),
            (AgreementProduct::Cycle, agreement.terms.sign_scene.as_str()),
        );
        let same = agreements::find_same(tx, whose, what).await?;
        let holds = |same: Agreement| same.at(now).state == AgreementState::Normal;
        if same.into_iter().any(holds) {
            return Ok(Err(AgreementRefusal::SignedBefore));
        }
    }
    agreements::save_plan(tx, &agreement).await?;
    Ok(Ok(agreement))
}
