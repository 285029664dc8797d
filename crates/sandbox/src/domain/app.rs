//! An application: who calls the gateway, with which keys, and how strictly it is treated.

use super::Product;
use super::notice::{AT_ONCE, TradeStatus, UnknownStatus};
use money::Fen;
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

    /// Up to which amount a payment code pays without the payment password.
    #[must_use]
    pub const fn most_without_password(self) -> Fen {
        match self {
            Self::Production | Self::Strict => Fen::new(100_000),
            Self::AlipaySandbox => Fen::new(200_000),
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

/// By what an application is known: its key or its certificate.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum AppMode {
    /// By its public key; a call that names certificates is refused.
    Key,
    /// By its certificate; a call that names none is refused.
    Cert,
    /// By either, as in the week in which Alipay lets an application change over.
    #[default]
    Both,
}

impl AppMode {
    const ALL: [Self; 3] = [Self::Key, Self::Cert, Self::Both];

    /// The name in rows and on the control API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Cert => "cert",
            Self::Both => "both",
        }
    }
}

/// A name that no mode has.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a mode is key, cert or both")]
pub struct UnknownMode;

impl FromStr for AppMode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        let found = Self::ALL.into_iter().find(|mode| mode.as_str() == text);
        found.ok_or(UnknownMode)
    }
}

/// How an application speaks with the gateway.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct AppSettings {
    /// By key, by certificate, or both.
    pub mode: AppMode,
    /// The key of encrypted content: 16 bytes in base64.
    pub aes_key: Option<String>,
    /// Whether a `charset` in the body counts, too. The gateway looks into the URL only.
    pub lenient_charset: bool,
    /// Whether it is a service provider's, who acts for merchants.
    pub third_party: bool,
    /// Where messages go that belong to no order.
    pub app_gateway_url: Option<String>,
    /// Which statuses its trades tell; what the product tells when there is none.
    pub notify_statuses: Option<NotifyStatuses>,
    /// Whether three more deliveries follow the first one at once when people pay face to face.
    pub resends_at_once: bool,
    /// Under which `Content-Type` notices go out.
    pub notice_type: NoticeType,
}

/// The `Content-Type` of notices.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum NoticeType {
    /// Alipay's, which is malformed.
    #[default]
    Alipays,
    /// One that every parser takes.
    Plain,
}

impl NoticeType {
    /// The plain one, or Alipay's.
    #[must_use]
    pub const fn new(is_plain: bool) -> Self {
        if is_plain { Self::Plain } else { Self::Alipays }
    }

    /// Whether every parser takes it.
    #[must_use]
    pub const fn is_plain(self) -> bool {
        matches!(self, Self::Plain)
    }
}

/// Statuses that an application wants to be told of.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NotifyStatuses(pub Vec<TradeStatus>);

impl fmt::Display for NotifyStatuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|status| status.as_str()).collect();
        f.write_str(&names.join(","))
    }
}

impl FromStr for NotifyStatuses {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        let names = text.split(',').filter(|name| !name.is_empty());
        names.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

/// Never prints the key.
impl fmt::Debug for AppSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppSettings")
            .field("mode", &self.mode)
            .field("lenient_charset", &self.lenient_charset)
            .finish_non_exhaustive()
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
    /// How it speaks with the gateway.
    pub settings: AppSettings,
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
    /// Whether a trade of that product tells this application of that status.
    #[must_use]
    pub fn is_told(&self, product: Product, status: TradeStatus) -> bool {
        match &self.settings.notify_statuses {
            Some(wanted) => wanted.0.contains(&status),
            None => product.tells(status),
        }
    }

    /// How many deliveries of a trade's notice follow the first one at once.
    #[must_use]
    pub const fn at_once(&self, product: Product) -> usize {
        if self.settings.resends_at_once && product.is_face_to_face() {
            AT_ONCE
        } else {
            0
        }
    }

    /// What the seller logs in with, as far as notices tell.
    #[must_use]
    pub fn seller_logon_id(&self) -> String {
        seller_logon_id(&self.seller_id)
    }

    /// The ledger account of its seller.
    #[must_use]
    pub fn ledger_account(&self) -> String {
        seller_account(&self.app_id)
    }
}

/// What the seller of that number logs in with, as far as notices tell.
#[must_use]
pub fn seller_logon_id(seller_id: &str) -> String {
    format!(
        "seller{}@sandbox.com",
        seller_id.get(6..).unwrap_or(seller_id)
    )
}

/// The ledger account of the seller behind an application.
#[must_use]
pub fn seller_account(app_id: &str) -> String {
    format!("seller:{app_id}")
}
