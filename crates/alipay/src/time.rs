//! Times as Alipay writes them: China's civil time without an offset, `2026-08-21 09:30:00`.

use crate::civil::{self, Civil, DAY_MS};
use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// China keeps one offset all year: +08:00.
const CHINA_MS: i64 = 8 * 3_600 * 1_000;

/// One day of room at both ends, so that the offset never leaves the range.
const LOWEST_MS: i64 = civil::LOWEST_MS + DAY_MS;
const HIGHEST_MS: i64 = civil::HIGHEST_MS - DAY_MS;

/// An instant on Alipay's wire: whole milliseconds, written `yyyy-MM-dd HH:mm:ss` in +08:00.
///
/// Most fields have whole seconds. `gmt_refund` has a fraction (`.123`), which is read and kept
/// but not written: requests carry whole seconds.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AlipayTime {
    /// Milliseconds since 1970-01-01 UTC, between the years 1 and 9999.
    unix_ms: i64,
}

/// A text that is no time of Alipay's wire.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no time of the form yyyy-MM-dd HH:mm:ss")]
pub struct ParseTimeError;

impl AlipayTime {
    /// The instant that many milliseconds after 1970-01-01 UTC, or `None` beyond the year 9999.
    #[must_use]
    pub fn from_unix_ms(unix_ms: i64) -> Option<Self> {
        (LOWEST_MS..=HIGHEST_MS)
            .contains(&unix_ms)
            .then_some(Self { unix_ms })
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn unix_ms(self) -> i64 {
        self.unix_ms
    }

    /// Reads `2026-08-21 09:30:00`, with or without a fraction of up to three digits.
    ///
    /// ```
    /// use alipay::AlipayTime;
    ///
    /// let paid = AlipayTime::parse("2023-12-21 16:26:43")?;
    /// assert_eq!(paid.unix_ms(), 1_703_147_203_000);
    /// assert_eq!(paid.to_string(), "2023-12-21 16:26:43");
    /// # Ok::<(), alipay::ParseTimeError>(())
    /// ```
    ///
    /// # Errors
    /// When the text has another form or names no day or hour that exists.
    pub fn parse(text: &str) -> Result<Self, ParseTimeError> {
        parse(text.as_bytes()).ok_or(ParseTimeError)
    }
}

/// The machine's clock as Alipay writes it, so that `now` is `SystemTime::now().into()`. A clock
/// that is set before the year 1 or after the year 9999 counts as set to the nearest day of them.
impl From<SystemTime> for AlipayTime {
    fn from(time: SystemTime) -> Self {
        let ms = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        let unix_ms = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => ms(since),
            Err(error) => ms(error.duration()).saturating_neg(),
        };
        Self {
            unix_ms: unix_ms.clamp(LOWEST_MS, HIGHEST_MS),
        }
    }
}

fn parse(text: &[u8]) -> Option<AlipayTime> {
    let (whole, fraction) = text.split_at_checked(19)?;
    let separators = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if separators.iter().any(|&(at, byte)| whole[at] != byte) {
        return None;
    }
    let part = |from: usize| number(&whole[from..from + 2]);
    let civil = Civil {
        year: number(&whole[..4])?,
        month: part(5)?,
        day: part(8)?,
        hour: part(11)?,
        minute: part(14)?,
        second: part(17)?,
    };
    let ms = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=3).contains(&digits.len()) => {
            let scale = [100, 10, 1][digits.len() - 1];
            number(digits)? * scale
        }
        _ => return None,
    };
    AlipayTime::from_unix_ms(civil.to_ms()? - CHINA_MS + ms)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0_i64, |sum, &digit| {
        digit
            .is_ascii_digit()
            .then(|| sum * 10 + i64::from(digit - b'0'))
    })
}

/// `2026-08-21 09:30:00`; a fraction is cut.
impl fmt::Display for AlipayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = Civil::of_ms(self.unix_ms + CHINA_MS);
        write!(
            f,
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_chinas_time() {
        let new_year = AlipayTime::parse("2026-01-01 00:00:00").expect("a time");
        assert_eq!(new_year.unix_ms(), 1_767_196_800_000);
        assert_eq!(new_year.to_string(), "2026-01-01 00:00:00");
        let refund = AlipayTime::parse("2023-12-22 14:19:12.5").expect("a time");
        assert_eq!(refund.unix_ms() % 1_000, 500);
        assert_eq!(refund.to_string(), "2023-12-22 14:19:12");
        assert_eq!(
            AlipayTime::from_unix_ms(0)
                .map(|t| t.to_string())
                .as_deref(),
            Some("1970-01-01 08:00:00")
        );
        assert_eq!(AlipayTime::from_unix_ms(i64::MAX), None);
    }

    #[test]
    fn the_machines_clock_is_taken_as_it_stands_and_never_leaves_the_calendar() {
        let at = |ms| AlipayTime::from(UNIX_EPOCH + Duration::from_millis(ms));
        assert_eq!(at(1_703_147_203_500).unix_ms(), 1_703_147_203_500);
        let before = UNIX_EPOCH.checked_sub(Duration::from_millis(1_500));
        let before = before.expect("a clock goes that far");
        assert_eq!(AlipayTime::from(before).unix_ms(), -1_500);
        let far = at(1_000_000_000_000_000);
        assert_eq!(far, AlipayTime::from_unix_ms(HIGHEST_MS).expect("in it"));
        assert!(AlipayTime::parse(&far.to_string()).is_ok());
    }

    #[test]
    fn refuses_other_forms() {
        for text in [
            "",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-02-30 00:00:00",
            "2100-02-29 00:00:00",
            "2026-00-01 00:00:00",
            "2026-13-01 00:00:00",
            "2026-01-00 00:00:00",
            "0000-01-01 00:00:00",
            "9999-12-31 23:59:59",
            "2026-01-01 00:60:00",
            "2026-01-01 00:00:60",
            "2026-01-01 24:00:00",
            "2026-1-1 0:00:00",
            "2026-01-01 00:00:00Z",
            "2026-01-01 00:00:00.",
            "2026-01-01 00:00:00.1234",
            "2026-01-0１ 00:00:0",
        ] {
            assert_eq!(AlipayTime::parse(text), Err(ParseTimeError), "{text}");
        }
    }
}
