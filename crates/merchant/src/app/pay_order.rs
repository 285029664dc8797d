//! Pays an order once more: the same link again, or a new attempt under a number of its own.

use super::apply::Locked;
use super::events;
use super::keyed::{Claimed, RequestKey, claim};
use super::new_order::{app_of, new_attempt};
use super::place_order::{PlaceOrderError, hand_out};
use super::query_order::{OrderRef, QueryOrderError, load};
use crate::context::Merchant;
use crate::domain::{Attempt, AttemptState, Order, OrderId, OrderState, Product, attempt_number};
use crate::store::{attempts, orders};
use crate::views::PlacedView;
use ::store::{StoreError, Tx};

/// Which attempt the buyer is sent to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PayWith {
    /// The last one, while it can be paid and the product is the same; otherwise a new one.
    Last,
    /// A new one, whatever there is.
    New,
}

/// Which order is paid, and how.
#[derive(Clone, Debug)]
pub struct PayOrder {
    /// The merchant's name.
    pub merchant: String,
    /// The order.
    pub order: OrderRef,
    /// How the buyer pays.
    pub product: Product,
    /// Which attempt.
    pub with: PayWith,
    /// Where the buyer's browser goes afterwards; where the order says when `None`.
    pub return_url: Option<String>,
    /// Makes a repeat safe.
    pub key: Option<RequestKey>,
}

