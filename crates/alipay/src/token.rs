//! A token that acts for somebody: wiped when dropped, never shown.

use std::fmt;
use zeroize::Zeroizing;

/// An `app_auth_token` or `auth_token`. Who has it acts for the merchant or buyer who gave it, so
/// [`fmt::Debug`] shows nothing of it.
#[derive(Clone, Eq, PartialEq)]
pub struct AuthToken(Zeroizing<String>);

impl AuthToken {
    /// Keeps a token.
    #[must_use]
    pub fn new(token: &str) -> Self {
        Self(Zeroizing::new(token.to_owned()))
    }

    /// The token itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthToken(redacted)")
    }
}
