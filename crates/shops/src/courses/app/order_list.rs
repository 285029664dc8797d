//! Orders to look at: a user's own, and all of them for staff.

use crate::courses::app::catalogue::{PageOf, is_odd, offset};
use crate::courses::context::Context;
use crate::courses::domain::{Order, OrderRefund, Status, UserId};
use crate::courses::store::order_list;
use crate::courses::store::{orders, refunds};
use store::StoreError;

pub(in crate::courses) use crate::courses::store::order_list::StaffOrder;

/// A page of a user's orders, the newest first.
pub(in crate::courses) async fn mine(
    ctx: &Context,
    user_id: &UserId,
    page: i64,
    page_size: i64,
) -> Result<PageOf<Order>, StoreError> {
    let user_id = user_id.clone();
    let (items, count) = ctx
        .db
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move {
                order_list::of_user(tx, &user_id, page_size, offset(page, page_size)).await
            })
        })
        .await?;
    Ok(PageOf {
        items,
        count,
        page,
        page_size,
    })
}

/// One of a user's orders; another's is as if it did not exist.
pub(in crate::courses) async fn one_of_mine(
    ctx: &Context,
    user_id: &UserId,
    out_trade_no: &str,
) -> Result<Option<Order>, StoreError> {
    let out_trade_no = out_trade_no.to_owned();
    let order = ctx
        .db
        .read(move |tx| {
            let out_trade_no = out_trade_no.clone();
            Box::pin(async move { orders::find(tx, &out_trade_no).await })
        })
        .await?;
    Ok(order.filter(|order| order.user_id == *user_id))
}

/// A page of all orders for staff.
pub(in crate::courses) async fn all(
    ctx: &Context,
    status: Option<Status>,
    text: Option<&str>,
    page: i64,
    page_size: i64,
) -> Result<PageOf<StaffOrder>, StoreError> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(is_odd) {
        return Ok(PageOf::nothing(page, page_size));
    }
    let text = text.map(ToOwned::to_owned);
    let (items, count) = ctx
        .db
        .read(move |tx| {
            let text = text.clone();
            Box::pin(async move {
                let start = offset(page, page_size);
                order_list::filtered(tx, status, text.as_deref(), page_size, start).await
            })
        })
        .await?;
    Ok(PageOf {
        items,
        count,
        page,
        page_size,
    })
}

/// One order with its buyer's name and its refunds, for staff.
pub(in crate::courses) async fn details(
    ctx: &Context,
    out_trade_no: &str,
) -> Result<Option<(Order, String, Vec<OrderRefund>)>, StoreError> {
    let out_trade_no = out_trade_no.to_owned();
    ctx.db
        .read(move |tx| {
            let out_trade_no = out_trade_no.clone();
            Box::pin(async move {
                let Some(order) = orders::find(tx, &out_trade_no).await? else {
                    return Ok(None);
                };
                let username = order_list::buyer_of(tx, &out_trade_no).await?;
                let refunds = refunds::of_order(tx, &out_trade_no).await?;
                Ok(Some((order, username.unwrap_or_default(), refunds)))
            })
        })
        .await
}
