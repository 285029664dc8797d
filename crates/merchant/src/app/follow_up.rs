//! Follows up what a genuine notice said about an attempt that had ended without money.
//!
//! Its check has no end of its own, because the attempt has ended: it is asked until Alipay answers,
//! for about a day, and then somebody has to look at it.

use super::check_attempt::{Asked, CheckError, ask, unpaid};
use crate::alipay;
use crate::context::Merchant;
use crate::domain::{AttemptId, CaseKind};
use crate::jobs;
use crate::store::cases::{self, Case};
use crate::{app::apply::Locked, context::Mint};
use ::store::StoreError;
use ::store::jobs::NewJob;
use kernel::Timestamp;
use kernel::time::{HOUR_MS, SECOND_MS};

/// Nobody answered about an attempt that has ended: asks again then, in a job of its own that
/// counts its tries.
pub(super) async fn follow_up_at(
    merchant: &Merchant,
    attempt_id: &AttemptId,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    let mint = merchant.mint();
    let key = attempt_id.to_string();
    merchant
        .db()
        .write(move |tx| {
            let key = key.clone();
            Box::pin(async move {
                let job = NewJob {
                    job_id: mint.start().job_id(),
                    kind: jobs::FOLLOW_UP,
                    key,
                    payload: "{}".to_owned(),
                    due_at,
                };
                ::store::jobs::schedule(tx, &job).await?;
                Ok(())
            })
        })
        .await
}

/// Asks once more after `tries` tries. Ends with an answer, or with a case.
pub(crate) async fn follow_up(
    merchant: &Merchant,
    attempt_id: &AttemptId,
    tries: i64,
) -> Result<Asked, CheckError> {
    let Some(locked) = unpaid(merchant, attempt_id).await? else {
        return Ok(Asked::Ended);
    };
    let asked = ask(merchant, locked.clone(), alipay::CALL_TIMEOUT_MS).await?;
    match asked {
        Asked::Ended => Ok(Asked::Ended),
        Asked::Again(_) if tries >= MAX_TRIES => {
            open_case(merchant, merchant.mint(), locked).await?;
            Ok(Asked::Ended)
        }
        Asked::Again(_) => {
            let doublings = u32::try_from(tries.clamp(0, 8)).unwrap_or_default();
            let wait = (FOLLOW_UP_MS << doublings).min(HOUR_MS);
            Ok(Asked::Again(merchant.now().plus_ms(wait)))
        }
    }
}

async fn open_case(merchant: &Merchant, mint: Mint, locked: Locked) -> Result<(), StoreError> {
    merchant
        .db()
        .write(move |tx| {
            let Locked { order, attempt } = locked.clone();
            Box::pin(async move {
                let case = Case {
                    case_id: mint.start().case_id(),
                    dedup: format!("follow_up:{}", attempt.attempt_id),
                    merchant: order.merchant,
                    kind: CaseKind::NoAnswer.as_str().to_owned(),
                    order_id: Some(order.order_id),
                    app_id: attempt.app_id,
                    notify_id: None,
                    detail: serde_json::json!({ "out_trade_no": attempt.out_trade_no }).to_string(),
                    state: "open".to_owned(),
                    opened_at: mint.now,
                };
                cases::open(tx, &case).await?;
                Ok(())
            })
        })
        .await
}

/// How soon silence about an attempt that has ended is asked again, at first.
pub(super) const FOLLOW_UP_MS: i64 = 30 * SECOND_MS;
/// Nearly a day, hour by hour at its end.
const MAX_TRIES: i64 = 28;
