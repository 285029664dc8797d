//! Which structure some DER bytes are. Only outlines are read here; every number is parsed and
//! checked by the cryptographic library.

use super::KeyKind;

/// What the outline of some DER bytes says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Outline {
    pub(super) kind: KeyKind,
    /// The length of the modulus; none for what is not a bare RSA key.
    pub(super) bits: Option<u32>,
}

/// Reads the outline, or `None` when it is no key or certificate.
pub(super) fn outline(der: &[u8]) -> Option<Outline> {
    let (tag, content, _) = element(der)?;
    if tag != SEQUENCE {
        return None;
    }
    let (first_tag, first, rest) = element(content)?;
    match first_tag {
        INTEGER => of_integer_first(first, rest),
        SEQUENCE => of_sequence_first(first, rest),
        _ => None,
    }
}

/// The PKCS#1 key inside a PKCS#8 one.
pub(super) fn pkcs1_of_pkcs8(der: &[u8]) -> Option<&[u8]> {
    let (_, content, _) = element(der)?;
    let (_, _, rest) = element(content)?;
    let (_, _, rest) = element(rest)?;
    match element(rest)? {
        (OCTET_STRING, key, _) => Some(key),
        _ => None,
    }
}

/// The PKCS#1 key inside an SPKI public key: its bit string without the count of unused bits.
pub(super) fn pkcs1_of_spki(der: &[u8]) -> Option<&[u8]> {
    let (_, inner, _) = element(der)?;
    let (_, _algorithm, rest) = element(inner)?;
    let (_, bits, _) = element(rest)?;
    bits.split_first()
        .filter(|(unused, _)| **unused == 0)
        .map(|(_, key)| key)
}

/// What a private key in PKCS#1 consists of, big-endian, perhaps with a zero in front.
#[cfg(feature = "rsa1")]
pub(super) struct PrivateNumbers<'a> {
    pub(super) modulus: &'a [u8],
    pub(super) public_exponent: &'a [u8],
    pub(super) private_exponent: &'a [u8],
}

/// The numbers of a private key in PKCS#1: `SEQUENCE { version, n, e, d, … }`.
#[cfg(feature = "rsa1")]
pub(super) fn private_numbers(pkcs1: &[u8]) -> Option<PrivateNumbers<'_>> {
    let (_, content, _) = element(pkcs1)?;
    let (_, _version, rest) = element(content)?;
    let (_, modulus, rest) = element(rest)?;
    let (_, public_exponent, rest) = element(rest)?;
    let (_, private_exponent, _) = element(rest)?;
    Some(PrivateNumbers {
        modulus,
        public_exponent,
        private_exponent,
    })
}

/// A public key in PKCS#1 of these contents of integers.
#[cfg(feature = "rsa1")]
pub(super) fn pkcs1_public(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    // As short as it can be written: DER has one way only.
    let wrap = |tag: u8, content: &[u8]| {
        let length = content.len().to_be_bytes();
        let significant = length.iter().skip_while(|byte| **byte == 0).copied();
        let significant = significant.collect::<Vec<_>>();
        match (content.len(), u8::try_from(significant.len())) {
            (0..=0x7f, _) | (_, Err(_)) => [&[tag], &significant[..], content].concat(),
            (_, Ok(digits)) => [&[tag, 0x80 | digits], &significant[..], content].concat(),
        }
    };
    let numbers = [wrap(INTEGER, modulus), wrap(INTEGER, exponent)].concat();
    wrap(SEQUENCE, &numbers)
}

/// The modulus and the exponent of an RSA key in SPKI.
#[cfg(feature = "explain")]
pub(super) fn numbers_of_spki(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_, content, _) = element(der)?;
    let (_, _, rest) = element(content)?;
    let (_, bits, _) = element(rest)?;
    let (_, key, _) = element(bits.get(1..)?)?;
    let (_, modulus, rest) = element(key)?;
    let (_, exponent, _) = element(rest)?;
    Some((modulus, exponent))
}

