//! Places an order with its first attempt, and hands out what the buyer is sent to.
//!
//! *Transactions*: a page order is one; its link is signed before, so that the answer is saved
//! under the idempotency key in the same transaction. A QR order is two, with the call between.
//! *Unknown outcomes*: when Alipay does not answer the call, the attempt is `unknown`, the answer
//! carries no QR code, and a job asks. *Recovery*: a repeat finds the order by its number.

use super::apply::{Locked, apply};
use super::events;
use super::keyed::{Claimed, RequestKey, claim, claim_answered, save_answer};
use super::new_order::{app_of, first_attempt, new_order};
use super::pay_order::{PayOrder, PayOrderError, PayWith, is_stale, pay_order};
use super::query_order::OrderRef;
use crate::alipay;
use crate::context::{Killed, Merchant, Mint};
use crate::domain::{Attempt, AttemptState, Facts, InvalidNumber, Order, OrderId, Product};
use crate::parts::Point;
use crate::registry::AppEntry;
use crate::store::{attempts, orders};
use crate::views::{AttemptView, OrderView, Pay, PlacedView};
use ::store::{Script, StoreError, Tx};
use money::Fen;
use std::sync::Arc;

/// What is to be paid.
#[derive(Clone, Debug)]
pub struct PlaceOrder {
    /// The merchant's name.
    pub merchant: String,
    /// One of its applications; the first when none is named.
    pub app_id: Option<String>,
    /// The merchant's number, also the first attempt's at Alipay; made by us when none is given:
    /// the hex of a UUID version 7.
    pub merchant_order_no: Option<String>,
    /// What the buyer reads.
    pub subject: String,
    /// What is to be paid.
    pub amount: Fen,
    /// How the buyer pays.
    pub product: Product,
    /// Where the buyer's browser goes afterwards.
    pub return_url: Option<String>,
    /// Where Alipay's notices go; to our own path when `None`.
    pub notify_url: Option<String>,
    /// Where our own pages send the buyer after success.
    pub success_url: Option<String>,
    /// Where our own pages send the buyer after failure.
    pub failure_url: Option<String>,
    /// 60 seconds to 15 days; half an hour when `None`.
    pub expires_in_s: Option<i64>,
    /// The merchant's own words.
    pub metadata: Option<serde_json::Value>,
    /// Makes a repeat safe even where the number is made by us.
    pub key: Option<RequestKey>,
}

