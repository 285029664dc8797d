//! Orders and attempts that are not written down yet.

use super::place_order::{PlaceOrder, PlaceOrderError};
use crate::context::Merchant;
use crate::domain::{
    Attempt, AttemptId, AttemptState, Channel, Order, OrderId, OrderState, Product, attempt_number,
    check_expiry, check_number, check_subject, next_attempt_check,
};
use crate::registry::AppEntry;
use kernel::{Timestamp, uuid_v7_hex};
use money::Fen;
use std::sync::Arc;

/// One of the merchant's applications, its first when none is named.
pub(super) fn app_of(
    merchant: &Merchant,
    owner: &str,
    app_id: Option<&str>,
) -> Option<Arc<AppEntry>> {
    let entry = merchant.registry().merchant(owner)?;
    let app_id = app_id.or_else(|| entry.app_ids.first().map(String::as_str))?;
    let app = merchant.registry().app(app_id)?;
    (app.merchant.name == owner).then(|| app.clone())
}

/// What the wish becomes, when all of it is what Alipay takes.
pub(super) fn new_order(
    merchant: &Merchant,
    app: &AppEntry,
    wish: &PlaceOrder,
    now: Timestamp,
) -> Result<Order, PlaceOrderError> {
    let number = match &wish.merchant_order_no {
        Some(number) => number.clone(),
        None => uuid_v7_hex(merchant.clock(), merchant.rng()),
    };
    check_number(&number)?;
    check_subject(&wish.subject)?;
    if !wish.amount.is_payable() {
        return Err(PlaceOrderError::Amount);
    }
    let metadata = wish.metadata.as_ref().map(ToString::to_string);
    Ok(Order {
        order_id: OrderId::new(merchant.clock(), merchant.rng()),
        merchant: wish.merchant.clone(),
        merchant_order_no: number,
        app_id: app.client.app().app_id.clone(),
        subject: wish.subject.clone(),
        amount: wish.amount,
        state: OrderState::Open,
        expires_at: check_expiry(now, wish.expires_in_s)?,
        closing_since: None,
        paid_attempt: None,
        trade_no: None,
        paid_at: None,
        closed_at: None,
        paid: Fen::ZERO,
        refunded: Fen::ZERO,
        reserved: Fen::ZERO,
        attempts: 1,
        return_url: wish.return_url.clone(),
        notify_url: wish.notify_url.clone(),
        success_url: wish.success_url.clone(),
        failure_url: wish.failure_url.clone(),
        metadata: metadata.unwrap_or_else(|| "{}".to_owned()),
        created_at: now,
        updated_at: now,
    })
}

/// The attempt that an order begins with.
pub(super) fn first_attempt(
    merchant: &Merchant,
    order: &Order,
    wish: &PlaceOrder,
    now: Timestamp,
) -> Attempt {
    let urls = (wish.return_url.clone(), wish.notify_url.clone());
    new_attempt(merchant, order, wish.product, urls, 1, now)
}

/// An attempt that is not written down yet.
pub(super) fn new_attempt(
    merchant: &Merchant,
    order: &Order,
    product: Product,
    (return_url, notify_url): (Option<String>, Option<String>),
    place: i64,
    now: Timestamp,
) -> Attempt {
    let mut attempt = Attempt {
        attempt_id: AttemptId::new(merchant.clock(), merchant.rng()),
        order_id: order.order_id.clone(),
        app_id: order.app_id.clone(),
        out_trade_no: attempt_number(&order.merchant_order_no, place),
        place,
        channel: Channel::Alipay,
        product,
        state: AttemptState::Created,
        trade_no: None,
        qr_code: None,
        return_url,
        notify_url,
        paid: Fen::ZERO,
        refunded: Fen::ZERO,
        reserved: Fen::ZERO,
        next_check: None,
        created_at: now,
        updated_at: now,
    };
    attempt.next_check = Some(next_attempt_check(order, &attempt, now));
    attempt
}
