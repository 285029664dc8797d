//! An order: what is to be paid, by when, and what became of it.

use super::{AttemptId, Mismatch, OrderId, text_enum};
use kernel::Timestamp;
use money::Fen;

text_enum! {
    /// What became of an order.
    OrderState {
        /// Nobody has begun to pay it.
        Open = "open",
        /// A trade exists at Alipay and waits for its buyer.
        Paying = "paying",
        /// It is paid, once.
        Paid = "paid",
        /// It ended without money, and Alipay said so.
        Closed = "closed",
        /// Money came after it was closed, and goes back.
        LatePaid = "late_paid",
        /// Money came and nobody has decided yet what becomes of it.
        Attention = "attention",
    }
}

impl OrderState {
    /// Returns `true` while the order can still be paid or closed.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        match self {
            Self::Open | Self::Paying => true,
            Self::Paid | Self::Closed | Self::LatePaid | Self::Attention => false,
        }
    }
}

/// An order as its row says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Order {
    /// Its row.
    pub order_id: OrderId,
    /// Whose it is.
    pub merchant: String,
    /// What the merchant calls it; also the number of its first attempt.
    pub merchant_order_no: String,
    /// The application that it is paid through.
    pub app_id: String,
    /// What the buyer reads.
    pub subject: String,
    /// What is to be paid.
    pub amount: Fen,
    /// What became of it.
    pub state: OrderState,
    /// Until when it may be paid; every link carries it.
    pub expires_at: Timestamp,
    /// Since when somebody wants it closed.
    pub closing_since: Option<Timestamp>,
    /// The attempt that paid it.
    pub paid_attempt: Option<AttemptId>,
    /// Alipay's number of the trade that paid it.
    pub trade_no: Option<String>,
    /// Since when it is paid, as Alipay says.
    pub paid_at: Option<Timestamp>,
    /// Since when it is closed.
    pub closed_at: Option<Timestamp>,
    /// What came in for it by the attempt that counts. A second payment is not in here.
    pub paid: Fen,
    /// What went back of it.
    pub refunded: Fen,
    /// What is on its way back.
    pub reserved: Fen,
    /// How many attempts it has.
    pub attempts: i64,
    /// Where the buyer's browser goes afterwards.
    pub return_url: Option<String>,
    /// Where Alipay's notices go, when not to us.
    pub notify_url: Option<String>,
    /// Where our own pages send the buyer after success.
    pub success_url: Option<String>,
    /// Where our own pages send the buyer after failure.
    pub failure_url: Option<String>,
    /// The merchant's own words, JSON.
    pub metadata: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
}

impl Order {
    /// What can still go back: paid, less what went back and what is on its way.
    #[must_use]
    pub fn refundable(&self) -> Fen {
        self.paid
            .checked_sub(self.refunded)
            .and_then(|left| left.checked_sub(self.reserved))
            .unwrap_or(Fen::ZERO)
    }

    /// Returns `true` when the order is to end as soon as its attempts have: it ran out, or
    /// somebody asked for it.
    #[must_use]
    pub fn is_ending(&self, now: Timestamp) -> bool {
        self.closing_since.is_some() || now >= self.expires_at
    }

    /// Says how another order of the same number differs for its buyer, or `None` when it is the
    /// same.
    #[must_use]
    pub fn differs_from(&self, other: &Self) -> Option<&'static str> {
        if self.amount != other.amount {
            Some("total_amount")
        } else if self.subject != other.subject {
            Some("subject")
        } else if self.app_id != other.app_id {
            Some("app_id")
        } else {
            None
        }
    }

    /// Says how another order of the same number differs in what its merchant gave along, or
    /// `None` when it is the same.
    #[must_use]
    pub fn differs_beside(&self, other: &Self) -> Option<&'static str> {
        if self.return_url != other.return_url {
            Some("return_url")
        } else if self.notify_url != other.notify_url {
            Some("notify_url")
        } else if self.success_url != other.success_url {
            Some("success_url")
        } else if self.failure_url != other.failure_url {
            Some("failure_url")
        } else if self.metadata != other.metadata {
            Some("metadata")
        } else {
            None
        }
    }
}

/// What a case is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CaseKind {
    /// A genuine message told something else than the order says.
    Mismatch(Mismatch),
    /// A genuine message was about a number that we never gave.
    UnknownOrder,
    /// A genuine message arrived on a path that is another merchant's.
    OtherShop,
    /// An order was paid a second time.
    SecondPayment,
    /// Money came after the order was closed.
    LatePayment,
    /// A trade was refunded, and not by us.
    ForeignRefund,
    /// A genuine message spoke of an attempt that had ended, and Alipay did not say what it means.
    NoAnswer,
    /// Money that should not have come was not taken back by Alipay.
    RefundRefused,
}

impl CaseKind {
    /// Its word in the column.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mismatch(Mismatch::Amount) => "wrong_amount",
            Self::Mismatch(Mismatch::Seller) => "wrong_seller",
            Self::Mismatch(Mismatch::App) => "wrong_app",
            Self::UnknownOrder => "unknown_order",
            Self::OtherShop => "other_shop",
            Self::SecondPayment => "second_payment",
            Self::LatePayment => "late_payment",
            Self::ForeignRefund => "foreign_refund",
            Self::NoAnswer => "no_answer",
            Self::RefundRefused => "refund_refused",
        }
    }
}
