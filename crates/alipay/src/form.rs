//! `application/x-www-form-urlencoded`, read strictly and written plainly.
//!
//! A lenient reader is how signatures get lost: what it repairs is no longer what was signed. So a
//! bad percent escape, bytes that are no text, a name that stands twice and too many fields are
//! errors, and everything is decoded exactly once.

use crate::{
    Charset,
    params::{Field, Params, Twice},
};

/// The most fields that one form may have. Alipay's largest notice has some sixty.
pub const MAX_FIELDS: usize = 256;

/// Why bytes are no form.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// A `%` without two hexadecimal digits behind it.
    #[error("bad percent escape at byte {at}")]
    BadEscape {
        /// Where the `%` stands, from 0.
        at: usize,
    },
    /// A name or value that is no text of the character set.
    #[error("a name or value is no {0}")]
    NotText(Charset),
    /// A field without a name.
    #[error("a field has no name")]
    NoName,
    /// More fields than any message of Alipay has.
    #[error("more than {MAX_FIELDS} fields")]
    TooManyFields,
    /// A name that stands twice.
    #[error(transparent)]
    Twice(#[from] Twice),
}

/// Reads a form body or a query string (without its `?`).
///
/// A field without `=` has an empty value; empty pieces between `&` are skipped.
///
/// # Errors
/// When it is not well formed, see [`FormError`].
pub fn decode(form: &[u8], charset: Charset) -> Result<Params, FormError> {
    let mut bytes = Vec::with_capacity(form.len());
    let mut bounds = Vec::with_capacity(32);
    let mut at = 0;
    while at < form.len() {
        let rest = &form[at..];
        let piece = &rest[..memchr::memchr(b'&', rest).unwrap_or(rest.len())];
        if !piece.is_empty() {
            if bounds.len() == MAX_FIELDS {
                return Err(FormError::TooManyFields);
            }
            let (name, value) = match memchr::memchr(b'=', piece) {
                Some(split) => (&piece[..split], &piece[split + 1..]),
                None => (piece, &[][..]),
            };
            let start = bytes.len();
            unescape(name, at, &mut bytes)?;
            let middle = bytes.len();
            if middle == start {
                return Err(FormError::NoName);
            }
            unescape(value, at + name.len() + 1, &mut bytes)?;
            bounds.push(Field {
                start,
                middle,
                end: bytes.len(),
            });
        }
        at += piece.len() + 1;
    }
    match charset {
        Charset::Utf8 => from_utf8(bytes, bounds),
        Charset::Gbk if bytes.is_ascii() => from_utf8(bytes, bounds),
        Charset::Gbk => from_gbk(&bytes, bounds),
    }
}

/// All bytes are checked at once: when the whole is UTF-8 and every bound is a character's, so is
/// each piece.
fn from_utf8(bytes: Vec<u8>, bounds: Vec<Field>) -> Result<Params, FormError> {
    let text = String::from_utf8(bytes).map_err(|_| FormError::NotText(Charset::Utf8))?;
    let whole = bounds.iter().all(|field| {
        [field.start, field.middle, field.end]
            .iter()
            .all(|&bound| text.is_char_boundary(bound))
    });
    if !whole {
        return Err(FormError::NotText(Charset::Utf8));
    }
    Ok(Params::from_text(text, bounds)?)
}

fn from_gbk(bytes: &[u8], mut bounds: Vec<Field>) -> Result<Params, FormError> {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let decode = |piece| {
        Charset::Gbk
            .decode(piece)
            .map_err(|_| FormError::NotText(Charset::Gbk))
    };
    for field in &mut bounds {
        let start = text.len();
        text.push_str(&decode(&bytes[field.start..field.middle])?);
        let middle = text.len();
        text.push_str(&decode(&bytes[field.middle..field.end])?);
        let end = text.len();
        *field = Field { start, middle, end };
    }
    Ok(Params::from_text(text, bounds)?)
}

