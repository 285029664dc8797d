//! The roots that are trusted, and whether a certificate leads to one of them.

use super::{CertError, Certificate};
use crate::AlipayTime;

/// The longest chain that is followed. Alipay's have three certificates.
pub const MAX_CHAIN: usize = 6;

/// The root certificates that Alipay hands out.
#[derive(Clone, Debug)]
pub struct Roots {
    anchors: Vec<Certificate>,
    sn: String,
}

impl Roots {
    /// Reads the bundle.
    ///
    /// # Errors
    /// When it holds something else than certificates, or none signed with RSA.
    pub fn parse(bundle: &str) -> Result<Self, CertError> {
        let anchors = Certificate::parse_bundle(bundle)?;
        let names = anchors
            .iter()
            .filter(|root| root.is_signed_with_rsa())
            .map(Certificate::sn)
            .collect::<Vec<_>>();
        if names.is_empty() {
            return Err(CertError::NoRsaRoot);
        }
        Ok(Self {
            sn: names.join("_"),
            anchors,
        })
    }

    /// `alipay_root_cert_sn`: the serial numbers of the roots signed with RSA, in the order of the
    /// file, joined with `_`.
    #[must_use]
    pub fn sn(&self) -> &str {
        &self.sn
    }

    /// The same roots, and this certificate trusted like one of them. The serial number stays.
    #[must_use]
    pub fn trusting(mut self, anchor: Certificate) -> Self {
        self.anchors.push(anchor);
        self
    }

    /// Verifies that the first certificate leads to a root through the others (in any order), all
    /// of them in force at `now`.
    ///
    /// # Errors
    /// Says which certificate breaks the chain, and why.
    pub fn verify(&self, chain: &[Certificate], now: AlipayTime) -> Result<(), CertError> {
        let (first, others) = chain.split_first().ok_or(CertError::NotACertificate)?;
        let mut current = first;
        for below in 0..MAX_CHAIN {
            current.in_force(now)?;
            current.known_rules()?;
            if below > 0 {
                current.may_issue(below - 1)?;
            }
            let mut anchors = self.anchors.iter().filter(|root| current.names(root));
            if anchors.any(|root| current.signed_by(root).is_ok() && root.in_force(now).is_ok()) {
                return Ok(());
            }
            let mut issuers = others.iter().filter(|other| current.names(other));
            let Some(issuer) = issuers.find(|other| current.signed_by(other).is_ok()) else {
                return Err(self.why(current, others));
            };
            current = issuer;
        }
        Err(CertError::TooLong)
    }

    /// Why nobody who is there has issued it.
    fn why(&self, current: &Certificate, others: &[Certificate]) -> CertError {
        let named = self.anchors.iter().chain(others);
        let mut failures = named
            .filter(|issuer| current.names(issuer))
            .filter_map(|issuer| current.signed_by(issuer).err());
        failures.next().unwrap_or_else(|| CertError::NoIssuer {
            subject: current.subject(),
            issuer: current.issuer(),
        })
    }
}
