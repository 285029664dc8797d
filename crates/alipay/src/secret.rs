//! A text that no log should hold.

use serde::{Serialize, Serializer};
use std::fmt;

/// A token or code that opens something. `Debug` shows its length only; [`Secret::expose`] is the
/// one way to the text. Its memory is wiped when it is dropped.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Secret(zeroize::Zeroizing<String>);

impl Secret {
    /// Hides a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(zeroize::Zeroizing::new(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

/// As the text: this is how it gets to Alipay.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
