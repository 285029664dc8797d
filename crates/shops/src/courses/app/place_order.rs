//! Ordering courses: judged, written down, and only then taken to the till.
//!
//! The order is in the database before the merchant service hears of it. Whatever breaks after
//! that leaves an unpaid order which can be paid again, and which a job ends when nobody does; nothing
//! is lost and nothing is doubled.

use crate::courses::app::{fulfil, till};
use crate::courses::context::Context;
use crate::courses::domain::{Basket, BasketRefusal, Order, Status, UserId, Wanted, judge};
use crate::courses::store::{courses, orders};
use money::Fen;
use store::{Script, StoreError};

/// What an order came to.
#[derive(Clone, Debug)]
pub(in crate::courses) enum Placed {
    /// It waits to be paid at this signed link.
    ToPay {
        /// Alipay's cashier.
        url: String,
    },
    /// It cost nothing and is done.
    Done {
        /// The order.
        order: Order,
    },
}

/// Why there is no order, or no link to pay it.
#[derive(Debug, thiserror::Error)]
pub(in crate::courses) enum PlaceError {
    /// What was wanted breaks a rule; nothing was written.
    #[error("the order was refused: {0:?}")]
    Refused(BasketRefusal),
    /// The buyer is nobody that the shop knows; nothing was written.
    #[error("there is no such user")]
    NoUser,
    /// The order is there, unpaid, but the merchant service gave no link.
    #[error("the order was made, but cannot be paid now")]
    Till(#[source] till::TillError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Orders what `buyer` wants. Whether there is such a user is looked up here, with the courses.
pub(in crate::courses) async fn place_order(
    ctx: &Context,
    buyer: &UserId,
    wanted: Wanted,
    device: till::Device,
) -> Result<Placed, PlaceError> {
    let now = ctx.clock.now();
    let basket = fill(ctx, buyer, &wanted).await?;
    let order = Order {
        out_trade_no: kernel::uuid_v7_hex(ctx.clock.as_ref(), ctx.rng.as_ref()),
        user_id: buyer.clone(),
        title: wanted.subject.trim().to_owned(),
        total: basket.total,
        status: Status::Unpaid,
        pay_type: wanted.pay_type,
        dialect: wanted.dialect,
        coupon: None,
        trade_no: None,
        paid_at: None,
        cancel_asked_at: None,
        refunded: Fen::ZERO,
        created_at: now,
        updated_at: now,
        details: basket.details,
    };
    if order.total.is_zero() {
        let order = give_away(ctx, order).await?;
        return Ok(Placed::Done { order });
    }
    let mut script = Script::new();
    orders::script_new(&mut script, &order);
    ctx.db.run(script).await?;
    let url = till::pay_link(ctx, &order, device)
        .await
        .map_err(PlaceError::Till)?;
    Ok(Placed::ToPay { url })
}

/// What costs nothing is open at once.
async fn give_away(ctx: &Context, order: Order) -> Result<Order, StoreError> {
    let now = order.created_at;
    ctx.db
        .write(move |tx| {
            let order = order.clone();
            Box::pin(async move {
                orders::insert(tx, &order).await?;
                fulfil::give_away(tx, order, now).await
            })
        })
        .await
}

async fn fill(ctx: &Context, buyer: &UserId, wanted: &Wanted) -> Result<Basket, PlaceError> {
    let mut shelf = Vec::new();
    for id in wanted.course_ids.iter().copied().take(MOST_LOOKED_UP) {
        let offer = courses::offer_to(&ctx.db, id, buyer).await?;
        shelf.extend(offer.ok_or(PlaceError::NoUser)?);
    }
    judge(wanted, &shelf).map_err(PlaceError::Refused)
}

/// More courses than one order holds need not be looked up: they are refused by their number.
const MOST_LOOKED_UP: usize = 64;
