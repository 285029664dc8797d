//! What became of an order, for whoever may know it: the bearer of a return that Alipay signed,
//! the order's own user, or the holder of a ticket of ours.
//!
//! A return is a hint: the merchant service asks Alipay and decides. A stranger and an unknown
//! number are refused in the same words, so that numbers cannot be guessed.

use crate::courses::app::{fulfil, till};
use crate::courses::context::Context;
use crate::courses::domain::{Order, Status, User, may_be_number, order_number_of};
use crate::courses::store::orders;
use merchant::OrderView;
use store::StoreError;

/// How much is known of an order's payment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::courses) enum Known {
    /// It is paid.
    Paid,
    /// It is not paid, as far as Alipay says now.
    NotYet,
    /// It ended without being paid.
    Ended,
    /// Nobody could say.
    Unclear,
}

/// What the asker is told.
#[derive(Clone, Debug)]
pub(in crate::courses) struct OrderResult {
    /// The order.
    pub order: Order,
    /// How much is known.
    pub known: Known,
    /// Carries the asker's right to the next question, when the return's own parameters are gone.
    pub ticket: String,
}

/// Why nothing is told.
#[derive(Debug, thiserror::Error)]
pub(in crate::courses) enum ResultError {
    /// No number was given.
    #[error("no order was named")]
    NoNumber,
    /// It is not the asker's, or it does not exist: the same answer for both.
    #[error("the order is not shown to this caller")]
    Forbidden,
    /// A token could not be signed.
    #[error("a ticket could not be signed")]
    Ticket(#[from] jsonwebtoken::errors::Error),
    /// What the merchant service knows does not fit the shop's order.
    #[error("the order could not be brought up to date")]
    Fulfil(#[from] fulfil::FulfilError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Says what became of the order that `raw_query` names, if `user` or the query itself may know.
pub(in crate::courses) async fn order_result(
    ctx: &Context,
    raw_query: &str,
    user: Option<&User>,
) -> Result<OrderResult, ResultError> {
    let asked = Asked::read(raw_query);
    let Some(out_trade_no) = asked.out_trade_no else {
        return Err(ResultError::NoNumber);
    };
    let number = order_number_of(&out_trade_no).to_owned();
    if !may_be_number(&number) {
        return Err(ResultError::Forbidden);
    }
    let told = if asked.signed {
        take_return(ctx, raw_query).await
    } else {
        till::Told::NotGenuine
    };
    let by_return = told.is_about(&number);
    let by_ticket = asked
        .ticket
        .is_some_and(|ticket| ctx.tokens.is_ticket_to(&ticket, &number));
    let order = find(ctx, &number).await?.ok_or(ResultError::Forbidden)?;
    let by_user = user.is_some_and(|user| user.id == order.user_id);
    if !(by_return || by_ticket || by_user) {
        return Err(ResultError::Forbidden);
    }
    let told = match (by_return, order.status) {
        (true, _) => told,
        (false, Status::Unpaid) => ask(ctx, &order).await,
        (false, Status::Paid | Status::Cancelled | Status::TimedOut) => till::Told::Unclear,
    };
    let order = catch_up(ctx, order, told.view()).await?;
    let known = match (order.status, &told) {
        (Status::Paid, _) => Known::Paid,
        (Status::Cancelled | Status::TimedOut, _) => Known::Ended,
        (Status::Unpaid, till::Told::Known(_)) => Known::NotYet,
        (Status::Unpaid, till::Told::Unclear | till::Told::NotGenuine) => Known::Unclear,
    };
    let ticket = ctx.tokens.ticket(&order.user_id, &order.out_trade_no)?;
    Ok(OrderResult {
        order,
        known,
        ticket,
    })
}

/// Asks about an order, unless that was done within the last second.
async fn ask(ctx: &Context, order: &Order) -> till::Told {
    if let Some(told) = ctx.recent.find(&order.out_trade_no) {
        return told;
    }
    let told = till::ask(ctx, order).await;
    ctx.recent.keep(&order.out_trade_no, &told);
    told
}

/// Takes a return, unless the very same was taken within the last second. One that is not genuine
/// makes nobody ask, so it need not be remembered.
async fn take_return(ctx: &Context, raw_query: &str) -> till::Told {
    if let Some(told) = ctx.recent.find(raw_query) {
        return told;
    }
    let told = till::take_return(ctx, raw_query).await;
    if told.view().is_some() {
        ctx.recent.keep(raw_query, &told);
    }
    told
}

/// Enters what the merchant service has decided by now; its event would say the same in a moment.
async fn catch_up(
    ctx: &Context,
    order: Order,
    view: Option<&OrderView>,
) -> Result<Order, ResultError> {
    let Some(view) = view else { return Ok(order) };
    if order.status == Status::Paid || view.merchant_order_no != order.out_trade_no {
        return Ok(order);
    }
    fulfil::paid(ctx, view).await?;
    let again = find(ctx, &order.out_trade_no).await?;
    Ok(again.unwrap_or(order))
}

async fn find(ctx: &Context, out_trade_no: &str) -> Result<Option<Order>, StoreError> {
    let out_trade_no = out_trade_no.to_owned();
    ctx.db
        .read(move |tx| {
            let out_trade_no = out_trade_no.clone();
            Box::pin(async move { orders::find(tx, &out_trade_no).await })
        })
        .await
}

/// What a query asks for.
#[derive(Default)]
struct Asked {
    out_trade_no: Option<String>,
    ticket: Option<String>,
    signed: bool,
}

impl Asked {
    fn read(raw_query: &str) -> Self {
        let mut asked = Self::default();
        for (key, value) in form_urlencoded::parse(raw_query.as_bytes()) {
            match &*key {
                "out_trade_no" => asked.out_trade_no = Some(value.into_owned()),
                "ticket" => asked.ticket = Some(value.into_owned()),
                "sign" => asked.signed = true,
                _ => {}
            }
        }
        asked.out_trade_no = asked.out_trade_no.filter(|number| !number.is_empty());
        asked
    }
}
