//! Where the shop meets the merchant service: the only file that calls it.

use crate::courses::context::Context;
use crate::courses::domain::{Order, OrderRefund};
use bytes::Bytes;
use merchant::app::{
    CloseOrderError, CloseOutcome, NoticeIn, OrderRef, PayOrder, PayOrderError, PayWith,
    PlaceOrder, PlaceOrderError, QueryOrderError, RefundOrder, RefundOrderError, ReturnVerdict,
    Scope, close_order, find_order, pay_order, place_order, receive_notice, receive_return,
    refresh_order, refund_order, refuse_notice,
};
use merchant::domain::{OrderState, Product};
use merchant::{OrderView, Pay};
use std::time::Duration;

/// What the buyer holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::courses) enum Device {
    /// A desktop: `alipay.trade.page.pay`.
    Desktop,
    /// A phone: `alipay.trade.wap.pay`.
    Phone,
}

/// Why the merchant service did not do it.
#[derive(Debug, thiserror::Error)]
pub(in crate::courses) enum TillError {
    /// An order was not placed.
    #[error("the merchant service did not take the order")]
    Place(#[source] PlaceOrderError),
    /// An order could not be paid.
    #[error("the merchant service gave no link")]
    Pay(#[source] PayOrderError),
    /// The order has ended, so there is nothing to pay.
    #[error("the order has ended")]
    Ended,
    /// An order could not be looked up.
    #[error("the merchant service did not find the order")]
    Find(#[source] QueryOrderError),
    /// An order was not closed.
    #[error("the merchant service did not close the order")]
    Close(#[source] CloseOrderError),
    /// A refund was not taken.
    #[error("the merchant service did not take the refund")]
    Refund(#[source] RefundOrderError),
    /// The shop's own database failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

impl TillError {
    /// Returns `true` when asking again gives the same answer.
    pub(in crate::courses) fn is_final(&self) -> bool {
        match self {
            Self::Ended => true,
            Self::Pay(error) => matches!(
                error,
                PayOrderError::NotPayable(_) | PayOrderError::TooManyAttempts
            ),
            Self::Refund(error) => matches!(
                error,
                RefundOrderError::NotFound(_)
                    | RefundOrderError::Refused(_)
                    | RefundOrderError::Invalid(_)
                    | RefundOrderError::Reason
                    | RefundOrderError::ExistsWithDifferent(_)
            ),
            Self::Place(_) | Self::Find(_) | Self::Close(_) | Self::Store(_) => false,
        }
    }
}

/// What the merchant service knows of an order.
#[derive(Clone, Debug)]
pub(in crate::courses) enum Told {
    /// This.
    Known(Box<OrderView>),
    /// It could not say.
    Unclear,
    /// The return is not Alipay's, or not about an order of this shop.
    NotGenuine,
}

impl Told {
    /// Returns `true` when Alipay's return is about the order of that number.
    pub(in crate::courses) fn is_about(&self, out_trade_no: &str) -> bool {
        self.view()
            .is_some_and(|view| view.merchant_order_no == out_trade_no)
    }

    /// What is known.
    pub(in crate::courses) fn view(&self) -> Option<&OrderView> {
        match self {
            Self::Known(view) => Some(view),
            Self::Unclear | Self::NotGenuine => None,
        }
    }
}

/// How far closing has come.
#[derive(Clone, Debug)]
pub(in crate::courses) enum CloseAnswer {
    /// Nothing can be paid any more.
    Closed,
    /// Alipay has not confirmed it yet; the merchant service asks until it does, and tells.
    Closing,
    /// Money came first.
    Paid(Box<OrderView>),
}

/// What a notice is answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::courses) enum NoticeAnswer {
    /// `success`.
    Taken,
    /// The refusal.
    Refused,
    /// Our own fault.
    Broken,
}

/// A signed link to pay an order: the one it has, or another when the buyer's device changed.
pub(in crate::courses) async fn pay_link(
    ctx: &Context,
    order: &Order,
    device: Device,
) -> Result<String, TillError> {
    let product = match device {
        Device::Desktop => Product::Page,
        Device::Phone => Product::Wap,
    };
    let return_url = format!("{}/pay/success", ctx.public_url);
    let wish = PlaceOrder {
        merchant: ctx.merchant_name.clone(),
        app_id: None,
        merchant_order_no: Some(order.out_trade_no.clone()),
        subject: order.title.clone(),
        amount: order.total,
        product,
        return_url: Some(return_url.clone()),
        notify_url: Some(format!("{}/order/success/", ctx.public_url)),
        success_url: None,
        failure_url: None,
        expires_in_s: None,
        metadata: None,
        key: None,
    };
    let placed = place_order(&ctx.merchant, wish)
        .await
        .map_err(TillError::Place)?;
    if placed.created {
        return url_of(placed.pay);
    }
    let wish = PayOrder {
        merchant: ctx.merchant_name.clone(),
        order: OrderRef::Number(order.out_trade_no.clone()),
        product,
        with: PayWith::Last,
        return_url: Some(return_url),
        key: None,
    };
    let paid = pay_order(&ctx.merchant, wish)
        .await
        .map_err(TillError::Pay)?;
    url_of(paid.pay)
}

fn url_of(pay: Option<Pay>) -> Result<String, TillError> {
    match pay {
        Some(Pay::Url(url)) => Ok(url),
        Some(Pay::QrCode(_)) | None => Err(TillError::Ended),
    }
}

/// Asks what became of an order that is not known to be paid.
pub(in crate::courses) async fn ask(ctx: &Context, order: &Order) -> Told {
    let named = OrderRef::Number(order.out_trade_no.clone());
    let owner = &ctx.merchant_name;
    match refresh_order(&ctx.merchant, owner, &named, ASK_TIMEOUT_MS).await {
        Ok(view) => Told::Known(Box::new(view)),
        Err(error) => {
            tracing::warn!(order = %order.out_trade_no, "An order cannot be asked about: {error}");
            Told::Unclear
        }
    }
}

/// Takes a browser's return: a hint, on which the merchant service asks Alipay.
pub(in crate::courses) async fn take_return(ctx: &Context, raw_query: &str) -> Told {
    match receive_return(&ctx.merchant, &scope(ctx), raw_query).await {
        Ok(ReturnVerdict::Genuine(view)) => Told::Known(view),
        Ok(ReturnVerdict::Mismatched | ReturnVerdict::Forged) => Told::NotGenuine,
        Err(error) => {
            tracing::warn!("A return cannot be taken: {error}");
            Told::Unclear
        }
    }
}

/// Takes Alipay's notice.
pub(in crate::courses) async fn take_notice(
    ctx: &Context,
    body: Bytes,
    content_type: Option<String>,
) -> NoticeAnswer {
    let notice = NoticeIn {
        scope: scope(ctx),
        body,
        content_type,
    };
    match receive_notice(&ctx.merchant, notice).await {
        Ok(verdict) if verdict.answer("error") == "success" => NoticeAnswer::Taken,
        Ok(_) => NoticeAnswer::Refused,
        Err(error) => {
            let chain = service::problem::chain(&error);
            tracing::error!("A notice could not be kept: {chain}");
            NoticeAnswer::Broken
        }
    }
}

/// Counts a notice whose body could not even be read.
pub(in crate::courses) async fn refuse_unread_notice(ctx: &Context, why: &str) -> NoticeAnswer {
    refuse_notice(&ctx.merchant, &[], why).await;
    NoticeAnswer::Refused
}

/// Closes an order that nobody is to pay any more, and waits a moment for Alipay's word; closing
/// goes on when the moment is over. An order that the merchant service has never heard of has no
/// link and is as good as closed.
pub(in crate::courses) async fn close(
    ctx: &Context,
    order: &Order,
) -> Result<CloseAnswer, TillError> {
    let (merchant, owner) = (ctx.merchant.clone(), ctx.merchant_name.clone());
    let named = OrderRef::Number(order.out_trade_no.clone());
    // On a task of its own: giving up waiting must not break it off.
    let closing = tokio::spawn(async move { close_order(&merchant, &owner, &named).await });
    let Ok(Ok(closed)) = tokio::time::timeout(CLOSE_WAIT, closing).await else {
        return Ok(CloseAnswer::Closing);
    };
    match closed {
        // Late money goes back or waits for people: only a paid order is not closed.
        Ok(closed) => match (closed.outcome, closed.order.state) {
            (CloseOutcome::Closing, _) => Ok(CloseAnswer::Closing),
            (CloseOutcome::Paid, OrderState::Paid) => Ok(CloseAnswer::Paid(Box::new(closed.order))),
            (CloseOutcome::Closed | CloseOutcome::Paid, _) => Ok(CloseAnswer::Closed),
        },
        Err(CloseOrderError::NotFound(_)) => Ok(CloseAnswer::Closed),
        Err(error) => Err(TillError::Close(error)),
    }
}

/// Returns `true` when the merchant service knows the order, so that there may be a link.
pub(in crate::courses) async fn is_placed(
    ctx: &Context,
    out_trade_no: &str,
) -> Result<bool, TillError> {
    let named = OrderRef::Number(out_trade_no.to_owned());
    match find_order(&ctx.merchant, &ctx.merchant_name, &named).await {
        Ok(_) => Ok(true),
        Err(QueryOrderError::NotFound(_)) => Ok(false),
        Err(error) => Err(TillError::Find(error)),
    }
}

/// Asks for a refund under its number; returns its state in the merchant service's words.
pub(in crate::courses) async fn refund(
    ctx: &Context,
    refund: &OrderRefund,
) -> Result<String, TillError> {
    let wish = RefundOrder {
        merchant: ctx.merchant_name.clone(),
        order: OrderRef::Number(refund.out_trade_no.clone()),
        merchant_refund_no: refund.refund_no.clone(),
        amount: refund.amount,
        reason: Some(refund.reason.clone()),
        key: None,
    };
    let view = refund_order(&ctx.merchant, wish)
        .await
        .map_err(TillError::Refund)?;
    Ok(view.state.as_str().to_owned())
}

fn scope(ctx: &Context) -> Scope {
    Scope::Merchant(ctx.merchant_name.clone())
}

/// A person waits in front of a browser.
const ASK_TIMEOUT_MS: u64 = 3_000;
/// The same person, who has cancelled.
const CLOSE_WAIT: Duration = Duration::from_secs(3);
