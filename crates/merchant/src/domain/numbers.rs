//! Numbers, subjects and expiries: what Alipay takes, checked where an order begins.

use kernel::Timestamp;
use kernel::time::{DAY_MS, SECOND_MS};

/// A link lives at least a minute.
pub const MIN_EXPIRES_IN_S: i64 = 60;
/// A link lives at most fifteen days, as long as Alipay keeps an unpaid trade.
pub const MAX_EXPIRES_IN_S: i64 = 15 * DAY_MS / SECOND_MS;
/// Half an hour, when the order does not say.
pub const DEFAULT_EXPIRES_IN_S: i64 = 30 * 60;
/// Alipay takes 64; later attempts append `_2`, `_3` and so on.
const MAX_NUMBER_LEN: usize = 60;
/// Alipay takes 256 characters.
const MAX_SUBJECT_CHARS: usize = 256;

/// What is wrong with a value that an order begins with.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidNumber {
    /// Letters, digits and `_` only, 1 to 60 of them.
    #[error("a number has 1 to 60 letters, digits or `_`")]
    Number,
    /// 1 to 256 characters, none of them a control character.
    #[error("a subject has 1 to 256 characters and no control characters")]
    Subject,
    /// Between a minute and fifteen days.
    #[error("an order lives between 60 seconds and 15 days")]
    Expiry,
}

/// Checks a number that a merchant gives an order or a refund.
///
/// # Errors
/// When Alipay would not take it.
pub fn check_number(number: &str) -> Result<(), InvalidNumber> {
    let fits = (1..=MAX_NUMBER_LEN).contains(&number.len());
    let plain = number
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (fits && plain).then_some(()).ok_or(InvalidNumber::Number)
}

/// Checks what the buyer reads.
///
/// # Errors
/// When Alipay would not take it.
pub fn check_subject(subject: &str) -> Result<(), InvalidNumber> {
    let fits = (1..=MAX_SUBJECT_CHARS).contains(&subject.chars().count());
    let plain = !subject.trim().is_empty() && !subject.chars().any(char::is_control);
    (fits && plain).then_some(()).ok_or(InvalidNumber::Subject)
}

/// Says when an order made now ends. Alipay's wire has whole seconds, so it ends on one.
///
/// # Errors
/// When it is sooner or later than Alipay takes.
pub fn check_expiry(now: Timestamp, expires_in_s: Option<i64>) -> Result<Timestamp, InvalidNumber> {
    let seconds = expires_in_s.unwrap_or(DEFAULT_EXPIRES_IN_S);
    if !(MIN_EXPIRES_IN_S..=MAX_EXPIRES_IN_S).contains(&seconds) {
        return Err(InvalidNumber::Expiry);
    }
    let end = now.plus_ms(seconds * SECOND_MS).ms();
    Ok(Timestamp::from_ms(end - end.rem_euclid(SECOND_MS)))
}

/// The number of an order's attempt: the first has the order's own, later ones append theirs.
#[must_use]
pub fn attempt_number(order_no: &str, place: i64) -> String {
    if place <= 1 {
        order_no.to_owned()
    } else {
        format!("{order_no}_{place}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_alipay_takes() {
        for good in ["1", "0190a5cbf5f87d1a8a3e6a0f0b1c2d3e", "A_1"] {
            assert_eq!(check_number(good), Ok(()), "{good}");
        }
        let long = "1".repeat(61);
        for bad in ["", "a-b", "auto:att_1", "a b", "订单", "a/b", long.as_str()] {
            assert_eq!(check_number(bad), Err(InvalidNumber::Number), "{bad}");
        }
        assert_eq!(attempt_number("X", 1), "X");
        assert_eq!(attempt_number("X", 3), "X_3");
    }

    #[test]
    fn subjects_may_be_anything_readable() {
        for good in ["Rust 实战 🦀", "a/b=c&d"] {
            assert_eq!(check_subject(good), Ok(()), "{good}");
        }
        for bad in ["", "  ", "a\nb", &"长".repeat(257)] {
            assert_eq!(check_subject(bad), Err(InvalidNumber::Subject), "{bad}");
        }
    }

    #[test]
    fn expiries_fall_on_a_second() {
        let now = Timestamp::from_ms(1_000_500);
        assert_eq!(
            check_expiry(now, Some(60)),
            Ok(Timestamp::from_ms(1_060_000))
        );
        assert_eq!(check_expiry(now, None), Ok(Timestamp::from_ms(2_800_000)));
        assert_eq!(check_expiry(now, Some(59)), Err(InvalidNumber::Expiry));
        assert_eq!(
            check_expiry(now, Some(1_296_001)),
            Err(InvalidNumber::Expiry)
        );
    }
}
