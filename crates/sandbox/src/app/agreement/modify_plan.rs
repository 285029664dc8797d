//! The merchant moves the next deduction to a later day.

use super::ask_agreement::AgreementError;
use super::find_agreement::AgreementRef;
use crate::context::Context;
use crate::domain::agreement::{Agreement, AgreementRefusal};
use crate::domain::day::Day;
use crate::store::agreements;
use store::StoreError;

/// Moves the next deduction; those after it follow from its day.
///
/// # Errors
/// When the agreement does not hold, has no plan, or cannot have that day.
pub async fn modify_plan(
    cx: &Context,
    app_id: &str,
    agreement_no: &str,
    day: Day,
) -> Result<Agreement, AgreementError> {
    let (now, app_id) = (cx.now(), app_id.to_owned());
    let wanted = AgreementRef::Number(agreement_no.to_owned());
    let moved: Result<Result<Agreement, AgreementRefusal>, StoreError> = cx
        .db()
        .write(move |tx| {
            let (wanted, app_id) = (wanted.clone(), app_id.clone());
            Box::pin(async move {
                let mut agreement = match wanted.lock(tx, &app_id, now).await? {
                    Ok(found) => found,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                if let Err(refusal) = agreement.may_change() {
                    return Ok(Err(refusal));
                }
                let Some(plan) = &mut agreement.plan else {
                    return Ok(Err(AgreementRefusal::NoPlan));
                };
                if let Err(refusal) = plan.may_move(day, Day::of(now)) {
                    return Ok(Err(refusal));
                }
                plan.next_day = day;
                agreements::save(tx, &agreement).await?;
                Ok(Ok(agreement))
            })
        })
        .await;
    moved?.map_err(AgreementError::Refused)
}
