//! The life of a trade as pure functions: a value and facts in, a decision or a refusal out.

use crate::domain::app::Profile;
use crate::domain::notice::TradeStatus;
use crate::domain::offer::{Offer, Shown};
use crate::domain::product::Begins;
use kernel::Timestamp;
use kernel::time::{DAY_MS, HOUR_MS};
use money::Fen;

kernel::define_id! {
    /// Our own number of a trade, there from the moment somebody asks to be paid.
    TradeId, "trd";
}

/// How long a paid trade can be refunded: twelve months, as the contracts of today have it.
pub const REFUND_WINDOW_MS: i64 = 365 * DAY_MS;

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

impl Trade {
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

    /// Whether it waits for a buyer although its time is over: it closes before anything else.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        matches!(&self.state, TradeState::Waiting(born) if now >= born.expires_at)
    }

    /// Whether its time for refunds is over: it finishes before anything else.
    #[must_use]
    pub fn is_past_refund(&self, now: Timestamp) -> bool {
        matches!(&self.state, TradeState::Paid(_, payment)
            if now >= payment.paid_at.plus_ms(REFUND_WINDOW_MS))
    }

    /// When it will close if it comes into being now.
    #[must_use]
    pub fn expiry(&self, profile: Profile, now: Timestamp) -> Timestamp {
        let from = match self.offer.product.begins() {
            Begins::AtOnce | Begins::OnScan => self.asked_at,
            // The phone's cashier counts from the buyer's confirmation.
            Begins::OnConfirm => now,
        };
        self.offer
            .timeout
            .instant(self.offer.product, profile, from)
    }

    /// Until when its QR code can be scanned.
    #[must_use]
    pub fn scan_until(&self) -> Timestamp {
        let asked = self.offer.qr_timeout_ms.unwrap_or(QR_LIFE_MS);
        self.asked_at.plus_ms(asked.min(QR_LIFE_MS))
    }

    /// Whether its QR code can no longer be scanned, or a phone's page no longer be confirmed.
    fn is_dead(&self, profile: Profile, now: Timestamp) -> bool {
        let scanned_late =
            self.offer.product.begins() == Begins::OnScan && now >= self.scan_until();
        scanned_late || now >= self.expiry(profile, now)
    }

    /// Whether a buyer who was shown `shown` would pay for something else now. What is paid or
    /// over has its own answer.
    #[must_use]
    pub fn changed_since(&self, shown: &Shown) -> bool {
        let open = matches!(self.state, TradeState::Asked | TradeState::Waiting(_));
        open && self.offer.shown() != *shown
    }

    /// Somebody asks to be paid under a number that is known already.
    ///
    /// # Errors
    /// When it is paid, closed, or asked for with something else.
    pub fn reopen(
        &self,
        again: &Offer,
        profile: Profile,
        now: Timestamp,
    ) -> Result<Reopened, Refusal> {
        match &self.state {
            TradeState::Asked if self.offer.product.begins() == Begins::OnConfirm => {
                Ok(Reopened::Replace)
            }
            TradeState::Asked if self.is_dead(profile, now) => Ok(Reopened::Replace),
            TradeState::Asked | TradeState::Waiting(_) => match self.offer.differs_from(again) {
                Some(field) => Err(Refusal::Differs(field)),
                None if matches!(self.state, TradeState::Asked)
                    && again.product.begins() == Begins::AtOnce =>
                {
                    Ok(Reopened::Begin)
                }
                None => Ok(Reopened::Continue),
            },
            TradeState::Paid(..) | TradeState::Finished(..) => Err(Refusal::Paid),
            TradeState::Closed(..) => Err(Refusal::Closed),
        }
    }

    /// A buyer comes: a wallet scans, or a phone's buyer confirms. `true` when the trade comes
    /// into being by it.
    ///
    /// # Errors
    /// When it is paid, closed, or its time is over.
    pub fn meet(&self, profile: Profile, now: Timestamp) -> Result<bool, Refusal> {
        match &self.state {
            TradeState::Asked if self.is_dead(profile, now) => Err(Refusal::Expired),
            TradeState::Asked => Ok(true),
            TradeState::Waiting(born) if now >= born.expires_at => Err(Refusal::Expired),
            TradeState::Waiting(_) => Ok(false),
            TradeState::Paid(..) | TradeState::Finished(..) => Err(Refusal::Paid),
            TradeState::Closed(_, _, CloseReason::Expired, _) => Err(Refusal::Expired),
            TradeState::Closed(..) => Err(Refusal::Closed),
        }
    }

    /// The buyer pays.
    ///
    /// # Errors
    /// When it is not waiting, or no longer.
    pub fn pay(&self, payment: Payment, now: Timestamp) -> Result<TradeState, Refusal> {
        match &self.state {
            TradeState::Asked => Err(Refusal::NotExist),
            TradeState::Waiting(born) if now >= born.expires_at => Err(Refusal::Expired),
            TradeState::Waiting(born) => Ok(TradeState::Paid(born.clone(), payment)),
            TradeState::Paid(..) | TradeState::Finished(..) => Err(Refusal::Paid),
            TradeState::Closed(..) => Err(Refusal::Closed),
        }
    }

    /// The merchant closes it, or its time is over.
    ///
    /// # Errors
    /// When it is not waiting.
    pub fn close(&self, why: CloseReason, now: Timestamp) -> Result<TradeState, Refusal> {
        match &self.state {
            TradeState::Asked => Err(Refusal::NotExist),
            TradeState::Waiting(born) => Ok(TradeState::Closed(born.clone(), None, why, now)),
            TradeState::Paid(..) => Err(Refusal::Status(TradeStatus::Success)),
            TradeState::Finished(..) => Err(Refusal::Status(TradeStatus::Finished)),
            TradeState::Closed(..) => Err(Refusal::Status(TradeStatus::Closed)),
        }
    }

    /// Money goes back. `numbered` says whether the request carries a number of its own; returns
    /// the state and the sum that went back so far.
    ///
    /// # Errors
    /// When it is not paid, not any more, or the amount does not fit.
    pub fn refund(
        &self,
        amount: Fen,
        numbered: bool,
        profile: Profile,
        now: Timestamp,
    ) -> Result<(TradeState, Fen), Refusal> {
        let (born, payment) = match &self.state {
            TradeState::Asked => return Err(Refusal::NotExist),
            TradeState::Waiting(_) => return Err(Refusal::Status(TradeStatus::WaitBuyerPay)),
            TradeState::Finished(..) => return Err(Refusal::Finished),
            TradeState::Closed(..) => return Err(Refusal::Closed),
            TradeState::Paid(born, payment) => (born, payment),
        };
        let total = self.offer.total_amount;
        let whole_only = profile == Profile::AlipaySandbox || !numbered;
        if whole_only && amount != total {
            return Err(Refusal::NotWhole);
        }
        let left = Fen::new(total.fen() - self.refunded.fen());
        let refunded = match self.refunded.checked_add(amount) {
            Some(refunded) if refunded <= total => refunded,
            _ => return Err(Refusal::Exceeds { left }),
        };
        let state = if refunded == total {
            let why = CloseReason::Refunded;
            TradeState::Closed(born.clone(), Some(payment.clone()), why, now)
        } else {
            TradeState::Paid(born.clone(), payment.clone())
        };
        Ok((state, refunded))
    }

    /// The time for refunds is over.
    ///
    /// # Errors
    /// When it is not paid.
    pub fn finish(&self, now: Timestamp) -> Result<TradeState, Refusal> {
        match &self.state {
            TradeState::Paid(born, payment) => {
                Ok(TradeState::Finished(born.clone(), payment.clone(), now))
            }
            TradeState::Asked => Err(Refusal::NotExist),
            TradeState::Waiting(_) => Err(Refusal::Status(TradeStatus::WaitBuyerPay)),
            TradeState::Finished(..) => Err(Refusal::Status(TradeStatus::Finished)),
            TradeState::Closed(..) => Err(Refusal::Status(TradeStatus::Closed)),
        }
    }
}
