//! An application: who calls the gateway, with which keys, and how strictly it is treated.

use std::fmt;
use std::str::FromStr;

/// How faithful the sandbox is, and to what.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Profile {
    /// What the documents promise of production.
    #[default]
    Production,
    /// The same, and what the documents forbid is refused (a subject with `/`, `=` or `&`).
    Strict,
    /// Alipay's own sandbox: one full refund a trade, 15 hours at most.
    AlipaySandbox,
}

impl Profile {
    /// The name in rows and on the control API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Strict => "strict",
            Self::AlipaySandbox => "alipay-sandbox",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that no profile has.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a profile is production, strict or alipay-sandbox")]
pub struct UnknownProfile;

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        [Self::Production, Self::Strict, Self::AlipaySandbox]
            .into_iter()
            .find(|profile| profile.as_str() == text)
            .ok_or(UnknownProfile)
    }
}

/// An application as the rows keep it; keys as PEM text.
#[derive(Clone)]
pub struct App {
    /// 16 digits, `9021000…`.
    pub app_id: String,
    /// What people call it: `courses`.
    pub name: String,
    /// The seller's account, 16 digits, `2088…`.
    pub seller_id: String,
    /// The application's public key, by which its requests are verified.
    pub app_public_key: String,
    /// The application's private key, when the sandbox made the pair.
    pub app_private_key: Option<String>,
    /// Alipay's private key for this application: signs answers, notices and returns.
    pub alipay_private_key: String,
    /// `RSA2`, or `RSA` for an old application.
    pub sign_type: String,
    /// How it is treated.
    pub profile: Profile,
}

/// Never prints a key.
impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("app_id", &self.app_id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl App {
    /// The ledger account of its seller.
    #[must_use]
    pub fn ledger_account(&self) -> String {
        seller_account(&self.app_id)
    }
}

/// The ledger account of the seller behind an application.
#[must_use]
pub fn seller_account(app_id: &str) -> String {
    format!("seller:{app_id}")
}
