//! Bills: which there are, which stretch of time one covers, and when it can be had.

use super::app::Profile;
use kernel::Timestamp;
use kernel::time::{DAY_MS, HOUR_MS};

/// How long the address of a bill works, on the business clock.
pub const LINK_LIFE_MS: i64 = 30_000;
/// How far back bills go.
const OLDEST_MS: i64 = 6 * 366 * DAY_MS;
/// When a day's bill is promised: nine o'clock of the next day.
const READY_MS: i64 = 9 * HOUR_MS;
/// When a month's bill is promised: on the third of the next month.
const READY_MONTH_MS: i64 = 2 * DAY_MS;

/// Which bill.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BillType {
    /// Payments and refunds of trades: `trade`.
    Trade,
    /// Movements of the account: `signcustomer`.
    Account,
}

impl BillType {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trade => "trade",
            Self::Account => "signcustomer",
        }
    }

    /// What a word of the wire says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Trade, Self::Account]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// A day or a month of China.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BillDate {
    /// `yyyy-MM-dd` or `yyyy-MM`, as it was asked for.
    pub text: String,
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
    /// A month, not a day.
    pub is_month: bool,
}

impl BillDate {
    /// Reads `2019-09-16` or `2019-09`; none for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        let day = |text: &str| Timestamp::parse_china(&format!("{text} 00:00:00")).ok();
        match parts.as_slice() {
            [year, month, date] if year.len() == 4 && month.len() == 2 && date.len() == 2 => {
                if !(digits(year) && digits(month) && digits(date)) {
                    return None;
                }
                let from = day(text)?;
                Some(Self {
                    text: text.to_owned(),
                    from,
                    to: from.plus_ms(DAY_MS),
                    is_month: false,
                })
            }
            [year, month] if year.len() == 4 && month.len() == 2 => {
                if !(digits(year) && digits(month)) {
                    return None;
                }
                let (number, of): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
                let (next_year, next) = if of == 12 {
                    (number + 1, 1)
                } else {
                    (number, of + 1)
                };
                Some(Self {
                    text: text.to_owned(),
                    from: day(&format!("{text}-01"))?,
                    to: day(&format!("{next_year:04}-{next:02}-01"))?,
                    is_month: true,
                })
            }
            _ => None,
        }
    }

    /// The digits in the names of its files.
    #[must_use]
    pub fn digits(&self) -> String {
        self.text.replace('-', "")
    }

    /// When its file is promised; many are there sooner.
    #[must_use]
    pub const fn promised_at(&self) -> Timestamp {
        let after = if self.is_month { READY_MONTH_MS } else { 0 };
        self.to.plus_ms(after + READY_MS)
    }

    /// Whether its bill can be had now.
    ///
    /// # Errors
    /// Why not.
    pub fn ready(
        &self,
        profile: Profile,
        registered_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), BillRefusal> {
        if now < self.to || (profile == Profile::Strict && now < self.promised_at()) {
            return Err(BillRefusal::NotYet {
                promised_at: self.promised_at(),
            });
        }
        if self.from < now.plus_ms(-OLDEST_MS) {
            return Err(BillRefusal::TooOld);
        }
        if self.to <= registered_at {
            return Err(BillRefusal::BeforeRegistration { registered_at });
        }
        Ok(())
    }
}

/// Why there is no bill.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BillRefusal {
    /// The day or month is not over, or its file not made.
    NotYet {
        /// When it is there for certain.
        promised_at: Timestamp,
    },
    /// More than six years ago.
    TooOld,
    /// The application was not there.
    BeforeRegistration {
        /// Since when it is.
        registered_at: Timestamp,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_china(text).unwrap()
    }

    #[test]
    fn a_date_is_a_day_or_a_month_of_china() {
        let day = BillDate::parse("2026-08-21").unwrap();
        assert_eq!(
            (day.from, day.to),
            (at("2026-08-21 00:00:00"), at("2026-08-22 00:00:00"))
        );
        let month = BillDate::parse("2026-12").unwrap();
        assert_eq!(
            (month.from, month.to),
            (at("2026-12-01 00:00:00"), at("2027-01-01 00:00:00"))
        );
        assert_eq!((month.digits().as_str(), month.is_month), ("202612", true));
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-02-30",
            "2026-8-1",
            "20260821",
            "2026-08-21 ",
            "2026-+8",
        ] {
            assert_eq!(BillDate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_bill_is_there_once_its_day_is_over() {
        let day = BillDate::parse("2026-08-21").unwrap();
        let since = at("2026-08-21 09:30:00");
        let ready = |profile, now| day.ready(profile, since, at(now));
        let production = Profile::Production;
        assert!(matches!(
            ready(production, "2026-08-21 23:59:59"),
            Err(BillRefusal::NotYet { .. })
        ));
        assert_eq!(ready(production, "2026-08-22 00:00:00"), Ok(()));
        assert!(ready(Profile::Strict, "2026-08-22 08:59:59").is_err());
        assert_eq!(ready(Profile::Strict, "2026-08-22 09:00:00"), Ok(()));
        assert_eq!(
            ready(production, "2033-01-01 00:00:00"),
            Err(BillRefusal::TooOld)
        );
        let before = BillDate::parse("2026-08-20").unwrap();
        assert_eq!(
            before.ready(production, since, at("2026-08-22 00:00:00")),
            Err(BillRefusal::BeforeRegistration {
                registered_at: since
            })
        );
        let month = BillDate::parse("2026-08").unwrap();
        let early = at("2026-09-02 12:00:00");
        assert_eq!(month.ready(production, since, early), Ok(()));
        assert!(month.ready(Profile::Strict, since, early).is_err());
    }
}
