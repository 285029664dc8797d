//! The life of a trade as pure functions: a value and facts in, a decision or a refusal out.

use super::{
    CANCEL_WINDOW_MS, Cancel, Cancelled, CloseReason, Payment, QR_LIFE_MS, REFUND_WINDOW_MS,
    Refusal, Reopened, Trade, TradeState,
};
use crate::domain::app::Profile;
use crate::domain::notice::TradeStatus;
use crate::domain::offer::{Offer, Shown};
use crate::domain::product::{Begins, Product};
use kernel::Timestamp;
use money::Fen;

impl Trade {
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
                None if self.offer.is_for_another(again.payer.as_ref()) => Err(Refusal::OtherBuyer),
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
            TradeState::Waiting(born) => {
                self.waits_for(&payment.buyer_user_id)?;
                Ok(TradeState::Paid(born.clone(), payment))
            }
            TradeState::Paid(..) | TradeState::Finished(..) => Err(Refusal::Paid),
            TradeState::Closed(..) => Err(Refusal::Closed),
        }
    }

    /// Whether that buyer is the one who may pay.
    fn waits_for(&self, user_id: &str) -> Result<(), Refusal> {
        match &self.offer.payer {
            Some(payer) if payer.user_id != user_id => Err(Refusal::OtherBuyer),
            // Nobody pays a trade of a read code but the holder of the code.
            None if self.offer.product == Product::Pay => Err(Refusal::NotAsked),
            _ => Ok(()),
        }
    }

    /// The buyer says no. A trade of a read code then waits for another code; one that was made
    /// for the buyer goes on waiting for the buyer.
    ///
    /// # Errors
    /// When it does not wait, or not for that buyer.
    pub fn refuse(&mut self, user_id: &str) -> Result<(), Refusal> {
        match &self.state {
            TradeState::Asked => Err(Refusal::NotExist),
            TradeState::Waiting(_) => {
                self.waits_for(user_id)?;
                if self.offer.product == Product::Pay {
                    self.offer.payer = None;
                }
                Ok(())
            }
            TradeState::Paid(..) | TradeState::Finished(..) => Err(Refusal::Paid),
            TradeState::Closed(..) => Err(Refusal::Closed),
        }
    }

    /// The merchant undoes it, whatever its state is.
    ///
    /// # Errors
    /// When a day is over, it is finished, or a part went back before.
    pub fn cancel(&self, now: Timestamp) -> Result<Cancel, Refusal> {
        match &self.state {
            TradeState::Asked => Ok(Cancel::Nothing),
            TradeState::Waiting(born) => {
                let (born, why) = (born.clone(), CloseReason::Merchant);
                Ok(Cancel::Close(TradeState::Closed(born, None, why, now)))
            }
            TradeState::Closed(_, None, _, _) => Ok(Cancel::Already(Cancelled::Closed)),
            TradeState::Closed(_, Some(_), _, _) => Ok(Cancel::Already(Cancelled::Refunded)),
            TradeState::Finished(..) => Err(Refusal::Finished),
            TradeState::Paid(_, payment) if now >= payment.paid_at.plus_ms(CANCEL_WINDOW_MS) => {
                Err(Refusal::CancelLate)
            }
            TradeState::Paid(..) if self.refunded.is_positive() => Err(Refusal::PartlyRefunded {
                refunded: self.refunded,
            }),
            TradeState::Paid(..) => Ok(Cancel::Refund),
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
