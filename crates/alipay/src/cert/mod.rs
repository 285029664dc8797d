//! Certificate mode (feature `cert`): serial numbers, chains, and Alipay's renewed certificates.
//!
//! The console hands out three files: the application's certificate, Alipay's, and a bundle of
//! roots. [`CertMode::open`](crate::CertMode::open) reads them and checks that Alipay's certificate leads to one of the
//! roots. Every request then names the first and the roots by serial number; every answer names
//! the certificate that it was signed with. When Alipay has renewed its own, the client fetches the
//! new one (`alipay.open.app.alipaycert.download`) and believes it only when
//!
//! - it leads to a root through certificates that may issue others, all of them in force now,
//! - it has the serial number that the answer named, and
//! - it is made out to whom the configured one is made out to. Applications' own certificates
//!   come from the same issuer; without this rule, anybody's would do.
//!
//! ```no_run
//! use alipay::cert::{CertFiles, Trust};
//! use alipay::keys::PrivateKey;
//! use alipay::{App, CertMode};
//! use std::{fs::read_to_string, sync::Arc};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let mode = CertMode::open(
//!     CertFiles {
//!         app: &read_to_string("appCertPublicKey.crt")?,
//!         alipay: &read_to_string("alipayCertPublicKey_RSA2.crt")?,
//!         root: &read_to_string("alipayRootCert.crt")?,
//!     },
//!     Trust::Roots,
//! )?;
//! let key = PrivateKey::parse(&read_to_string("app_private_key.pem")?)?;
//! let gateway = "https://openapi.alipay.com/gateway.do";
//! let app = App::in_cert_mode("2021000000000001", gateway, Arc::new(key), mode);
//! # let _ = app;
//! # Ok(())
//! # }
//! ```

mod certificate;
mod chain;
mod error;
mod name;
mod open;

pub use certificate::Certificate;
pub use chain::{MAX_CHAIN, Roots};
pub use error::CertError;
pub(crate) use open::Checks;
pub use open::{CertFiles, Trust};
