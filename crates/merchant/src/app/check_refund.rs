//! Asks Alipay for a refund until it says what became of it.
//!
//! The number stays the same however often we ask: Alipay pays one number once. A refusal counts
//! only when a query shows no such refund, because an earlier try may have got through.

use super::events;
use super::{books, check_attempt::Asked};
use crate::alipay::{self, RefundCall, RefundFound};
use crate::context::{Killed, Merchant, Mint, Minting};
use crate::domain::{
    Attempt, CaseKind, Order, Refund, RefundAnswer, RefundId, RefundOrigin, RefundState,
    next_refund_check, settle,
};
use crate::parts::Point;
use crate::store::cases::{self, Case};
use crate::store::history::{self, Transition};
use crate::store::{attempts, orders, refunds};
use ::store::{StoreError, Tx};
use money::Fen;

/// Why asking broke off. What Alipay answers is never an error here.
#[derive(Debug, thiserror::Error)]
pub enum CheckRefundError {
    /// The application is no longer configured.
    #[error("the application {0} is not configured")]
    NoApp(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A test ended the service.
    #[error(transparent)]
    Killed(#[from] Killed),
}

/// Asks once and settles what the answer decides. Safe to repeat.
pub(crate) async fn check_refund(
    merchant: &Merchant,
    refund_id: &RefundId,
) -> Result<Asked, CheckRefundError> {
    let wanted = refund_id.clone();
    let found = merchant
        .db()
        .read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { rows(tx, &wanted).await })
        })
        .await?;
    let Some((_, attempt, refund)) = found else {
        return Ok(Asked::Ended);
    };
    if !refund.state.is_pending() {
        return Ok(Asked::Ended);
    }
    let app = merchant.registry().app(&attempt.app_id).cloned();
    let app = app.ok_or_else(|| CheckRefundError::NoApp(attempt.app_id.clone()))?;
    let mut number = refund.out_request_no.clone();
    if merchant.bugs().refund_number_changed_on_retry && refund.tries > 0 {
        number = format!("{number}_{}", refund.tries);
    }
    let call = RefundCall {
        merchant,
        app: &app,
        attempt: &attempt,
        refund: &refund,
        number: &number,
    };
    let answer = ask(&call).await;
    merchant.survive(Point::RefundAfterCall)?;
    record(merchant, refund_id, answer).await
}

async fn ask(call: &RefundCall<'_>) -> RefundAnswer {
    if call.refund.tries > 0 {
        match alipay::query_refund(call).await {
            RefundFound::Moved => return RefundAnswer::Moved,
            RefundFound::Silent => return RefundAnswer::Silent,
            RefundFound::Absent => {}
        }
    }
    let answer = alipay::refund(call).await;
    match answer {
        RefundAnswer::Moved | RefundAnswer::Silent => answer,
        RefundAnswer::Taken => match alipay::query_refund(call).await {
            RefundFound::Moved => RefundAnswer::Moved,
            RefundFound::Absent | RefundFound::Silent => RefundAnswer::Taken,
        },
        RefundAnswer::Refused { .. } => match alipay::query_refund(call).await {
            RefundFound::Moved => RefundAnswer::Moved,
            RefundFound::Absent => answer,
            RefundFound::Silent => RefundAnswer::Silent,
        },
    }
}

async fn record(
    merchant: &Merchant,
    refund_id: &RefundId,
    answer: RefundAnswer,
) -> Result<Asked, CheckRefundError> {
    let mint = merchant.mint();
    let (service, wanted) = (merchant.clone(), refund_id.clone());
    let mut answer = answer;
    if merchant.bugs().reservation_freed_on_timeout && answer == RefundAnswer::Silent {
        answer = RefundAnswer::Refused {
            sub_code: "timeout".to_owned(),
        };
    }
    merchant
        .db()
        .write(move |tx| {
            let (service, wanted, answer) = (service.clone(), wanted.clone(), answer.clone());
            Box::pin(async move { settle_rows(tx, &service, mint, &wanted, &answer).await })
        })
        .await
        .map_err(CheckRefundError::Store)
}

