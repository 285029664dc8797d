//! Sending money back, and asking whether it went.

use super::calls::timed;
use super::links::alipay_time;
use crate::context::Merchant;
use crate::domain::{Attempt, Refund, RefundAnswer};
use crate::registry::AppEntry;
use ::alipay::{FundChange, Outcome, RefusedBy, requests};

/// One call about one refund.
pub(crate) struct RefundCall<'a> {
    pub(crate) merchant: &'a Merchant,
    pub(crate) app: &'a AppEntry,
    pub(crate) attempt: &'a Attempt,
    pub(crate) refund: &'a Refund,
    /// The number at Alipay.
    pub(crate) number: &'a str,
}

/// What Alipay knows about a refund.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RefundFound {
    /// The money moved.
    Moved,
    /// It knows no such refund, or none that went through.
    Absent,
    /// Nobody knows.
    Silent,
}

/// Sends the money back. Safe to repeat under the same number.
pub(crate) async fn refund(call: &RefundCall<'_>) -> RefundAnswer {
    let Some(now) = alipay_time(call.merchant.now()) else {
        return RefundAnswer::Silent;
    };
    let number = &call.attempt.out_trade_no;
    let mut request = requests::Refund::new(number, call.number, call.refund.amount);
    request.refund_reason.clone_from(&call.refund.reason);
    let asked = call.app.client.refund(&request, now);
    match timed("alipay.trade.refund", asked).await {
        Outcome::Done(answer) => match answer.fund_change {
            FundChange::Moved => RefundAnswer::Moved,
            FundChange::ToBeAsked => RefundAnswer::Taken,
        },
        Outcome::Refused(refusal) => match refusal.by {
            RefusedBy::Alipay | RefusedBy::Ourselves => RefundAnswer::Refused {
                sub_code: refusal.sub_code,
            },
            // Whoever sits between could have said it.
            RefusedBy::UnsignedGateway => RefundAnswer::Silent,
        },
        Outcome::Unknown(_) => RefundAnswer::Silent,
    }
}

/// Asks whether the money went back.
pub(crate) async fn query_refund(call: &RefundCall<'_>) -> RefundFound {
    let Some(now) = alipay_time(call.merchant.now()) else {
        return RefundFound::Silent;
    };
    let number = &call.attempt.out_trade_no;
    let request = requests::RefundQuery::new(number, call.number);
    let asked = call.app.client.refund_query(&request, now);
    match timed("alipay.trade.fastpay.refund.query", asked).await {
        Outcome::Done(answer) => match answer.refunded() {
            Some(amount) if amount == call.refund.amount => RefundFound::Moved,
            Some(amount) => {
                tracing::error!(
                    refund = %call.refund.refund_id,
                    %amount,
                    "Alipay refunded another amount under our number"
                );
                RefundFound::Silent
            }
            None => RefundFound::Absent,
        },
        Outcome::Refused(refusal) if refusal.is_trade_not_exist() => RefundFound::Absent,
        Outcome::Refused(_) | Outcome::Unknown(_) => RefundFound::Silent,
    }
}
