//! 4. Certificate mode.
//!
//! Some products (transfers among them) want certificates instead of bare keys. The console hands
//! out three files; with your private key they make an [`App`](crate::App):
//!
//! ```no_run
//! use alipay::cert::{CertFiles, Trust};
//! use alipay::keys::PrivateKey;
//! use alipay::{App, CertMode};
//! use std::{fs::read_to_string, sync::Arc};
//!
//! # fn example() -> Result<App, Box<dyn std::error::Error>> {
//! let mode = CertMode::open(
//!     CertFiles {
//!         app: &read_to_string("appCertPublicKey_2021000000000001.crt")?,
//!         alipay: &read_to_string("alipayCertPublicKey_RSA2.crt")?,
//!         root: &read_to_string("alipayRootCert.crt")?,
//!     },
//!     Trust::Roots,
//! )?;
//! let key = PrivateKey::parse(&read_to_string("app_private_key.pem")?)?;
//! let gateway = "https://openapi.alipay.com/gateway.do";
//! let app = App::in_cert_mode("2021000000000001", gateway, Arc::new(key), mode);
//! # Ok(app)
//! # }
//! ```
//!
//! Everything else stays as it is. Requests name the application's certificate and the roots by
//! serial number; the serial number over the bundle leaves out its SM2 and EC certificates, as
//! Alipay does. Answers and notices name the certificate that signed them.
//!
//! **Alipay renews its certificate.** Then an answer names a number that you have not. The client
//! fetches that certificate, and believes it when its chain leads to your roots, it is in force, it
//! has that number, and it is made out to whom the old one was. The call itself is not sent again
//! for it. Clones of the `App` share what was fetched; keep the new file at your next deployment.
//!
//! **In Alipay's sandbox** certificates are issued under a test root that nobody hands out. Say
//! [`Trust::SandboxIssuer`](crate::cert::Trust::SandboxIssuer) there, and nowhere else.
//!
//! When serial numbers and key come from elsewhere (a key service that holds the certificates),
//! [`CertMode::from_serials`](crate::CertMode::from_serials) needs no file:
//!
//! ```
//! use alipay::{App, CertMode, keys::PrivateKey};
//! use std::sync::Arc;
//!
//! let key = PrivateKey::generate(2048)?;
//! let alipay = PrivateKey::generate(2048)?.public_key().clone();
//! let mode = CertMode::from_serials(
//!     "e5b4a31a8d1ef6a5aa3d9ac2e2f1c2b3",
//!     "687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6",
//!     "5d4f8a3c1b2e9f70a1b2c3d4e5f60718",
//!     alipay,
//! );
//! let app = App::in_cert_mode("2021000000000001", "https://openapi.alipay.com/gateway.do", Arc::new(key), mode);
//! assert!(app.cert_mode.is_some());
//! # Ok::<(), alipay::keys::KeyError>(())
//! ```
