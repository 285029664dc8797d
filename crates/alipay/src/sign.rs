//! The text that a signature covers, signing it, and verifying.
//!
//! A **request** is signed over all its parameters but `sign`, without the empty ones, sorted by
//! name byte by byte, joined as `name=value` with `&`, the values raw. `sign_type` is one of them.
//! A **notice or return** of a trade leaves out `sign_type` as well; the messages of Alipay's
//! older services keep it.

use crate::{
    Params,
    keys::{MIN_BITS, PrivateKey, PublicKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::fmt;

/// How a message is signed: the value of `sign_type`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum SignType {
    /// `RSA2`: RSA with SHA-256 and at least 2048 bits. Every application made since 2018 uses it.
    #[default]
    Rsa2,
    /// `RSA`: RSA with SHA-1, of applications made before 2018.
    ///
    /// It is verified always, and signed with under the feature `rsa1`; without it [`sign()`]
    /// answers [`SignError::Sha1Refused`]. SHA-1 is broken and 1024 bits are too few: better switch
    /// the application to `RSA2` in Alipay's console.
    Rsa,
}

impl SignType {
    /// Reads the value of `sign_type`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "RSA2" => Some(Self::Rsa2),
            "RSA" => Some(Self::Rsa),
            _ => None,
        }
    }

    /// The value of `sign_type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa2 => "RSA2",
            Self::Rsa => "RSA",
        }
    }
}

impl fmt::Display for SignType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text was not signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// `RSA` (SHA-1) signatures are made only with the feature `rsa1`; see [`SignType::Rsa`].
    #[error(
        "sign_type=RSA (SHA-1) is signed only with the feature `rsa1` of tongbao-alipay; better switch the application to RSA2 in Alipay's console"
    )]
    Sha1Refused,
    /// The gateway v3 knows RSA with SHA-256 only.
    #[error(
        "v3 has RSA2 (SHA-256) only; switch the application from RSA (SHA-1) to RSA2 in Alipay's console, or call v2"
    )]
    Sha1InV3,
    /// An `Rsa1Key` was asked for an `RSA2` signature.
    #[error("the key signs sign_type=RSA (SHA-1) only; read it as a PrivateKey for RSA2")]
    Sha1Only,
    /// The cryptographic library failed.
    #[error("the cryptographic library could not sign")]
    Failed,
    /// A [`Signer`] outside of this process did not sign. Its own log says why.
    #[error("the signer outside of this process did not sign")]
    Elsewhere,
}

/// Whoever holds the application's private key and signs with it.
///
/// [`PrivateKey`] is one. A hardware module or a key service is another: implement this trait and
/// hand it to [`App::with_signer`](crate::App::with_signer); the key itself never enters the
/// process.
///
/// Signing is a plain call, because building a link or a form is. A signer that has to ask over
/// the network has two ways: block the thread here (inside `spawn_blocking` when the caller is
/// async), or sign apart: [`App::prepare`](crate::App::prepare) gives the text, and
/// [`Prepared::finish`](crate::Prepared::finish) takes the signature whenever it has come.
///
/// `Debug` must not show the key.
pub trait Signer: Send + Sync + fmt::Debug {
    /// The signature of `text` in base64, RSA with PKCS#1 v1.5 padding.
    ///
    /// # Errors
    /// When there is no signature; [`SignError::Elsewhere`] for signers of one's own.
    fn sign(&self, sign_type: SignType, text: &[u8]) -> Result<String, SignError>;
}

impl Signer for PrivateKey {
    fn sign(&self, sign_type: SignType, text: &[u8]) -> Result<String, SignError> {
        sign(self, sign_type, text)
    }
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// There is none, or it is empty.
    #[error("there is no signature (`sign` is missing or empty)")]
    Missing,
    /// It is no base64 (spaces where `+` belongs show a form decoded twice).
    #[error("the signature is no base64 (spaces in it? then the form was decoded twice)")]
    NotBase64,
    /// The key is too short for RSA2.
    #[error("the key has {bits} bits; RSA2 needs at least {MIN_BITS}")]
    KeyTooShort {
        /// The length of the modulus.
        bits: u32,
    },
    /// It does not fit text and key.
    #[error(
        "the signature does not fit the text and the key; often the application's key stands where \
         Alipay's belongs (the sign doctor, `explain`, says why)"
    )]
    Mismatch,
}

/// The text that a request's signature covers: no `sign`, no empties.
///
/// ```
/// use alipay::{Params, sign::request_text};
///
/// let params = Params::from([
///     ("method", "alipay.trade.query"), ("sign_type", "RSA2"), ("app_id", "2021"), ("notify_url", ""),
/// ]);
/// assert_eq!(request_text(&params), "app_id=2021&method=alipay.trade.query&sign_type=RSA2");
/// ```
#[must_use]
pub fn request_text(params: &Params) -> String {
    text(params, |name, value| name != "sign" && !value.is_empty())
}

/// The same with empties kept as `name=`, as some SDKs (the official Python and Node ones) sign.
#[must_use]
pub fn request_text_keeping_empties(params: &Params) -> String {
    text(params, |name, _| name != "sign")
}

