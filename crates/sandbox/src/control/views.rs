//! What the control API shows of a trade and of a notice.

use crate::app::find_trade::TradeStory;
use crate::app::precreate::qr_address;
use crate::app::send_notice::NoticeStory;
use crate::context::Context;
use crate::domain::notice::next_delivery;
use crate::domain::{About, Trade, TradeState};
use crate::store::notices::NoticeState;
use kernel::Timestamp;
use money::Fen;
use serde::Serialize;
use utoipa::ToSchema;

/// A trade.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TradeView {
    app_id: String,
    out_trade_no: String,
    /// Alipay's number; none before a buyer came.
    trade_no: Option<String>,
    /// `page`, `wap`, `app`, `precreate`, `pay`, `create`, `jsapi`, `capture` or `deduct`.
    product: &'static str,
    /// Alipay's word; none before a buyer came.
    trade_status: Option<&'static str>,
    #[schema(value_type = String)]
    total_amount: Fen,
    #[schema(value_type = String)]
    refunded_amount: Fen,
    subject: String,
    seller_id: String,
    buyer_user_id: Option<String>,
    buyer_logon_id: Option<String>,
    fund_channel: Option<String>,
    notify_url: Option<String>,
    /// The address in its QR code.
    qr_code: String,
    #[schema(value_type = String)]
    asked_at: Timestamp,
    #[schema(value_type = Option<String>)]
    created_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    paid_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
    /// `expired`, `merchant` or `refunded`.
    close_reason: Option<&'static str>,
}

impl TradeView {
    pub(super) fn new(cx: &Context, trade: &Trade) -> Self {
        let (born, payment) = (trade.born(), trade.payment());
        let (ended_at, close_reason) = match &trade.state {
            TradeState::Closed(_, _, why, at) => (Some(*at), Some(why.as_str())),
            TradeState::Finished(_, _, at) => (Some(*at), None),
            TradeState::Asked | TradeState::Waiting(_) | TradeState::Paid(..) => (None, None),
        };
        Self {
            app_id: trade.app_id.clone(),
            out_trade_no: trade.offer.out_trade_no.clone(),
            trade_no: born.map(|born| born.trade_no.clone()),
            product: trade.offer.product.as_str(),
            trade_status: trade.status().map(crate::domain::TradeStatus::as_str),
            total_amount: trade.offer.total_amount,
            refunded_amount: trade.refunded,
            subject: trade.offer.subject.clone(),
            seller_id: trade.seller_id.clone(),
            buyer_user_id: payment.map(|payment| payment.buyer_user_id.clone()),
            buyer_logon_id: payment.map(|payment| payment.buyer_logon_id.clone()),
            fund_channel: payment.map(|payment| payment.fund_channel.clone()),
            notify_url: trade.offer.notify_url.clone(),
            qr_code: qr_address(cx, trade),
            asked_at: trade.asked_at,
            created_at: born.map(|born| born.created_at),
            expires_at: born.map(|born| born.expires_at),
            paid_at: payment.map(|payment| payment.paid_at),
            ended_at,
            close_reason,
        }
    }
}

/// A trade with everything that happened to it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TradeStoryView {
    #[serde(flatten)]
    trade: TradeView,
    refunds: Vec<RefundView>,
    history: Vec<StepView>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RefundView {
    out_request_no: String,
    #[schema(value_type = String)]
    amount: Fen,
    reason: Option<String>,
    #[schema(value_type = String)]
    refunded_at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
struct StepView {
    #[schema(value_type = String)]
    at: Timestamp,
    what: String,
    detail: String,
}

impl TradeStoryView {
    pub(super) fn new(cx: &Context, story: TradeStory) -> Self {
        Self {
            trade: TradeView::new(cx, &story.trade),
            refunds: story
                .refunds
                .into_iter()
                .map(|refund| RefundView {
                    out_request_no: refund.out_request_no,
                    amount: refund.amount,
                    reason: refund.reason,
                    refunded_at: refund.refunded_at,
                })
                .collect(),
            history: story
                .history
                .into_iter()
                .map(|event| StepView {
                    at: event.at,
                    what: event.what,
                    detail: event.detail,
                })
                .collect(),
        }
    }
}

/// A notice with its deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NoticeView {
    notify_id: String,
    app_id: String,
    /// The merchant's number of what it is about.
    out_trade_no: String,
    /// The trade's status; none when it is about something else.
    trade_status: Option<String>,
    /// `trade`, `freeze`, `agreement`, `transfer` or `settlement`.
    about: &'static str,
    /// `trade_status_sync`, `fund_auth_freeze`, …
    notify_type: String,
    /// The status it tells of whatever it is about.
    status: String,
    url: String,
    /// `pending`, `delivered` or `given_up`.
    state: &'static str,
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// When it will be delivered next; none when it will not.
    #[schema(value_type = Option<String>)]
    next_due_at: Option<Timestamp>,
    attempts: Vec<AttemptView>,
}

#[derive(Debug, Serialize, ToSchema)]
struct AttemptView {
    #[schema(value_type = String)]
    due_at: Timestamp,
    #[schema(value_type = String)]
    sent_at: Timestamp,
    /// The HTTP status of the answer; none when there was no answer.
    status: Option<i64>,
    /// What was answered, or why there was no answer.
    answer: String,
    delivered: bool,
    /// Sent by hand, beside the eight.
    resent: bool,
}

impl NoticeView {
    pub(super) fn new(story: NoticeStory) -> Self {
        let scheduled = || story.deliveries.iter().filter(|d| d.scheduled);
        let next_due_at = match story.notice.state {
            NoticeState::Delivered | NoticeState::GivenUp => None,
            NoticeState::Pending => match scheduled().next_back() {
                None => Some(story.notice.created_at),
                Some(last) => {
                    next_delivery(scheduled().count(), story.notice.at_once, last.sent_at)
                }
            },
        };
        let is_trade = matches!(story.notice.about, About::Trade(_));
        Self {
            notify_id: story.notice.notify_id,
            app_id: story.notice.app_id,
            out_trade_no: story.notice.out_trade_no,
            trade_status: is_trade.then(|| story.notice.status.clone()),
            about: story.notice.about.kind(),
            notify_type: story.notice.notify_type,
            status: story.notice.status,
            url: story.notice.url,
            state: story.notice.state.as_str(),
            created_at: story.notice.created_at,
            next_due_at,
            attempts: story
                .deliveries
                .into_iter()
                .map(|delivery| AttemptView {
                    due_at: delivery.due_at,
                    sent_at: delivery.sent_at,
                    status: delivery.status,
                    answer: delivery.answer,
                    delivered: delivery.delivered,
                    resent: !delivery.scheduled,
                })
                .collect(),
        }
    }

    pub(super) fn cursor(&self) -> String {
        self.notify_id.clone()
    }
}
