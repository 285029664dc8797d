//! A day of China's calendar, as plans count them.

use kernel::Timestamp;
use kernel::time::{DAY_MS, HOUR_MS};
use std::fmt;

/// China is eight hours ahead, all year.
const CHINA_MS: i64 = 8 * HOUR_MS;
/// Months of a year.
const MONTHS: i64 = 12;

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Day(i64);

impl Day {
    /// The day on which an instant falls in China.
    #[must_use]
    pub const fn of(at: Timestamp) -> Self {
        Self((at.ms() + CHINA_MS).div_euclid(DAY_MS))
    }

    /// Reads `yyyy-MM-dd`; none for anything else and for days that no calendar has.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 10 {
            return None;
        }
        let at = Timestamp::parse_china(&format!("{text} 00:00:00")).ok()?;
        Some(Self::of(at))
    }

    /// Its first instant.
    #[must_use]
    pub const fn begins(self) -> Timestamp {
        Timestamp::from_ms(self.0 * DAY_MS - CHINA_MS)
    }

    /// So many days later, or earlier.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// So many months later: the same day of the month, or the month's last where it has none.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let (year, month, day) = self.parts();
        let counted = (year * MONTHS + month - 1).saturating_add(months);
        let (year, month) = (counted.div_euclid(MONTHS), counted.rem_euclid(MONTHS) + 1);
        let found = (1..=day)
            .rev()
            .find_map(|day| Self::parse(&format!("{year:04}-{month:02}-{day:02}")));
        found.unwrap_or(self)
    }

    /// The day of its month, from 1.
    #[must_use]
    pub fn of_month(self) -> i64 {
        self.parts().2
    }

    fn parts(self) -> (i64, i64, i64) {
        let text = self.to_string();
        let mut parts = text.split('-').map(|part| part.parse().unwrap_or(1));
        let mut part = || parts.next().unwrap_or(1);
        (part(), part(), part())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.begins().china();
        f.write_str(text.get(..10).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let last = Timestamp::parse_china("2026-08-21 23:59:59").unwrap();
        assert_eq!(Day::of(last), day("2026-08-21"));
        assert_eq!(Day::of(last.plus_ms(1_000)).to_string(), "2026-08-22");
        assert_eq!(day("2026-08-22").begins(), last.plus_ms(1_000));
        for text in [
            "",
            "2026-8-21",
            "2026-02-29",
            "2026-13-01",
            "20260821",
            "2026-08-21 ",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn months_are_of_different_lengths() {
        for (from, months, to) in [
            ("2026-01-28", 1, "2026-02-28"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2027-12-05", 1, "2028-01-05"),
            ("2028-01-31", 1, "2028-02-29"),
            ("2026-08-21", 25, "2028-09-21"),
            ("2026-08-21", 0, "2026-08-21"),
        ] {
            assert_eq!(day(from).plus_months(months).to_string(), to, "{from}");
        }
        assert_eq!(day("2026-12-31").plus_days(1).to_string(), "2027-01-01");
    }
}
