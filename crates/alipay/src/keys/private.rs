//! The private key of an application, with which requests are signed.

use super::{KeyError, KeyKind, MIN_BITS, PublicKey, armor, der};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{self, KeyPair, RsaEncoding, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{fmt, sync::Arc};
use zeroize::Zeroizing;

/// An RSA private key of 2048 bits or more. Clones share it; [`fmt::Debug`] shows its length and
/// nothing else.
#[derive(Clone)]
pub struct PrivateKey {
    inner: Arc<Inner>,
}

struct Inner {
    pair: RsaKeyPair,
    /// PKCS#8, wiped when dropped. The pair itself is wiped by the library.
    pkcs8: Zeroizing<Vec<u8>>,
    public: PublicKey,
    /// Made when it is asked for first.
    #[cfg(feature = "rsa1")]
    sha1: std::sync::OnceLock<Option<super::Rsa1Key>>,
}

impl PrivateKey {
    /// Reads a private key from text in any form: PKCS#1 or PKCS#8, armoured or bare base64, with
    /// any label. Of several blocks the one private key is taken.
    ///
    /// # Errors
    /// Says what the text is instead: a public key, a certificate, too short, damaged.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::from_der(&block(text)?.der)
    }

    /// Reads a private key from DER: PKCS#1 or PKCS#8.
    ///
    /// # Errors
    /// As [`PrivateKey::parse`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, KeyError> {
        let found = outline(bytes)?;
        let pair = match found.kind {
            KeyKind::Pkcs1Private => RsaKeyPair::from_der(bytes),
            _ => RsaKeyPair::from_pkcs8(bytes),
        };
        match (pair, found.bits) {
            (_, Some(bits)) if bits < MIN_BITS => Err(KeyError::TooShort { bits }),
            (_, Some(bits)) if bits > 8192 => Err(KeyError::TooLarge { bits }),
            (Ok(pair), _) => Self::from_pair(pair),
            (Err(_), _) => Err(KeyError::Inconsistent),
        }
    }

    /// Makes a new key of 2048, 3072 or 4096 bits. Takes about a quarter of a second.
    ///
    /// # Errors
    /// When `bits` is another number, or the library fails.
    pub fn generate(bits: u32) -> Result<Self, KeyError> {
        let size = match bits {
            2048 => KeySize::Rsa2048,
            3072 => KeySize::Rsa3072,
            4096 => KeySize::Rsa4096,
            other => return Err(KeyError::NoSuchLength(other)),
        };
        let pair = RsaKeyPair::generate(size).map_err(|_| KeyError::Generate)?;
        Self::from_pair(pair)
    }

    fn from_pair(pair: RsaKeyPair) -> Result<Self, KeyError> {
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Inconsistent)?;
        let pkcs8 = Zeroizing::new(pkcs8.as_ref().to_vec());
        let public = PublicKey::from_der(pair.public_key().as_ref())?;
        Ok(Self {
            inner: Arc::new(Inner {
                pair,
                pkcs8,
                public,
                #[cfg(feature = "rsa1")]
                sha1: std::sync::OnceLock::new(),
            }),
        })
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.inner.public
    }

    /// The length of the modulus.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.inner.public.bits()
    }

    /// Returns `true` when `public` is the other half of this key.
    #[must_use]
    pub fn pairs_with(&self, public: &PublicKey) -> bool {
        self.inner.public == *public
    }

    /// `BEGIN RSA PRIVATE KEY`: the form that Python SDKs want.
    #[must_use]
    pub fn to_pkcs1_pem(&self) -> Zeroizing<String> {
        pem("RSA PRIVATE KEY", self.pkcs1())
    }

    /// `BEGIN PRIVATE KEY`: the form that Java SDKs want.
    #[must_use]
    pub fn to_pkcs8_pem(&self) -> Zeroizing<String> {
        pem("PRIVATE KEY", &self.inner.pkcs8)
    }

    /// PKCS#8 as bare base64 on one line: what Alipay's key tool copies for Java.
    #[must_use]
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(&*self.inner.pkcs8))
    }

    /// PKCS#1 as bare base64 on one line: what Alipay's key tool copies for other languages.
    #[must_use]
    pub fn to_base64_pkcs1(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.pkcs1()))
    }

    fn pkcs1(&self) -> &[u8] {
        der::pkcs1_of_pkcs8(&self.inner.pkcs8).expect("the library writes PKCS#8 around PKCS#1")
    }

    /// The bare operation: SHA-256, PKCS#1 v1.5 padding, private RSA.
    pub(crate) fn sign_sha256(&self, message: &[u8]) -> Option<Vec<u8>> {
        const ENCODING: &dyn RsaEncoding = &signature::RSA_PKCS1_SHA256;
        let mut bytes = vec![0; self.inner.pair.public_modulus_len()];
        let done = self
            .inner
            .pair
            .sign(ENCODING, &SystemRandom::new(), message, &mut bytes);
        done.ok().map(|()| bytes)
    }

    /// SHA-1, PKCS#1 v1.5 padding, private RSA.
    #[cfg(feature = "rsa1")]
    pub(crate) fn sign_sha1(&self, message: &[u8]) -> Option<Vec<u8>> {
        let key = self.inner.sha1.get_or_init(|| {
            // The library has checked the key already.
            super::Rsa1Key::from_pkcs1(self.pkcs1()).ok()
        });
        key.as_ref()?.sign_sha1(message)
    }
}

/// Of several blocks of a text the one that is a private key, or the first.
pub(super) fn block(text: &str) -> Result<armor::Block, KeyError> {
    let mut blocks = armor::blocks(text)?;
    let private = blocks
        .iter()
        .position(|block| der::outline(&block.der).is_some_and(|found| found.kind.is_private()));
    Ok(blocks.swap_remove(private.unwrap_or(0)))
}

/// The outline of an RSA private key, or what the bytes are instead.
pub(super) fn outline(bytes: &[u8]) -> Result<der::Outline, KeyError> {
    let found = der::outline(bytes).ok_or(KeyError::NotAKey)?;
    match found.kind {
        KeyKind::Pkcs1Private | KeyKind::Pkcs8Private => Ok(found),
        KeyKind::SpkiPublic | KeyKind::Pkcs1Public => Err(KeyError::PublicWherePrivate(found.kind)),
        KeyKind::Certificate | KeyKind::CertificateRequest => {
            Err(KeyError::Certificate(found.kind))
        }
        KeyKind::EncryptedPrivate => Err(KeyError::Encrypted),
        KeyKind::OtherPrivate | KeyKind::OtherPublic => Err(KeyError::NotRsa),
    }
}

/// The length, never the key.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits, redacted)", self.bits())
    }
}

/// Armour with lines of 64 characters, as RFC 7468 has them.
pub(super) fn pem(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(der));
    let mut text = Zeroizing::new(String::with_capacity(body.len() * 66 / 64 + 80));
    text.push_str("-----BEGIN ");
    text.push_str(label);
    text.push_str("-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}
