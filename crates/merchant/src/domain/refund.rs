//! Money going back: reserved first, asked for under one number, decided only by Alipay's word.

use super::{AttemptId, OrderId, RefundId, text_enum};
use kernel::Timestamp;
use money::Fen;

text_enum! {
    /// What became of a refund.
    RefundState {
        /// Its money is set aside; Alipay was not asked yet.
        Reserved = "reserved",
        /// Alipay took the request and has not said that money moved.
        Sent = "sent",
        /// The money went back.
        Succeeded = "succeeded",
        /// Alipay refused it; its money is free again.
        Failed = "failed",
        /// Alipay was asked and nobody knows what it did; its money stays set aside.
        Unknown = "unknown",
    }
}

impl RefundState {
    /// Returns `true` while its money is set aside.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        match self {
            Self::Reserved | Self::Sent | Self::Unknown => true,
            Self::Succeeded | Self::Failed => false,
        }
    }
}

text_enum! {
    /// Why money goes back.
    RefundOrigin {
        /// The merchant asked for it.
        Merchant = "merchant",
        /// The order had been paid already.
        SecondPayment = "second_payment",
        /// The order had been closed.
        LatePayment = "late_payment",
    }
}

/// A refund as its row says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refund {
    /// Its row.
    pub refund_id: RefundId,
    /// The order whose money goes back.
    pub order_id: OrderId,
    /// What the merchant calls the order.
    pub merchant_order_no: String,
    /// The attempt whose money goes back.
    pub attempt_id: AttemptId,
    /// Whose it is.
    pub merchant: String,
    /// What the merchant calls it.
    pub merchant_refund_no: String,
    /// Its number at Alipay, the same however often we ask: that is what makes asking safe.
    pub out_request_no: String,
    /// How much.
    pub amount: Fen,
    /// What for.
    pub reason: Option<String>,
    /// Why.
    pub origin: RefundOrigin,
    /// What became of it.
    pub state: RefundState,
    /// Why Alipay refused it: its `sub_code`.
    pub failure: Option<String>,
    /// How often Alipay was asked.
    pub tries: i64,
    /// When Alipay is asked next, unless it has ended.
    pub next_check: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
}

/// Why no refund was begun.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RefundRefusal {
    /// No money came in.
    #[error("the order is not paid")]
    NotPaid,
    /// More than what is left of it.
    #[error("only {left} of the order can still be refunded")]
    ExceedsPaid {
        /// What is left.
        left: Fen,
    },
    /// Nothing, or less.
    #[error("a refund is at least 0.01")]
    NotPositive,
}

/// What Alipay told about a refund, by whatever way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RefundAnswer {
    /// The money moved.
    Moved,
    /// The request was taken; whether money moved is not said.
    Taken,
    /// Refused for good, and a query shows no such refund.
    Refused {
        /// Alipay's `sub_code`.
        sub_code: String,
    },
    /// Nobody knows.
    Silent,
}

/// Says what an answer makes of a refund. What has ended stays as it is.
#[must_use]
pub fn settle(state: RefundState, answer: &RefundAnswer) -> RefundState {
    use RefundState::{Failed, Reserved, Sent, Succeeded, Unknown};
    match (state, answer) {
        (Succeeded, _) => Succeeded,
        (Failed, _) => Failed,
        (Reserved | Sent | Unknown, RefundAnswer::Moved) => Succeeded,
        (Reserved | Sent | Unknown, RefundAnswer::Taken) => Sent,
        (Reserved | Sent | Unknown, RefundAnswer::Refused { .. }) => Failed,
        (Reserved | Unknown, RefundAnswer::Silent) => Unknown,
        (Sent, RefundAnswer::Silent) => Sent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_and_silence_never_ends_anything() {
        let answers = [
            RefundAnswer::Moved,
            RefundAnswer::Taken,
            RefundAnswer::Refused {
                sub_code: "ACQ.SELLER_BALANCE_NOT_ENOUGH".into(),
            },
            RefundAnswer::Silent,
        ];
        for state in RefundState::ALL {
            for answer in &answers {
                let next = settle(*state, answer);
                if !state.is_pending() {
                    assert_eq!(next, *state);
                }
                if *answer == RefundAnswer::Silent && state.is_pending() {
                    assert!(next.is_pending(), "{state} became {next} by silence");
                }
            }
        }
    }
}
