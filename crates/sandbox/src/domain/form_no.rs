//! The number of a form: every page that is shown gives its own, so that what is sent twice acts
//! once.

use std::fmt;
use std::str::FromStr;

/// How many hex digits.
const DIGITS: usize = 32;

/// The number of one form on one page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FormNo(String);

/// A text that no page gave.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a form's number is {DIGITS} hex digits")]
pub struct FormNoError;

impl FormNo {
    /// The number as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FormNo {
    type Err = FormNoError;

    fn from_str(text: &str) -> Result<Self, FormNoError> {
        let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == DIGITS && text.bytes().all(hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FormNoError)
        }
    }
}

impl fmt::Display for FormNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{FormNo, FormNoError};

    #[test]
    fn a_number_is_thirty_two_small_hex_digits() {
        let good = "0123456789abcdef0123456789abcdef";
        assert_eq!(good.parse::<FormNo>().unwrap().as_str(), good);
        for text in [
            "",
            "0123456789abcdef0123456789abcde",
            "0123456789abcdef0123456789abcdef0",
            "0123456789ABCDEF0123456789ABCDEF",
            "0123456789abcdef0123456789abcdeg",
            " 123456789abcdef0123456789abcdef",
        ] {
            assert_eq!(text.parse::<FormNo>(), Err(FormNoError), "{text}");
        }
    }
}
