//! The two character sets of Alipay's wire: UTF-8 and GBK.
//!
//! A gateway that finds no `charset` in the URL's query reads a request as GBK, and answers and
//! notifies in GBK from then on; so both directions need both.

use encoding_rs::{EncoderResult, GBK};
use std::{borrow::Cow, fmt};

/// A character set of Alipay's wire.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Charset {
    /// `utf-8`, what every request of ours names.
    #[default]
    Utf8,
    /// `gbk`, what the gateway assumes when a request names none.
    Gbk,
}

/// A text that does not fit a character set.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CharsetError {
    /// The bytes are no text of that character set.
    #[error("the bytes are no {0}")]
    Undecodable(Charset),
    /// The character does not exist in GBK; an emoji, for example.
    #[error("`{0}` does not exist in GBK; use utf-8 or leave it out")]
    Unencodable(char),
}

impl Charset {
    /// Reads the values that were seen on the wire: `utf-8`, `UTF-8`, `UTF8`, `gbk`, `GBK`, and
    /// `gb2312` of older pages.
    #[must_use]
    pub fn parse(label: &str) -> Option<Self> {
        let is = |name: &str| label.eq_ignore_ascii_case(name);
        if is("utf-8") || is("utf8") {
            Some(Self::Utf8)
        } else if is("gbk") || is("gb2312") || is("gb18030") {
            Some(Self::Gbk)
        } else {
            None
        }
    }

    /// The value of a request's `charset`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gbk => "gbk",
        }
    }

    /// The text in these bytes.
    ///
    /// # Errors
    /// When the bytes are no text of this character set; nothing is replaced.
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, CharsetError> {
        let text = match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Gbk => GBK.decode_without_bom_handling_and_without_replacement(bytes),
        };
        text.ok_or(CharsetError::Undecodable(self))
    }

    /// The bytes of a text.
    ///
    /// # Errors
    /// When GBK lacks a character; nothing is replaced.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, CharsetError> {
        match self {
            Self::Utf8 => Ok(Cow::Borrowed(text.as_bytes())),
            Self::Gbk if text.is_ascii() => Ok(Cow::Borrowed(text.as_bytes())),
            Self::Gbk => encode_gbk(text).map(Cow::Owned),
        }
    }
}

fn encode_gbk(text: &str) -> Result<Vec<u8>, CharsetError> {
    let mut encoder = GBK.new_encoder();
    // Each character takes at most two bytes where UTF-8 takes two or three.
    let room = encoder
        .max_buffer_length_from_utf8_without_replacement(text.len())
        .unwrap_or(text.len());
    let mut bytes = Vec::with_capacity(room);
    match encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true) {
        (EncoderResult::Unmappable(character), _) => Err(CharsetError::Unencodable(character)),
        (EncoderResult::InputEmpty | EncoderResult::OutputFull, _) => Ok(bytes),
    }
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_every_label_of_the_wire() {
        for label in ["utf-8", "UTF-8", "UTF8", "utf8"] {
            assert_eq!(Charset::parse(label), Some(Charset::Utf8));
        }
        for label in ["gbk", "GBK", "GB2312"] {
            assert_eq!(Charset::parse(label), Some(Charset::Gbk));
        }
        for label in ["", "latin1", "utf-9", "utf_8"] {
            assert_eq!(Charset::parse(label), None);
        }
    }

    #[test]
    fn replaces_nothing() {
        let words = "通宝 39.00元";
        let bytes = Charset::Gbk.encode(words).expect("GBK has these");
        assert_eq!(bytes.len(), 12);
        assert_eq!(Charset::Gbk.decode(&bytes).as_deref(), Ok(words));
        assert_eq!(
            Charset::Gbk.encode("好🎓"),
            Err(CharsetError::Unencodable('🎓'))
        );
        assert_eq!(
            Charset::Utf8.decode(&bytes),
            Err(CharsetError::Undecodable(Charset::Utf8))
        );
        assert_eq!(
            Charset::Gbk.decode(&[0x81]),
            Err(CharsetError::Undecodable(Charset::Gbk))
        );
    }
}
