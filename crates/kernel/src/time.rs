//! Instants in milliseconds, and the two ways they are written: RFC 3339 with `Z` on our own
//! wire, China's civil time on Alipay's.

use jiff::{civil, fmt::strtime, tz};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// Milliseconds of a second, minute, hour and day.
pub const SECOND_MS: i64 = 1_000;
/// Milliseconds of a minute.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// China keeps one offset all year: +08:00.
const CHINA: tz::Offset = tz::offset(8);
const CHINA_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// An instant: milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(i64);

/// A text that is no time of the form that was asked for.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{text}` is no time of the form `{form}`")]
pub struct ParseTimeError {
    text: String,
    form: &'static str,
}

impl Timestamp {
    /// The instant that many milliseconds after 1970-01-01 UTC.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// The instant `ms` milliseconds later (earlier when negative), at most the end of time.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant.
    #[must_use]
    pub const fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    fn instant(self) -> jiff::Timestamp {
        // Out of range only for years past 9999, which no row of ours holds.
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    fn china_civil(self) -> civil::DateTime {
        CHINA.to_datetime(self.instant())
    }

    /// China's civil time as Alipay writes it: `2026-08-21 09:30:00` (milliseconds are cut).
    #[must_use]
    pub fn china(self) -> String {
        self.china_civil().strftime(CHINA_FORMAT).to_string()
    }

    /// China's civil day without separators, as trade numbers begin: `20260821`.
    #[must_use]
    pub fn china_day(self) -> String {
        self.china_civil().strftime("%Y%m%d").to_string()
    }

    /// China's civil time of day without separators: `093000`.
    #[must_use]
    pub fn china_time_of_day(self) -> String {
        self.china_civil().strftime("%H%M%S").to_string()
    }

    /// The next instant after this one at which China's day begins.
    #[must_use]
    pub const fn next_china_midnight(self) -> Self {
        let shifted = self.0.saturating_add(8 * HOUR_MS);
        let day = shifted.div_euclid(DAY_MS) + 1;
        Self(day * DAY_MS - 8 * HOUR_MS)
    }

    /// Reads China's civil time, `2026-08-21 09:30:00`.
    ///
    /// # Errors
    /// When the text is not of that form or names no day.
    pub fn parse_china(text: &str) -> Result<Self, ParseTimeError> {
        let error = || ParseTimeError {
            text: text.to_owned(),
            form: "yyyy-MM-dd HH:mm:ss",
        };
        // strtime takes fewer digits than two; the wire does not.
        if text.len() != 19 {
            return Err(error());
        }
        let civil = strtime::parse(CHINA_FORMAT, text)
            .and_then(|parts| parts.to_datetime())
            .map_err(|_| error())?;
        let instant = CHINA.to_timestamp(civil).map_err(|_| error())?;
        Ok(Self(instant.as_millisecond()))
    }

    /// RFC 3339 in UTC with milliseconds: `2026-08-21T01:30:00.000Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        format!("{:.3}", self.instant())
    }

    /// Reads RFC 3339 with any offset.
    ///
    /// # Errors
    /// When the text is not of that form.
    pub fn parse_rfc3339(text: &str) -> Result<Self, ParseTimeError> {
        text.parse::<jiff::Timestamp>()
            .map(|instant| Self(instant.as_millisecond()))
            .map_err(|_| ParseTimeError {
                text: text.to_owned(),
                form: "RFC 3339",
            })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// As RFC 3339 with `Z`, the form of our own wire.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse_rfc3339(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn china_is_eight_hours_ahead() {
        let at = Timestamp::from_ms(1_703_141_316_789);
        assert_eq!(at.china(), "2023-12-21 14:48:36");
        assert_eq!(at.china_day(), "20231221");
        assert_eq!(at.china_time_of_day(), "144836");
        assert_eq!(at.rfc3339(), "2023-12-21T06:48:36.789Z");
        assert_eq!(
            Timestamp::parse_china("2023-12-21 14:48:36"),
            Ok(at.plus_ms(-789))
        );
        assert_eq!(at.next_china_midnight().china(), "2023-12-22 00:00:00");
        assert_eq!(
            at.next_china_midnight().next_china_midnight().china(),
            "2023-12-23 00:00:00"
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2023-12-21",
            "2023-12-21T14:48:36",
            "2023-13-01 00:00:00",
            "2023-12-21 24:61:00",
            "2023-1-1 0:0:0",
        ] {
            assert!(Timestamp::parse_china(text).is_err(), "{text}");
        }
        assert!(Timestamp::parse_rfc3339("tomorrow").is_err());
    }

    proptest! {
        #[test]
        fn written_times_are_read_back(seconds in -2_000_000_000_i64..250_000_000_000) {
            let at = Timestamp::from_ms(seconds * 1_000);
            prop_assert_eq!(Timestamp::parse_china(&at.china()), Ok(at));
            prop_assert_eq!(Timestamp::parse_rfc3339(&at.rfc3339()), Ok(at));
        }
    }
}
