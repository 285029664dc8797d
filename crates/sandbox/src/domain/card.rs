//! Bank cards that the sandbox issues: numbers with their check digit, banks, and what one may
//! spend in a day.

use money::Fen;
use std::fmt;
use std::str::FromStr;

/// What a card may spend in a day of China's calendar: 50,000.00, as banks let an unverified
/// channel have.
pub const CARD_DAY_LIMIT: Fen = Fen::new(5_000_000);

/// What a new card holds unless said otherwise: 50,000.00.
pub const CARD_BEGINS_WITH: Fen = Fen::new(5_000_000);

/// A bank. Its `as_str` is the `bank_code` of the wire.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Bank {
    /// 工商银行.
    #[default]
    Icbc,
    /// 农业银行.
    Abc,
    /// 建设银行.
    Ccb,
    /// 招商银行.
    Cmb,
}

/// A bank that nobody has.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("bank is ICBC, ABC, CCB or CMB")]
pub struct UnknownBank;

impl Bank {
    /// Every bank, in the order in which forms show them.
    pub const ALL: [Self; 4] = [Self::Icbc, Self::Abc, Self::Ccb, Self::Cmb];

    /// Its code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Icbc => "ICBC",
            Self::Abc => "ABC",
            Self::Ccb => "CCB",
            Self::Cmb => "CMB",
        }
    }

    /// Its name in Chinese and in English.
    #[must_use]
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Icbc => ("工商银行", "ICBC"),
            Self::Abc => ("农业银行", "Agricultural Bank"),
            Self::Ccb => ("建设银行", "Construction Bank"),
            Self::Cmb => ("招商银行", "Merchants Bank"),
        }
    }

    /// What its card numbers begin with.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Icbc => "622202",
            Self::Abc => "622848",
            Self::Ccb => "621700",
            Self::Cmb => "621483",
        }
    }
}

impl fmt::Display for Bank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Bank {
    type Err = UnknownBank;

    fn from_str(text: &str) -> Result<Self, UnknownBank> {
        let found = Self::ALL.into_iter().find(|bank| bank.as_str() == text);
        found.ok_or(UnknownBank)
    }
}

/// A card's number: 16 to 19 digits whose last one checks the others (Luhn).
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct CardNo(String);

/// A text that no card has as its number.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a card number has 16 to 19 digits, and its last one checks the others")]
pub struct CardNoError;

impl CardNo {
    /// The number of a new card: the bank's prefix, twelve digits by chance, the check digit.
    #[must_use]
    pub fn make(bank: Bank, chance: &str) -> Self {
        let body = format!("{}{chance}", bank.prefix());
        let check = (0..10)
            .map(|digit| format!("{body}{digit}"))
            .find(|number| luhn_holds(number));
        Self(check.unwrap_or(body))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four digits, by which people know their card.
    #[must_use]
    pub fn tail(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(4)..).unwrap_or("")
    }

    /// The ledger account that keeps what the card holds.
    #[must_use]
    pub fn ledger_account(&self) -> String {
        format!("card:{}", self.0)
    }
}

impl FromStr for CardNo {
    type Err = CardNoError;

    fn from_str(text: &str) -> Result<Self, CardNoError> {
        let digits: String = text.chars().filter(|c| *c != ' ' && *c != '-').collect();
        let plain = digits.bytes().all(|b| b.is_ascii_digit());
        if plain && (16..=19).contains(&digits.len()) && luhn_holds(&digits) {
            Ok(Self(digits))
        } else {
            Err(CardNoError)
        }
    }
}

impl fmt::Display for CardNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the check digit fits: from the right every second digit counts double, the sum is a
/// multiple of ten.
fn luhn_holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            match (at % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled) if doubled > 9 => doubled - 9,
                (_, doubled) => doubled,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether a text is a mobile phone's number: 11 digits that begin with 1.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit())
}

/// A phone's number as pages of others show it: `138****1234`.
#[must_use]
pub fn masked_phone(phone: &str) -> String {
    let head = phone.get(..3).unwrap_or_default();
    let tail = phone.get(7..).unwrap_or_default();
    format!("{head}****{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_number_is_one_and_a_changed_one_is_none() {
        for bank in Bank::ALL {
            let made = CardNo::make(bank, "012345678901");
            assert_eq!(made.as_str().len(), 19, "{made}");
            assert_eq!(made.as_str().parse(), Ok(made.clone()));
            assert_eq!(bank.as_str().parse(), Ok(bank));
            let mut changed = made.as_str().to_owned();
            let last = if changed.pop() == Some('0') { '1' } else { '0' };
            changed.push(last);
            assert_eq!(changed.parse::<CardNo>(), Err(CardNoError), "{changed}");
        }
        // A number that everybody knows to fit.
        let known: CardNo = "4111 1111-1111 1111".parse().expect("a number");
        assert_eq!((known.as_str(), known.tail()), ("4111111111111111", "1111"));
        for text in [
            "",
            "4111",
            "4111111111111112",
            "411111111111111a",
            "４１１１１１１１１１１１１１１１",
        ] {
            assert!(text.parse::<CardNo>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_phone_is_known_and_masked() {
        assert!(is_phone("13800138000"));
        for text in ["", "1380013800", "23800138000", "1380013800a"] {
            assert!(!is_phone(text), "{text}");
        }
        assert_eq!(masked_phone("13800138000"), "138****8000");
    }
}
