//! Certificate mode: the serial numbers that requests carry, and Alipay's keys by the numbers that
//! answers carry.

use crate::keys::PublicKey;
use std::sync::{Arc, PoisonError, RwLock};

/// What an application in certificate mode has instead of one Alipay key.
///
/// Make it with `CertMode::open` (feature `cert`) from the three files of Alipay's console, or with
/// [`CertMode::from_serials`] when the numbers are known. Clones share the keys, so that one that
/// was fetched serves them all.
#[derive(Clone, Debug)]
pub struct CertMode {
    app_cert_sn: String,
    root_sn: String,
    configured: (String, PublicKey),
    /// Those that came in later, the oldest first.
    fetched: Arc<RwLock<Vec<(String, PublicKey)>>>,
    #[cfg(feature = "cert")]
    pub(crate) checks: Option<Arc<crate::cert::Checks>>,
}

impl CertMode {
    /// From serial numbers that are known: the application certificate's, the root bundle's, and
    /// the Alipay certificate's with its key.
    #[must_use]
    pub fn from_serials(
        app_cert_sn: &str,
        root_sn: &str,
        alipay_cert_sn: &str,
        alipay_public_key: PublicKey,
    ) -> Self {
        Self {
            app_cert_sn: app_cert_sn.to_owned(),
            root_sn: root_sn.to_owned(),
            configured: (alipay_cert_sn.to_owned(), alipay_public_key),
            fetched: Arc::default(),
            #[cfg(feature = "cert")]
            checks: None,
        }
    }

    /// `app_cert_sn` of every request.
    #[must_use]
    pub fn app_cert_sn(&self) -> &str {
        &self.app_cert_sn
    }

    /// `alipay_root_cert_sn` of every request.
    #[must_use]
    pub fn root_sn(&self) -> &str {
        &self.root_sn
    }

    /// The key of the Alipay certificate that was configured.
    #[must_use]
    pub const fn configured_key(&self) -> &PublicKey {
        &self.configured.1
    }

    /// The key of the Alipay certificate with that serial number, if it is known.
    #[must_use]
    pub fn key_of(&self, alipay_cert_sn: &str) -> Option<PublicKey> {
        if self.configured.0 == alipay_cert_sn {
            return Some(self.configured.1.clone());
        }
        let fetched = self.fetched.read().unwrap_or_else(PoisonError::into_inner);
        let found = fetched.iter().find(|(sn, _)| sn == alipay_cert_sn);
        found.map(|(_, key)| key.clone())
    }

    /// Adds the key of another Alipay certificate, which the caller has checked. Of those that
    /// came in later the last eight are kept.
    pub fn admit_key(&self, alipay_cert_sn: &str, key: PublicKey) {
        let mut fetched = self.fetched.write().unwrap_or_else(PoisonError::into_inner);
        fetched.retain(|(sn, _)| sn != alipay_cert_sn);
        if fetched.len() == MAX_FETCHED {
            fetched.remove(0);
        }
        fetched.push((alipay_cert_sn.to_owned(), key));
    }

    /// Returns `true` when a certificate that is not known may be fetched, because there are roots
    /// to check it against.
    #[cfg(feature = "cert")]
    pub(crate) const fn can_fetch(&self) -> bool {
        self.checks.is_some()
    }
}

/// Alipay renews its certificate every five years or so.
const MAX_FETCHED: usize = 8;
