//! Orders and refunds as callers and subscribers see them: the JSON of REST and of events.

use crate::domain::{
    Attempt, AttemptId, AttemptState, Channel, Order, OrderId, OrderState, Product, Refund,
    RefundId, RefundOrigin, RefundState,
};
use ::store::outbox::Event;
use futures::future::BoxFuture;
use kernel::Timestamp;
use money::Fen;
use serde::{Deserialize, Serialize};

/// An order as REST answers it and as an event freezes it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
pub struct OrderView {
    /// Our id of it.
    #[schema(value_type = String)]
    pub id: OrderId,
    /// The merchant that it belongs to.
    pub merchant: String,
    /// The merchant's number of it, also `out_trade_no` of its first attempt.
    pub merchant_order_no: String,
    /// `open`, `paying`, `paid`, `closed`, `late_paid` or `attention`.
    #[schema(value_type = String)]
    pub state: OrderState,
    /// What the buyer reads.
    pub subject: String,
    /// Yuan with two decimals.
    #[schema(value_type = String)]
    pub total_amount: Fen,
    /// What came in; a second payment, which goes back, is not in it.
    #[schema(value_type = String)]
    pub paid_amount: Fen,
    /// What went back.
    #[schema(value_type = String)]
    pub refunded_amount: Fen,
    /// What is on its way back.
    #[schema(value_type = String)]
    pub reserved_amount: Fen,
    /// The application at Alipay.
    pub app_id: String,
    /// Alipay's number of the trade that paid it.
    pub trade_no: Option<String>,
    /// Whether somebody asked for it to be closed and Alipay has not confirmed it yet.
    pub closing: bool,
    /// Whether the money came after it had been closed.
    pub late: bool,
    /// Until when it may be paid.
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
    /// When it was paid, as Alipay says.
    #[schema(value_type = Option<String>)]
    pub paid_at: Option<Timestamp>,
    /// When it was closed.
    #[schema(value_type = Option<String>)]
    pub closed_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it changed last.
    #[schema(value_type = String)]
    pub updated_at: Timestamp,
    /// The merchant's own words.
    #[schema(value_type = Object)]
    pub metadata: serde_json::Value,
}

impl From<&Order> for OrderView {
    fn from(order: &Order) -> Self {
        Self {
            id: order.order_id.clone(),
            merchant: order.merchant.clone(),
            merchant_order_no: order.merchant_order_no.clone(),
            state: order.state,
            subject: order.subject.clone(),
            total_amount: order.amount,
            paid_amount: order.paid,
            refunded_amount: order.refunded,
            reserved_amount: order.reserved,
            app_id: order.app_id.clone(),
            trade_no: order.trade_no.clone(),
            closing: order.state.is_pending() && order.closing_since.is_some(),
            late: order.paid_at.is_some() && order.closed_at.is_some(),
            expires_at: order.expires_at,
            paid_at: order.paid_at,
            closed_at: order.closed_at,
            created_at: order.created_at,
            updated_at: order.updated_at,
            // It was checked to be JSON when it came in.
            metadata: serde_json::from_str(&order.metadata).unwrap_or_default(),
        }
    }
}

/// One try to pay an order.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AttemptView {
    /// Our id of it.
    #[schema(value_type = String)]
    pub id: AttemptId,
    /// Its number at Alipay.
    pub out_trade_no: String,
    /// Who moves the money.
    #[schema(value_type = String)]
    pub channel: Channel,
    /// `page`, `wap` or `qr`.
    #[schema(value_type = String)]
    pub product: Product,
    /// What became of it.
    #[schema(value_type = String)]
    pub state: AttemptState,
    /// Alipay's number of its trade.
    pub trade_no: Option<String>,
    /// When Alipay is asked about it next.
    #[schema(value_type = Option<String>)]
    pub next_check: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
}

impl From<&Attempt> for AttemptView {
    fn from(attempt: &Attempt) -> Self {
        Self {
            id: attempt.attempt_id.clone(),
            out_trade_no: attempt.out_trade_no.clone(),
            channel: attempt.channel,
            product: attempt.product,
            state: attempt.state,
            trade_no: attempt.trade_no.clone(),
            next_check: attempt.next_check,
            created_at: attempt.created_at,
        }
    }
}

/// Money going back, as REST answers it and as an event freezes it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RefundView {
    /// Our id of it.
    #[schema(value_type = String)]
    pub id: RefundId,
    /// The order.
    #[schema(value_type = String)]
    pub order_id: OrderId,
    /// The merchant's number of the order.
    pub merchant_order_no: String,
    /// The merchant's number of it.
    pub merchant_refund_no: String,
    /// Its number at Alipay.
    pub out_request_no: String,
    /// Yuan with two decimals.
    #[schema(value_type = String)]
    pub amount: Fen,
    /// What for.
    pub reason: Option<String>,
    /// `merchant`, `second_payment` or `late_payment`.
    #[schema(value_type = String)]
    pub origin: RefundOrigin,
    /// `reserved`, `sent`, `succeeded`, `failed` or `unknown`.
    #[schema(value_type = String)]
    pub state: RefundState,
    /// Why Alipay refused it.
    pub failure: Option<String>,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it changed last.
    #[schema(value_type = String)]
    pub updated_at: Timestamp,
}

impl From<&Refund> for RefundView {
    fn from(refund: &Refund) -> Self {
        Self {
            id: refund.refund_id.clone(),
            order_id: refund.order_id.clone(),
            merchant_order_no: refund.merchant_order_no.clone(),
            merchant_refund_no: refund.merchant_refund_no.clone(),
            out_request_no: refund.out_request_no.clone(),
            amount: refund.amount,
            reason: refund.reason.clone(),
            origin: refund.origin,
            state: refund.state,
            failure: refund.failure.clone(),
            created_at: refund.created_at,
            updated_at: refund.updated_at,
        }
    }
}

/// What the buyer is sent to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pay {
    /// A signed link to Alipay's cashier.
    Url(String),
    /// The text of a QR code.
    QrCode(String),
}

/// Somebody in this process who wants to know what happens: the shops' fulfilment.
///
/// Events are handed over at least once, each until `Ok`; the event's id is the same every time.
/// Kinds: `order.paid`, `order.closed`, `order.late_paid`, `order.attention` with an [`OrderView`]
/// as payload; `refund.succeeded`, `refund.failed` with a [`RefundView`].
pub trait Subscriber: Send + Sync {
    /// Its name, unique in the process and the same after a restart.
    fn name(&self) -> &str;
    /// The merchant whose events it wants.
    fn owner(&self) -> &str;
    /// Takes one event. An error is kept and it comes again.
    fn deliver<'a>(&'a self, event: &'a Event) -> BoxFuture<'a, Result<(), String>>;
}

/// An order just placed, or paid anew: the order, the attempt, and what the buyer is sent to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PlacedView {
    /// The order.
    #[serde(flatten)]
    pub order: OrderView,
    /// The attempt.
    pub attempt: AttemptView,
    /// What the buyer is sent to; `null` when Alipay has not said yet, or the order has ended.
    pub pay: Option<Pay>,
    /// Whether this call made it. Not part of the answer.
    #[serde(skip)]
    pub created: bool,
}
