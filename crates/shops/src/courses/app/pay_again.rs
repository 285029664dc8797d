//! Paying an order that was left unpaid: another link for the same order.

use crate::courses::app::till;
use crate::courses::context::Context;
use crate::courses::domain::{Course, Order, Status, UserId};
use crate::courses::store::{courses, enrollments, orders};
use store::StoreError;

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub(in crate::courses) enum PayAgainError {
    /// There is no such order of this user's.
    #[error("there is no such order")]
    NotFound,
    /// It is paid, cancelled or about to be.
    #[error("the order cannot be paid: {0:?}")]
    NotUnpaid(Status),
    /// Its user has one of the courses by now.
    #[error("`{0}` is bought already")]
    Owned(String),
    /// Nobody was ever given a link for it, and its courses cost something else by now.
    #[error("`{0}` is no longer sold at that price")]
    PriceChanged(String),
    /// The merchant service gave no link.
    #[error("the order cannot be paid now")]
    Till(#[source] till::TillError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new link for an unpaid order of this user's.
pub(in crate::courses) async fn pay_again(
    ctx: &Context,
    user_id: &UserId,
    out_trade_no: &str,
    device: till::Device,
) -> Result<(Order, String), PayAgainError> {
    let (user_id, out_trade_no) = (user_id.clone(), out_trade_no.to_owned());
    let order = ctx
        .db
        .read(move |tx| {
            let (user_id, out_trade_no) = (user_id.clone(), out_trade_no.clone());
            Box::pin(async move {
                let order = orders::find(tx, &out_trade_no)
                    .await?
                    .filter(|order| order.user_id == user_id)
                    .ok_or(PayAgainError::NotFound)?;
                if order.status != Status::Unpaid {
                    return Err(PayAgainError::NotUnpaid(order.status));
                }
                if order.cancel_asked_at.is_some() {
                    return Err(PayAgainError::NotUnpaid(Status::Cancelled));
                }
                let owned = enrollments::ids_of_user(tx, &user_id).await?;
                let twice = order.details.iter().find(|d| owned.contains(&d.course_id));
                match twice {
                    Some(detail) => Err(PayAgainError::Owned(detail.course_name.clone())),
                    None => Ok(order),
                }
            })
        })
        .await?;
    if !till::is_placed(ctx, &order.out_trade_no)
        .await
        .map_err(PayAgainError::Till)?
    {
        check_prices(ctx, &order).await?;
    }
    let url = till::pay_link(ctx, &order, device)
        .await
        .map_err(PayAgainError::Till)?;
    Ok((order, url))
}

/// A price holds from the moment that a buyer was given a link. Before that it may have changed.
async fn check_prices(ctx: &Context, order: &Order) -> Result<(), PayAgainError> {
    let details = order.details.clone();
    ctx.db
        .read(move |tx| {
            let details = details.clone();
            Box::pin(async move {
                for detail in details {
                    let course = courses::find(tx, detail.course_id).await?;
                    let same = |course: &Course| course.on_sale && course.price == detail.price;
                    if !course.as_ref().is_some_and(same) {
                        return Err(PayAgainError::PriceChanged(detail.course_name));
                    }
                }
                Ok(())
            })
        })
        .await
}