/// Why it is not paid.
#[derive(Debug, thiserror::Error)]
pub enum PayOrderError {
    /// The merchant has no such order.
    #[error(transparent)]
    NotFound(#[from] QueryOrderError),
    /// It is paid, closed, closing, or its time is over.
    #[error("the order is {0} and cannot be paid")]
    NotPayable(&'static str),
    /// It was tried too often.
    #[error("an order has at most {MAX_ATTEMPTS} attempts")]
    TooManyAttempts,
    /// What placing an order can end with, too.
    #[error(transparent)]
    Place(#[from] PlaceOrderError),
}

impl From<StoreError> for PayOrderError {
    fn from(error: StoreError) -> Self {
        Self::Place(PlaceOrderError::Store(error))
    }
}

/// Pays an order once more. With a key, a repeat gives the same attempt.
///
/// # Errors
/// When the order is not there or cannot be paid.
pub async fn pay_order(merchant: &Merchant, wish: PayOrder) -> Result<PlacedView, PayOrderError> {
    let order = load(merchant, &wish.merchant, &wish.order).await?;
    let app = app_of(merchant, &order.merchant, Some(&order.app_id))
        .ok_or_else(|| PlaceOrderError::NoApp(order.app_id.clone()))?;
    let mint = merchant.mint();
    let return_url = wish.return_url.clone().or_else(|| order.return_url.clone());
    let urls = (return_url, order.notify_url.clone());
    let template = new_attempt(merchant, &order, wish.product, urls, 1, mint.now);
    let (key, with) = (wish.key.clone(), wish.with);
    let found = merchant
        .db()
        .write(move |tx| {
            let (order_id, owner) = (order.order_id.clone(), order.merchant.clone());
            let (template, key) = (template.clone(), key.clone());
            Box::pin(async move {
                if let Some(key) = &key {
                    let subject = template.attempt_id.as_str();
                    match claim(tx, &owner, key, subject, mint.now).await? {
                        Claimed::Replay(view) => return Ok(Found::Replay(view)),
                        Claimed::Started(id) => {
                            if let Some(locked) = begun(tx, &order_id, &id).await? {
                                return Ok(Found::Attempt(Box::new(locked), false));
                            }
                        }
                        Claimed::Fresh => {}
                    }
                }
                let order = orders::lock(tx, &order_id).await?;
                let order = order.ok_or_else(|| StoreError::Inconsistent {
                    table: "orders",
                    id: order_id.to_string(),
                    what: "it was there a moment ago".to_owned(),
                })?;
                check_payable(&order, mint.now)?;
                let last = attempts::of_order(tx, &order_id).await?.pop();
                if let Some(attempt) = last.filter(|last| usable(last, &template, with)) {
                    return Ok(Found::Attempt(Box::new(Locked { order, attempt }), false));
                }
                let minting = mint.start();
                let (order, attempt) = append(tx, order, template).await?;
                let due = attempt.next_check.unwrap_or(mint.now);
                events::ask_new_attempt(tx, &minting, &attempt.attempt_id, due).await?;
                Ok::<_, PayOrderError>(Found::Attempt(Box::new(Locked { order, attempt }), true))
            })
        })
        .await?;
    match found {
        Found::Replay(view) => Ok(*view),
        Found::Attempt(locked, created) => {
            Ok(hand_out(merchant, &app, *locked, wish.key, created).await?)
        }
    }
}

enum Found {
    Attempt(Box<Locked>, bool),
    Replay(Box<PlacedView>),
}

/// The attempt that the first request under a key made, when it came to that.
async fn begun(
    tx: &mut Tx<'_>,
    order_id: &OrderId,
    id: &str,
) -> Result<Option<Locked>, StoreError> {
    let Ok(attempt_id) = id.parse() else {
        return Ok(None);
    };
    let order = orders::lock(tx, order_id).await?;
    let attempt = attempts::find(tx, &attempt_id).await?;
    let both = order.zip(attempt.filter(|attempt| attempt.order_id == *order_id));
    Ok(both.map(|(order, attempt)| Locked { order, attempt }))
}

fn check_payable(order: &Order, now: kernel::Timestamp) -> Result<(), PayOrderError> {
    if order.closing_since.is_some() && order.state.is_pending() {
        return Err(PayOrderError::NotPayable("closing"));
    }
    match order.state {
        OrderState::Open | OrderState::Paying if now >= order.expires_at => {
            Err(PayOrderError::NotPayable("expired"))
        }
        OrderState::Open | OrderState::Paying => Ok(()),
        OrderState::Paid | OrderState::Closed | OrderState::LatePaid | OrderState::Attention => {
            Err(PayOrderError::NotPayable(order.state.as_str()))
        }
    }
}

fn usable(last: &Attempt, wanted: &Attempt, with: PayWith) -> bool {
    match with {
        PayWith::New => false,
        PayWith::Last => {
            let same = last.product == wanted.product && last.return_url == wanted.return_url;
            let stale = is_stale(last, wanted.created_at);
            same && !stale && last.state.is_pending() && last.state != AttemptState::Unknown
        }
    }
}

/// Alipay honours a QR code for two hours, however long its order lives.
pub(super) fn is_stale(attempt: &Attempt, now: kernel::Timestamp) -> bool {
    let handed_out = attempt.product == Product::Qr && attempt.qr_code.is_some();
    handed_out && attempt.state.is_pending() && now.since_ms(attempt.created_at) >= QR_LIFE_MS
}

/// Adds an attempt under the next number that is free.
async fn append(
    tx: &mut Tx<'_>,
    mut order: Order,
    template: Attempt,
) -> Result<(Order, Attempt), PayOrderError> {
    while order.attempts < MAX_ATTEMPTS {
        order.attempts += 1;
        let mut attempt = template.clone();
        attempt.place = order.attempts;
        attempt.out_trade_no = attempt_number(&order.merchant_order_no, attempt.place);
        let link = matches!(attempt.product, Product::Page | Product::Wap);
        if link {
            attempt.state = AttemptState::Sent;
        }
        // A number can be taken by an order that its merchant called so.
        if attempts::insert(tx, &attempt).await? {
            order.updated_at = attempt.created_at;
            orders::save(tx, &order).await?;
            return Ok((order, attempt));
        }
    }
    Err(PayOrderError::TooManyAttempts)
}

/// Nobody needs more, and each may be paid.
const MAX_ATTEMPTS: i64 = 20;
/// A little less than the two hours for which Alipay honours a QR code.
const QR_LIFE_MS: i64 = 110 * kernel::time::MINUTE_MS;
