//! Refunds an order: reserves the money, asks Alipay at once, and leaves the rest to a job.
//!
//! *Transactions*: one reserves, one settles; the call stands between. *Unknown outcomes*: the
//! refund is `unknown`, its money stays reserved, and the caller's answer says so for good under
//! its key. *Recovery*: the job that asks is written with the reservation.

use super::apply::Locked;
use super::check_refund::{CheckRefundError, check_refund};
use super::events;
use super::keyed::RequestKey;
use super::query_order::{OrderRef, QueryOrderError, load};
use super::reserve::reserve;
use crate::context::{Killed, Merchant, Mint};
use crate::domain::{
    InvalidNumber, Order, OrderState, Refund, RefundId, RefundOrigin, RefundRefusal, RefundState,
    check_number, next_refund_check,
};
use crate::parts::Point;
use crate::store::history::{self, Transition};
use crate::store::{attempts, orders, refunds};
use crate::views::RefundView;
use ::store::idempotency::{self, Claim, Saved};
use ::store::{StoreError, Tx};
use money::Fen;

/// What is to go back.
#[derive(Clone, Debug)]
pub struct RefundOrder {
    /// The merchant's name.
    pub merchant: String,
    /// The order.
    pub order: OrderRef,
    /// The merchant's number of this refund, its own for good.
    pub merchant_refund_no: String,
    /// How much.
    pub amount: Fen,
    /// What for; Alipay shows it to the buyer.
    pub reason: Option<String>,
    /// Makes a repeat safe, beside the number, which does too.
    pub key: Option<RequestKey>,
}

