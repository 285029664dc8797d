//! Why a text is not the key that was asked for. No message repeats any of the text: it may be a
//! secret.

use super::KeyKind;

/// Why a text is not the key that was asked for.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Nothing is left once armour and white space are taken away.
    #[error("there is no key: the text is empty")]
    Empty,
    /// Longer than any key.
    #[error("the text is too long for a key; was another file given?")]
    TooLong,
    /// A character that base64 does not have.
    #[error(
        "not a key: character {at} is none of base64 (was a file name or a path pasted instead of the content?)"
    )]
    NotBase64 {
        /// Which character of the text without its armour and white space, from 1.
        at: usize,
    },
    /// Base64 that stops in the middle.
    #[error("the base64 of the key is incomplete: some characters at its end are missing")]
    CutOff,
    /// The content is no key structure that is known.
    #[error(
        "the content is no key (neither PKCS#1, PKCS#8 nor SPKI); it may be damaged or cut off"
    )]
    NotAKey,
    /// A private key where the public one belongs: the two files were swapped.
    #[error(
        "this is a private key ({0}), but a public key belongs here; the two were probably swapped. Never hand a private key to anybody"
    )]
    PrivateWherePublic(KeyKind),
    /// A public key where the private one belongs.
    #[error(
        "this is a public key ({0}), but the application's private key belongs here; the two were probably swapped"
    )]
    PublicWherePrivate(KeyKind),
    /// A certificate (or a request for one) where a key belongs.
    #[error("this is {0}, not a bare key; give the key file itself, or use certificate mode")]
    Certificate(KeyKind),
    /// A private key under a pass phrase.
    #[error("the private key is encrypted with a pass phrase; decrypt it first (openssl pkcs8)")]
    Encrypted,
    /// A key of another algorithm: EC, Ed25519, SM2.
    #[error("the key is not an RSA key; Alipay's RSA2 wants RSA with 2048 bits or more")]
    NotRsa,
    /// Too few bits to sign RSA2 with.
    #[error("the key has {bits} bits; Alipay's RSA2 needs at least 2048")]
    TooShort {
        /// The length of its modulus.
        bits: u32,
    },
    /// More bits than the library computes with.
    #[error("the key has {bits} bits; at most 8192 are supported")]
    TooLarge {
        /// The length of its modulus.
        bits: u32,
    },
    /// The parts of the private key do not fit together.
    #[error("the key is damaged: its parts do not fit together")]
    Inconsistent,
    /// A length that no key is generated with.
    #[error("keys are generated with 2048, 3072 or 4096 bits, not {0}")]
    NoSuchLength(u32),
    /// The cryptographic library failed to generate a key.
    #[error("the cryptographic library could not generate a key")]
    Generate,
}
