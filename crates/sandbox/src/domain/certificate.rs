//! Certificate mode: who issues, and what was issued for an application.

use kernel::Timestamp;
use kernel::time::DAY_MS;
use std::fmt;
use std::str::FromStr;

/// How long an application's old certificate works beside its new one.
pub const GRACE_MS: i64 = 7 * DAY_MS;

/// The sandbox's own certificate authority.
#[derive(Clone)]
pub struct Authority {
    /// The roots as PEM, one after the other: `alipayRootCert.crt`.
    pub bundle: String,
    /// The certificate of the issuer, as PEM.
    pub issuer_cert: String,
    /// Its private key, as PEM.
    pub issuer_key: String,
}

/// Never prints the key.
impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

/// Whose key a certificate vouches for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CertOwner {
    /// The application's.
    App,
    /// Alipay's, as this application sees it.
    Alipay,
}

impl CertOwner {
    /// The word in rows and on the control API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Alipay => "alipay",
        }
    }
}

/// A word for nobody's certificate.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a certificate is app or alipay")]
pub struct UnknownOwner;

impl FromStr for CertOwner {
    type Err = UnknownOwner;

    fn from_str(text: &str) -> Result<Self, UnknownOwner> {
        [Self::App, Self::Alipay]
            .into_iter()
            .find(|owner| owner.as_str() == text)
            .ok_or(UnknownOwner)
    }
}

/// A certificate that was issued for an application.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AppCert {
    /// Its serial number as Alipay makes it: 32 hex digits.
    pub sn: String,
    /// For which application.
    pub app_id: String,
    /// Whose key it holds.
    pub owner: CertOwner,
    /// PEM; Alipay's with its issuer behind it.
    pub pem: String,
    /// From when it is in force, by the wall clock.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Since when there is a newer one.
    pub superseded_at: Option<Timestamp>,
}

/// Whether a certificate may be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CertState {
    /// It may.
    InForce,
    /// Its time is over, or has not come.
    Expired,
    /// A newer one took its place more than a week ago.
    Replaced,
}

impl AppCert {
    /// Whether it may be used at that instant of the wall clock.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> CertState {
        if now < self.not_before || self.not_after < now {
            return CertState::Expired;
        }
        match self.superseded_at {
            Some(at) if at.plus_ms(GRACE_MS) < now => CertState::Replaced,
            _ => CertState::InForce,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_certificate_works_for_a_week_and_none_beyond_its_time() {
        let at = Timestamp::from_ms;
        let mut cert = AppCert {
            sn: "0".repeat(32),
            app_id: "9021000000000001".to_owned(),
            owner: CertOwner::App,
            pem: String::new(),
            not_before: at(DAY_MS),
            not_after: at(100 * DAY_MS),
            issued_at: at(DAY_MS),
            superseded_at: None,
        };
        assert_eq!(cert.state(at(0)), CertState::Expired);
        assert_eq!(cert.state(at(100 * DAY_MS)), CertState::InForce);
        assert_eq!(cert.state(at(100 * DAY_MS + 1)), CertState::Expired);
        cert.superseded_at = Some(at(10 * DAY_MS));
        assert_eq!(cert.state(at(17 * DAY_MS)), CertState::InForce);
        assert_eq!(cert.state(at(17 * DAY_MS + 1)), CertState::Replaced);
    }
}
