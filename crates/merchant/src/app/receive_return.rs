//! Takes a browser's return: a hint, never a proof. When it is genuine and about an unpaid order,
//! Alipay is asked, and its answer is what counts.

use super::apply::Locked;
use super::check_attempt::{CheckError, ask, observe_answer};
use super::query_order::{OrderRef, load};
use super::receive_notice::Scope;
use crate::alipay;
use crate::context::Merchant;
use crate::domain::{Cause, Facts, Observation};
use crate::store::orders;
use crate::views::OrderView;
use ::store::StoreError;

/// What a return is worth.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ReturnVerdict {
    /// Alipay signed it for this order. The order is what it is known to be now; it may still be
    /// unpaid.
    Genuine(Box<OrderView>),
    /// Genuine, but about another amount, seller, application or merchant, or no order of ours.
    Mismatched,
    /// Nobody of ours signed it.
    Forged,
}

/// Why a return could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveReturnError {
    /// Asking broke off.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a return: `query` is what stands behind the `?` of the address that the browser came to.
/// Asks Alipay for at most three seconds when the order is not known to be paid.
///
/// # Errors
/// When the database fails. That Alipay does not answer is none.
pub async fn receive_return(
    merchant: &Merchant,
    scope: &Scope,
    query: &str,
) -> Result<ReturnVerdict, ReceiveReturnError> {
    let Ok(genuine) = alipay::read_return(merchant, query) else {
        return Ok(ReturnVerdict::Forged);
    };
    let owner = genuine.app.merchant.name.clone();
    let elsewhere = matches!(scope, Scope::Merchant(name) if *name != owner);
    let number = genuine.message.out_trade_no().map(str::to_owned);
    let (false, Some(number)) = (elsewhere, number) else {
        return Ok(ReturnVerdict::Mismatched);
    };
    let app_id = genuine.app.client.app().app_id.clone();
    let found = merchant
        .db()
        .read(move |tx| {
            let (number, app_id) = (number.clone(), app_id.clone());
            Box::pin(async move { orders::find_by_attempt(tx, &number, &app_id).await })
        })
        .await?;
    let Some((order, attempt)) = found else {
        return Ok(ReturnVerdict::Mismatched);
    };
    if alipay::fits_return(merchant, &order, &attempt, &genuine).is_some() {
        return Ok(ReturnVerdict::Mismatched);
    }
    if !order.state.is_pending() {
        return Ok(ReturnVerdict::Genuine(Box::new(OrderView::from(&order))));
    }
    let named = OrderRef::Id(order.order_id.clone());
    if merchant.bugs().return_trusted {
        let facts = Facts {
            trade_no: genuine.message.trade_no().map(str::to_owned),
            ..Facts::bare(Observation::Paid, Cause::Return)
        };
        observe_answer(merchant, &Locked { order, attempt }, facts).await?;
        let order = load(merchant, &owner, &named)
            .await
            .map_err(CheckError::from)?;
        return Ok(ReturnVerdict::Genuine(Box::new(OrderView::from(&order))));
    }
    ask(merchant, Locked { order, attempt }, RETURN_TIMEOUT_MS).await?;
    let order = load(merchant, &owner, &named)
        .await
        .map_err(CheckError::from)?;
    Ok(ReturnVerdict::Genuine(Box::new(OrderView::from(&order))))
}

/// A person waits in front of a browser.
const RETURN_TIMEOUT_MS: u64 = 3_000;
