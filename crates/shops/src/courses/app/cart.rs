//! Carts: several courses, one order.

use crate::courses::context::Context;
use crate::courses::domain::{Course, UserId};
use crate::courses::store::{cart, courses};
use store::StoreError;

/// Puts a course that is on sale into a cart. Returns `false` when there is none of that number.
pub(in crate::courses) async fn add(
    ctx: &Context,
    user_id: &UserId,
    course_id: i64,
) -> Result<bool, StoreError> {
    let now = ctx.clock.now();
    let user_id = user_id.clone();
    ctx.db
        .write(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move {
                let course = courses::find(tx, course_id).await?;
                if !course.is_some_and(|course| course.on_sale) {
                    return Ok(false);
                }
                cart::add(tx, &user_id, course_id, now).await?;
                Ok(true)
            })
        })
        .await
}

/// Takes a course out of a cart.
pub(in crate::courses) async fn remove(
    ctx: &Context,
    user_id: &UserId,
    course_id: i64,
) -> Result<(), StoreError> {
    let user_id = user_id.clone();
    ctx.db
        .write(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { cart::remove(tx, &user_id, course_id).await })
        })
        .await
}

/// What is in a cart and on sale.
pub(in crate::courses) async fn items(
    ctx: &Context,
    user_id: &UserId,
) -> Result<Vec<Course>, StoreError> {
    let user_id = user_id.clone();
    ctx.db
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { cart::items(tx, &user_id).await })
        })
        .await
}

/// How many things are in a cart.
pub(in crate::courses) async fn count(ctx: &Context, user_id: &UserId) -> Result<i64, StoreError> {
    let user_id = user_id.clone();
    ctx.db
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { cart::count(tx, &user_id).await })
        })
        .await
}
