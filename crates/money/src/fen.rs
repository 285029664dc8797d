//! The amount itself and its checked arithmetic.

use std::fmt;

/// An amount of money in fen, one hundredth of a yuan.
///
/// There is no `Add`: every sum can overflow, and the caller has to say what then.
/// Negative amounts exist for balances and bill lines; an amount to be paid is checked with
/// [`Fen::is_payable`].
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Fen(i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The smallest amount Alipay takes: 0.01 yuan (`alipay-protocol` 4: `[0.01,100000000]`).
    pub const MIN_PAYABLE: Self = Self(1);
    /// The largest amount Alipay takes: 100,000,000.00 yuan.
    pub const MAX_PAYABLE: Self = Self(10_000_000_000);

    /// An amount of that many fen.
    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// How many fen it is.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The difference, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The amount times a quantity, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_mul(self, quantity: i64) -> Option<Self> {
        match self.0.checked_mul(quantity) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The amount with the other sign, or `None` for the one amount that has none.
    #[must_use]
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The sum of all, or `None` when it does not fit.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Returns `true` for more than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Returns `true` for less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Returns `true` for exactly nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Returns `true` for an amount that Alipay takes: 0.01 to 100,000,000.00 yuan.
    #[must_use]
    pub const fn is_payable(self) -> bool {
        self.0 >= Self::MIN_PAYABLE.0 && self.0 <= Self::MAX_PAYABLE.0
    }
}

/// Yuan with exactly two decimals and no grouping, the form that Alipay's wire uses: `88.80`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fen = self.0.unsigned_abs();
        let text = format!("{}.{:02}", fen / 100, fen % 100);
        f.pad_integral(self.0 >= 0, "", &text)
    }
}

#[cfg(feature = "serde")]
mod with_serde {
    use super::Fen;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    /// As a string of yuan with two decimals.
    impl Serialize for Fen {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }
    }

    /// From a string of yuan. A JSON number is refused: by the time serde sees it, it may have
    /// been a float (read the raw text instead, and parse that).
    impl<'de> Deserialize<'de> for Fen {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
            Self::parse_yuan(&text).map_err(D::Error::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_yuan_with_two_decimals() {
        for (fen, text) in [
            (0, "0.00"),
            (1, "0.01"),
            (10, "0.10"),
            (8_880, "88.80"),
            (-5, "-0.05"),
            (-12_345, "-123.45"),
            (10_000_000_000, "100000000.00"),
            (i64::MIN, "-92233720368547758.08"),
        ] {
            assert_eq!(Fen::new(fen).to_string(), text);
        }
    }

    #[test]
    fn arithmetic_refuses_what_does_not_fit() {
        let max = Fen::new(i64::MAX);
        assert_eq!(max.checked_add(Fen::new(1)), None);
        assert_eq!(Fen::new(i64::MIN).checked_sub(Fen::new(1)), None);
        assert_eq!(max.checked_mul(2), None);
        assert_eq!(Fen::new(i64::MIN).checked_neg(), None);
        assert_eq!(Fen::sum([max, Fen::new(1)]), None);
        assert_eq!(
            Fen::sum([Fen::new(1), Fen::new(2), Fen::new(-3)]),
            Some(Fen::ZERO)
        );
    }

    #[test]
    fn payable_is_what_alipay_takes() {
        assert!(!Fen::ZERO.is_payable());
        assert!(Fen::new(1).is_payable());
        assert!(Fen::new(10_000_000_000).is_payable());
        assert!(!Fen::new(10_000_000_001).is_payable());
        assert!(!Fen::new(-1).is_payable());
    }
}
