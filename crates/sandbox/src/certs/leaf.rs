//! Certificates of applications, and Alipay's for each of them.

use super::authority::{issuer, params, set_validity};
use crate::domain::{App, Authority, CertOwner};
use alipay::keys::PublicKey;
use kernel::Timestamp;
use rcgen::{Error, IsCa, KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData, SignatureAlgorithm};

/// From when until when a certificate is in force.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Validity {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

/// A key that somebody else holds the private half of.
struct Foreign<'a>(&'a PublicKey);

impl PublicKeyData for Foreign<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.0.as_pkcs1_der()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

/// Issues a certificate over `key`, as PEM. Alipay's comes with its issuer, as in Alipay's file.
///
/// # Errors
/// When the library fails.
pub fn issue(
    authority: &Authority,
    app: &App,
    owner: CertOwner,
    key: &PublicKey,
    serial: [u8; 16],
    validity: Validity,
) -> Result<String, Error> {
    let organisation = format!("{}@sandbox.com", app.name);
    let name = match owner {
        CertOwner::App => format!("{}-{}", app.seller_id, app.app_id),
        CertOwner::Alipay => format!("支付宝(中国)网络技术有限公司-{}", app.seller_id),
    };
    let mut params = params(&organisation, "Alipay", &name, serial);
    set_validity(&mut params, validity.from, validity.to);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::ContentCommitment,
        KeyUsagePurpose::KeyEncipherment,
        KeyUsagePurpose::DataEncipherment,
    ];
    let cert = params.signed_by(&Foreign(key), &issuer(authority)?)?;
    Ok(match owner {
        CertOwner::App => cert.pem(),
        CertOwner::Alipay => format!("{}{}", cert.pem(), authority.issuer_cert),
    })
}
