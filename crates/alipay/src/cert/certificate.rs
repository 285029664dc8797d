//! One X.509 certificate: who it names, whose key it holds, who signed it.

use super::{CertError, name};
use crate::{
    AlipayTime,
    keys::{self, PublicKey},
};
use std::fmt;
use x509_cert::{
    certificate::Certificate as X509,
    der::{Decode, Encode},
    ext::pkix::{BasicConstraints, KeyUsage},
};

/// A certificate that was read. Reading believes nothing: [`super::Roots::verify`] does.
#[derive(Clone)]
pub struct Certificate {
    inner: X509,
    /// Exactly what the issuer's signature covers.
    signed: Vec<u8>,
    sn: String,
}

impl Certificate {
    /// Reads the first certificate of a text: armoured, or bare base64.
    ///
    /// # Errors
    /// When there is none.
    pub fn parse(text: &str) -> Result<Self, CertError> {
        let mut bundle = Self::parse_bundle(text)?;
        Ok(bundle.swap_remove(0))
    }

    /// Reads all certificates of a text, in their order; there is at least one.
    ///
    /// # Errors
    /// When there is none, or one of the blocks is something else.
    pub fn parse_bundle(text: &str) -> Result<Vec<Self>, CertError> {
        let blocks = keys::ders(text).map_err(CertError::Text)?;
        blocks.iter().map(|der| Self::from_der(der)).collect()
    }

    /// Reads a certificate from DER.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_der(der: &[u8]) -> Result<Self, CertError> {
        let inner = X509::from_der(der);
        let inner = inner.map_err(|_| CertError::NotACertificate)?;
        let signed = keys::first_inside(der).ok_or(CertError::NotACertificate)?;
        let tbs = inner.tbs_certificate();
        let issuer = name::rfc2253(tbs.issuer());
        Ok(Self {
            sn: name::serial_name(&issuer, tbs.serial_number().as_bytes()),
            signed: signed.to_vec(),
            inner,
        })
    }

    /// The serial number as Alipay makes it: the MD5 of issuer and serial number, in hexadecimal.
    #[must_use]
    pub fn sn(&self) -> &str {
        &self.sn
    }

    /// Who issued it, as RFC 2253 writes names: `CN=…,OU=…,O=…,C=…`.
    #[must_use]
    pub fn issuer(&self) -> String {
        name::rfc2253(self.inner.tbs_certificate().issuer())
    }

    /// Whose it is.
    #[must_use]
    pub fn subject(&self) -> String {
        name::rfc2253(self.inner.tbs_certificate().subject())
    }

    /// The common name of whose it is: `支付宝(中国)网络技术有限公司-2088…` in Alipay's.
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        name::common_name(self.inner.tbs_certificate().subject())
    }

    /// The key that it holds.
    ///
    /// # Errors
    /// When it is no RSA key of at least 1024 bits.
    pub fn public_key(&self) -> Result<PublicKey, CertError> {
        let info = self.inner.tbs_certificate().subject_public_key_info();
        let der = info.to_der().map_err(|_| CertError::NotACertificate)?;
        PublicKey::from_der(&der).map_err(CertError::Key)
    }

    /// From when it is in force.
    #[must_use]
    pub fn not_before(&self) -> AlipayTime {
        time(&self.inner.tbs_certificate().validity().not_before)
    }

    /// Until when it is in force.
    #[must_use]
    pub fn not_after(&self) -> AlipayTime {
        time(&self.inner.tbs_certificate().validity().not_after)
    }

    /// Returns `true` when it is signed with an RSA algorithm. Only those roots count for
    /// `alipay_root_cert_sn`.
    #[must_use]
    pub fn is_signed_with_rsa(&self) -> bool {
        let id = self.inner.signature_algorithm().oid.to_string();
        id.starts_with("1.2.840.113549.1.1.")
    }

    /// Checks that it is in force.
    pub(super) fn in_force(&self, now: AlipayTime) -> Result<(), CertError> {
        let (not_before, not_after) = (self.not_before(), self.not_after());
        if not_before <= now && now <= not_after {
            return Ok(());
        }
        Err(CertError::NotInForce {
            subject: self.subject(),
            not_before: not_before.to_string(),
            not_after: not_after.to_string(),
        })
    }

    /// Returns `true` when it names `issuer` as its issuer.
    pub(super) fn names(&self, issuer: &Self) -> bool {
        self.inner.tbs_certificate().issuer() == issuer.inner.tbs_certificate().subject()
    }

    /// Checks the signature of `issuer` on it.
    pub(super) fn signed_by(&self, issuer: &Self) -> Result<(), CertError> {
        let outer = self.inner.signature_algorithm();
        let same = outer == self.inner.tbs_certificate().signature();
        if !same || outer.oid.to_string() != SHA256_WITH_RSA {
            return Err(CertError::Algorithm(self.subject()));
        }
        let signature = self.inner.signature().as_bytes().unwrap_or_default();
        if issuer.public_key()?.verify_sha256(&self.signed, signature) {
            Ok(())
        } else {
            Err(CertError::Signature(self.subject()))
        }
    }

    /// Checks that it may issue certificates, with `below` more issuers between it and the end.
    pub(super) fn may_issue(&self, below: usize) -> Result<(), CertError> {
        let tbs = self.inner.tbs_certificate();
        let refused = || CertError::NotAnIssuer(self.subject());
        let basic = tbs.get_extension::<BasicConstraints>();
        let (_, basic) = basic.ok().flatten().ok_or_else(refused)?;
        let room = basic
            .path_len_constraint
            .is_none_or(|most| below <= usize::from(most));
        let usage = tbs.get_extension::<KeyUsage>().map_err(|_| refused())?;
        let signs = usage.is_none_or(|(_, usage)| usage.key_cert_sign());
        if basic.ca && room && signs {
            Ok(())
        } else {
            Err(refused())
        }
    }

    /// Checks that it has no rule that is not known here.
    pub(super) fn known_rules(&self) -> Result<(), CertError> {
        let extensions = self.inner.tbs_certificate().extensions();
        let unknown = extensions.is_some_and(|list| {
            list.iter().any(|extension| {
                let id = extension.extn_id.to_string();
                extension.critical && !KNOWN_EXTENSIONS.contains(&id.as_str())
            })
        });
        if unknown {
            return Err(CertError::Extension(self.subject()));
        }
        Ok(())
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.inner == other.inner
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("sn", &self.sn)
            .field("subject", &self.subject())
            .field("issuer", &self.issuer())
            .finish_non_exhaustive()
    }
}

fn time(time: &x509_cert::time::Time) -> AlipayTime {
    let ms = i64::try_from(time.to_unix_duration().as_millis()).ok();
    // Certificates end with the year 9999 at the latest, which leaves a day too much.
    let last = || AlipayTime::parse("9999-12-30 00:00:00").expect("a time");
    ms.and_then(AlipayTime::from_unix_ms).unwrap_or_else(last)
}

const SHA256_WITH_RSA: &str = "1.2.840.113549.1.1.11";
/// Key usage, basic constraints, policies and extended key usage.
const KNOWN_EXTENSIONS: &[&str] = &["2.5.29.15", "2.5.29.19", "2.5.29.32", "2.5.29.37"];
