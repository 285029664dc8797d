//! Opening certificate mode, and admitting certificates that Alipay renewed.

use super::{CertError, Certificate, Roots};
use crate::{AlipayTime, CertMode};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::sync::Arc;

/// The three files that Alipay's console hands out, as text.
#[derive(Clone, Copy, Debug)]
pub struct CertFiles<'a> {
    /// `appCertPublicKey_….crt`: the application's certificate.
    pub app: &'a str,
    /// `alipayCertPublicKey_RSA2.crt`: Alipay's certificate and its issuer.
    pub alipay: &'a str,
    /// `alipayRootCert.crt`: the roots.
    pub root: &'a str,
}

/// Where a chain of certificates has to end.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Trust {
    /// At one of the roots of the bundle.
    #[default]
    Roots,
    /// There, or at the issuer that stands in the configured Alipay file. Only for Alipay's
    /// sandbox: its certificates are issued under a test root that nobody hands out, by an issuer
    /// that is not even marked as one.
    SandboxIssuer,
}

/// What a fetched certificate is checked against.
#[derive(Debug)]
pub(crate) struct Checks {
    roots: Roots,
    /// The issuers of the configured file, in case that a fetched one comes alone.
    issuers: Vec<Certificate>,
    common_name: Option<String>,
}

impl CertMode {
    /// Reads the three files and verifies that Alipay's certificate leads to a root, as of the day
    /// it was issued: a configured certificate that has run out is no reason not to start, for
    /// Alipay's next one is fetched.
    ///
    /// # Errors
    /// Says which file is not what it should be, and why.
    pub fn open(files: CertFiles<'_>, trust: Trust) -> Result<Self, CertError> {
        let app = Certificate::parse(files.app)?;
        let mut alipay = Certificate::parse_bundle(files.alipay)?;
        let mut roots = Roots::parse(files.root)?;
        let issuers = alipay.split_off(1);
        let leaf = alipay.swap_remove(0);
        if trust == Trust::SandboxIssuer {
            let issuer = issuers.iter().find(|issuer| leaf.names(issuer));
            roots = issuer.into_iter().cloned().fold(roots, Roots::trusting);
        }
        let chain = [std::slice::from_ref(&leaf), &issuers].concat();
        roots.verify(&chain, leaf.not_before())?;
        let mut mode = Self::from_serials(app.sn(), roots.sn(), leaf.sn(), leaf.public_key()?);
        mode.checks = Some(Arc::new(Checks {
            roots,
            issuers,
            common_name: leaf.common_name(),
        }));
        Ok(mode)
    }

    /// Checks a certificate that was fetched and admits its key. `content` is the
    /// `alipay_cert_content` of `alipay.open.app.alipaycert.download`: the armoured text, in base64
    /// once more.
    ///
    /// # Errors
    /// When it is not the one that was asked for, not Alipay's, or leads to no root; and in a mode
    /// that was made without roots.
    pub fn admit(&self, asked_sn: &str, content: &str, now: AlipayTime) -> Result<(), CertError> {
        let mut chain = Certificate::parse_bundle(&unwrapped(content))?;
        let none = || CertError::NoIssuer {
            subject: String::new(),
            issuer: String::new(),
        };
        let checks = self.checks.as_ref().ok_or_else(none)?;
        // The answer's own order is not promised; the one that was asked for comes first.
        let place = chain.iter().position(|found| found.sn() == asked_sn);
        let Some(place) = place else {
            return Err(CertError::OtherSerial(chain[0].sn().to_owned()));
        };
        chain.swap(0, place);
        if chain[0].common_name() != checks.common_name {
            return Err(CertError::OtherSubject(chain[0].subject()));
        }
        let key = chain[0].public_key()?;
        chain.extend(checks.issuers.iter().cloned());
        checks.roots.verify(&chain, now)?;
        self.admit_key(asked_sn, key);
        Ok(())
    }
}

/// The armoured text inside one more layer of base64, or the text as it is.
fn unwrapped(content: &str) -> String {
    let content = content.trim();
    let decoded = STANDARD.decode(content).ok();
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    text.filter(|text| text.contains("-----BEGIN"))
        .unwrap_or_else(|| content.to_owned())
}
