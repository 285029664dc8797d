//! A trade as a value: where it stands, and what the merchant may know of it.

use crate::domain::notice::TradeStatus;
use crate::domain::offer::Offer;
use kernel::Timestamp;
use kernel::time::{DAY_MS, HOUR_MS};
use money::Fen;

kernel::define_id! {
    /// Our own number of a trade, there from the moment somebody asks to be paid.
    TradeId, "trd";
}

/// How long a paid trade can be refunded: twelve months, as the contracts of today have it.
pub const REFUND_WINDOW_MS: i64 = 365 * DAY_MS;

/// How long a paid trade can be cancelled: a day.
pub const CANCEL_WINDOW_MS: i64 = DAY_MS;

/// How long a QR code can be scanned at most, whatever the request says.
pub const QR_LIFE_MS: i64 = 2 * HOUR_MS;

/// The moment a trade came into being for the merchant too.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Born {
    /// 28 digits, `yyyyMMdd22001…`.
    pub trade_no: String,
    /// When: the wire's `gmt_create`.
    pub created_at: Timestamp,
    /// When it closes unless somebody pays.
    pub expires_at: Timestamp,
}

/// Who paid, how and when.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Payment {
    /// The buyer, 16 digits.
    pub buyer_user_id: String,
    /// The buyer's logon id, masked.
    pub buyer_logon_id: String,
    /// Out of which pocket: `ALIPAYACCOUNT`, `BANKCARD`, …
    pub fund_channel: String,
    /// When.
    pub paid_at: Timestamp,
}

/// Why a trade is closed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CloseReason {
    /// Nobody paid in time.
    Expired,
    /// The merchant closed it.
    Merchant,
    /// All of the money went back.
    Refunded,
}

impl CloseReason {
    /// The word in our rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Merchant => "merchant",
            Self::Refunded => "refunded",
        }
    }
}

/// Where a trade stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TradeState {
    /// Asked for, but no buyer came: to the merchant it does not exist.
    Asked,
    /// It exists and waits for its buyer: `WAIT_BUYER_PAY`.
    Waiting(Born),
    /// Paid: `TRADE_SUCCESS`.
    Paid(Born, Payment),
    /// Paid, and the time for refunds is over: `TRADE_FINISHED`.
    Finished(Born, Payment, Timestamp),
    /// Over: `TRADE_CLOSED`. With a payment when it was refunded as a whole.
    Closed(Born, Option<Payment>, CloseReason, Timestamp),
}

/// A trade.
#[derive(Clone, Debug)]
pub struct Trade {
    /// Our number.
    pub trade_id: TradeId,
    /// Whose it is.
    pub app_id: String,
    /// Who gets the money.
    pub seller_id: String,
    /// What was asked for.
    pub offer: Offer,
    /// The token in its QR code.
    pub qr_code: String,
    /// When it was asked for first.
    pub asked_at: Timestamp,
    /// Where it stands.
    pub state: TradeState,
    /// What went back so far.
    pub refunded: Fen,
}

impl Trade {
    /// The application that is told, and whose Alipay key signs what it is told: the one that
    /// asked in the owner's name, or the owner.
    #[must_use]
    pub fn told_app_id(&self) -> &str {
        self.offer.by_app_id.as_ref().unwrap_or(&self.app_id)
    }

    /// What the merchant may know, and since when.
    #[must_use]
    pub const fn born(&self) -> Option<&Born> {
        match &self.state {
            TradeState::Asked => None,
            TradeState::Waiting(born)
            | TradeState::Paid(born, _)
            | TradeState::Finished(born, _, _)
            | TradeState::Closed(born, _, _, _) => Some(born),
        }
    }

    /// Who paid, if somebody did.
    #[must_use]
    pub const fn payment(&self) -> Option<&Payment> {
        match &self.state {
            TradeState::Asked | TradeState::Waiting(_) => None,
            TradeState::Paid(_, payment) | TradeState::Finished(_, payment, _) => Some(payment),
            TradeState::Closed(_, payment, _, _) => payment.as_ref(),
        }
    }

    /// The status on the wire; none while the merchant does not know of it.
    #[must_use]
    pub const fn status(&self) -> Option<TradeStatus> {
        match &self.state {
            TradeState::Asked => None,
            TradeState::Waiting(_) => Some(TradeStatus::WaitBuyerPay),
            TradeState::Paid(..) => Some(TradeStatus::Success),
            TradeState::Finished(..) => Some(TradeStatus::Finished),
            TradeState::Closed(..) => Some(TradeStatus::Closed),
        }
    }
}