/// Why no order was placed.
#[derive(Debug, thiserror::Error)]
pub enum PlaceOrderError {
    /// No such merchant, or the application is not its own.
    #[error("the merchant has no application `{0}`")]
    NoApp(String),
    /// A value that Alipay would not take.
    #[error(transparent)]
    Invalid(#[from] InvalidNumber),
    /// An amount that Alipay would not take.
    #[error("an amount is 0.01 to 100000000.00")]
    Amount,
    /// The number stands for another order.
    #[error("an order of this number exists with another {0}")]
    ExistsWithDifferent(&'static str),
    /// The idempotency key stands for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The application's key cannot sign.
    #[error("the link could not be signed")]
    Sign(#[source] alipay::LinkError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A test ended the service.
    #[error(transparent)]
    Killed(#[from] Killed),
}

/// Places an order. Safe to repeat: the same number or key gives the same order.
///
/// # Errors
/// When a value is refused, or the number or key stands for something else.
pub async fn place_order(
    merchant: &Merchant,
    wish: PlaceOrder,
) -> Result<PlacedView, PlaceOrderError> {
    let app = app_of(merchant, &wish.merchant, wish.app_id.as_deref())
        .ok_or_else(|| PlaceOrderError::NoApp(wish.app_id.clone().unwrap_or_default()))?;
    let mint = merchant.mint();
    let order = new_order(merchant, &app, &wish, mint.now)?;
    let mut attempt = first_attempt(merchant, &order, &wish, mint.now);
    let pay = link(merchant, &app, &order, &attempt).map_err(PlaceOrderError::Sign)?;
    if pay.is_some() {
        attempt.state = AttemptState::Sent;
    }
    let placed = place(
        merchant,
        mint,
        order,
        attempt,
        pay.clone(),
        wish.key.clone(),
    )
    .await?;
    merchant.survive(Point::PlaceAfterCommit)?;
    match placed {
        Written::Replay(view) => Ok(*view),
        Written::Created(locked) if pay.is_some() => Ok(view(&locked, pay, true)),
        Written::Created(locked) => hand_out(merchant, &app, *locked, wish.key, true).await,
        Written::Exists(locked) if is_stale(&locked.attempt, merchant.now()) => {
            renew(merchant, *locked, wish.key).await
        }
        Written::Exists(locked) => hand_out(merchant, &app, *locked, wish.key, false).await,
    }
}

/// Its QR code is too old to be scanned: the order gets another attempt, while it can be paid.
async fn renew(
    merchant: &Merchant,
    locked: Locked,
    key: Option<RequestKey>,
) -> Result<PlacedView, PlaceOrderError> {
    let (order, attempt) = (&locked.order, &locked.attempt);
    let again = PayOrder {
        merchant: order.merchant.clone(),
        order: OrderRef::Id(order.order_id.clone()),
        product: attempt.product,
        with: PayWith::Last,
        return_url: attempt.return_url.clone(),
        key: None,
    };
    match pay_order(merchant, again).await {
        Ok(answer) => save(merchant, order.merchant.clone(), answer, key).await,
        Err(PayOrderError::Place(error)) => Err(error),
        Err(
            PayOrderError::NotFound(_)
            | PayOrderError::NotPayable(_)
            | PayOrderError::TooManyAttempts,
        ) => finish(merchant, locked, None, key, false).await,
    }
}

/// What the transaction found.
enum Written {
    Created(Box<Locked>),
    Exists(Box<Locked>),
    Replay(Box<PlacedView>),
}

async fn place(
    merchant: &Merchant,
    mint: Mint,
    order: Order,
    attempt: Attempt,
    pay: Option<Pay>,
    key: Option<RequestKey>,
) -> Result<Written, PlaceOrderError> {
    let new = Locked { order, attempt };
    // With a key, what is asked of Alipay first is answered later.
    if pay.is_some() || key.is_none() {
        match place_new(merchant, mint, &new, pay.clone(), key.as_ref()).await {
            Ok(()) => return Ok(Written::Created(Box::new(new))),
            // Something of it is there already: look what.
            Err(StoreError::Affected { .. } | StoreError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    merchant
        .db()
        .write(move |tx| {
            let (new, pay, key) = (new.clone(), pay.clone(), key.clone());
            Box::pin(async move {
                let minting = mint.start();
                let owner = new.order.merchant.clone();
                if let Some(key) = &key {
                    let id = new.order.order_id.as_str();
                    match claim(tx, &owner, key, id, mint.now).await? {
                        Claimed::Fresh => {}
                        Claimed::Replay(view) => return Ok(Written::Replay(view)),
                        Claimed::Started(id) => {
                            if let Some(found) = begun(tx, &id).await? {
                                return Ok(found);
                            }
                        }
                    }
                }
                if !orders::insert(tx, &new.order).await? {
                    return same_number(tx, &new, key.is_some()).await;
                }
                if !attempts::insert(tx, &new.attempt).await? {
                    // A later attempt of another order carries this number.
                    return Err(PlaceOrderError::ExistsWithDifferent("merchant_order_no"));
                }
                let due = new.attempt.next_check.unwrap_or(mint.now);
                events::ask_new_attempt(tx, &minting, &new.attempt.attempt_id, due).await?;
                if let (Some(key), Some(_)) = (&key, &pay) {
                    save_answer(tx, &owner, key, view(&new, pay.clone(), true)).await?;
                }
                Ok(Written::Created(Box::new(new)))
            })
        })
        .await
}

/// Writes an order of which nothing is there yet, as nearly all are: without a look beforehand, the
/// orders of several callers travel to the database together.
async fn place_new(
    merchant: &Merchant,
    mint: Mint,
    new: &Locked,
    pay: Option<Pay>,
    key: Option<&RequestKey>,
) -> Result<(), StoreError> {
    let (order, attempt) = (&new.order, &new.attempt);
    let mut script = Script::new();
    if let Some(key) = key {
        let answer = view(new, pay, true);
        let id = order.order_id.as_str();
        claim_answered(&mut script, &order.merchant, key, id, &answer, mint.now)?;
    }
    orders::script_new(&mut script, order);
    attempts::script_new(&mut script, attempt);
    let due = attempt.next_check.unwrap_or(mint.now);
    events::script_ask(&mut script, &mint.start(), &attempt.attempt_id, due);
    merchant.db().run(script).await
}

/// The number is taken: by the same order, which is answered again, or by another one. A request of
/// its own, under a key of its own, must be the same in all that it says; a shop in this process
/// comes again by another device.
async fn same_number(
    tx: &mut Tx<'_>,
    new: &Locked,
    in_all: bool,
) -> Result<Written, PlaceOrderError> {
    let wanted = &new.order;
    let found = orders::find_by_no(tx, &wanted.merchant, &wanted.merchant_order_no).await?;
    let found = found.ok_or_else(|| StoreError::Inconsistent {
        table: "orders",
        id: wanted.merchant_order_no.clone(),
        what: "it was refused as already there, and is not there".to_owned(),
    })?;
    let mut differs = found.differs_from(wanted);
    if in_all && differs.is_none() {
        let first = attempts::of_order(tx, &found.order_id).await?;
        let same = first
            .first()
            .is_none_or(|first| first.product == new.attempt.product);
        differs = found.differs_beside(wanted);
        differs = if same { differs } else { Some("product") };
    }
    match differs {
        Some(field) => Err(PlaceOrderError::ExistsWithDifferent(field)),
        None => exists(tx, &found.order_id).await,
    }
}

/// What the first request under a key made, when it came to that.
async fn begun(tx: &mut Tx<'_>, id: &str) -> Result<Option<Written>, PlaceOrderError> {
    let Ok(order_id) = id.parse::<OrderId>() else {
        return Ok(None);
    };
    match orders::find(tx, &order_id).await? {
        Some(_) => exists(tx, &order_id).await.map(Some),
        None => Ok(None),
    }
}

async fn exists(tx: &mut Tx<'_>, order_id: &OrderId) -> Result<Written, PlaceOrderError> {
    let gone = || StoreError::Inconsistent {
        table: "orders",
        id: order_id.to_string(),
        what: "it has no attempt".to_owned(),
    };
    let order = orders::find(tx, order_id).await?.ok_or_else(gone)?;
    let last = attempts::of_order(tx, order_id).await?.pop();
    let attempt = last.ok_or_else(gone)?;
    Ok(Written::Exists(Box::new(Locked { order, attempt })))
}

/// Hands out what the buyer is sent to, for an attempt that is written down: signs its link again,
/// or asks Alipay for its QR code when it has none yet.
pub(super) async fn hand_out(
    merchant: &Merchant,
    app: &Arc<AppEntry>,
    locked: Locked,
    key: Option<RequestKey>,
    created: bool,
) -> Result<PlacedView, PlaceOrderError> {
    let (order, attempt) = (&locked.order, &locked.attempt);
    let ending = order.is_ending(merchant.now());
    let payable = order.state.is_pending() && attempt.state.is_pending() && !ending;
    if !payable {
        return finish(merchant, locked, None, key, created).await;
    }
    if let Some(pay) =
        link(merchant, app, &locked.order, &locked.attempt).map_err(PlaceOrderError::Sign)?
    {
        return finish(merchant, locked, Some(pay), key, created).await;
    }
    if is_stale(attempt, merchant.now()) {
        return finish(merchant, locked, None, key, created).await;
    }
    let pay = locked.attempt.qr_code.clone().map(Pay::QrCode);
    let ask = matches!(
        locked.attempt.state,
        AttemptState::Created | AttemptState::Unknown
    );
    if pay.is_some() || !ask {
        return finish(merchant, locked, pay, key, created).await;
    }
    let facts = alipay::precreate(merchant, app, &locked.order, &locked.attempt).await;
    merchant.survive(Point::PrecreateAfterCall)?;
    let offered = record_offer(merchant, &locked, facts).await?;
    let pay = offered.attempt.qr_code.clone().map(Pay::QrCode);
    finish(merchant, offered, pay, key, created).await
}

async fn record_offer(
    merchant: &Merchant,
    locked: &Locked,
    facts: Facts,
) -> Result<Locked, PlaceOrderError> {
    let mint = merchant.mint();
    let number = locked.attempt.out_trade_no.clone();
    let app_id = locked.attempt.app_id.clone();
    let service = merchant.clone();
    merchant
        .db()
        .write(move |tx| {
            let (service, facts) = (service.clone(), facts.clone());
            let (number, app_id) = (number.clone(), app_id.clone());
            Box::pin(async move {
                let mut minting = mint.start();
                let found = orders::lock_by_attempt(tx, &number, &app_id).await?;
                let (order, attempt) = found.ok_or_else(|| StoreError::Inconsistent {
                    table: "attempts",
                    id: number.clone(),
                    what: "it was there a moment ago".to_owned(),
                })?;
                let mut locked = Locked { order, attempt };
                apply(tx, &service, &mut minting, &mut locked, &facts).await?;
                Ok(locked)
            })
        })
        .await
}

/// Saves the answer under the key, when there is one, and gives it.
async fn finish(
    merchant: &Merchant,
    locked: Locked,
    pay: Option<Pay>,
    key: Option<RequestKey>,
    created: bool,
) -> Result<PlacedView, PlaceOrderError> {
    let answer = view(&locked, pay, created);
    save(merchant, locked.order.merchant, answer, key).await
}

async fn save(
    merchant: &Merchant,
    owner: String,
    answer: PlacedView,
    key: Option<RequestKey>,
) -> Result<PlacedView, PlaceOrderError> {
    let Some(key) = key else { return Ok(answer) };
    merchant
        .db()
        .write(move |tx| {
            let (owner, key, answer) = (owner.clone(), key.clone(), answer.clone());
            Box::pin(async move { save_answer(tx, &owner, &key, answer).await })
        })
        .await
}

pub(super) fn view(locked: &Locked, pay: Option<Pay>, created: bool) -> PlacedView {
    PlacedView {
        order: OrderView::from(&locked.order),
        attempt: AttemptView::from(&locked.attempt),
        pay,
        created,
    }
}

/// The link of a page or phone attempt; a QR code comes from Alipay instead.
pub(super) fn link(
    merchant: &Merchant,
    app: &AppEntry,
    order: &Order,
    attempt: &Attempt,
) -> Result<Option<Pay>, alipay::LinkError> {
    match attempt.product {
        Product::Page | Product::Wap => {
            alipay::pay_link(merchant, app, order, attempt).map(|url| Some(Pay::Url(url)))
        }
        Product::Qr => Ok(None),
    }
}
