//! Names as text (RFC 2253, as Java writes it) and the serial number that Alipay makes of them.

use md5::{Digest, Md5};
use std::fmt::Write;
use x509_cert::{
    attr::AttributeTypeAndValue,
    der::{Encode, Tag, Tagged},
    name::Name,
};

/// `CN=…,OU=…,O=…,C=…`: the most specific part first, without spaces.
pub(super) fn rfc2253(name: &Name) -> String {
    let mut parts = name
        .iter_rdn()
        .map(|part| {
            let pairs = part.iter().map(pair).collect::<Vec<_>>();
            pairs.join("+")
        })
        .collect::<Vec<_>>();
    parts.reverse();
    parts.join(",")
}

/// The common name, or nothing.
pub(super) fn common_name(name: &Name) -> Option<String> {
    name.iter()
        .find(|pair| pair.oid.to_string() == COMMON_NAME)
        .and_then(|pair| text(&pair.value))
}

/// `MD5(issuer + serial number in decimal)`, 32 hexadecimal digits.
///
/// MD5 is no protection here and needs to be none: it only names a certificate.
pub(super) fn serial_name(issuer: &str, serial: &[u8]) -> String {
    let mut digest = Md5::new();
    digest.update(issuer.as_bytes());
    digest.update(decimal(serial).as_bytes());
    let mut hex = String::with_capacity(32);
    for byte in digest.finalize() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// A big-endian number in decimal.
fn decimal(bytes: &[u8]) -> String {
    // The digits, the last one first.
    let mut digits = vec![0_u8];
    for &byte in bytes {
        let mut carry = u32::from(byte);
        for digit in &mut digits {
            let value = u32::from(*digit) * 256 + carry;
            *digit = u8::try_from(value % 10).unwrap_or_default();
            carry = value / 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).unwrap_or_default());
            carry /= 10;
        }
    }
    digits
        .iter()
        .rev()
        .map(|digit| char::from(b'0' + digit))
        .collect()
}

fn pair(pair: &AttributeTypeAndValue) -> String {
    let id = pair.oid.to_string();
    let keyword = KEYWORDS
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, keyword)| *keyword);
    if let (Some(keyword), Some(value)) = (keyword, text(&pair.value)) {
        return format!("{keyword}={}", escaped(&value));
    }
    let mut hex = format!("{id}=#");
    for byte in pair.value.to_der().unwrap_or_default() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn text(value: &x509_cert::der::Any) -> Option<String> {
    let bytes = value.value();
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => {
            String::from_utf8(bytes.to_vec()).ok()
        }
        Tag::TeletexString => Some(bytes.iter().map(|&byte| char::from(byte)).collect()),
        Tag::BmpString => {
            let units = bytes.chunks(2).map(|unit| match unit {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0xfffd,
            });
            String::from_utf16(&units.collect::<Vec<_>>()).ok()
        }
        _ => None,
    }
}

fn escaped(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut text = String::with_capacity(value.len());
    for (index, character) in value.chars().enumerate() {
        let edge = character == ' ' && (index == 0 || index == last);
        if edge || ",=+<>#;\"\\".contains(character) {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

const COMMON_NAME: &str = "2.5.4.3";
/// The words that RFC 2253 has; everything else is written by its number.
const KEYWORDS: &[(&str, &str)] = &[
    (COMMON_NAME, "CN"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("0.9.2342.19200300.100.1.1", "UID"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_big_numbers_in_decimal() {
        assert_eq!(decimal(&[]), "0");
        assert_eq!(decimal(&[0, 0xff]), "255");
        assert_eq!(decimal(&[1, 0, 0]), "65536");
        assert_eq!(decimal(&[0xff; 8]), u64::MAX.to_string());
        assert_eq!(decimal(&[0xff; 16]), u128::MAX.to_string());
    }

    #[test]
    fn escapes_what_rfc_2253_reserves() {
        assert_eq!(escaped("a, b+c"), "a\\, b\\+c");
        assert_eq!(escaped(" 支付宝 "), "\\ 支付宝\\ ");
    }
}
