//! What may come of a request: the refusals, and the decisions that are more than a state.

use super::TradeState;
use crate::domain::notice::TradeStatus;
use money::Fen;

/// Why something cannot happen to a trade. Each has its own code on the wire.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No buyer ever came.
    #[error("the trade does not exist yet: no buyer opened or scanned it")]
    NotExist,
    /// Its time to be paid is over.
    #[error("the trade was not paid in time")]
    Expired,
    /// It is paid already.
    #[error("the trade is paid already")]
    Paid,
    /// It is closed.
    #[error("the trade is closed")]
    Closed,
    /// Its time for refunds is over.
    #[error("the trade is finished and can no longer be refunded")]
    Finished,
    /// It is in another state than the request needs.
    #[error("the trade is {0} and the request does not fit that")]
    Status(TradeStatus),
    /// The number was used with something else.
    #[error("the number was used before with another {0}")]
    Differs(&'static str),
    /// More than what is left.
    #[error("only {left} can still be refunded")]
    Exceeds {
        /// What is left, in fen.
        left: Fen,
    },
    /// It waits for another buyer.
    #[error("the trade waits for another buyer")]
    OtherBuyer,
    /// Nobody is asked to pay it: the buyer said no, or the code did not pay.
    #[error("no buyer is asked to pay the trade; the seller must read a code")]
    NotAsked,
    /// A day is over since it came into being.
    #[error("the trade is older than a day and can no longer be cancelled")]
    CancelLate,
    /// A part of the money went back before.
    #[error("{refunded} went back already; the rest is refunded, not cancelled")]
    PartlyRefunded {
        /// What went back, in fen.
        refunded: Fen,
    },
    /// Alipay's own sandbox takes one call for a refund of a trade, and that was refused.
    #[error("one refund was asked for before, and Alipay's own sandbox takes no second call")]
    RefundTried,
    /// A part without a number of its own, or a part where only the whole may go back.
    #[error("a partial refund is not possible this way")]
    NotWhole,
}

/// What a repeated request to be paid leads to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reopened {
    /// The trade goes on as it is.
    Continue,
    /// The trade comes into being now.
    Begin,
    /// Nothing existed: the new request takes the old one's place.
    Replace,
}

/// What a cancel does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Cancel {
    /// Nothing: there is no trade to the merchant.
    Nothing,
    /// The trade closes.
    Close(TradeState),
    /// All of the money goes back.
    Refund,
    /// It happened before.
    Already(Cancelled),
}

/// What a cancel came to: the wire's `action`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cancelled {
    /// Closed unpaid.
    Closed,
    /// The money went back.
    Refunded,
}

impl Cancelled {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "close",
            Self::Refunded => "refund",
        }
    }
}
