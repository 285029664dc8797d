//! Yuan as people and wires write them, read exactly or refused.

use crate::Fen;

/// Why a text is no amount of yuan.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ParseYuanError {
    /// Nothing was written.
    #[error("the amount is empty; write yuan, such as 39.00")]
    Empty,
    /// Something else than digits and one point: a sign, an exponent, a separator, a word.
    #[error("an amount is written with digits and at most one point, such as 39.00")]
    NotDigits,
    /// More decimals than a fen has.
    #[error("an amount has at most two decimals; there is nothing smaller than a fen")]
    TooManyDecimals,
    /// More money than fits.
    #[error("the amount is too large")]
    TooLarge,
}

impl Fen {
    /// Reads yuan exactly: digits, at most one point with one or two decimals after it.
    ///
    /// `138`, `138.0` and `138.00` are equal. Signs, exponents, separators, spaces, a bare or
    /// trailing point, `NaN` and more than two decimals are refused: none of them is a price.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse_yuan(text: &str) -> Result<Self, ParseYuanError> {
        if text.is_empty() {
            return Err(ParseYuanError::Empty);
        }
        let (whole, decimals) = match text.split_once('.') {
            Some((whole, decimals)) if !decimals.is_empty() => (whole, decimals),
            Some(_) => return Err(ParseYuanError::NotDigits),
            None => (text, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(decimals) {
            return Err(ParseYuanError::NotDigits);
        }
        if decimals.len() > 2 {
            return Err(ParseYuanError::TooManyDecimals);
        }
        let digits = whole.bytes().chain(decimals.bytes());
        let padding = std::iter::repeat_n(b'0', 2 - decimals.len());
        digits
            .chain(padding)
            .try_fold(0_i64, |fen, digit| {
                fen.checked_mul(10)?.checked_add(i64::from(digit - b'0'))
            })
            .map(Self::new)
            .ok_or(ParseYuanError::TooLarge)
    }

    /// Reads yuan that may be negative, as bills write refunds: `-0.04`.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse_signed_yuan(text: &str) -> Result<Self, ParseYuanError> {
        match text.strip_prefix('-') {
            Some(rest) => Self::parse_yuan(rest)?
                .checked_neg()
                .ok_or(ParseYuanError::TooLarge),
            None => Self::parse_yuan(text),
        }
    }
}

/// The same as [`Fen::parse_yuan`].
impl std::str::FromStr for Fen {
    type Err = ParseYuanError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse_yuan(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_is_an_amount() {
        for (text, fen) in [
            ("0", 0),
            ("0.01", 1),
            ("0.1", 10),
            ("138", 13_800),
            ("138.0", 13_800),
            ("138.00", 13_800),
            ("0039.90", 3_990),
            ("100000000.00", 10_000_000_000),
        ] {
            assert_eq!(Fen::parse_yuan(text), Ok(Fen::new(fen)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        use ParseYuanError::{Empty, NotDigits, TooLarge, TooManyDecimals};
        for (text, error) in [
            ("", Empty),
            ("1.005", TooManyDecimals),
            ("0.001", TooManyDecimals),
            ("-1", NotDigits),
            ("+1", NotDigits),
            ("1e3", NotDigits),
            ("1E3", NotDigits),
            ("NaN", NotDigits),
            ("Infinity", NotDigits),
            ("1,000.00", NotDigits),
            (" 1", NotDigits),
            ("1 ", NotDigits),
            ("1.", NotDigits),
            (".5", NotDigits),
            ("1.2.3", NotDigits),
            ("１２", NotDigits),
            ("0x10", NotDigits),
            ("¥1", NotDigits),
            ("92233720368547758.08", TooLarge),
            ("99999999999999999999999999", TooLarge),
        ] {
            assert_eq!(Fen::parse_yuan(text), Err(error), "{text}");
        }
    }

    #[test]
    fn reads_signed_amounts_of_bills() {
        assert_eq!(Fen::parse_signed_yuan("-0.04"), Ok(Fen::new(-4)));
        assert_eq!(Fen::parse_signed_yuan("0.04"), Ok(Fen::new(4)));
        assert_eq!(
            Fen::parse_signed_yuan("--1"),
            Err(ParseYuanError::NotDigits)
        );
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(fen in any::<i64>()) {
            prop_assume!(fen != i64::MIN);
            let amount = Fen::new(fen);
            prop_assert_eq!(Fen::parse_signed_yuan(&amount.to_string()), Ok(amount));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = Fen::parse_yuan(&text);
        }
    }
}
