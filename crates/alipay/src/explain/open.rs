//! Opening a signature with a public key: whose it is, and which digest was signed.

use crate::{Charset, keys::PublicKey, sign::SignType};
use aws_lc_rs::digest;
use num_bigint::BigUint;

/// What a signature holds when the key is the signer's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Digest {
    pub(super) sign_type: SignType,
    bytes: Vec<u8>,
}

impl Digest {
    /// Returns `true` when this is the digest of `text` in that character set.
    pub(super) fn is_of(&self, text: &str, charset: Charset) -> bool {
        let algorithm = match self.sign_type {
            SignType::Rsa2 => &digest::SHA256,
            SignType::Rsa => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        };
        charset
            .encode(text)
            .is_ok_and(|bytes| digest::digest(algorithm, &bytes).as_ref() == self.bytes)
    }
}

/// Opens `signature` with `key`, or `None` when what comes out is no PKCS#1 v1.5 signature: then
/// another key made it.
///
/// This is arithmetic on public numbers, for saying what is wrong. Whether a message is believed
/// is decided by the cryptographic library alone.
pub(super) fn open(key: &PublicKey, signature: &[u8]) -> Option<Digest> {
    let (modulus, exponent) = key.numbers();
    let modulus = BigUint::from_bytes_be(modulus);
    let length = usize::try_from(modulus.bits().div_ceil(8)).ok()?;
    let signature = BigUint::from_bytes_be(signature);
    if signature >= modulus {
        return None;
    }
    let opened = signature
        .modpow(&BigUint::from_bytes_be(exponent), &modulus)
        .to_bytes_be();
    // 00 01 ff … ff 00, of which the number keeps no leading zero.
    if opened.len() + 1 != length {
        return None;
    }
    let padded = opened.strip_prefix(&[1])?;
    let end = padded.iter().position(|&byte| byte != 0xff)?;
    let info = padded.get(end..)?.strip_prefix(&[0])?;
    let of = |prefix: &[u8], sign_type, length: usize| {
        let bytes = info.strip_prefix(prefix)?;
        (bytes.len() == length).then(|| Digest {
            sign_type,
            bytes: bytes.to_vec(),
        })
    };
    of(SHA256_INFO, SignType::Rsa2, 32).or_else(|| of(SHA1_INFO, SignType::Rsa, 20))
}

/// The DER before a SHA-256 digest (RFC 8017, 9.2).
const SHA256_INFO: &[u8] = &[
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];
/// The DER before a SHA-1 digest (RFC 8017, 9.2).
const SHA1_INFO: &[u8] = &[
    0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{keys::PrivateKey, sign};
    use base64::{Engine, engine::general_purpose::STANDARD};

    #[test]
    fn only_the_signers_key_opens_a_signature() {
        let signer = PrivateKey::generate(2048).expect("a key");
        let other = PrivateKey::generate(2048).expect("a key");
        let signature = sign::sign(&signer, SignType::Rsa2, "文".as_bytes()).expect("signed");
        let signature = STANDARD.decode(signature).expect("base64");
        let digest = open(signer.public_key(), &signature).expect("its own");
        assert_eq!(digest.sign_type, SignType::Rsa2);
        assert!(digest.is_of("文", Charset::Utf8) && !digest.is_of("文", Charset::Gbk));
        assert_eq!(open(other.public_key(), &signature), None);
        assert_eq!(open(signer.public_key(), &[]), None);
        assert_eq!(open(signer.public_key(), &[0xff; 256]), None);
    }
}
