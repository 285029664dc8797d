//! When an unpaid trade closes by itself.

use super::app::Profile;
use super::product::Product;
use kernel::Timestamp;
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};

/// What a request says about it. Ordered by force: an instant wins over a span.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Timeout {
    /// Nothing: the product's own.
    #[default]
    Default,
    /// `timeout_express` such as `90m`, in milliseconds.
    After(i64),
    /// `timeout_express=1c`: at the next midnight in China.
    Midnight,
    /// `time_expire`.
    At(Timestamp),
}

/// Why a `timeout_express` or `time_expire` is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TimeoutError {
    /// Not digits and one of the units, or zero.
    #[error("timeout_express is a whole number and m, h or d (such as 90m), or 1c for midnight")]
    Form,
    /// Outside of 1m to 15d.
    #[error("timeout_express is from 1m to 15d")]
    Range,
    /// Not a time of the wire.
    #[error("time_expire is written yyyy-MM-dd HH:mm:ss, in China's time")]
    Time,
}

impl Timeout {
    /// Reads `timeout_express`: `1m` to `15d`, no decimals, `1c` for midnight.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn parse_express(text: &str) -> Result<Self, TimeoutError> {
        if text == "1c" {
            return Ok(Self::Midnight);
        }
        let unit = match text.as_bytes().last() {
            Some(b'm') => MINUTE_MS,
            Some(b'h') => HOUR_MS,
            Some(b'd') => DAY_MS,
            _ => return Err(TimeoutError::Form),
        };
        let digits = &text[..text.len() - 1];
        if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TimeoutError::Form);
        }
        let count: i64 = digits.parse().map_err(|_| TimeoutError::Form)?;
        let span = count.saturating_mul(unit);
        if (MINUTE_MS..=15 * DAY_MS).contains(&span) {
            Ok(Self::After(span))
        } else {
            Err(TimeoutError::Range)
        }
    }

    /// Reads `time_expire`, `yyyy-MM-dd HH:mm:ss`; a form without seconds is read too, as the
    /// older documents show it.
    ///
    /// # Errors
    /// When it is no such time.
    pub fn parse_expire(text: &str) -> Result<Self, TimeoutError> {
        let with_seconds = format!("{text}:00");
        let text = if text.len() == 16 {
            &with_seconds
        } else {
            text
        };
        Timestamp::parse_china(text)
            .map(Self::At)
            .map_err(|_| TimeoutError::Time)
    }

    /// The instant at which a trade whose waiting begins at `from` closes.
    #[must_use]
    pub fn instant(self, product: Product, profile: Profile, from: Timestamp) -> Timestamp {
        let asked = match self {
            Self::Default => from.plus_ms(product.default_timeout_ms()),
            Self::After(span) => from.plus_ms(span),
            Self::Midnight => from.next_china_midnight(),
            Self::At(at) => at,
        };
        let longest = match profile {
            Profile::Production | Profile::Strict => 15 * DAY_MS,
            // Alipay's own sandbox keeps no trade longer than 15 hours.
            Profile::AlipaySandbox => 15 * HOUR_MS,
        };
        asked.min(from.plus_ms(longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_strictly() {
        assert_eq!(
            Timeout::parse_express("90m"),
            Ok(Timeout::After(90 * MINUTE_MS))
        );
        assert_eq!(
            Timeout::parse_express("15d"),
            Ok(Timeout::After(15 * DAY_MS))
        );
        assert_eq!(Timeout::parse_express("1c"), Ok(Timeout::Midnight));
        for text in [
            "", "m", "1.5h", "90", "90s", "-1m", "2c", "1M", "９m", "+1m",
        ] {
            assert_eq!(
                Timeout::parse_express(text),
                Err(TimeoutError::Form),
                "{text}"
            );
        }
        for text in ["0m", "16d", "999999d"] {
            assert_eq!(
                Timeout::parse_express(text),
                Err(TimeoutError::Range),
                "{text}"
            );
        }
    }

    #[test]
    fn instants_follow_product_profile_and_request() {
        let from = Timestamp::parse_china("2026-08-21 09:30:00").expect("a time");
        let at =
            |timeout: Timeout, product, profile| timeout.instant(product, profile, from).china();
        let production = Profile::Production;
        assert_eq!(
            at(Timeout::Default, Product::Page, production),
            "2026-09-05 09:30:00"
        );
        assert_eq!(
            at(Timeout::Default, Product::Precreate, production),
            "2026-08-21 12:30:00"
        );
        assert_eq!(
            at(Timeout::Midnight, Product::Page, production),
            "2026-08-22 00:00:00"
        );
        let expire = Timeout::parse_expire("2026-08-21 10:00").expect("the older form");
        assert_eq!(at(expire, Product::Page, production), "2026-08-21 10:00:00");
        assert_eq!(
            at(Timeout::Default, Product::Page, Profile::AlipaySandbox),
            "2026-08-22 00:30:00"
        );
        assert_eq!(Timeout::parse_expire("soon"), Err(TimeoutError::Time));
    }
}
