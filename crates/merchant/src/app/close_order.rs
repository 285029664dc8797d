//! Closes an order: asks first, closes at Alipay, and only then here.
//!
//! A link that nobody has opened yet cannot be closed at Alipay, because there is no trade. Such an
//! order is `closing` until its link is dead; money that comes before wins.

use super::check_attempt::{CheckError, ask_pending};
use super::keyed::RequestKey;
use super::query_order::{OrderRef, QueryOrderError, load};
use super::{apply::Locked, events};
use crate::context::{Merchant, Mint};
use crate::domain::{Order, OrderId, OrderState};
use crate::store::history::{self, Transition};
use crate::store::{attempts, orders};
use crate::views::OrderView;
use crate::{alipay, context::Minting};
use ::store::idempotency::{self, Claim, Saved};
use ::store::{StoreError, Tx};
use serde::{Deserialize, Serialize};

/// How far closing has come.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum CloseOutcome {
    /// Alipay said so: no money can come any more.
    Closed,
    /// Money came first; the order is not closed.
    Paid,
    /// Alipay could not confirm it yet; it is asked until it does.
    Closing,
}

/// An order that was to be closed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ClosedView {
    /// What it is now.
    pub order: OrderView,
    /// How far it has come.
    pub outcome: CloseOutcome,
}

/// Why it is not closing.
#[derive(Debug, thiserror::Error)]
pub enum CloseOrderError {
    /// The merchant has no such order.
    #[error(transparent)]
    NotFound(#[from] QueryOrderError),
    /// The idempotency key stands for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// Asking broke off; it is asked again.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Closes an order, or says why it is not closed yet. Safe to repeat.
///
/// # Errors
/// When the merchant has no such order, or the database fails.
pub async fn close_order(
    merchant: &Merchant,
    owner: &str,
    order: &OrderRef,
) -> Result<ClosedView, CloseOrderError> {
    let found = load(merchant, owner, order).await?;
    if found.state.is_pending() {
        let closing = begin(merchant, &found.order_id).await?;
        merchant.wake();
        ask_pending(merchant, &closing, alipay::CALL_TIMEOUT_MS).await?;
    }
    let found = load(merchant, owner, &OrderRef::Id(found.order_id)).await?;
    let outcome = match found.state {
        OrderState::Closed => CloseOutcome::Closed,
        OrderState::Open | OrderState::Paying => CloseOutcome::Closing,
        OrderState::Paid | OrderState::LatePaid | OrderState::Attention => CloseOutcome::Paid,
    };
    Ok(ClosedView {
        order: OrderView::from(&found),
        outcome,
    })
}

/// The same under an idempotency key: a repeat gives the first answer.
///
/// # Errors
/// As [`close_order`], and when the key stands for another request.
pub async fn close_order_once(
    merchant: &Merchant,
    owner: &str,
    order: &OrderRef,
    key: &RequestKey,
) -> Result<ClosedView, CloseOrderError> {
    let mint = merchant.mint();
    let (whose, kept, named) = (owner.to_owned(), key.clone(), order.to_string());
    let claim = merchant
        .db()
        .write(move |tx| {
            let (whose, kept, named) = (whose.clone(), kept.clone(), named.clone());
            Box::pin(async move {
                let (key, hash) = (&kept.key, &kept.request_hash);
                idempotency::claim(tx, &whose, key, hash, &named, mint.now).await
            })
        })
        .await?;
    match claim {
        Claim::Differs => return Err(CloseOrderError::KeyReused),
        Claim::Replay { body, .. } => {
            if let Ok(view) = serde_json::from_str(&body) {
                return Ok(view);
            }
        }
        Claim::Fresh | Claim::Started { .. } => {}
    }
    let view = close_order(merchant, owner, order).await?;
    let body = serde_json::to_string(&view).unwrap_or_default();
    let (whose, kept) = (owner.to_owned(), key.key.clone());
    let saved = merchant
        .db()
        .write(move |tx| {
            let (whose, kept, body) = (whose.clone(), kept.clone(), body.clone());
            Box::pin(async move { idempotency::save(tx, &whose, &kept, OK, &body).await })
        })
        .await?;
    match saved {
        Saved::First => Ok(view),
        Saved::Earlier { body, .. } => Ok(serde_json::from_str(&body).unwrap_or(view)),
    }
}

/// Writes down that the order is to end; ends it at once when none of its attempts can bring money.
async fn begin(merchant: &Merchant, order_id: &OrderId) -> Result<Order, StoreError> {
    let mint = merchant.mint();
    let (service, order_id) = (merchant.clone(), order_id.clone());
    merchant
        .db()
        .write(move |tx| {
            let (service, order_id) = (service.clone(), order_id.clone());
            Box::pin(async move {
                let mut order = orders::lock(tx, &order_id)
                    .await?
                    .ok_or_else(|| gone(&order_id))?;
                if !order.state.is_pending() {
                    return Ok(order);
                }
                if order.closing_since.is_none() {
                    order.closing_since = Some(mint.now);
                    order.updated_at = mint.now;
                    orders::save(tx, &order).await?;
                }
                let all = attempts::of_order(tx, &order_id).await?;
                if !all.iter().any(|attempt| attempt.state.is_pending()) {
                    end(tx, &service, mint, &mut order, "merchant").await?;
                    return Ok(order);
                }
                let minting = mint.start();
                for attempt in all.into_iter().filter(|a| a.state.is_pending()) {
                    let locked = Locked {
                        order: order.clone(),
                        attempt,
                    };
                    ask_soon(tx, &minting, &locked).await?;
                }
                Ok::<_, StoreError>(order)
            })
        })
        .await
}

/// The job that asks comes sooner now, in case that this process ends before it has asked.
async fn ask_soon(tx: &mut Tx<'_>, minting: &Minting, locked: &Locked) -> Result<(), StoreError> {
    let next = crate::domain::next_attempt_check(&locked.order, &locked.attempt, minting.now);
    events::ask_attempt(tx, minting, &locked.attempt.attempt_id, next).await
}

/// Ends an order whose attempts have all ended.
pub(super) async fn end(
    tx: &mut Tx<'_>,
    merchant: &Merchant,
    mint: Mint,
    order: &mut Order,
    cause: &str,
) -> Result<(), StoreError> {
    let mut minting = mint.start();
    let row = Transition {
        order_id: order.order_id.clone(),
        at: mint.now,
        transition_id: minting.transition_id(),
        entity: "order".to_owned(),
        entity_id: order.order_id.to_string(),
        from_state: order.state.as_str().to_owned(),
        to_state: OrderState::Closed.as_str().to_owned(),
        cause: cause.to_owned(),
        reference: None,
    };
    order.state = OrderState::Closed;
    order.closed_at = Some(mint.now);
    order.updated_at = mint.now;
    orders::save(tx, order).await?;
    history::append(tx, [row]).await?;
    events::order_event(tx, merchant, &minting, "order.closed", order).await
}

fn gone(order_id: &OrderId) -> StoreError {
    StoreError::Inconsistent {
        table: "orders",
        id: order_id.to_string(),
        what: "it was there a moment ago".to_owned(),
    }
}

/// What a close is saved as; its outcome is in the body.
const OK: i64 = 200;
