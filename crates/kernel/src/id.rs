//! Ids as types: a prefix that says what it names, then 48 bits of time and 80 of chance.
//!
//! The text sorts by the time at which it was made (the layout of a ULID), so that rows made one
//! after the other lie side by side in an index however many are stored.

use crate::{Clock, Rng};

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 128 bits in 5-bit digits.
const DIGITS: usize = 26;

/// Why a text is not an id of the type that was asked for.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{text}` is no id of this kind; it begins with `{prefix}_` and 26 letters and digits follow"
)]
pub struct IdError {
    text: String,
    prefix: &'static str,
}

fn time_and_chance(clock: &dyn Clock, rng: &dyn Rng) -> u128 {
    let mut chance = [0_u8; 16];
    rng.fill(&mut chance[6..]);
    let millis = u128::try_from(clock.now().ms()).unwrap_or_default() & 0xFFFF_FFFF_FFFF;
    (millis << 80) | u128::from_be_bytes(chance)
}

/// Makes the text of an id. Used by [`define_id!`](crate::define_id); write that instead.
#[must_use]
pub fn mint(prefix: &str, clock: &dyn Clock, rng: &dyn Rng) -> String {
    let mut bits = time_and_chance(clock, rng);
    let mut digits = [0_u8; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[usize::try_from(bits & 31).unwrap_or_default()];
        bits >>= 5;
    }
    let mut text = String::with_capacity(prefix.len() + 1 + DIGITS);
    text.push_str(prefix);
    text.push('_');
    text.extend(digits.iter().copied().map(char::from));
    text
}

/// Checks the text of an id. Used by [`define_id!`](crate::define_id); write that instead.
///
/// # Errors
/// When the prefix or the alphabet is another's.
pub fn check(prefix: &'static str, text: &str) -> Result<(), IdError> {
    let rest = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'));
    match rest {
        Some(rest) if rest.len() == DIGITS && rest.bytes().all(is_digit) => Ok(()),
        _ => Err(IdError {
            text: text.chars().take(64).collect(),
            prefix,
        }),
    }
}

/// Whether it stands in [`ALPHABET`]. Every id of every row that is read goes through here.
const fn is_digit(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'A'..=b'H' | b'J' | b'K' | b'M' | b'N' | b'P'..=b'T' | b'V'..=b'Z')
}

/// 32 hex digits of a UUID version 7: time-ordered, and what a shop calls an order number.
#[must_use]
pub fn uuid_v7_hex(clock: &dyn Clock, rng: &dyn Rng) -> String {
    let mut bits = time_and_chance(clock, rng);
    bits = (bits & !(0xF_u128 << 76)) | (0x7_u128 << 76);
    bits = (bits & !(0x3_u128 << 62)) | (0x2_u128 << 62);
    format!("{bits:032x}")
}

/// Defines an id type: `define_id! { /// An order of ours. OrderId, "ord" }`.
///
/// The type has `new(&dyn Clock, &dyn Rng)`, `as_str`, `FromStr`, `Display`, serde as text.
#[macro_export]
macro_rules! define_id {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(String);

        impl $name {
            /// Makes a new one from the time and chance.
            #[must_use]
            pub fn new(clock: &dyn $crate::Clock, rng: &dyn $crate::Rng) -> Self {
                Self($crate::id::mint($prefix, clock, rng))
            }

            /// The text, prefix and all.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::id::check($prefix, text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
