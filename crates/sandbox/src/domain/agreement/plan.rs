//! The plan of an agreement: once in each period, so much at most, from a first day on.

use super::refusal::AgreementRefusal;
use crate::domain::day::Day;
use money::Fen;

/// How many days before its day a deduction may come.
pub const EARLY_DAYS: i64 = 5;

/// What a period is counted in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PeriodType {
    /// Days, at least seven.
    Day,
    /// Months.
    Month,
}

impl PeriodType {
    /// The word on the wire and in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "DAY",
            Self::Month => "MONTH",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Day, Self::Month]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// How often and how much at most.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PeriodRule {
    /// What a period is counted in.
    pub period_type: PeriodType,
    /// How many of them make a period.
    pub period: i64,
    /// The day of the first deduction.
    pub first_day: Day,
    /// How much at most each time.
    pub single_amount: Fen,
    /// How much at most in all.
    pub total_amount: Option<Fen>,
    /// How often at most.
    pub total_payments: Option<i64>,
}

impl PeriodRule {
    /// The day of the period after that of `day`.
    #[must_use]
    pub fn after(&self, day: Day) -> Day {
        match self.period_type {
            PeriodType::Day => day.plus_days(self.period),
            PeriodType::Month => day.plus_months(self.period),
        }
    }
}

/// Where a plan stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// What was agreed.
    pub rule: PeriodRule,
    /// The day of the next deduction.
    pub next_day: Day,
}

impl Plan {
    /// A plan that begins.
    #[must_use]
    pub const fn begin(rule: PeriodRule) -> Self {
        Self {
            next_day: rule.first_day,
            rule,
        }
    }

    /// The plan as it is on a day: a period that went by without a deduction has lapsed.
    #[must_use]
    pub fn on(&self, today: Day) -> Self {
        let mut plan = self.clone();
        loop {
            let after = plan.rule.after(plan.next_day);
            // A calendar that ends leaves the plan where it is.
            if after > today || after <= plan.next_day {
                return plan;
            }
            plan.next_day = after;
        }
    }

    /// The last day of the period that is due.
    #[must_use]
    pub fn latest_day(&self) -> Day {
        self.rule.after(self.next_day).plus_days(-1)
    }

    /// So much is to be taken, after `paid` deductions of `taken` together.
    ///
    /// # Errors
    /// When the day is too early, or it would be more than was agreed.
    pub fn may_take(
        &self,
        amount: Fen,
        (paid, taken): (i64, Fen),
        today: Day,
    ) -> Result<(), AgreementRefusal> {
        let rule = &self.rule;
        if today < self.next_day.plus_days(-EARLY_DAYS) {
            return Err(AgreementRefusal::TooEarly(self.next_day));
        }
        if amount > rule.single_amount {
            return Err(AgreementRefusal::SingleExceeds(rule.single_amount));
        }
        if let Some(most) = rule.total_payments
            && paid >= most
        {
            return Err(AgreementRefusal::TimesExceed(most));
        }
        if let Some(most) = rule.total_amount {
            let left = Fen::new(most.fen().saturating_sub(taken.fen()));
            if amount > left {
                return Err(AgreementRefusal::TotalExceeds { left });
            }
        }
        Ok(())
    }

    /// The deduction of its day was made: the next period's turn.
    pub fn advance(&mut self) {
        self.next_day = self.rule.after(self.next_day);
    }

    /// The next deduction is to be on another day. The buyer agreed to a day, so it can only be
    /// later; those after it follow from there.
    ///
    /// # Errors
    /// When it is earlier than planned, in the past, or no day that every month has.
    pub fn may_move(&self, day: Day, today: Day) -> Result<(), AgreementRefusal> {
        if day < today {
            return Err(AgreementRefusal::Day("is in the past"));
        }
        if day < self.next_day {
            return Err(AgreementRefusal::Day("is earlier than the planned day"));
        }
        if self.rule.period_type == PeriodType::Month && day.of_month() > 28 {
            return Err(AgreementRefusal::Day("is after the 28th of its month"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn monthly() -> Plan {
        Plan::begin(PeriodRule {
            period_type: PeriodType::Month,
            period: 1,
            first_day: day("2026-09-01"),
            single_amount: Fen::new(1_500),
            total_amount: Some(Fen::new(4_000)),
            total_payments: Some(3),
        })
    }

    #[test]
    fn a_deduction_comes_five_days_early_at_most() {
        let plan = monthly();
        let amount = Fen::new(1_500);
        let on = |text: &str| plan.may_take(amount, (0, Fen::ZERO), day(text));
        assert_eq!(
            on("2026-08-26"),
            Err(AgreementRefusal::TooEarly(day("2026-09-01")))
        );
        assert_eq!(on("2026-08-27"), Ok(()));
        assert_eq!(on("2026-09-30"), Ok(()));
        assert_eq!(plan.latest_day(), day("2026-09-30"));
    }

    #[test]
    fn what_was_agreed_is_never_exceeded() {
        let (plan, today) = (monthly(), day("2026-09-01"));
        let take = |fen: i64, paid: i64, taken: i64| {
            plan.may_take(Fen::new(fen), (paid, Fen::new(taken)), today)
        };
        assert_eq!(
            take(1_501, 0, 0),
            Err(AgreementRefusal::SingleExceeds(Fen::new(1_500)))
        );
        assert_eq!(take(1_000, 2, 3_000), Ok(()));
        assert_eq!(
            take(1_001, 2, 3_000),
            Err(AgreementRefusal::TotalExceeds {
                left: Fen::new(1_000)
            })
        );
        assert_eq!(take(1, 3, 3), Err(AgreementRefusal::TimesExceed(3)));
    }

    #[test]
    fn a_period_without_a_deduction_lapses() {
        let plan = monthly();
        assert_eq!(plan.on(day("2026-08-01")).next_day, day("2026-09-01"));
        assert_eq!(plan.on(day("2026-09-30")).next_day, day("2026-09-01"));
        assert_eq!(plan.on(day("2026-10-01")).next_day, day("2026-10-01"));
        assert_eq!(plan.on(day("2027-03-15")).next_day, day("2027-03-01"));
        let mut done = plan;
        done.advance();
        assert_eq!(done.next_day, day("2026-10-01"));
    }

    #[test]
    fn a_day_is_moved_later_only() {
        let (plan, today) = (monthly(), day("2026-08-21"));
        assert_eq!(plan.may_move(day("2026-12-01"), today), Ok(()));
        for text in ["2026-08-20", "2026-08-31", "2026-12-29"] {
            assert!(plan.may_move(day(text), today).is_err(), "{text}");
        }
    }
}
