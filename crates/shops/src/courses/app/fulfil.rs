//! What the shop does when it hears what became of an order's money.
//!
//! *Transactions*: the event, the order's new status and the opened courses are one transaction.
//! *Repeats*: an event is remembered by its id, an order is paid once, a course opens once per
//! user, so hearing anything twice, late or out of order changes nothing more.
//! *Who decides*: the merchant service alone says that an order is paid; nothing here asks Alipay.

use crate::courses::app::refund_order;
use crate::courses::context::Context;
use crate::courses::domain::{Order, OrderRefund, Status};
use crate::courses::store::{cart, enrollments, events, orders, refunds};
use kernel::Timestamp;
use merchant::domain::{OrderState, RefundOrigin};
use merchant::{OrderView, RefundView, Subscriber};
use money::Fen;
use store::outbox::Event;
use store::{BoxFuture, StoreError, Tx};

/// Hears the events of the shop's merchant.
pub(in crate::courses) struct Fulfilment {
    ctx: Context,
}

impl Fulfilment {
    /// The fulfilment of a shop.
    pub(in crate::courses) fn new(ctx: Context) -> Self {
        Self { ctx }
    }
}

impl Subscriber for Fulfilment {
    fn name(&self) -> &'static str {
        "courses"
    }

    fn owner(&self) -> &str {
        &self.ctx.merchant_name
    }

    fn deliver<'a>(&'a self, event: &'a Event) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let told = hear(&self.ctx, event).await;
            told.map_err(|error| service::problem::chain(&error))
        })
    }
}

