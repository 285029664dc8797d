//! RSA keys in every form in which people paste them.
//!
//! Alipay's console hands out bare base64, its key tool PKCS#1 or PKCS#8, OpenSSL armoured files,
//! and tutorials put `BEGIN rsa2 PRIVATE KEY` around any of them. So labels are never believed:
//! the content (DER) decides what a text is, and a key of the wrong kind is refused *by name*:
//!
//! ```
//! use alipay::keys::{KeyError, KeyKind, PrivateKey, PublicKey};
//!
//! let app_key = PrivateKey::generate(2048)?;
//! let pasted = format!(
//!     "-----BEGIN rsa2 PRIVATE KEY-----\r\n{}\r\n-----END rsa2 PRIVATE KEY-----",
//!     app_key.to_base64_pkcs1().as_str()
//! );
//! assert_eq!(PrivateKey::parse(&pasted)?.public_key(), app_key.public_key());
//!
//! // The two files swapped: the error says what was given where.
//! let swapped = PublicKey::parse(&pasted).unwrap_err();
//! assert_eq!(swapped, KeyError::PrivateWherePublic(KeyKind::Pkcs1Private));
//! # Ok::<(), KeyError>(())
//! ```

mod armor;
mod der;
mod error;
mod inspect;
mod limits;
mod private;
mod public;
#[cfg(feature = "rsa1")]
mod rsa1;

#[cfg(feature = "cert")]
pub(crate) use armor::ders;
#[cfg(feature = "cert")]
pub(crate) use der::first_inside;
pub use error::KeyError;
pub use inspect::{Inspected, KeyKind, inspect};
pub use limits::{MAX_KEY_TEXT_BYTES, MIN_BITS};
pub use private::PrivateKey;
pub use public::PublicKey;
#[cfg(feature = "rsa1")]
pub use rsa1::Rsa1Key;