/// The first element inside the outermost one, head included: what the signature of a certificate
/// covers.
#[cfg(feature = "cert")]
pub(crate) fn first_inside(der: &[u8]) -> Option<&[u8]> {
    let (_, content, _) = element(der)?;
    let (_, _, rest) = element(content)?;
    content.get(..content.len() - rest.len())
}

/// `SEQUENCE { INTEGER, … }`: a version or a modulus.
fn of_integer_first(first: &[u8], rest: &[u8]) -> Option<Outline> {
    let (tag, second, rest) = element(rest)?;
    let (kind, bits) = match (tag, rest.is_empty()) {
        (INTEGER, true) => (KeyKind::Pkcs1Public, Some(bits(first))),
        (INTEGER, false) => (KeyKind::Pkcs1Private, Some(bits(second))),
        // PKCS#8: version, algorithm, key.
        (SEQUENCE, _) if algorithm(second)? == RSA_ENCRYPTION => {
            let (_, key, _) = element(rest)?;
            let (_, inner, _) = element(key)?;
            let (_, _, after_version) = element(inner)?;
            let (_, modulus, _) = element(after_version)?;
            (KeyKind::Pkcs8Private, Some(bits(modulus)))
        }
        (SEQUENCE | OCTET_STRING, _) => (KeyKind::OtherPrivate, None),
        _ => return None,
    };
    Some(Outline { kind, bits })
}

/// `SEQUENCE { SEQUENCE, … }`: a public key, an encrypted one, a certificate or a request for one.
fn of_sequence_first(first: &[u8], rest: &[u8]) -> Option<Outline> {
    let (tag, second, _) = element(rest)?;
    let (inner_tag, ..) = element(first)?;
    let (kind, bits) = match (tag, inner_tag) {
        (BIT_STRING, OBJECT_ID) if algorithm(first)? == RSA_ENCRYPTION => {
            // A bit string begins with how many of its last bits are unused.
            let (_, inner, _) = element(second.get(1..)?)?;
            let (_, modulus, _) = element(inner)?;
            (KeyKind::SpkiPublic, Some(bits(modulus)))
        }
        (BIT_STRING, OBJECT_ID) => (KeyKind::OtherPublic, None),
        (OCTET_STRING, OBJECT_ID) => (KeyKind::EncryptedPrivate, None),
        (SEQUENCE, INTEGER) if is_request(first) => (KeyKind::CertificateRequest, None),
        (SEQUENCE, INTEGER | EXPLICIT_0) => (KeyKind::Certificate, None),
        _ => return None,
    };
    Some(Outline { kind, bits })
}

/// A request has `INTEGER version, SEQUENCE name, SEQUENCE key, [0] attributes`; a version 1
/// certificate has `INTEGER serial, SEQUENCE algorithm (beginning with an object id), …`.
fn is_request(inner: &[u8]) -> bool {
    let second = element(inner).and_then(|(_, _, rest)| element(rest));
    second.is_some_and(|(_, name, _)| element(name).is_none_or(|(tag, ..)| tag != OBJECT_ID))
}

fn algorithm(identifier: &[u8]) -> Option<&[u8]> {
    match element(identifier)? {
        (OBJECT_ID, id, _) => Some(id),
        _ => None,
    }
}

fn bits(integer: &[u8]) -> u32 {
    let significant = match integer.iter().position(|&byte| byte != 0) {
        Some(start) => &integer[start..],
        None => return 0,
    };
    let bits = significant.len() * 8;
    let spare = significant.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(bits)
        .unwrap_or(u32::MAX)
        .saturating_sub(spare)
}

/// One element: its tag, its content, and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = match short {
        0..=0x7f => (usize::from(short), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            let length = digits.iter().try_fold(0_usize, |sum, &digit| {
                sum.checked_mul(256)?.checked_add(digit.into())
            })?;
            (length, rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_ID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const EXPLICIT_0: u8 = 0xa0;
/// 1.2.840.113549.1.1.1
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
