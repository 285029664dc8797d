//! Asks Alipay about an attempt, and closes it there when its order is to end.
//!
//! *Transactions*: none while asking; the answer is observed in one of its own. *Unknown outcomes*:
//! silence changes nothing and is asked again. *Recovery*: the job that asks is a row; it ends only
//! with the attempt.

use super::apply::{Locked, apply};
use super::follow_up::{FOLLOW_UP_MS, follow_up_at};
use super::query_order::{OrderRef, QueryOrderError, load};
use crate::alipay::{self, Call};
use crate::context::{Killed, Merchant};
use crate::domain::{
    AttemptId, AttemptState, Cause, Decision, Facts, Observation, Order, next_attempt_check,
};
use crate::parts::Point;
use crate::store::{attempts, orders};
use crate::views::OrderView;
use ::store::StoreError;
use kernel::Timestamp;

/// Why asking broke off. What Alipay answers is never an error here.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The merchant has no such order.
    #[error(transparent)]
    NotFound(#[from] QueryOrderError),
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

/// What became of asking.
#[derive(Clone, Debug)]
pub enum Asked {
    /// The attempt has ended.
    Ended,
    /// Ask again then.
    Again(Timestamp),
}

/// Asks about an attempt until it has ended. Safe to repeat.
pub(crate) async fn check_attempt(
    merchant: &Merchant,
    attempt_id: &AttemptId,
) -> Result<Asked, CheckError> {
    let Some(locked) = unpaid(merchant, attempt_id).await? else {
        return Ok(Asked::Ended);
    };
    let ended = !locked.attempt.state.is_pending();
    match ask(merchant, locked, alipay::CALL_TIMEOUT_MS).await? {
        Asked::Again(due_at) if ended => {
            follow_up_at(merchant, attempt_id, due_at).await?;
            Ok(Asked::Ended)
        }
        asked => Ok(asked),
    }
}

/// The attempt with its order, unless its money is here. One that ended without is asked about: a
/// notice said otherwise.
pub(super) async fn unpaid(
    merchant: &Merchant,
    attempt_id: &AttemptId,
) -> Result<Option<Locked>, StoreError> {
    let wanted = attempt_id.clone();
    let found = merchant
        .db()
        .read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                let Some(attempt) = attempts::find(tx, &wanted).await? else {
                    return Ok(None);
                };
                let order = orders::find(tx, &attempt.order_id).await?;
                Ok::<_, StoreError>(order.map(|order| Locked { order, attempt }))
            })
        })
        .await?;
    Ok(found.filter(|locked| locked.attempt.state != AttemptState::Succeeded))
}

/// Asks about every attempt of an order that can still bring money, and gives what is known then.
/// For a page that waits: `timeout_ms` is what its reader can bear.
///
/// # Errors
/// When the merchant has no such order, or the database fails. Silence is none.
pub async fn refresh_order(
    merchant: &Merchant,
    owner: &str,
    order: &OrderRef,
    timeout_ms: u64,
) -> Result<OrderView, CheckError> {
    let order = load(merchant, owner, order).await?;
    if !order.state.is_pending() {
        return Ok(OrderView::from(&order));
    }
    ask_pending(merchant, &order, timeout_ms).await?;
    let id = OrderRef::Id(order.order_id);
    Ok(OrderView::from(&load(merchant, owner, &id).await?))
}

/// Asks about every attempt of an order that can still bring money.
pub(super) async fn ask_pending(
    merchant: &Merchant,
    order: &Order,
    timeout_ms: u64,
) -> Result<(), CheckError> {
    let order_id = order.order_id.clone();
    let found = merchant
        .db()
        .read(move |tx| {
            let order_id = order_id.clone();
            Box::pin(async move { attempts::of_order(tx, &order_id).await })
        })
        .await?;
    let pending = found.into_iter().filter(|a| a.state.is_pending());
    let asking = pending.map(|attempt| {
        let order = order.clone();
        ask(merchant, Locked { order, attempt }, timeout_ms)
    });
    // All at once: whoever waits, waits for one.
    for asked in futures::future::join_all(asking).await {
        asked?;
    }
    Ok(())
}

