//! From a pasted text to the DER bytes inside it, whatever is wrapped around them.

use super::{KeyError, MAX_KEY_TEXT_BYTES};
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

/// One block of a text: what its armour says (if it has any) and its bytes.
pub(super) struct Block {
    /// `RSA PRIVATE KEY` of `-----BEGIN RSA PRIVATE KEY-----`. Never believed.
    pub(super) label: Option<String>,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// The blocks of a text. A text without armour is one block.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, KeyError> {
    if text.len() > MAX_KEY_TEXT_BYTES {
        return Err(KeyError::TooLong);
    }
    let mut blocks = Vec::new();
    let mut label = None;
    for piece in pieces(text) {
        if let Some(begin) = after_word(piece, "BEGIN") {
            label = Some(begin.to_owned());
        } else if after_word(piece, "END").is_some() {
            label = None;
        } else {
            let body = bare(piece);
            if body.is_empty() {
                continue;
            }
            if label.is_some() && piece.contains("ENCRYPTED") {
                return Err(KeyError::Encrypted);
            }
            let der = decode(&body)?;
            blocks.push(Block {
                label: label.take(),
                der,
            });
        }
    }
    if blocks.is_empty() {
        return Err(KeyError::Empty);
    }
    Ok(blocks)
}

/// The contents of a text's blocks, for those who read something else than keys.
#[cfg(feature = "cert")]
pub(crate) fn ders(text: &str) -> Result<Vec<Zeroizing<Vec<u8>>>, KeyError> {
    let blocks = blocks(text)?;
    Ok(blocks.into_iter().map(|block| block.der).collect())
}

/// Splits at runs of three or more dashes, so that armour on the same line as its body, or with
/// four dashes, is armour all the same.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(start) = rest.find("---") else {
            return Some(std::mem::take(&mut rest));
        };
        let (piece, tail) = rest.split_at(start);
        rest = tail.trim_start_matches('-');
        Some(piece)
    })
}

fn after_word<'a>(piece: &'a str, word: &str) -> Option<&'a str> {
    let piece = piece.trim();
    let (head, tail) = piece.split_at_checked(word.len())?;
    (head.eq_ignore_ascii_case(word) && tail.starts_with(char::is_whitespace)).then(|| tail.trim())
}

/// The text without what pasting adds: white space of any script, byte order marks and other
/// invisible characters, quotes, and line breaks written as `\n`.
fn bare(piece: &str) -> Zeroizing<String> {
    let mut body = Zeroizing::new(String::with_capacity(piece.len()));
    let mut characters = piece.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if matches!(characters.peek(), Some('n' | 'r' | 't')) => {
                characters.next();
            }
            '"' | '\'' | '`' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' => {}
            '-' => body.push('+'),
            '_' => body.push('/'),
            other if other.is_whitespace() || other.is_control() => {}
            other => body.push(other),
        }
    }
    body
}

fn decode(body: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if let Some(at) = body
        .chars()
        .position(|c| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')))
    {
        return Err(KeyError::NotBase64 { at: at + 1 });
    }
    LENIENT
        .decode(body.trim_end_matches('='))
        .map(Zeroizing::new)
        .map_err(|_| KeyError::CutOff)
}

/// Keys are checked by their content, so missing padding is no reason to refuse one.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (Option<String>, Vec<u8>) {
        let mut blocks = blocks(text).expect("blocks");
        assert_eq!(blocks.len(), 1);
        let block = blocks.remove(0);
        (block.label, block.der.to_vec())
    }

    #[test]
    fn armour_of_every_kind_is_taken_off() {
        for text in [
            "aGVsbG8gd29ybGQ=",
            "aGVsbG8gd29ybGQ",
            "\u{feff}aGVs\r\nbG8gd2\t9y\u{3000}bGQ=\r\n",
            "\"aGVsbG8gd29ybGQ=\"",
            "aGVsbG8g\\nd29ybGQ=\\n",
        ] {
            assert_eq!(one(text), (None, b"hello world".to_vec()), "{text:?}");
        }
        for text in [
            "-----BEGIN rsa2 PRIVATE KEY-----\naGVsbG8gd29ybGQ=\n-----END rsa2 PRIVATE KEY-----",
            "-----BEGIN rsa2 PRIVATE KEY-----aGVsbG8gd29ybGQ=-----END rsa2 PRIVATE KEY-----",
            "----begin rsa2 PRIVATE KEY----\r\naGVsbG8gd29ybGQ=",
            "-----BEGIN rsa2 PRIVATE KEY-----\naGVsbG8gd29ybGQ=\n-----END PUBLIC KEY-----\n\n",
        ] {
            let (label, der) = one(text);
            assert_eq!(label.as_deref(), Some("rsa2 PRIVATE KEY"), "{text:?}");
            assert_eq!(der, b"hello world");
        }
    }

    #[test]
    fn says_what_is_wrong_and_repeats_nothing() {
        assert_eq!(blocks("").err(), Some(KeyError::Empty));
        assert_eq!(
            blocks("-----BEGIN A-----\n-----END A-----").err(),
            Some(KeyError::Empty)
        );
        assert_eq!(
            blocks("keys/app.pem").err(),
            Some(KeyError::NotBase64 { at: 9 })
        );
        assert_eq!(blocks("aGVsb").err(), Some(KeyError::CutOff));
        assert_eq!(
            blocks(&"A".repeat(MAX_KEY_TEXT_BYTES + 1)).err(),
            Some(KeyError::TooLong)
        );
    }
}
