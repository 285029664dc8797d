//! What a buyer holds under the seller's scanner: a payment code, or what a camera made of a face.

use kernel::time::MINUTE_MS;
use std::fmt;

/// How long a code can be read.
pub const CODE_LIFE_MS: i64 = MINUTE_MS;

/// What the seller read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Scene {
    /// The wallet's bar or QR code: 16 to 24 digits that begin with 25 to 30.
    #[default]
    BarCode,
    /// A face: `fp` and 33 characters.
    SecurityCode,
}

impl Scene {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BarCode => "bar_code",
            Self::SecurityCode => "security_code",
        }
    }

    /// The scene of that name. `wave_code` is an old one: a sound that carried the same digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "bar_code" | "wave_code" => Some(Self::BarCode),
            "security_code" => Some(Self::SecurityCode),
            _ => None,
        }
    }
}

/// A payment code.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PaymentCode(String);

/// A text that no wallet shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PaymentCodeError {
    /// No bar code.
    #[error("a payment code is 16 to 24 digits that begin with 25 to 30")]
    BarCode,
    /// No face.
    #[error("a face's code is fp and 33 letters or digits")]
    SecurityCode,
}

impl PaymentCode {
    /// Reads what a seller sent.
    ///
    /// # Errors
    /// When the scene has no such code.
    pub fn parse(scene: Scene, text: &str) -> Result<Self, PaymentCodeError> {
        match scene {
            Scene::BarCode => {
                let digits = text.bytes().all(|b| b.is_ascii_digit());
                let head = text.get(..2).and_then(|head| head.parse::<u8>().ok());
                let known = head.is_some_and(|head| (25..=30).contains(&head));
                if digits && (16..=24).contains(&text.len()) && known {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(PaymentCodeError::BarCode)
                }
            }
            Scene::SecurityCode => {
                let plain = text.bytes().all(|b| b.is_ascii_alphanumeric());
                if plain && text.len() == 35 && text.starts_with("fp") {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(PaymentCodeError::SecurityCode)
                }
            }
        }
    }

    /// A code of 18 digits, of which the last 16 are given.
    #[must_use]
    pub fn bar(digits: &str) -> Self {
        Self(format!("28{digits}"))
    }

    /// A face's code of a token of 32 characters.
    #[must_use]
    pub fn face(token: &str) -> Self {
        Self(format!("fp0{token}"))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PaymentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_wallet_shows_is_a_code() {
        for good in [
            "2801234567890123",
            "300000000000000000000000",
            "251234567890123456",
        ] {
            assert!(PaymentCode::parse(Scene::BarCode, good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "28",
            "2401234567890123",
            "3101234567890123",
            "280123456789012",
            "28012345678901２3",
            "2800000000000000000000000",
            "28012345678901a3",
        ] {
            assert!(PaymentCode::parse(Scene::BarCode, bad).is_err(), "{bad}");
        }
        let made = PaymentCode::bar("0123456789012345");
        assert_eq!(PaymentCode::parse(Scene::BarCode, made.as_str()), Ok(made));
        let face = PaymentCode::face("0123456789abcdef0123456789abcdef");
        assert_eq!(
            PaymentCode::parse(Scene::SecurityCode, face.as_str()),
            Ok(face.clone())
        );
        assert!(PaymentCode::parse(Scene::BarCode, face.as_str()).is_err());
    }
}
