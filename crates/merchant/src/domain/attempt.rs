//! An attempt: one try to pay an order, through one channel and product, under one number.

use super::{AttemptId, OrderId, text_enum};
use kernel::Timestamp;
use money::Fen;

text_enum! {
    /// What became of an attempt.
    AttemptState {
        /// It is written down; Alipay was not asked yet.
        Created = "created",
        /// The buyer has its link or QR code; no trade needs to exist yet.
        Sent = "sent",
        /// A trade exists and waits for its buyer.
        Waiting = "waiting",
        /// Its money came in.
        Succeeded = "succeeded",
        /// It ended without money.
        Closed = "closed",
        /// Alipay refused it.
        Failed = "failed",
        /// Alipay was asked and nobody knows what it did.
        Unknown = "unknown",
    }
}

impl AttemptState {
    /// Returns `true` while money can still come in by it.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        match self {
            Self::Created | Self::Sent | Self::Waiting | Self::Unknown => true,
            Self::Succeeded | Self::Closed | Self::Failed => false,
        }
    }
}

text_enum! {
    /// Who moves the money.
    Channel {
        /// Alipay.
        Alipay = "alipay",
    }
}

text_enum! {
    /// How the buyer pays.
    Product {
        /// A page on a computer.
        Page = "page",
        /// A page on a phone.
        Wap = "wap",
        /// A QR code that the buyer scans.
        Qr = "qr",
    }
}

/// An attempt as its row says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Attempt {
    /// Its row.
    pub attempt_id: AttemptId,
    /// The order that it is to pay.
    pub order_id: OrderId,
    /// The application that it goes through; nobody else's word counts for it.
    pub app_id: String,
    /// Its number at Alipay.
    pub out_trade_no: String,
    /// Which of the order's it is: 1 is the first.
    pub place: i64,
    /// Who moves the money.
    pub channel: Channel,
    /// How the buyer pays.
    pub product: Product,
    /// What became of it.
    pub state: AttemptState,
    /// Alipay's number of its trade.
    pub trade_no: Option<String>,
    /// The QR code's text.
    pub qr_code: Option<String>,
    /// Where the buyer's browser goes afterwards.
    pub return_url: Option<String>,
    /// Where Alipay's notices go, when not to us.
    pub notify_url: Option<String>,
    /// What came in by it.
    pub paid: Fen,
    /// What went back of it.
    pub refunded: Fen,
    /// What is on its way back.
    pub reserved: Fen,
    /// When it is asked for next, unless it has ended.
    pub next_check: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
}