/// Asks once, closes when the order is to end, and observes the answers.
pub(super) async fn ask(
    merchant: &Merchant,
    seen: Locked,
    timeout_ms: u64,
) -> Result<Asked, CheckError> {
    let app = merchant.registry().app(&seen.attempt.app_id).cloned();
    let app = app.ok_or_else(|| CheckError::NoApp(seen.attempt.app_id.clone()))?;
    // Taken before the call: a trade that does not exist now may still be opened while it runs.
    let asked_at = merchant.now();
    let call = Call {
        merchant,
        app: &app,
        order: &seen.order,
        attempt: &seen.attempt,
        asked_at,
        timeout_ms,
    };
    let ending = seen.order.is_ending(asked_at) && seen.order.state.is_pending();
    if ending && merchant.bugs().close_without_asking {
        let closed = Facts::bare(Observation::Closed, Cause::Expiry);
        return observe_answer(merchant, &seen, closed)
            .await
            .map(|(asked, _)| asked);
    }
    let facts = alipay::query(&call).await;
    merchant.survive(Point::QueryAfterCall)?;
    let waits = facts.seen == Observation::Waiting;
    let (asked, decision) = observe_answer(merchant, &seen, facts).await?;
    // A trade of an order that has its money by another could only bring money to send back.
    let over = ending || !seen.order.state.is_pending();
    let close = waits && (over || decision == Decision::CloseAgain);
    if !close {
        return Ok(asked);
    }
    let facts = alipay::close(&call).await;
    merchant.survive(Point::CloseAfterCall)?;
    let (asked, decision) = observe_answer(merchant, &seen, facts).await?;
    if decision != Decision::AskNow {
        return Ok(asked);
    }
    // It was paid or closed between the two calls: the trade itself says which.
    let facts = alipay::query(&call).await;
    observe_answer(merchant, &seen, facts)
        .await
        .map(|(asked, _)| asked)
}

/// Observes an answer in a transaction of its own, and says when to ask again.
pub(super) async fn observe_answer(
    merchant: &Merchant,
    seen: &Locked,
    facts: Facts,
) -> Result<(Asked, Decision), CheckError> {
    let mint = merchant.mint();
    let service = merchant.clone();
    let number = seen.attempt.out_trade_no.clone();
    let app_id = seen.attempt.app_id.clone();
    let answer = merchant
        .db()
        .write(move |tx| {
            let (service, facts) = (service.clone(), facts.clone());
            let (number, app_id) = (number.clone(), app_id.clone());
            Box::pin(async move {
                let mut minting = mint.start();
                let found = orders::lock_by_attempt(tx, &number, &app_id).await?;
                let Some((order, attempt)) = found else {
                    return Ok((Asked::Ended, Decision::Nothing));
                };
                let mut locked = Locked { order, attempt };
                let decision = apply(tx, &service, &mut minting, &mut locked, &facts).await?;
                let Locked { order, mut attempt } = locked;
                if !attempt.state.is_pending() {
                    // Whoever asks about one that ended has a reason; silence is no answer to it.
                    let open = attempt.state != AttemptState::Succeeded
                        && facts.seen == Observation::Silence;
                    let again = Asked::Again(mint.now.plus_ms(FOLLOW_UP_MS));
                    return Ok((if open { again } else { Asked::Ended }, decision));
                }
                let next = next_attempt_check(&order, &attempt, mint.now);
                if attempt.next_check != Some(next) {
                    attempt.next_check = Some(next);
                    attempts::save(tx, &attempt).await?;
                }
                Ok::<_, StoreError>((Asked::Again(next), decision))
            })
        })
        .await?;
    merchant.wake();
    Ok(answer)
}
