//! A public key: Alipay's, to verify what Alipay sends, or an application's own, as its gateway
//! verifies requests.

use super::{KeyError, KeyKind, armor, der, private::pem};
use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    signature::{self, ParsedPublicKey, RsaSubjectPublicKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{fmt, sync::Arc};

/// An RSA public key. Clones share it.
///
/// Keys of 1024 bits can be read, because old applications still verify `RSA` (SHA-1) with them;
/// `RSA2` is verified with 2048 bits and more only.
#[derive(Clone)]
pub struct PublicKey {
    inner: Arc<Inner>,
}

struct Inner {
    sha256: ParsedPublicKey,
    sha1: ParsedPublicKey,
    spki: Vec<u8>,
    bits: u32,
}

impl PublicKey {
    /// Reads a public key from text in any form: SPKI or PKCS#1, armoured or bare base64, with any
    /// label. Of several blocks the one public key is taken.
    ///
    /// # Errors
    /// Says what the text is instead: a private key, a certificate, too short, damaged.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let blocks = armor::blocks(text)?;
        let public = blocks
            .iter()
            .find(|block| der::outline(&block.der).is_some_and(|found| found.kind.is_public()));
        let block = public.or(blocks.first()).ok_or(KeyError::Empty)?;
        Self::from_der(&block.der)
    }

    /// Reads a public key from DER: SPKI or PKCS#1.
    ///
    /// # Errors
    /// As [`PublicKey::parse`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, KeyError> {
        let found = der::outline(bytes).ok_or(KeyError::NotAKey)?;
        match found.kind {
            KeyKind::SpkiPublic | KeyKind::Pkcs1Public => {}
            KeyKind::Pkcs1Private | KeyKind::Pkcs8Private | KeyKind::EncryptedPrivate => {
                return Err(KeyError::PrivateWherePublic(found.kind));
            }
            KeyKind::Certificate | KeyKind::CertificateRequest => {
                return Err(KeyError::Certificate(found.kind));
            }
            KeyKind::OtherPrivate | KeyKind::OtherPublic => return Err(KeyError::NotRsa),
        }
        let bits = found.bits.unwrap_or(0);
        if bits < 1024 {
            return Err(KeyError::TooShort { bits });
        }
        if bits > 8192 {
            return Err(KeyError::TooLarge { bits });
        }
        let key = RsaSubjectPublicKey::from_der(bytes).map_err(|_| KeyError::NotAKey)?;
        let spki: PublicKeyX509Der<'_> = key.as_der().map_err(|_| KeyError::NotAKey)?;
        let spki = spki.as_ref().to_vec();
        let parsed = |algorithm| {
            ParsedPublicKey::new(algorithm, spki.as_slice()).map_err(|_| KeyError::NotAKey)
        };
        let sha256 = parsed(&signature::RSA_PKCS1_2048_8192_SHA256)?;
        let sha1 = parsed(&signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY)?;
        Ok(Self {
            inner: Arc::new(Inner {
                sha256,
                sha1,
                spki,
                bits,
            }),
        })
    }

    /// The length of the modulus.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.inner.bits
    }

    /// `BEGIN PUBLIC KEY`.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem("PUBLIC KEY", &self.inner.spki).to_string()
    }

    /// `BEGIN RSA PUBLIC KEY`: PKCS#1, what some older libraries want.
    #[must_use]
    pub fn to_pkcs1_pem(&self) -> String {
        pem("RSA PUBLIC KEY", self.as_pkcs1_der()).to_string()
    }

    /// SPKI as bare base64 on one line: what Alipay's console shows and takes.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.inner.spki)
    }

    /// SPKI in DER.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.inner.spki
    }

    /// PKCS#1 in DER, as it stands inside of SPKI and of a certificate.
    #[must_use]
    pub fn as_pkcs1_der(&self) -> &[u8] {
        der::pkcs1_of_spki(&self.inner.spki).expect("an RSA key in SPKI holds one in PKCS#1")
    }

    /// The modulus and the exponent, big-endian: what everybody may know.
    #[cfg(feature = "explain")]
    pub(crate) fn numbers(&self) -> (&[u8], &[u8]) {
        der::numbers_of_spki(&self.inner.spki).expect("the library writes SPKI around PKCS#1")
    }

    pub(crate) fn verify_sha256(&self, message: &[u8], signature: &[u8]) -> bool {
        self.inner.sha256.verify_sig(message, signature).is_ok()
    }

    pub(crate) fn verify_sha1(&self, message: &[u8], signature: &[u8]) -> bool {
        self.inner.sha1.verify_sig(message, signature).is_ok()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.inner.spki == other.inner.spki
    }
}

impl Eq for PublicKey {}

/// The length and the end of the key, by which people tell two keys apart.
impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_base64();
        // The last characters encode the exponent, the same in nearly all keys.
        let end = text.len().saturating_sub(8);
        let tail = text.get(end.saturating_sub(12)..end).unwrap_or_default();
        write!(f, "PublicKey({} bits, …{tail})", self.bits())
    }
}
