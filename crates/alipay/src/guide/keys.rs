//! 1. Getting keys.
//!
//! Three keys are involved, and most signatures that do not verify are made with the wrong one:
//!
//! | key | who has it | what for |
//! |---|---|---|
//! | the application's private key | you, and nobody else | signs what you send |
//! | the application's public key | Alipay's console | Alipay verifies you with it |
//! | **Alipay's** public key | you, from the console | verifies answers and notices |
//!
//! The console shows Alipay's key only after you have uploaded yours, on the same page, and the two
//! look alike. Pasted into each other's place, payments work and every notice fails.
//!
//! Make a pair, keep the one half, upload the other:
//!
//! ```
//! use alipay::keys::PrivateKey;
//!
//! let key = PrivateKey::generate(2048)?;
//! // Into a file that only your server can read.
//! let _private = key.to_pkcs8_pem();
//! // Into the console, as one line.
//! let upload = key.public_key().to_base64();
//! assert!(upload.starts_with("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"));
//! # Ok::<(), alipay::keys::KeyError>(())
//! ```
//!
//! A key that you have already is read in whatever form it came: with or without armour, PKCS#1 or
//! PKCS#8, one line or many. Before you trust a file, ask what it is:
//!
//! ```
//! use alipay::keys::{KeyKind, PrivateKey, PublicKey, inspect};
//!
//! let app = PrivateKey::generate(2048)?;
//! let file = app.to_pkcs1_pem();
//! let found = inspect(file.as_bytes())?;
//! assert_eq!((found.kind, found.bits), (KeyKind::Pkcs1Private, Some(2048)));
//!
//! // The classic mistake, found before the first payment: this is the application's own key.
//! let pasted = PublicKey::parse(&app.public_key().to_base64())?;
//! assert!(app.pairs_with(&pasted), "then it is not Alipay's");
//! # Ok::<(), alipay::keys::KeyError>(())
//! ```
//!
//! An [`App`](crate::App) holds both, and one number: the sixteen digits of the application. Set
//! [`seller_id`](crate::App::seller_id) to the account that the money goes to, so that notices can
//! be compared with it.
//!
//! ```no_run
//! use alipay::App;
//! use alipay::keys::{PrivateKey, PublicKey};
//! use std::fs::read_to_string;
//!
//! # fn example() -> Result<App, Box<dyn std::error::Error>> {
//! let mut app = App::new(
//!     "2021000000000001",
//!     "https://openapi.alipay.com/gateway.do",
//!     PrivateKey::parse(&read_to_string("app_private_key.pem")?)?,
//!     PublicKey::parse(&read_to_string("alipay_public_key.pem")?)?,
//! );
//! app.seller_id = Some("2088000000000001".to_owned());
//! # Ok(app)
//! # }
//! ```
//!
//! Alipay's sandbox is another world with other numbers and keys, at
//! `https://openapi-sandbox.dl.alipaydev.com/gateway.do`.
//!
//! When the key lives in a hardware module or a key service, implement
//! [`Signer`](crate::sign::Signer) and use [`App::with_signer`](crate::App::with_signer): the key
//! never enters the process. Applications from before 2018 may have `sign_type=RSA`; see
//! [`SignType::Rsa`](crate::sign::SignType::Rsa).
