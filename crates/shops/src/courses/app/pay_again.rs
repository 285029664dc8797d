//! Paying an order that was left unpaid: another link for the same order.

use crate::courses::app::till;
use crate::courses::context::Context;
use crate::courses::domain::{Order, Status, UserId};
use crate::courses::store::{enrollments, orders};
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
    let url = till::pay_link(ctx, &order, device)
        .await
        .map_err(PayAgainError::Till)?;
    Ok((order, url))
}
