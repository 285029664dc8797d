//! An agreement, and what may become of it.

use super::plan::{PeriodRule, Plan};
use super::refusal::AgreementRefusal;
use super::terms::{AgreementProduct, Terms};
use crate::domain::day::Day;
use crate::domain::trade::TradeId;
use kernel::Timestamp;
use money::Fen;

/// The end of an agreement that has none, as the wire says it.
const FOR_EVER: &str = "2115-02-01 00:00:00";

/// Where an agreement stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AgreementState {
    /// A page asks for it: `TEMP`.
    Temp,
    /// It holds: `NORMAL`.
    Normal,
    /// It was ended, or its time is over: `UNSIGN`.
    Unsign,
    /// Nobody ever signed it: `CLOSED`, which is no word of the wire's.
    Closed,
}

impl AgreementState {
    /// The word on the wire and in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Temp => "TEMP",
            Self::Normal => "NORMAL",
            Self::Unsign => "UNSIGN",
            Self::Closed => "CLOSED",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Temp, Self::Normal, Self::Unsign, Self::Closed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// Who signed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signer {
    /// 16 digits.
    pub user_id: String,
    /// Masked.
    pub logon_id: String,
}

/// An agreement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Agreement {
    /// Alipay's number, 20 digits.
    pub agreement_no: String,
    /// Whose.
    pub app_id: String,
    /// Whose, as accounts go.
    pub seller_id: String,
    /// What it says.
    pub terms: Terms,
    /// Where the notice of the signing goes.
    pub notify_url: Option<String>,
    /// Where the signer's browser goes.
    pub return_url: Option<String>,
    /// In which charset.
    pub charset: String,
    /// The token in its address.
    pub code: String,
    /// Where it stands.
    pub state: AgreementState,
    /// Who signed.
    pub signer: Option<Signer>,
    /// Where its plan stands.
    pub plan: Option<Plan>,
    /// The day of the last deduction.
    pub last_day: Option<Day>,
    /// How many deductions there were.
    pub paid: i64,
    /// How much they took together.
    pub taken: Fen,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When the page gives up.
    pub expires_at: Timestamp,
    /// When it was signed.
    pub signed_at: Option<Timestamp>,
    /// When it ends by itself; never without.
    pub invalid_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// The trade whose payer signed it while paying.
    pub signed_with: Option<TradeId>,
    /// How many deductions there were before it got its plan, and how much they took.
    pub before: (i64, Fen),
}

/// The numbers by which a deduction's notice names its agreement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AgreedBy {
    /// Alipay's.
    pub agreement_no: String,
    /// The merchant's, if it gave one.
    pub external_agreement_no: Option<String>,
}

impl AgreedBy {
    /// An agreement's.
    #[must_use]
    pub fn of(agreement: &Agreement) -> Self {
        Self {
            agreement_no: agreement.agreement_no.clone(),
            external_agreement_no: agreement.terms.external_agreement_no.clone(),
        }
    }
}

