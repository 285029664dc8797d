//! What a world is called.

use std::fmt;
use std::str::FromStr;

/// The name of the world at the root.
const DEFAULT: &str = "default";
/// How long a name may be: it stands in addresses, folders and schemas.
const MOST_CHARS: usize = 40;

/// A world's name: 1 to 40 small letters, digits and `-`, not at its ends.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct WorldName(String);

/// No world is called so.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "a world's name has 1 to 40 small letters, digits and `-` (not first or last), and `default` is the one at the root"
)]
pub struct NameError;

impl WorldName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the world at the root.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.0 == DEFAULT
    }

    /// What stands before every path of it.
    #[must_use]
    pub fn prefix(&self) -> String {
        if self.is_default() {
            String::new()
        } else {
            format!("/w/{}", self.0)
        }
    }
}

/// The one at the root.
impl Default for WorldName {
    fn default() -> Self {
        Self(DEFAULT.to_owned())
    }
}

impl fmt::Display for WorldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for WorldName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=MOST_CHARS).contains(&text.len())
            && text.bytes().all(plain)
            && !text.starts_with('-')
            && !text.ends_with('-')
            && text != DEFAULT;
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_into_addresses_folders_and_schemas() {
        let long = "x".repeat(41);
        for good in ["a", "ci-7", "0", &long[1..]] {
            assert!(good.parse::<WorldName>().is_ok(), "{good}");
        }
        for bad in [
            "", "-a", "a-", "A", "a_b", "a.b", "..", "a/b", "默认", "default", &long,
        ] {
            assert_eq!(bad.parse::<WorldName>(), Err(NameError), "{bad}");
        }
        assert_eq!(WorldName::default().prefix(), "");
    }
}