/// Why nothing goes back.
#[derive(Debug, thiserror::Error)]
pub enum RefundOrderError {
    /// The merchant has no such order.
    #[error(transparent)]
    NotFound(#[from] QueryOrderError),
    /// The order does not allow it.
    #[error(transparent)]
    Refused(#[from] RefundRefusal),
    /// A number that Alipay would not take.
    #[error(transparent)]
    Invalid(#[from] InvalidNumber),
    /// A reason that Alipay would not take.
    #[error("a reason has at most {MAX_REASON_CHARS} characters and no NUL")]
    Reason,
    /// The number stands for another refund.
    #[error("a refund of this number exists with another {0}")]
    ExistsWithDifferent(&'static str),
    /// The idempotency key stands for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// Asking broke off; the job goes on.
    #[error(transparent)]
    Check(#[from] CheckRefundError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A test ended the service.
    #[error(transparent)]
    Killed(#[from] Killed),
}

enum Reserved {
    Fresh(RefundId),
    Exists(RefundId),
    Replay(Box<RefundView>),
}

/// Refunds an order, in whole or in part. Safe to repeat: the same number gives the same refund.
///
/// # Errors
/// When the order does not allow it, or the number or key stands for something else.
pub async fn refund_order(
    merchant: &Merchant,
    wish: RefundOrder,
) -> Result<RefundView, RefundOrderError> {
    check_number(&wish.merchant_refund_no)?;
    if !wish.amount.is_positive() {
        return Err(RefundRefusal::NotPositive.into());
    }
    let reason = wish.reason.as_deref().unwrap_or_default();
    if reason.chars().count() > MAX_REASON_CHARS || reason.contains('\0') {
        return Err(RefundOrderError::Reason);
    }
    let order = load(merchant, &wish.merchant, &wish.order).await?;
    let key = wish.key.clone();
    let refund_id = match begin(merchant, order, wish).await? {
        Reserved::Replay(view) => return Ok(*view),
        Reserved::Exists(refund_id) => refund_id,
        Reserved::Fresh(refund_id) => {
            merchant.survive(Point::RefundAfterReserve)?;
            check_refund(merchant, &refund_id).await?;
            refund_id
        }
    };
    finish(merchant, refund_id, key).await
}

async fn begin(
    merchant: &Merchant,
    order: Order,
    wish: RefundOrder,
) -> Result<Reserved, RefundOrderError> {
    let mint = merchant.mint();
    merchant
        .db()
        .write(move |tx| {
            let (order, wish) = (order.clone(), wish.clone());
            Box::pin(async move { reserve_refund(tx, mint, &order, &wish).await })
        })
        .await
}

async fn reserve_refund(
    tx: &mut Tx<'_>,
    mint: Mint,
    order: &Order,
    wish: &RefundOrder,
) -> Result<Reserved, RefundOrderError> {
    let mut minting = mint.start();
    let refund_id = minting.refund_id();
    if let Some(key) = &wish.key {
        let id = refund_id.as_str();
        let claim = idempotency::claim(
            tx,
            &wish.merchant,
            &key.key,
            &key.request_hash,
            id,
            mint.now,
        );
        match claim.await? {
            // What was begun is found by its number below.
            Claim::Fresh | Claim::Started { .. } => {}
            Claim::Differs => return Err(RefundOrderError::KeyReused),
            Claim::Replay { body, .. } => {
                let view = serde_json::from_str(&body).map_err(|_| odd_key(key))?;
                return Ok(Reserved::Replay(view));
            }
        }
    }
    let locked = orders::lock(tx, &order.order_id).await?;
    let order = locked.ok_or_else(|| odd_order(order, "it was there a moment ago"))?;
    let number = &wish.merchant_refund_no;
    if let Some(found) = refunds::find_by_no(tx, &wish.merchant, number).await? {
        return same_number(&found, &order, wish);
    }
    let paying = check_refundable(&order, wish.amount)?;
    let attempt = attempts::find(tx, &paying).await?;
    let attempt = attempt.ok_or_else(|| odd_order(&order, "its paying attempt is gone"))?;
    let mut refund = Refund {
        out_request_no: refund_id.to_string(),
        refund_id,
        order_id: order.order_id.clone(),
        merchant_order_no: order.merchant_order_no.clone(),
        attempt_id: attempt.attempt_id.clone(),
        merchant: wish.merchant.clone(),
        merchant_refund_no: number.clone(),
        amount: wish.amount,
        reason: wish.reason.clone(),
        origin: RefundOrigin::Merchant,
        state: RefundState::Reserved,
        failure: None,
        tries: 0,
        next_check: None,
        created_at: mint.now,
        updated_at: mint.now,
    };
    let due = next_refund_check(&refund, mint.now);
    refund.next_check = Some(due);
    if !refunds::insert(tx, &refund).await? {
        return Err(RefundOrderError::ExistsWithDifferent("merchant_refund_no"));
    }
    let mut locked = Locked { order, attempt };
    reserve(tx, &minting, &mut locked, &refund).await?;
    let began = Transition {
        order_id: refund.order_id.clone(),
        at: mint.now,
        transition_id: minting.transition_id(),
        entity: "refund".to_owned(),
        entity_id: refund.refund_id.to_string(),
        from_state: String::new(),
        to_state: refund.state.as_str().to_owned(),
        cause: "merchant".to_owned(),
        reference: None,
    };
    history::append(tx, [began]).await?;
    events::ask_refund(tx, &minting, &refund.refund_id, due).await?;
    Ok(Reserved::Fresh(refund.refund_id))
}

fn same_number(
    found: &Refund,
    order: &Order,
    wish: &RefundOrder,
) -> Result<Reserved, RefundOrderError> {
    if found.order_id != order.order_id {
        Err(RefundOrderError::ExistsWithDifferent("order"))
    } else if found.amount != wish.amount {
        Err(RefundOrderError::ExistsWithDifferent("amount"))
    } else {
        Ok(Reserved::Exists(found.refund_id.clone()))
    }
}

/// The attempt whose money goes back, when enough of it is left.
fn check_refundable(order: &Order, amount: Fen) -> Result<crate::domain::AttemptId, RefundRefusal> {
    let paying = match order.state {
        OrderState::Paid | OrderState::LatePaid | OrderState::Attention => {
            order.paid_attempt.clone()
        }
        OrderState::Open | OrderState::Paying | OrderState::Closed => None,
    };
    let paying = paying.ok_or(RefundRefusal::NotPaid)?;
    let left = order.refundable();
    if amount > left {
        return Err(RefundRefusal::ExceedsPaid { left });
    }
    Ok(paying)
}

/// Saves the answer under the key, also while nobody knows the outcome, and gives it.
async fn finish(
    merchant: &Merchant,
    refund_id: RefundId,
    key: Option<RequestKey>,
) -> Result<RefundView, RefundOrderError> {
    merchant
        .db()
        .write(move |tx| {
            let (refund_id, key) = (refund_id.clone(), key.clone());
            Box::pin(async move {
                let found = refunds::find(tx, &refund_id).await?;
                let refund = found.ok_or_else(|| StoreError::Inconsistent {
                    table: "refunds",
                    id: refund_id.to_string(),
                    what: "it was there a moment ago".to_owned(),
                })?;
                let view = RefundView::from(&refund);
                if let Some(key) = &key {
                    let body = serde_json::to_string(&view).map_err(|_| odd_key(key))?;
                    let saved = idempotency::save(tx, &refund.merchant, &key.key, CREATED, &body);
                    if let Saved::Earlier { body, .. } = saved.await? {
                        return Ok(serde_json::from_str(&body).map_err(|_| odd_key(key))?);
                    }
                }
                Ok(view)
            })
        })
        .await
}

fn odd_key(key: &RequestKey) -> StoreError {
    StoreError::Inconsistent {
        table: "idempotency",
        id: key.key.clone(),
        what: "what is saved under it is no refund".to_owned(),
    }
}

fn odd_order(order: &Order, what: &str) -> StoreError {
    StoreError::Inconsistent {
        table: "orders",
        id: order.order_id.to_string(),
        what: what.to_owned(),
    }
}

/// Alipay takes 256.
const MAX_REASON_CHARS: usize = 256;
/// What a begun refund is answered with.
const CREATED: i64 = 201;