impl Agreement {
    /// The agreement as it is at an instant: a page gave up, or the time for which it holds is
    /// over. Nobody is told of either.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        if self.state == AgreementState::Temp && now >= self.expires_at {
            self.state = AgreementState::Closed;
            self.ended_at = Some(self.expires_at);
        }
        if let Some(invalid_at) = self.invalid_at
            && self.state == AgreementState::Normal
            && now >= invalid_at
        {
            self.state = AgreementState::Unsign;
            self.ended_at = Some(invalid_at);
        }
        if let Some(plan) = &mut self.plan {
            *plan = plan.on(Day::of(now));
        }
        self
    }

    /// Somebody signs.
    ///
    /// # Errors
    /// When it does not wait for that.
    pub const fn may_sign(&self) -> Result<(), AgreementRefusal> {
        match self.state {
            AgreementState::Temp => Ok(()),
            AgreementState::Normal => Err(AgreementRefusal::Signed),
            AgreementState::Unsign => Err(AgreementRefusal::Ended),
            AgreementState::Closed => Err(AgreementRefusal::Closed),
        }
    }

    /// It is ended, or its plan changed.
    ///
    /// # Errors
    /// When it does not hold.
    pub const fn may_change(&self) -> Result<(), AgreementRefusal> {
        match self.state {
            AgreementState::Normal => Ok(()),
            AgreementState::Temp => Err(AgreementRefusal::NotSigned),
            AgreementState::Unsign => Err(AgreementRefusal::Ended),
            AgreementState::Closed => Err(AgreementRefusal::Closed),
        }
    }

    /// Money is to be taken.
    ///
    /// # Errors
    /// When it does not hold, is another product's, or the plan does not allow it.
    pub fn may_deduct(
        &self,
        amount: Fen,
        product_code: &str,
        now: Timestamp,
    ) -> Result<(), AgreementRefusal> {
        self.may_change()?;
        if self.terms.product_code != product_code {
            return Err(AgreementRefusal::OtherProduct);
        }
        match &self.plan {
            Some(plan) => plan.may_take(amount, self.by_plan(), Day::of(now)),
            None => Ok(()),
        }
    }

    /// How many deductions its plan saw, and how much they took.
    #[must_use]
    pub const fn by_plan(&self) -> (i64, Fen) {
        let (paid, taken) = self.before;
        let taken = self.taken.fen().saturating_sub(taken.fen());
        (self.paid.saturating_sub(paid), Fen::new(taken))
    }

    /// It gets a plan, from now on; it says so once. `false` when it has that plan already.
    ///
    /// # Errors
    /// When it does not hold, or has another plan.
    pub fn get_plan(&mut self, rule: PeriodRule) -> Result<bool, AgreementRefusal> {
        self.may_change()?;
        if self.terms.product == AgreementProduct::Cycle {
            return if self.terms.rule.as_ref() == Some(&rule) {
                Ok(false)
            } else {
                Err(AgreementRefusal::Differs("period_rule_params"))
            };
        }
        self.terms.product = AgreementProduct::Cycle;
        self.terms.rule = Some(rule.clone());
        self.plan = Some(Plan::begin(rule));
        self.before = (self.paid, self.taken);
        Ok(true)
    }

    /// Money was taken.
    pub fn deducted(&mut self, amount: Fen, now: Timestamp) {
        self.paid += 1;
        self.taken = Fen::new(self.taken.fen().saturating_add(amount.fen()));
        self.last_day = Some(Day::of(now));
        if let Some(plan) = &mut self.plan {
            plan.advance();
        }
    }

    /// Until when it holds, as the wire says it.
    #[must_use]
    pub fn invalid_time(&self) -> String {
        match self.invalid_at {
            Some(at) => at.china(),
            None => FOR_EVER.to_owned(),
        }
    }

    /// What the outside calls it: the merchant's number, Alipay's without one.
    #[must_use]
    pub fn number(&self) -> &str {
        let external = self.terms.external_agreement_no.as_deref();
        external.unwrap_or(&self.agreement_no)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PeriodType, Validity};
    use super::*;

    fn agreement(state: AgreementState) -> Agreement {
        let at = Timestamp::from_ms(0);
        Agreement {
            agreement_no: "1".to_owned(),
            app_id: "a".to_owned(),
            seller_id: "s".to_owned(),
            terms: Terms {
                product_code: "GENERAL_WITHHOLDING".to_owned(),
                product: AgreementProduct::General,
                sign_scene: "INDUSTRY|CARRENTAL".to_owned(),
                external_agreement_no: None,
                external_logon_id: None,
                third_party_type: None,
                channel: "ALIPAYAPP".to_owned(),
                rule: None,
                validity: Validity::parse("1d"),
            },
            notify_url: None,
            return_url: None,
            charset: "utf-8".to_owned(),
            code: "c".to_owned(),
            state,
            signer: None,
            plan: None,
            last_day: None,
            paid: 0,
            taken: Fen::ZERO,
            asked_at: at,
            expires_at: at.plus_ms(10),
            signed_at: None,
            invalid_at: Some(at.plus_ms(20)),
            ended_at: None,
            signed_with: None,
            before: (0, Fen::ZERO),
        }
    }

    #[test]
    fn a_plan_counts_from_when_it_was_given() {
        let rule = |single: i64| PeriodRule {
            period_type: PeriodType::Month,
            period: 1,
            first_day: Day::parse("1970-01-01").unwrap(),
            single_amount: Fen::new(single),
            total_amount: Some(Fen::new(100)),
            total_payments: Some(1),
        };
        let now = Timestamp::from_ms(0);
        let mut there = agreement(AgreementState::Normal);
        there.deducted(Fen::new(5_000), now);
        assert_eq!(there.get_plan(rule(100)), Ok(true));
        assert_eq!(there.by_plan(), (0, Fen::ZERO));
        let take = |there: &Agreement| there.may_deduct(Fen::new(100), "GENERAL_WITHHOLDING", now);
        assert_eq!(take(&there), Ok(()));
        // The same once more is the same; another is not.
        assert_eq!(there.get_plan(rule(100)), Ok(false));
        assert_eq!(
            there.get_plan(rule(99)),
            Err(AgreementRefusal::Differs("period_rule_params"))
        );
        there.deducted(Fen::new(100), now);
        assert_eq!((there.paid, there.by_plan()), (2, (1, Fen::new(100))));
        assert!(take(&there).is_err());
        for state in [
            AgreementState::Temp,
            AgreementState::Unsign,
            AgreementState::Closed,
        ] {
            assert!(agreement(state).get_plan(rule(100)).is_err(), "{state:?}");
        }
    }

    /// Every state against every wish, the answer in one word.
    #[test]
    fn every_state_against_every_wish() {
        let mut table = String::new();
        let states = [
            AgreementState::Temp,
            AgreementState::Normal,
            AgreementState::Unsign,
            AgreementState::Closed,
        ];
        for state in states {
            let there = agreement(state);
            let take = |code: &str| there.may_deduct(Fen::new(1), code, Timestamp::from_ms(0));
            for (what, answer) in [
                ("sign", format!("{:?}", there.may_sign())),
                ("end", format!("{:?}", there.may_change())),
                ("deduct", format!("{:?}", take("GENERAL_WITHHOLDING"))),
                ("deduct otherwise", format!("{:?}", take("CYCLE_PAY_AUTH"))),
                (
                    "wait 10",
                    there
                        .clone()
                        .at(Timestamp::from_ms(10))
                        .state
                        .as_str()
                        .to_owned(),
                ),
                (
                    "wait 20",
                    there
                        .clone()
                        .at(Timestamp::from_ms(20))
                        .state
                        .as_str()
                        .to_owned(),
                ),
            ] {
                table.extend([state.as_str(), " ", what, ": ", &answer, "\n"]);
            }
        }
        let wanted = "\
TEMP sign: Ok(())
TEMP end: Err(NotSigned)
TEMP deduct: Err(NotSigned)
TEMP deduct otherwise: Err(NotSigned)
TEMP wait 10: CLOSED
TEMP wait 20: CLOSED
NORMAL sign: Err(Signed)
NORMAL end: Ok(())
NORMAL deduct: Ok(())
NORMAL deduct otherwise: Err(OtherProduct)
NORMAL wait 10: NORMAL
NORMAL wait 20: UNSIGN
UNSIGN sign: Err(Ended)
UNSIGN end: Err(Ended)
UNSIGN deduct: Err(Ended)
UNSIGN deduct otherwise: Err(Ended)
UNSIGN wait 10: UNSIGN
UNSIGN wait 20: UNSIGN
CLOSED sign: Err(Closed)
CLOSED end: Err(Closed)
CLOSED deduct: Err(Closed)
CLOSED deduct otherwise: Err(Closed)
CLOSED wait 10: CLOSED
CLOSED wait 20: CLOSED
";
        assert_eq!(table, wanted);
    }
}
