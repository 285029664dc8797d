//! Signatures with SHA-1, for applications from before 2018: what aws-lc-rs verifies and does not
//! make.

use super::{KeyError, PublicKey, der, private};
use crate::sign::{self, SignError, SignType, Signer};
use aws_lc_rs::{
    digest::{SHA1_FOR_LEGACY_USE_ONLY, digest},
    rand::{SecureRandom, SystemRandom},
};
use crypto_bigint::{
    BoxedUint,
    modular::{BoxedMontyForm, BoxedMontyParams},
};
use std::{fmt, sync::Arc};
use zeroize::Zeroizing;

/// An RSA private key of 1024 bits or more that signs `sign_type=RSA` (SHA-1) and nothing else:
/// the key of an application from before 2018. Clones share it; [`fmt::Debug`] shows its length
/// and nothing else.
///
/// A [`PrivateKey`](super::PrivateKey) signs `RSA`, too, but has at least 2048 bits. Hand this one
/// to [`App::with_signer`](crate::App::with_signer) and set the application's `sign_type`:
///
/// ```no_run
/// use alipay::App;
/// use alipay::keys::{PublicKey, Rsa1Key};
/// use alipay::sign::SignType;
/// use std::sync::Arc;
///
/// let key = Rsa1Key::parse(&std::fs::read_to_string("app_private_key.pem")?)?;
/// let alipay = PublicKey::parse(&std::fs::read_to_string("alipay_public_key.pem")?)?;
/// let url = "https://openapi.alipay.com/gateway.do";
/// let mut app = App::with_signer("2016000000000001", url, Arc::new(key), alipay);
/// app.sign_type = SignType::Rsa;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// SHA-1 can be forged by those who have much money, and 1024 bits can be factored by them. Better
/// switch the application to `RSA2` in Alipay's console.
#[derive(Clone)]
pub struct Rsa1Key {
    inner: Arc<Inner>,
}

struct Inner {
    public: PublicKey,
    modulus: BoxedMontyParams,
    public_exponent: BoxedUint,
    /// Wiped when dropped.
    private_exponent: Zeroizing<BoxedUint>,
}

impl Rsa1Key {
    /// Reads a private key from text in any form, as
    /// [`PrivateKey::parse`](super::PrivateKey::parse) does, with 1024 bits or more.
    ///
    /// # Errors
    /// Says what the text is instead: a public key, a certificate, too short, damaged.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::from_der(&private::block(text)?.der)
    }

    /// Reads a private key from DER: PKCS#1 or PKCS#8.
    ///
    /// # Errors
    /// As [`Rsa1Key::parse`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, KeyError> {
        let found = private::outline(bytes)?;
        let pkcs1 = match found.kind {
            super::KeyKind::Pkcs8Private => der::pkcs1_of_pkcs8(bytes),
            _ => Some(bytes),
        };
        Self::from_pkcs1(pkcs1.ok_or(KeyError::NotAKey)?)
    }

    pub(super) fn from_pkcs1(pkcs1: &[u8]) -> Result<Self, KeyError> {
        let numbers = der::private_numbers(pkcs1).ok_or(KeyError::NotAKey)?;
        let public = der::pkcs1_public(numbers.modulus, numbers.public_exponent);
        // Refuses the lengths that are not supported, and exponents that nobody should have.
        let public = PublicKey::from_der(&public)?;
        let precision = public.bits().next_multiple_of(64);
        let number = |bytes: &[u8]| {
            let significant = bytes.strip_prefix(&[0]).unwrap_or(bytes);
            BoxedUint::from_be_slice(significant, precision).map_err(|_| KeyError::Inconsistent)
        };
        let modulus = number(numbers.modulus)?.into_odd().into_option();
        let key = Self {
            inner: Arc::new(Inner {
                public,
                modulus: BoxedMontyParams::new_vartime(modulus.ok_or(KeyError::Inconsistent)?),
                public_exponent: number(numbers.public_exponent)?,
                private_exponent: Zeroizing::new(number(numbers.private_exponent)?),
            }),
        };
        // A signature that verifies shows that the parts fit together.
        key.sign_sha1(b"").ok_or(KeyError::Inconsistent)?;
        Ok(key)
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

    /// PKCS#1 v1.5 over SHA-1. `None` when there is no randomness, or the result does not verify:
    /// a signature made by a machine that miscalculates can give the key away.
    pub(crate) fn sign_sha1(&self, message: &[u8]) -> Option<Vec<u8>> {
        let Inner {
            public, modulus, ..
        } = &*self.inner;
        let length = usize::try_from(self.bits().div_ceil(8)).ok()?;
        let padded = padded(message, length)?;
        let result = self.private_operation(&padded)?.retrieve().to_be_bytes();
        debug_assert_eq!(
            result.len() * 8,
            usize::try_from(modulus.bits_precision()).ok()?
        );
        let signature = result.get(result.len().checked_sub(length)?..)?.to_vec();
        public.verify_sha1(message, &signature).then_some(signature)
    }

    /// `padded ^ d mod n`, by arithmetic whose time does not depend on the numbers, and of a
    /// number that nobody outside can guess: `(padded · r^e)^d · r^-1` is the same.
    fn private_operation(&self, padded: &[u8]) -> Option<BoxedMontyForm> {
        let Inner {
            modulus,
            public_exponent,
            private_exponent,
            ..
        } = &*self.inner;
        let form = |bytes: &[u8]| {
            let number = BoxedUint::from_be_slice(bytes, modulus.bits_precision()).ok()?;
            Some(BoxedMontyForm::new(number, modulus))
        };
        let message = form(padded)?;
        let mut random = Zeroizing::new(vec![0; padded.len()]);
        // The first byte stays 0: a number below the modulus.
        SystemRandom::new().fill(random.get_mut(1..)?).ok()?;
        let random = Zeroizing::new(form(&random)?);
        // There is none once in more tries than there is time for.
        let inverse = Zeroizing::new(random.invert().into_option()?);
        // How long this takes tells the public exponent.
        let blinding = random.pow_bounded_exp(public_exponent, public_exponent.bit_width_vartime());
        let blinded = message.mul(&Zeroizing::new(blinding));
        Some(blinded.pow(private_exponent).mul(&inverse))
    }
}

