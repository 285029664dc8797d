//! What a file really is.

use super::{KeyError, MIN_BITS, armor, der};
use std::fmt;

/// What some key material really is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum KeyKind {
    /// An RSA private key in PKCS#1, `BEGIN RSA PRIVATE KEY`: what the Python SDKs want.
    Pkcs1Private,
    /// An RSA private key in PKCS#8, `BEGIN PRIVATE KEY`: what the Java SDKs want.
    Pkcs8Private,
    /// An RSA public key in SPKI (X.509 public key), `BEGIN PUBLIC KEY`: what Alipay's console takes.
    SpkiPublic,
    /// An RSA public key in PKCS#1, `BEGIN RSA PUBLIC KEY`.
    Pkcs1Public,
    /// An X.509 certificate.
    Certificate,
    /// A request for a certificate (CSR).
    CertificateRequest,
    /// A private key under a pass phrase.
    EncryptedPrivate,
    /// A private key of another algorithm.
    OtherPrivate,
    /// A public key of another algorithm.
    OtherPublic,
}

impl KeyKind {
    /// A stable name for machines: `pkcs1-private`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pkcs1Private => "pkcs1-private",
            Self::Pkcs8Private => "pkcs8-private",
            Self::SpkiPublic => "spki-public",
            Self::Pkcs1Public => "pkcs1-public",
            Self::Certificate => "certificate",
            Self::CertificateRequest => "certificate-request",
            Self::EncryptedPrivate => "encrypted-private",
            Self::OtherPrivate => "other-private",
            Self::OtherPublic => "other-public",
        }
    }

    /// Returns `true` for anything that must stay secret.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(
            self,
            Self::Pkcs1Private | Self::Pkcs8Private | Self::EncryptedPrivate | Self::OtherPrivate
        )
    }

    /// Returns `true` for a public key, not a certificate.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(
            self,
            Self::SpkiPublic | Self::Pkcs1Public | Self::OtherPublic
        )
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs1Private => "an RSA private key in PKCS#1",
            Self::Pkcs8Private => "an RSA private key in PKCS#8",
            Self::SpkiPublic => "an RSA public key in SPKI",
            Self::Pkcs1Public => "an RSA public key in PKCS#1",
            Self::Certificate => "an X.509 certificate",
            Self::CertificateRequest => "a certificate request (CSR)",
            Self::EncryptedPrivate => "a private key under a pass phrase",
            Self::OtherPrivate => "a private key of another algorithm than RSA",
            Self::OtherPublic => "a public key of another algorithm than RSA",
        })
    }
}

/// What [`inspect`] found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Inspected {
    /// What the content is.
    pub kind: KeyKind,
    /// The length of the modulus, for RSA keys.
    pub bits: Option<u32>,
    /// What the armour claims, such as `RSA PRIVATE KEY`.
    pub label: Option<String>,
}

impl Inspected {
    /// Returns `true` for an RSA key too short for RSA2, which needs 2048 bits.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.bits.is_some_and(|bits| bits < MIN_BITS)
    }

    /// Returns `true` when armour is there and claims something else than the content is.
    ///
    /// ```
    /// use alipay::keys::{PrivateKey, inspect};
    ///
    /// let public = PrivateKey::generate(2048)?.public_key().to_base64();
    /// let text = format!("-----BEGIN PRIVATE KEY-----\n{public}\n-----END PRIVATE KEY-----");
    /// let found = inspect(text.as_bytes())?;
    /// assert!(found.kind.is_public() && found.label_lies());
    /// # Ok::<(), alipay::keys::KeyError>(())
    /// ```
    #[must_use]
    pub fn label_lies(&self) -> bool {
        let honest = match self.kind {
            KeyKind::Pkcs1Private => "RSA PRIVATE KEY",
            KeyKind::Pkcs8Private => "PRIVATE KEY",
            KeyKind::SpkiPublic => "PUBLIC KEY",
            KeyKind::Pkcs1Public => "RSA PUBLIC KEY",
            KeyKind::Certificate => "CERTIFICATE",
            KeyKind::CertificateRequest => "CERTIFICATE REQUEST",
            KeyKind::EncryptedPrivate => "ENCRYPTED PRIVATE KEY",
            KeyKind::OtherPrivate | KeyKind::OtherPublic => return false,
        };
        self.label.as_deref().is_some_and(|label| label != honest)
    }
}

/// Says what a file really is: its text in any form, or bare DER bytes.
///
/// The first block decides when a file has several.
///
/// # Errors
/// When the content is no key, certificate or request, or cannot be read at all.
pub fn inspect(content: &[u8]) -> Result<Inspected, KeyError> {
    if let Some(found) = der::outline(content) {
        return Ok(of_outline(found, None));
    }
    let text = String::from_utf8_lossy(content);
    let blocks = match armor::blocks(&text) {
        Err(KeyError::Encrypted) => {
            return Ok(Inspected {
                kind: KeyKind::EncryptedPrivate,
                bits: None,
                label: None,
            });
        }
        other => other?,
    };
    let block = blocks.into_iter().next().ok_or(KeyError::Empty)?;
    let found = der::outline(&block.der).ok_or(KeyError::NotAKey)?;
    Ok(of_outline(found, block.label))
}

fn of_outline(found: der::Outline, label: Option<String>) -> Inspected {
    Inspected {
        kind: found.kind,
        bits: found.bits,
        label,
    }
}