/// The text that the signature of a notice or return of a trade covers: neither `sign` nor
/// `sign_type`.
#[must_use]
pub fn notice_text(params: &Params) -> String {
    text(params, |name, value| {
        name != "sign" && name != "sign_type" && !value.is_empty()
    })
}

/// The text of messages that keep `sign_type` (they carry `method` or `service`): only `sign` is
/// left out.
#[must_use]
pub fn notice_text_v2(params: &Params) -> String {
    request_text(params)
}

fn text(params: &Params, keep: impl Fn(&str, &str) -> bool) -> String {
    let mut text = String::with_capacity(params.text_len() + params.len() * 2);
    for (name, value) in params.sorted().filter(|(name, value)| keep(name, value)) {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        text.push_str(value);
    }
    text
}

/// Signs a text and returns the signature in base64.
///
/// # Errors
/// For [`SignType::Rsa`] without the feature `rsa1`, and when the library fails.
pub fn sign(key: &PrivateKey, sign_type: SignType, text: &[u8]) -> Result<String, SignError> {
    match sign_type {
        SignType::Rsa2 => in_base64(key.sign_sha256(text)),
        #[cfg(feature = "rsa1")]
        SignType::Rsa => in_base64(key.sign_sha1(text)),
        #[cfg(not(feature = "rsa1"))]
        SignType::Rsa => Err(SignError::Sha1Refused),
    }
}

/// As it travels.
pub(crate) fn in_base64(signature: Option<Vec<u8>>) -> Result<String, SignError> {
    let signature = signature.ok_or(SignError::Failed)?;
    Ok(STANDARD.encode(signature))
}

/// Verifies the signature of a text, given in base64.
///
/// # Errors
/// Says what is wrong with the signature. An empty one is an error, never "nothing to check".
pub fn verify(
    key: &PublicKey,
    sign_type: SignType,
    text: &[u8],
    signature: &str,
) -> Result<(), SignatureError> {
    if signature.is_empty() {
        return Err(SignatureError::Missing);
    }
    let mut bytes = [0; MAX_SIGNATURE_BYTES];
    let length = STANDARD
        .decode_slice(signature, &mut bytes)
        .map_err(|_| SignatureError::NotBase64)?;
    let bytes = &bytes[..length];
    let holds = match sign_type {
        SignType::Rsa2 if key.bits() < MIN_BITS => {
            return Err(SignatureError::KeyTooShort { bits: key.bits() });
        }
        SignType::Rsa2 => key.verify_sha256(text, bytes),
        SignType::Rsa => key.verify_sha1(text, bytes),
    };
    if holds {
        Ok(())
    } else {
        Err(SignatureError::Mismatch)
    }
}

/// 8192 bits, the longest key, and the three bytes by which base64 may be estimated too long.
const MAX_SIGNATURE_BYTES: usize = 1024 + 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_leaves_out_its_own() {
        let params = Params::from([
            ("trade_no", "2"),
            ("sign_type", "RSA2"),
            ("sign", "s"),
            ("body", ""),
            ("Zone", "中 +%20"),
        ]);
        assert_eq!(
            request_text(&params),
            "Zone=中 +%20&sign_type=RSA2&trade_no=2"
        );
        assert_eq!(
            request_text_keeping_empties(&params),
            "Zone=中 +%20&body=&sign_type=RSA2&trade_no=2"
        );
        assert_eq!(notice_text(&params), "Zone=中 +%20&trade_no=2");
        assert_eq!(notice_text_v2(&params), request_text(&params));
    }

    #[test]
    fn signs_rsa2_and_sha1_only_when_told_to() {
        let key = PrivateKey::generate(2048).expect("a key");
        let other = PrivateKey::generate(2048).expect("a key");
        let signature = sign(&key, SignType::Rsa2, b"text").expect("signed");
        assert_eq!(signature.len(), 344);
        let check = |key: &PrivateKey, text: &[u8], signature: &str| {
            verify(key.public_key(), SignType::Rsa2, text, signature)
        };
        assert_eq!(check(&key, b"text", &signature), Ok(()));
        assert_eq!(
            check(&key, b"texT", &signature),
            Err(SignatureError::Mismatch)
        );
        assert_eq!(
            check(&other, b"text", &signature),
            Err(SignatureError::Mismatch)
        );
        assert_eq!(check(&key, b"text", ""), Err(SignatureError::Missing));
        assert_eq!(check(&key, b"text", " "), Err(SignatureError::NotBase64));
        assert_eq!(
            check(&key, b"text", &signature.replace("==", "")),
            Err(SignatureError::NotBase64)
        );
        assert_eq!(
            check(&key, b"text", &"A".repeat(4000)),
            Err(SignatureError::NotBase64)
        );
        assert_eq!(
            verify(key.public_key(), SignType::Rsa, b"text", &signature),
            Err(SignatureError::Mismatch)
        );
        let sha1 = sign(&key, SignType::Rsa, b"text");
        if cfg!(feature = "rsa1") {
            let sha1 = sha1.expect("signed");
            assert_eq!(
                verify(key.public_key(), SignType::Rsa, b"text", &sha1),
                Ok(())
            );
            assert_eq!(check(&key, b"text", &sha1), Err(SignatureError::Mismatch));
        } else {
            assert_eq!(sha1, Err(SignError::Sha1Refused));
        }
    }
}