/// Appends what `escaped` stands for. `offset` is where it stands in the form.
fn unescape(escaped: &[u8], offset: usize, into: &mut Vec<u8>) -> Result<(), FormError> {
    let mut rest = escaped;
    loop {
        let plain = memchr::memchr2(b'%', b'+', rest).unwrap_or(rest.len());
        into.extend_from_slice(&rest[..plain]);
        rest = match &rest[plain..] {
            [] => return Ok(()),
            [b'+', tail @ ..] => {
                into.push(b' ');
                tail
            }
            [b'%', high, low, tail @ ..]
                if let (Some(high), Some(low)) = (digit(*high), digit(*low)) =>
            {
                into.push(high << 4 | low);
                tail
            }
            broken => {
                let at = offset + escaped.len() - broken.len();
                return Err(FormError::BadEscape { at });
            }
        };
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Writes a form or query: everything but letters, digits and `-._~` is escaped, a space as `%20`,
/// so that no reader can take a `+` for anything else.
///
/// # Errors
/// When GBK lacks a character.
pub fn encode(params: &Params, charset: Charset) -> Result<String, crate::CharsetError> {
    let mut form = String::with_capacity(params.text_len() * 3 / 2 + params.len() * 2);
    for (name, value) in params.iter() {
        if !form.is_empty() {
            form.push('&');
        }
        escape(&charset.encode(name)?, &mut form);
        form.push('=');
        escape(&charset.encode(value)?, &mut form);
    }
    Ok(form)
}

/// Appends the percent-encoded bytes: all but the unreserved characters of RFC 3986.
pub(crate) fn escape(bytes: &[u8], into: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            into.push('%');
            into.push(char::from(DIGITS[usize::from(byte >> 4)]));
            into.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

/// What a text stands for when its escapes are undone; what is no escape stays as it is.
#[cfg(feature = "explain")]
pub(crate) fn unescape_leniently(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = match tail {
            [high, low, tail @ ..]
                if byte == b'%'
                    && let (Some(high), Some(low)) = (digit(*high), digit(*low)) =>
            {
                bytes.push(high << 4 | low);
                tail
            }
            _ => {
                bytes.push(byte);
                tail
            }
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(form: &str) -> Vec<(String, String)> {
        let params = decode(form.as_bytes(), Charset::Utf8).expect("a form");
        params
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn decodes_exactly_once() {
        assert_eq!(
            pairs("subject=a%2Bb+c%2520d&empty=&bare&&sign=x%3D%3D"),
            [
                ("subject", "a+b c%20d"),
                ("empty", ""),
                ("bare", ""),
                ("sign", "x==")
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert!(pairs("").is_empty());
    }

    #[test]
    fn refuses_what_is_not_well_formed() {
        let error = |form: &[u8]| decode(form, Charset::Utf8).expect_err("no form");
        assert_eq!(error(b"a=1&b=%4"), FormError::BadEscape { at: 6 });
        assert_eq!(error(b"a=%zz"), FormError::BadEscape { at: 2 });
        assert_eq!(error(b"a=%"), FormError::BadEscape { at: 2 });
        assert_eq!(error(b"a%=1"), FormError::BadEscape { at: 1 });
        assert_eq!(error(b"a=1&a=2"), FormError::Twice(Twice("a".to_owned())));
        assert_eq!(error(b"a=1&%61=2"), FormError::Twice(Twice("a".to_owned())));
        assert_eq!(error(b"=1"), FormError::NoName);
        assert_eq!(error(b"a=%ff"), FormError::NotText(Charset::Utf8));
        // Two halves of one character in two fields are no text, though together they would be.
        assert_eq!(error(b"a=%e4&%bd%a0=1"), FormError::NotText(Charset::Utf8));
        let many = (0..=MAX_FIELDS)
            .map(|n| format!("f{n}=1"))
            .collect::<Vec<_>>();
        assert_eq!(error(many.join("&").as_bytes()), FormError::TooManyFields);
    }

    #[test]
    fn reads_and_writes_gbk() {
        let params = Params::from([("subject", "高等数学 A+"), ("charset", "gbk")]);
        let form = encode(&params, Charset::Gbk).expect("GBK has these");
        assert_eq!(form, "subject=%B8%DF%B5%C8%CA%FD%D1%A7%20A%2B&charset=gbk");
        assert_eq!(decode(form.as_bytes(), Charset::Gbk), Ok(params));
        assert_eq!(
            decode(form.as_bytes(), Charset::Utf8),
            Err(FormError::NotText(Charset::Utf8))
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(pairs in proptest::collection::btree_map(".{1,8}", ".{0,30}", 0..12)) {
            let params: Params = pairs.into_iter().collect();
            let form = encode(&params, Charset::Utf8).expect("UTF-8 has everything");
            prop_assert_eq!(decode(form.as_bytes(), Charset::Utf8), Ok(params));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes, Charset::Utf8);
            let _ = decode(&bytes, Charset::Gbk);
        }
    }
}
