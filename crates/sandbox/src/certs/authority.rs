//! The authority itself: two roots, as Alipay's bundle has several, and an issuer below the first.
//!
//! The names have the four parts of Alipay's (`CN`, `OU`, `O`, `C`), because some SDKs compute the
//! serial numbers from exactly these. The roots' keys are forgotten once they have signed: nothing
//! else is ever issued by them.

use crate::domain::Authority;
use kernel::Timestamp;
use kernel::time::DAY_MS;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, DnValue, Error, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, RsaKeySize, SerialNumber,
    date_time_ymd,
};
use std::time::Duration;

/// How long the roots are in force, and the issuer.
const ROOT_DAYS: i64 = 30 * 365;
const ISSUER_DAYS: i64 = 20 * 365;

/// Makes a new authority. Takes half a second: two RSA keys are made.
///
/// # Errors
/// When the library fails.
pub fn make_authority(now: Timestamp, serials: [[u8; 16]; 3]) -> Result<Authority, Error> {
    let [first, second, third] = serials;
    let root_key = rsa_key()?;
    let root = authority_params("Tongbao Sandbox", "R1 test", first, now, ROOT_DAYS);
    let root_cert = root.self_signed(&root_key)?;
    // Not signed with RSA: the serial number of the bundle must pass over it.
    let other_key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384)?;
    let other = authority_params("Tongbao Sandbox", "E1 test", second, now, ROOT_DAYS);
    let other_cert = other.self_signed(&other_key)?;
    let issuer_key = rsa_key()?;
    let issuer = issuer_params(third, now);
    let issuer_cert = issuer.signed_by(&issuer_key, &Issuer::from_params(&root, &root_key))?;
    Ok(Authority {
        // An empty line stands between, as in Alipay's own file: python-alipay-sdk cuts there.
        bundle: format!("{}\n{}", other_cert.pem(), root_cert.pem()),
        issuer_cert: issuer_cert.pem(),
        issuer_key: issuer_key.serialize_pem(),
    })
}

/// The issuer that signs with an authority's key.
pub(super) fn issuer(authority: &Authority) -> Result<Issuer<'static, KeyPair>, Error> {
    let key = KeyPair::from_pem_and_sign_algo(&authority.issuer_key, &PKCS_RSA_SHA256)?;
    // Only its name and key matter here; the certificate itself was made before.
    let params = issuer_params([1; 16], Timestamp::from_ms(0));
    Ok(Issuer::new(params, key))
}

fn rsa_key() -> Result<KeyPair, Error> {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)
}

fn issuer_params(serial: [u8; 16], now: Timestamp) -> CertificateParams {
    let mut params = authority_params(
        "Tongbao Sandbox test",
        "Class 2 R1 test",
        serial,
        now,
        ISSUER_DAYS,
    );
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params
}

fn authority_params(
    organisation: &str,
    which: &str,
    serial: [u8; 16],
    now: Timestamp,
    days: i64,
) -> CertificateParams {
    let name = format!("Tongbao Certification Authority {which}");
    let mut params = params(organisation, "Certification Authority test", &name, serial);
    set_validity(
        &mut params,
        now.plus_ms(-DAY_MS),
        now.plus_ms(days * DAY_MS),
    );
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A certificate of that name. The parts stand as in Alipay's: the country first.
pub(super) fn params(
    organisation: &str,
    unit: &str,
    name: &str,
    mut serial: [u8; 16],
) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut parts = DistinguishedName::new();
    let country = "CN".try_into().map(DnValue::PrintableString);
    parts.push(
        DnType::CountryName,
        country.unwrap_or_else(|_| DnValue::Utf8String("CN".to_owned())),
    );
    parts.push(DnType::OrganizationName, organisation);
    parts.push(DnType::OrganizationalUnitName, unit);
    parts.push(DnType::CommonName, name);
    params.distinguished_name = parts;
    // Positive, and of the same length for all.
    serial[0] = (serial[0] & 0x7f) | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.use_authority_key_identifier_extension = true;
    params
}

/// From when until when a certificate is in force, whole seconds.
pub(super) fn set_validity(params: &mut CertificateParams, from: Timestamp, to: Timestamp) {
    let after_1970 = |at: Timestamp| {
        let seconds = u64::try_from(at.ms().div_euclid(1_000)).unwrap_or_default();
        date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds)
    };
    params.not_before = after_1970(from);
    params.not_after = after_1970(to);
}
