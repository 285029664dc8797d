//! Why a certificate is not believed.

use crate::keys::KeyError;

/// Why a certificate, or a chain of them, is not believed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CertError {
    /// The text has no armour and no base64.
    #[error("no certificate: {0}")]
    Text(KeyError),
    /// The content is no X.509 certificate: a key, perhaps, or a damaged file.
    #[error("the content is no X.509 certificate (is it a key, or cut off?)")]
    NotACertificate,
    /// None of the roots is signed with RSA, so the bundle has no serial number.
    #[error("the bundle has no root certificate signed with RSA")]
    NoRsaRoot,
    /// The certificate's key is none that can be used.
    #[error("the certificate's key: {0}")]
    Key(KeyError),
    /// The certificate is not yet or no longer in force.
    #[error("the certificate `{subject}` is in force from {not_before} to {not_after}")]
    NotInForce {
        /// Whose it is.
        subject: String,
        /// From when, in +08:00.
        not_before: String,
        /// Until when, in +08:00.
        not_after: String,
    },
    /// Nobody who is trusted has issued it.
    #[error("the certificate `{subject}` was issued by `{issuer}`, who is not among the roots")]
    NoIssuer {
        /// Whose it is.
        subject: String,
        /// Who issued it, by its own words.
        issuer: String,
    },
    /// It names an issuer whose key did not sign it.
    #[error("the certificate `{0}` is not signed by the issuer that it names")]
    Signature(String),
    /// It is signed with something else than RSA with SHA-256; SHA-1 can be forged.
    #[error("the certificate `{0}` is not signed with RSA and SHA-256")]
    Algorithm(String),
    /// A certificate stands as an issuer that may not issue others.
    #[error("the certificate `{0}` may not issue others")]
    NotAnIssuer(String),
    /// It has a rule (a critical extension) that is not known here.
    #[error("the certificate `{0}` has a critical extension that is not known")]
    Extension(String),
    /// The chain is longer than any of Alipay's.
    #[error("the chain has more than {} certificates", super::MAX_CHAIN)]
    TooLong,
    /// The fetched certificate is another than the one that was asked for.
    #[error("the certificate has the serial number {0}, not the one that was asked for")]
    OtherSerial(String),
    /// The fetched certificate is genuine, but not Alipay's.
    #[error("the certificate is made out to `{0}`, not to whom the configured one is")]
    OtherSubject(String),
}
