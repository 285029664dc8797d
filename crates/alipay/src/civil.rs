//! The calendar: days and what they are called, between the years 1 and 9999.

/// A day and a time of day, without an offset.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

impl Civil {
    /// Milliseconds since 1970-01-01 00:00:00, or `None` when there is no such day or time.
    pub(crate) fn to_ms(self) -> Option<i64> {
        let exists = (1..=9999).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=days_in(self.year, self.month)).contains(&self.day)
            && (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..60).contains(&self.second);
        exists.then(|| {
            let days = before_year(self.year) + before_month(self.year, self.month) + self.day - 1;
            let seconds = (self.hour * 60 + self.minute) * 60 + self.second;
            (days - EPOCH_DAYS) * DAY_MS + seconds * 1_000
        })
    }

    /// What is called so many milliseconds after 1970-01-01 00:00:00; a fraction of a second is
    /// cut.
    pub(crate) fn of_ms(ms: i64) -> Self {
        let days = ms.div_euclid(DAY_MS) + EPOCH_DAYS;
        // At most one too low: 400 years have 146,097 days.
        let mut year = days * 400 / DAYS_OF_400_YEARS + 1;
        while before_year(year) > days {
            year -= 1;
        }
        while before_year(year + 1) <= days {
            year += 1;
        }
        let of_year = days - before_year(year);
        let month = (1..=12)
            .rev()
            .find(|&month| before_month(year, month) <= of_year)
            .unwrap_or(1);
        let seconds = ms.rem_euclid(DAY_MS) / 1_000;
        Self {
            year,
            month,
            day: of_year - before_month(year, month) + 1,
            hour: seconds / 3_600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
        }
    }
}

/// Days from the first day of the year 1 to that of `year`.
const fn before_year(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400
}

/// Days of the year before that month.
fn before_month(year: i64, month: i64) -> i64 {
    (1..month).map(|earlier| days_in(year, earlier)).sum()
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A day without leap seconds, which no clock here knows.
pub(crate) const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// The first instant of the year 1.
pub(crate) const LOWEST_MS: i64 = -EPOCH_DAYS * DAY_MS;
/// The first instant of the year 10000.
pub(crate) const HIGHEST_MS: i64 = (before_year(10_000) - EPOCH_DAYS) * DAY_MS;
const EPOCH_DAYS: i64 = before_year(1970);
const DAYS_OF_400_YEARS: i64 = before_year(401);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn leap_years_follow_the_calendar() {
        let february = |year| days_in(year, 2);
        assert_eq!(
            [1900, 2000, 2023, 2024, 2100].map(february),
            [28, 29, 28, 29, 28]
        );
        assert_eq!(DAYS_OF_400_YEARS, 146_097);
        assert_eq!(EPOCH_DAYS, 719_162);
    }

    proptest! {
        #[test]
        fn names_are_those_of_another_library_and_lead_back(ms in LOWEST_MS..HIGHEST_MS) {
            let ours = Civil::of_ms(ms);
            let instant = jiff::Timestamp::from_millisecond(ms).expect("in range");
            let theirs = jiff::tz::Offset::UTC.to_datetime(instant);
            let theirs = Civil {
                year: theirs.year().into(),
                month: theirs.month().into(),
                day: theirs.day().into(),
                hour: theirs.hour().into(),
                minute: theirs.minute().into(),
                second: theirs.second().into(),
            };
            prop_assert_eq!(ours, theirs);
            prop_assert_eq!(ours.to_ms(), Some(ms - ms.rem_euclid(1_000)));
        }
    }
}