impl Signer for Rsa1Key {
    fn sign(&self, sign_type: SignType, text: &[u8]) -> Result<String, SignError> {
        match sign_type {
            SignType::Rsa => sign::in_base64(self.sign_sha1(text)),
            SignType::Rsa2 => Err(SignError::Sha1Only),
        }
    }
}

/// The length, never the key.
impl fmt::Debug for Rsa1Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rsa1Key({} bits, redacted)", self.bits())
    }
}

/// EMSA-PKCS1-v1_5 (RFC 8017, 9.2): `00 01 FF … FF 00`, which digest, the digest.
fn padded(message: &[u8], length: usize) -> Option<Vec<u8>> {
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, message);
    let tail = [&[0][..], SHA1_INFO, digest.as_ref()].concat();
    let mut padded = vec![0xff; length];
    let (head, rest) = padded.split_at_mut_checked(length.checked_sub(tail.len())?)?;
    // At least eight bytes of padding.
    head.get_mut(..10)?.get_mut(..2)?.copy_from_slice(&[0, 1]);
    rest.copy_from_slice(&tail);
    Some(padded)
}

/// The DER before a SHA-1 digest (RFC 8017, 9.2).
const SHA1_INFO: &[u8] = &[
    0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::PrivateKey;

    #[test]
    fn the_padding_is_the_one_of_the_standard() {
        let padded = padded(b"abc", 64).expect("room");
        assert_eq!(&padded[..3], &[0, 1, 0xff]);
        assert_eq!(&padded[64 - 37..][..3], &[0xff, 0, 0x30]);
        // SHA-1 of `abc` begins so.
        assert_eq!(padded[64 - 20..64 - 16], [0xa9, 0x99, 0x3e, 0x36]);
        assert!(super::padded(b"abc", 45).is_none());
    }

    #[test]
    fn a_signature_that_does_not_verify_never_leaves() {
        let key = PrivateKey::generate(2048).expect("a key");
        let other = PrivateKey::generate(2048).expect("a key");
        let key = Rsa1Key::parse(&key.to_pkcs1_pem()).expect("a key");
        // As if the machine had miscalculated.
        let faulty = Rsa1Key {
            inner: Arc::new(Inner {
                public: other.public_key().clone(),
                modulus: key.inner.modulus.clone(),
                public_exponent: key.inner.public_exponent.clone(),
                private_exponent: key.inner.private_exponent.clone(),
            }),
        };
        assert!(key.sign_sha1(b"text").is_some());
        assert_eq!(faulty.sign_sha1(b"text"), None);
        assert_eq!(
            Signer::sign(&faulty, SignType::Rsa, b"text"),
            Err(SignError::Failed)
        );
    }
}
