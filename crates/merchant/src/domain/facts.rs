//! What a message about a trade told, put into our words.

use super::{Mismatch, Observation, text_enum};
use kernel::Timestamp;
use money::Fen;

text_enum! {
    /// Who told it.
    Cause {
        /// A notice.
        Notice = "notice",
        /// The answer to a query.
        Query = "query",
        /// The answer to a close.
        Close = "close",
        /// The answer to opening the attempt.
        Precreate = "precreate",
        /// A browser that came back. Only a planted mistake believes it.
        Return = "return",
        /// The merchant asked for it.
        Merchant = "merchant",
        /// Time ran out, and Alipay had said that no money can come any more.
        Expiry = "expiry",
        /// The answer to a refund, or to asking about one.
        Refund = "refund",
    }
}

/// What a message about an attempt told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Facts {
    /// What it means.
    pub seen: Observation,
    /// Who told it.
    pub cause: Cause,
    /// Alipay's number of the trade.
    pub trade_no: Option<String>,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// What went back so far, over all refunds.
    pub refund_fee: Option<Fen>,
    /// The QR code's text.
    pub qr_code: Option<String>,
    /// The notice that told it.
    pub notify_id: Option<String>,
    /// What it told differently, when it did.
    pub mismatch: Option<Mismatch>,
    /// What was expected and what was told, in words, for a case; or why nobody knows.
    pub detail: String,
}

impl Facts {
    /// An observation without anything beside it.
    #[must_use]
    pub const fn bare(seen: Observation, cause: Cause) -> Self {
        Self {
            seen,
            cause,
            trade_no: None,
            paid_at: None,
            refund_fee: None,
            qr_code: None,
            notify_id: None,
            mismatch: None,
            detail: String::new(),
        }
    }

    /// Where the proof is.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.notify_id.as_deref().or(self.trade_no.as_deref())
    }
}
