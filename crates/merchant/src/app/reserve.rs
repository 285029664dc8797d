//! Sets money aside that is to go back, in the rows and in the books.

use super::apply::Locked;
use super::{books, events};
use crate::context::Minting;
use crate::domain::{Facts, Refund, RefundOrigin, RefundState};
use crate::store::history::{self, Transition};
use crate::store::{attempts, orders, refunds};
use ::store::{StoreError, Tx};

/// Sends money back that should not have come. It is reserved like any refund, and a job asks for
/// it at once.
pub(super) async fn refund_automatically(
    tx: &mut Tx<'_>,
    minting: &mut Minting,
    locked: &mut Locked,
    origin: RefundOrigin,
    facts: &Facts,
) -> Result<(), StoreError> {
    let now = minting.now;
    let refund_id = minting.refund_id();
    let mut refund = Refund {
        out_request_no: refund_id.to_string(),
        refund_id,
        order_id: locked.order.order_id.clone(),
        merchant_order_no: locked.order.merchant_order_no.clone(),
        attempt_id: locked.attempt.attempt_id.clone(),
        merchant: locked.order.merchant.clone(),
        merchant_refund_no: format!("{AUTOMATIC}{}", locked.attempt.attempt_id),
        amount: locked.attempt.paid,
        reason: Some(origin.as_str().to_owned()),
        origin,
        state: RefundState::Reserved,
        failure: None,
        tries: 0,
        next_check: Some(now),
        created_at: now,
        updated_at: now,
    };
    let mut added = refunds::insert(tx, &refund).await?;
    if !added {
        // Whoever took the number: the money is here, and goes back under another one.
        refund.merchant_refund_no = format!("{AUTOMATIC}{}", refund.refund_id);
        added = refunds::insert(tx, &refund).await?;
    }
    if !added {
        return Err(StoreError::Inconsistent {
            table: "refunds",
            id: refund.merchant_refund_no.clone(),
            what: "a refund has the number of one that was just made".to_owned(),
        });
    }
    reserve(tx, minting, locked, &refund).await?;
    let began = Transition {
        order_id: refund.order_id.clone(),
        at: now,
        transition_id: minting.transition_id(),
        entity: "refund".to_owned(),
        entity_id: refund.refund_id.to_string(),
        from_state: String::new(),
        to_state: refund.state.as_str().to_owned(),
        cause: facts.cause.as_str().to_owned(),
        reference: facts.reference().map(str::to_owned),
    };
    history::append(tx, [began]).await?;
    events::ask_refund(tx, minting, &refund.refund_id, now).await?;
    Ok(())
}

/// Sets the money of a refund aside, in the rows and in the books.
pub(super) async fn reserve(
    tx: &mut Tx<'_>,
    minting: &Minting,
    locked: &mut Locked,
    refund: &Refund,
) -> Result<(), StoreError> {
    let too_much = || StoreError::Inconsistent {
        table: "refunds",
        id: refund.refund_id.to_string(),
        what: "the reserved money does not fit".to_owned(),
    };
    let Locked { order, attempt } = locked;
    let sum = attempt.reserved.checked_add(refund.amount);
    attempt.reserved = sum.ok_or_else(too_much)?;
    attempt.updated_at = minting.now;
    attempts::save(tx, attempt).await?;
    if order.paid_attempt.as_ref() == Some(&attempt.attempt_id) {
        let sum = order.reserved.checked_add(refund.amount);
        order.reserved = sum.ok_or_else(too_much)?;
        order.updated_at = minting.now;
        orders::save(tx, order).await?;
    }
    books::reserve_refund(tx, attempt, refund, minting.now).await
}

/// What the numbers of our own refunds begin with. No merchant can give such a number: theirs are
/// letters, digits and `_`. Alipay never sees it.
const AUTOMATIC: &str = "auto:";
