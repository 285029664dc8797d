//! Encrypting what a call says and what its answer says: `encrypt_type=AES`.
//!
//! AES-128 in CBC mode with PKCS#7 padding and an initialisation vector of sixteen zeros, as
//! Alipay's documents have it. Equal contents under one key therefore have equal beginnings; the
//! encryption hides them from whoever stands between, the signature over the ciphertext is what
//! proves who wrote it. So nothing is decrypted here that was not verified before.

use aws_lc_rs::{
    cipher::{
        AES_128, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey,
        PaddedBlockEncryptingKey, UnboundCipherKey,
    },
    iv::FixedLength,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{fmt, sync::Arc};
use zeroize::Zeroizing;

/// The content key of an application: 16 bytes, in Alipay's console as base64.
///
/// Clones share it; it is wiped when the last one is dropped, and [`fmt::Debug`] shows nothing.
#[derive(Clone)]
pub struct ContentKey {
    bytes: Arc<Zeroizing<[u8; KEY_BYTES]>>,
}

/// Why content was not encrypted or decrypted. None of them repeats any of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// The key is not sixteen bytes in base64.
    #[error("the content key is not 16 bytes in base64; copy it from Alipay's console")]
    Key,
    /// The ciphertext is no base64.
    #[error("the encrypted content is no base64")]
    NotBase64,
    /// Another key encrypted it, or it is cut off.
    #[error("the content cannot be decrypted with this key")]
    Undecryptable,
    /// What came out is no text in the expected character set.
    #[error("the decrypted content is no text")]
    NotText,
    /// The cryptographic library failed.
    #[error("the cryptographic library could not encrypt")]
    Failed,
}

impl ContentKey {
    /// Reads a key as the console shows it.
    ///
    /// ```
    /// use alipay::content::ContentKey;
    ///
    /// let key = ContentKey::parse("AAECAwQFBgcICQoLDA0ODw==")?;
    /// let secret = key.encrypt(b"{\"out_trade_no\":\"1\"}")?;
    /// assert_eq!(key.decrypt(&secret)?.as_slice(), b"{\"out_trade_no\":\"1\"}");
    /// # Ok::<(), alipay::content::ContentError>(())
    /// ```
    ///
    /// # Errors
    /// When it is not sixteen bytes in base64.
    pub fn parse(base64: &str) -> Result<Self, ContentError> {
        let bytes = STANDARD.decode(base64.trim()).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| ContentError::Key)?;
        let bytes = <[u8; KEY_BYTES]>::try_from(bytes.as_slice());
        Ok(Self {
            bytes: Arc::new(Zeroizing::new(bytes.map_err(|_| ContentError::Key)?)),
        })
    }

    /// Encrypts a content and returns it in base64.
    ///
    /// # Errors
    /// When the library fails.
    pub fn encrypt(&self, content: &[u8]) -> Result<String, ContentError> {
        let failed = |_| ContentError::Failed;
        let key = self.unbound()?;
        let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).map_err(failed)?;
        let mut bytes = content.to_vec();
        // "Less safe" is the library's word for choosing the vector oneself; Alipay chose it.
        let zeros = EncryptionContext::Iv128(FixedLength::from([0; IV_BYTES]));
        key.less_safe_encrypt(&mut bytes, zeros).map_err(failed)?;
        Ok(STANDARD.encode(bytes))
    }

    /// Decrypts a content that came in base64. Verify its signature first.
    ///
    /// # Errors
    /// When it is no base64, or was encrypted with another key.
    pub fn decrypt(&self, base64: &str) -> Result<Vec<u8>, ContentError> {
        let decoded = STANDARD.decode(base64);
        let mut bytes = decoded.map_err(|_| ContentError::NotBase64)?;
        if bytes.is_empty() {
            return Err(ContentError::Undecryptable);
        }
        let undecryptable = |_| ContentError::Undecryptable;
        let key = self.unbound()?;
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).map_err(undecryptable)?;
        let zeros = DecryptionContext::Iv128(FixedLength::from([0; IV_BYTES]));
        let content = key.decrypt(&mut bytes, zeros).map_err(undecryptable)?;
        Ok(content.to_vec())
    }

    fn unbound(&self) -> Result<UnboundCipherKey, ContentError> {
        UnboundCipherKey::new(&AES_128, self.bytes.as_slice()).map_err(|_| ContentError::Failed)
    }
}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentKey(redacted)")
    }
}

const KEY_BYTES: usize = 16;
const IV_BYTES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encrypts_as_openssl_does() {
        let key = ContentKey::parse("AAECAwQFBgcICQoLDA0ODw==").expect("a key");
        let content = r#"{"out_trade_no":"20260821001","subject":"课程"}"#;
        let secret = key.encrypt(content.as_bytes()).expect("encrypted");
        assert_eq!(secret, OPENSSL);
        assert_eq!(key.decrypt(OPENSSL).as_deref(), Ok(content.as_bytes()));
    }

    #[test]
    fn refuses_other_keys_and_damaged_content() {
        for text in ["", "AAAA", "not base64 at all", "AAECAwQFBgcICQoLDA0ODxA="] {
            assert_eq!(ContentKey::parse(text).err(), Some(ContentError::Key));
        }
        let key = ContentKey::parse("AAECAwQFBgcICQoLDA0ODw==").expect("a key");
        let other = ContentKey::parse("AAECAwQFBgcICQoLDA0OEA==").expect("a key");
        assert_ne!(
            other.decrypt(OPENSSL).ok(),
            key.decrypt(OPENSSL).ok(),
            "another key reads something else, if anything"
        );
        assert_eq!(key.decrypt("?"), Err(ContentError::NotBase64));
        assert_eq!(key.decrypt(""), Err(ContentError::Undecryptable));
        assert_eq!(key.decrypt("AAAA"), Err(ContentError::Undecryptable));
        let debug = format!("{key:?}");
        assert_eq!(debug, "ContentKey(redacted)");
    }

    /// `openssl enc -aes-128-cbc -K 000102…0f -iv 0 -a -A`
    const OPENSSL: &str =
        "G7PYcjyAquhKW/Z/PmtCCxIyh+NR0N/jO3mHJVkprDyFYz0UZHsYQnTNg5j3d4Ee+Ytjx/T/TUncJ6K+SfgQaQ==";
}