async fn settle_rows(
    tx: &mut Tx<'_>,
    merchant: &Merchant,
    mint: Mint,
    refund_id: &RefundId,
    answer: &RefundAnswer,
) -> Result<Asked, StoreError> {
    let Some((order, attempt, refund)) = locked_rows(tx, refund_id).await? else {
        return Ok(Asked::Ended);
    };
    let was = refund.state;
    if !was.is_pending() {
        return Ok(Asked::Ended);
    }
    let mut minting = mint.start();
    let mut refund = refund;
    refund.state = settle(was, answer);
    let automatic = refund.origin != RefundOrigin::Merchant;
    if automatic && refund.state == RefundState::Failed {
        // Nobody would ask for it again, and the money is not ours: it stays reserved, is tried
        // again under its number, and somebody sees why.
        refund.state = RefundState::Reserved;
        open_case(tx, &minting, (&order, &attempt), &refund, answer).await?;
    }
    refund.tries += 1;
    refund.updated_at = mint.now;
    refund.next_check = None;
    if let RefundAnswer::Refused { sub_code } = answer {
        refund.failure = Some(sub_code.clone());
    }
    let mut asked = Asked::Ended;
    if refund.state.is_pending() {
        let next = next_refund_check(&refund, mint.now);
        refund.next_check = Some(next);
        asked = Asked::Again(next);
    }
    refunds::save(tx, &refund).await?;
    if refund.state != was {
        let row = Transition {
            order_id: order.order_id.clone(),
            at: mint.now,
            transition_id: minting.transition_id(),
            entity: "refund".to_owned(),
            entity_id: refund.refund_id.to_string(),
            from_state: was.as_str().to_owned(),
            to_state: refund.state.as_str().to_owned(),
            cause: "refund".to_owned(),
            reference: refund.failure.clone(),
        };
        history::append(tx, [row]).await?;
    }
    let (moved, kind) = match refund.state {
        RefundState::Succeeded => (true, "refund.succeeded"),
        RefundState::Failed => (false, "refund.failed"),
        RefundState::Reserved | RefundState::Sent | RefundState::Unknown => return Ok(asked),
    };
    release(tx, order, attempt, &refund, moved).await?;
    // Money that should not have come is not the merchant's business to take back goods for.
    if refund.origin == RefundOrigin::Merchant {
        events::refund_event(tx, merchant, &minting, kind, &refund).await?;
    }
    Ok(asked)
}

async fn open_case(
    tx: &mut Tx<'_>,
    minting: &Minting,
    (order, attempt): (&Order, &Attempt),
    refund: &Refund,
    answer: &RefundAnswer,
) -> Result<(), StoreError> {
    let case = Case {
        case_id: minting.case_id(),
        dedup: format!("refund:{}", refund.refund_id),
        merchant: order.merchant.clone(),
        kind: CaseKind::RefundRefused.as_str().to_owned(),
        order_id: Some(order.order_id.clone()),
        app_id: attempt.app_id.clone(),
        notify_id: None,
        detail: format!("{answer:?}"),
        state: "open".to_owned(),
        opened_at: minting.now,
    };
    cases::open(tx, &case).await?;
    Ok(())
}

/// Takes the money out of what is reserved: it went back, or is free again.
async fn release(
    tx: &mut Tx<'_>,
    mut order: Order,
    mut attempt: Attempt,
    refund: &Refund,
    moved: bool,
) -> Result<(), StoreError> {
    let now = refund.updated_at;
    let shift = |reserved: Fen, refunded: Fen| {
        let reserved = reserved.checked_sub(refund.amount);
        let refunded = if moved {
            refunded.checked_add(refund.amount)
        } else {
            Some(refunded)
        };
        reserved
            .zip(refunded)
            .ok_or_else(|| StoreError::Inconsistent {
                table: "refunds",
                id: refund.refund_id.to_string(),
                what: "less is reserved than it has".to_owned(),
            })
    };
    (attempt.reserved, attempt.refunded) = shift(attempt.reserved, attempt.refunded)?;
    attempt.updated_at = now;
    attempts::save(tx, &attempt).await?;
    if order.paid_attempt.as_ref() == Some(&attempt.attempt_id) {
        (order.reserved, order.refunded) = shift(order.reserved, order.refunded)?;
        order.updated_at = now;
        orders::save(tx, &order).await?;
    }
    books::end_refund(tx, refund, moved, now).await
}

type Rows = Option<(Order, Attempt, Refund)>;

async fn rows(tx: &mut Tx<'_>, refund_id: &RefundId) -> Result<Rows, StoreError> {
    let Some(refund) = refunds::find(tx, refund_id).await? else {
        return Ok(None);
    };
    let order = orders::find(tx, &refund.order_id).await?;
    let attempt = attempts::find(tx, &refund.attempt_id).await?;
    Ok(order
        .zip(attempt)
        .map(|(order, attempt)| (order, attempt, refund)))
}

/// The order is locked first; what is read of the refund before that may be old, so it is read
/// again behind the lock.
async fn locked_rows(tx: &mut Tx<'_>, refund_id: &RefundId) -> Result<Rows, StoreError> {
    let Some(refund) = refunds::find(tx, refund_id).await? else {
        return Ok(None);
    };
    if orders::lock(tx, &refund.order_id).await?.is_none() {
        return Ok(None);
    }
    rows(tx, refund_id).await
}
