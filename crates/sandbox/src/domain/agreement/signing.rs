//! What an order asks its buyer to sign while paying it: `agreement_sign_params` (4.16).

use super::agreed::{Agreement, AgreementState, Signer};
use super::plan::Plan;
use super::terms::Terms;
use crate::domain::trade::Trade;
use kernel::Timestamp;
use money::Fen;

/// An agreement that is signed with a payment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signing {
    /// What it says.
    pub terms: Terms,
    /// Where the notice of the signing goes, before the order's own address: `sign_notify_url`.
    pub notify_url: Option<String>,
    /// When it was asked for: from then on a time for which it holds is counted.
    pub asked_at: Timestamp,
    /// Until when it can be signed, where the request says so: `effect_time`.
    pub until: Option<Timestamp>,
}

/// Why a payment signed nothing. It is paid all the same: Alipay takes the money first and signs
/// afterwards.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotSigned {
    /// The buyer did not want to.
    #[error("the buyer pays without it")]
    Declined,
    /// `effect_time` is over.
    #[error("its effect_time is over")]
    TooLate,
    /// The merchant's number has an agreement that was signed.
    #[error("its external_agreement_no was signed before")]
    NumberUsed,
    /// The buyer signed the same before.
    #[error("the buyer signed the same before")]
    SignedBefore,
}

/// The numbers of an agreement that comes into being with a payment.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    /// Alipay's, 20 digits.
    pub agreement_no: &'a str,
    /// The token of an address that nobody needs to open.
    pub code: &'a str,
}

impl Signing {
    /// The agreement as the payer of a trade signs it.
    #[must_use]
    pub fn signed(
        &self,
        trade: &Trade,
        signer: Signer,
        numbers: Numbers<'_>,
        now: Timestamp,
    ) -> Agreement {
        let notify_url = self.notify_url.clone();
        Agreement {
            agreement_no: numbers.agreement_no.to_owned(),
            app_id: trade.app_id.clone(),
            seller_id: trade.seller_id.clone(),
            terms: self.terms.clone(),
            notify_url: notify_url.or_else(|| trade.offer.notify_url.clone()),
            return_url: None,
            charset: trade.offer.charset.clone(),
            code: numbers.code.to_owned(),
            state: AgreementState::Normal,
            signer: Some(signer),
            // The payment is none of the plan's: its first day is that of the next one (4.16).
            plan: self.terms.rule.clone().map(Plan::begin),
            last_day: None,
            paid: 0,
            taken: Fen::ZERO,
            asked_at: self.asked_at,
            expires_at: self.until.unwrap_or(now),
            signed_at: Some(now),
            invalid_at: self.terms.validity.map(|held| held.until(self.asked_at)),
            ended_at: None,
            signed_with: Some(trade.trade_id.clone()),
            before: (0, Fen::ZERO),
        }
    }
}
