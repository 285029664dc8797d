//! Cancelling an unpaid order.
//!
//! Its user's wish counts at once: the shop shows it as cancelled and hands out no new link. Closed it
//! is only in the merchant service, when Alipay has said that nothing can be paid any more: mostly
//! within the same request, else when the link that nobody opened is dead. Money that is faster
//! wins, and makes the order paid after all.

use crate::courses::app::{fulfil, till};
use crate::courses::context::Context;
use crate::courses::domain::{Order, Status, UserId};
use crate::courses::store::orders;
use store::StoreError;

/// What cancelling came to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::courses) enum Cancelled {
    /// It is cancelled.
    Done,
    /// It was paid before it could be cancelled.
    Paid,
}

/// Why an order is not cancelled.
#[derive(Debug, thiserror::Error)]
pub(in crate::courses) enum CancelError {
    /// There is no such order of this user's.
    #[error("there is no such order")]
    NotFound,
    /// It is paid.
    #[error("the order is paid")]
    Paid,
    /// The merchant service refused.
    #[error("the order cannot be cancelled now")]
    Till(#[source] till::TillError),
    /// What the merchant service knows does not fit the shop's order.
    #[error("the order could not be brought up to date")]
    Fulfil(#[from] fulfil::FulfilError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Cancels an unpaid order of this user's. Repeating it is harmless.
pub(in crate::courses) async fn cancel_order(
    ctx: &Context,
    user_id: &UserId,
    out_trade_no: &str,
) -> Result<Cancelled, CancelError> {
    let now = ctx.clock.now();
    let (owner, number) = (user_id.clone(), out_trade_no.to_owned());
    let order: Order = ctx
        .db
        .write(move |tx| {
            let (owner, number) = (owner.clone(), number.clone());
            Box::pin(async move {
                let mut order = orders::lock(tx, &number)
                    .await?
                    .filter(|order| order.user_id == owner)
                    .ok_or(CancelError::NotFound)?;
                match order.status {
                    Status::Paid => Err(CancelError::Paid),
                    Status::Cancelled | Status::TimedOut => Ok(order),
                    Status::Unpaid => {
                        // Written down before anybody is asked: from here on nothing makes a new
                        // link for it.
                        order.cancel_asked_at.get_or_insert(now);
                        orders::save(tx, &order, now).await?;
                        Ok(order)
                    }
                }
            })
        })
        .await?;
    if order.status != Status::Unpaid {
        return Ok(Cancelled::Done);
    }
    match till::close(ctx, &order).await.map_err(CancelError::Till)? {
        till::CloseAnswer::Closed | till::CloseAnswer::Closing => {
            fulfil::closed(ctx, &order.out_trade_no).await?;
            Ok(Cancelled::Done)
        }
        till::CloseAnswer::Paid(view) => {
            fulfil::paid(ctx, &view).await?;
            Ok(Cancelled::Paid)
        }
    }
}