/// Why an event could not be taken; it comes again.
#[derive(Debug, thiserror::Error)]
pub(in crate::courses) enum FulfilError {
    /// The event's payload is not what its kind says.
    #[error("the event's payload cannot be read")]
    Payload(#[from] serde_json::Error),
    /// Another sum was paid than the order's.
    #[error("order {out_trade_no} is of {total}, but {paid} were paid")]
    Amount {
        /// Which order.
        out_trade_no: String,
        /// Its sum.
        total: Fen,
        /// What was paid.
        paid: Fen,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes one event. Repeating it changes nothing.
pub(in crate::courses) async fn hear(ctx: &Context, event: &Event) -> Result<(), FulfilError> {
    let now = ctx.clock.now();
    let refund_job = ctx.new_job_id();
    let event = event.clone();
    ctx.db
        .write(move |tx| {
            let (event, refund_job) = (event.clone(), refund_job.clone());
            Box::pin(async move {
                if !events::first_time(tx, &event, now).await? {
                    return Ok(());
                }
                match event.kind.as_str() {
                    "order.paid" => {
                        let view: OrderView = serde_json::from_str(&event.payload)?;
                        mark_paid(tx, &view, now, &refund_job).await
                    }
                    "order.closed" => {
                        let view: OrderView = serde_json::from_str(&event.payload)?;
                        Ok(mark_closed(tx, &view.merchant_order_no, now).await?)
                    }
                    "refund.succeeded" | "refund.failed" => {
                        let view: RefundView = serde_json::from_str(&event.payload)?;
                        Ok(note_refund(tx, &view, now).await?)
                    }
                    // Late money goes back by the merchant's policy; attention is for people.
                    _ => Ok(()),
                }
            })
        })
        .await
}

/// What the merchant service knows to be paid, entered without waiting for its event.
pub(in crate::courses) async fn paid(ctx: &Context, view: &OrderView) -> Result<(), FulfilError> {
    if view.state != OrderState::Paid {
        return Ok(());
    }
    let now = ctx.clock.now();
    let refund_job = ctx.new_job_id();
    let view = view.clone();
    ctx.db
        .write(move |tx| {
            let (view, refund_job) = (view.clone(), refund_job.clone());
            Box::pin(async move { mark_paid(tx, &view, now, &refund_job).await })
        })
        .await
}

/// What the merchant service knows to be closed, entered without waiting for its event.
pub(in crate::courses) async fn closed(
    ctx: &Context,
    out_trade_no: &str,
) -> Result<(), StoreError> {
    let now = ctx.clock.now();
    let out_trade_no = out_trade_no.to_owned();
    ctx.db
        .write(move |tx| {
            let out_trade_no = out_trade_no.clone();
            Box::pin(async move { mark_closed(tx, &out_trade_no, now).await })
        })
        .await
}

/// An order that costs nothing: paid the moment it is made, in the transaction that makes it.
pub(in crate::courses) async fn give_away(
    tx: &mut Tx<'_>,
    mut order: Order,
    now: Timestamp,
) -> Result<Order, StoreError> {
    order.status = Status::Paid;
    order.paid_at = Some(now);
    orders::save(tx, &order, now).await?;
    open_courses(tx, &order, now).await?;
    Ok(order)
}

async fn mark_paid(
    tx: &mut Tx<'_>,
    view: &OrderView,
    now: Timestamp,
    refund_job: &store::jobs::JobId,
) -> Result<(), FulfilError> {
    let Some(mut order) = orders::lock(tx, &view.merchant_order_no).await? else {
        tracing::warn!(order = %view.merchant_order_no, "A paid order is not in the shop");
        return Ok(());
    };
    if order.status == Status::Paid {
        return Ok(());
    }
    if view.total_amount != order.total {
        return Err(FulfilError::Amount {
            out_trade_no: order.out_trade_no,
            total: order.total,
            paid: view.total_amount,
        });
    }
    // Cancelled or timed out does not matter: the money is here and stays, so the courses open.
    order.status = Status::Paid;
    order.trade_no.clone_from(&view.trade_no);
    order.paid_at = Some(view.paid_at.unwrap_or(now));
    orders::save(tx, &order, now).await?;
    if order.is_refunded() {
        // Everything went back before this was heard.
        return Ok(());
    }
    let owned_already = open_courses(tx, &order, now).await?;
    if owned_already.is_positive() {
        refund_order::for_second_purchase(tx, &order, owned_already, now, refund_job).await?;
    }
    Ok(())
}

/// Opens what is in an order; returns what was paid for courses that its user had already.
async fn open_courses(tx: &mut Tx<'_>, order: &Order, now: Timestamp) -> Result<Fen, StoreError> {
    let mut owned_already = Fen::ZERO;
    for detail in &order.details {
        let (user, course) = (&order.user_id, detail.course_id);
        if !enrollments::open(tx, user, course, &order.out_trade_no, now).await? {
            owned_already = owned_already
                .checked_add(detail.real_price)
                .unwrap_or(owned_already);
        }
        cart::remove(tx, user, course).await?;
    }
    Ok(owned_already)
}

async fn mark_closed(
    tx: &mut Tx<'_>,
    out_trade_no: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(mut order) = orders::lock(tx, out_trade_no).await? else {
        return Ok(());
    };
    if order.status == Status::Unpaid {
        order.status = if order.cancel_asked_at.is_some() {
            Status::Cancelled
        } else {
            Status::TimedOut
        };
        orders::save(tx, &order, now).await?;
    }
    Ok(())
}

/// Notes how a refund stands, also one that was asked for at the merchant service itself.
async fn note_refund(tx: &mut Tx<'_>, view: &RefundView, now: Timestamp) -> Result<(), StoreError> {
    let Some(mut order) = orders::lock(tx, &view.merchant_order_no).await? else {
        return Ok(());
    };
    let known = match refunds::find(tx, &view.merchant_refund_no).await? {
        Some(known) => known,
        None if view.origin == RefundOrigin::Merchant => {
            let refund = made_elsewhere(view, now);
            refunds::insert(tx, &refund).await?;
            refund
        }
        // A second or late payment goes back whole and is no part of the order's money.
        None => return Ok(()),
    };
    let state = view.state.as_str();
    let news = refunds::set_state(tx, &known.refund_no, state, now).await?;
    if news && state == SUCCEEDED {
        order.refunded = order
            .refunded
            .checked_add(known.amount)
            .unwrap_or(order.refunded);
        orders::save(tx, &order, now).await?;
        if order.is_refunded() {
            enrollments::close_of_order(tx, &order.out_trade_no).await?;
        }
    }
    Ok(())
}

/// The row of a refund that the shop did not ask for.
fn made_elsewhere(view: &RefundView, now: Timestamp) -> OrderRefund {
    OrderRefund {
        refund_no: view.merchant_refund_no.clone(),
        out_trade_no: view.merchant_order_no.clone(),
        amount: view.amount,
        reason: view.reason.clone().unwrap_or_default(),
        state: refund_order::ASKED.to_owned(),
        created_at: now,
    }
}

const SUCCEEDED: &str = "succeeded";
