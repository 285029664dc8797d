//! The causes that the doctor knows, and what to do about each.

use super::InputError;
use std::fmt;

/// Why a message does not verify. [`CAUSES`](super::CAUSES) lists the names.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// The text is no message at all.
    NotAMessage(InputError),
    /// The answer has not the form of one.
    MalformedAnswer(String),
    /// There is no signature.
    NoSignature,
    /// No key was given to verify with.
    NoKey,
    /// The signature is no base64.
    SignatureNotBase64,
    /// The signature is shorter or longer than the key's.
    SignatureCutOff {
        /// How many bytes it has.
        bytes: usize,
        /// How many it should have.
        expected: usize,
    },
    /// The signature is whole and belongs to a key of another size.
    KeySizeDiffers {
        /// Of the key that signed, in bits.
        signed_bits: usize,
        /// Of the key at hand, in bits.
        key_bits: u32,
    },
    /// `+` in the signature became a space: it was decoded twice, or pasted without encoding.
    PlusBecameSpace,
    /// The signature still has `%2B`, `%2F` or `%3D`: it was never decoded.
    SignatureNotDecoded,
    /// The key is not the signer's.
    WrongKey,
    /// The application's own public key was given where *Alipay's* belongs.
    AppKeyInsteadOfAlipays,
    /// Alipay's public key was given where the application's own belongs.
    AlipaysKeyInsteadOfApps,
    /// `sign_type` names another digest than the one that was signed with.
    SignTypeDiffers,
    /// A request was signed without `sign_type`.
    SignTypeLeftOut,
    /// A notice or return was signed with `sign_type`, as Alipay's older services do.
    SignTypeKept,
    /// The values were URL-encoded before signing.
    ValuesEncoded,
    /// Values are still URL-encoded: they were not decoded.
    NotDecoded,
    /// A value was decoded twice: its `+` became a space.
    DecodedTwice(Vec<String>),
    /// `&timestamp` became `×tamp`, `&notify_url` became `¬ify_url`, and the like: the text went
    /// through HTML.
    HtmlDecoded,
    /// `"` became `&quot;` or `&` became `&amp;`: the text was escaped for HTML.
    HtmlEscaped,
    /// The `charset` was changed after signing (`utf8` for `utf-8`).
    CharsetRenamed,
    /// The text was signed in the other character set.
    OtherCharset,
    /// Parameters that were not signed: somebody's framework or address added them.
    ExtraParameters(Vec<String>),
    /// `biz_content` was written anew after signing: spaces, order of keys, escapes.
    BizContentRewritten,
    /// The answer was parsed and written anew before verification.
    AnswerRewritten,
    /// An amount was read as a number: `88.80` became `88.8`.
    AmountRetyped(Vec<String>),
    /// White space was added or taken away at the ends of values.
    WhiteSpace,
    /// The parameters were not sorted byte by byte.
    SortedOtherwise,
    /// Empty parameters were signed where Alipay leaves them out.
    EmptiesSigned,
    /// The key is right and the text is not what was signed: something in it was changed.
    ContentChanged,
}

impl Cause {
    /// The stable name of the cause, for machines.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NotAMessage(_) => "not-a-message",
            Self::MalformedAnswer(_) => "malformed-answer",
            Self::NoSignature => "no-signature",
            Self::NoKey => "no-key",
            Self::SignatureNotBase64 => "signature-not-base64",
            Self::SignatureCutOff { .. } => "signature-cut-off",
            Self::KeySizeDiffers { .. } => "key-size-differs",
            Self::PlusBecameSpace => "plus-became-space",
            Self::SignatureNotDecoded => "signature-not-decoded",
            Self::WrongKey => "wrong-key",
            Self::AppKeyInsteadOfAlipays => "app-key-instead-of-alipays",
            Self::AlipaysKeyInsteadOfApps => "alipays-key-instead-of-apps",
            Self::SignTypeDiffers => "sign-type-differs",
            Self::SignTypeLeftOut => "sign-type-left-out",
            Self::SignTypeKept => "sign-type-kept",
            Self::ValuesEncoded => "values-encoded",
            Self::NotDecoded => "not-decoded",
            Self::DecodedTwice(_) => "decoded-twice",
            Self::HtmlDecoded => "html-decoded",
            Self::HtmlEscaped => "html-escaped",
            Self::CharsetRenamed => "charset-renamed",
            Self::OtherCharset => "other-charset",
            Self::ExtraParameters(_) => "extra-parameters",
            Self::BizContentRewritten => "biz-content-rewritten",
            Self::AnswerRewritten => "answer-rewritten",
            Self::AmountRetyped(_) => "amount-retyped",
            Self::WhiteSpace => "white-space",
            Self::SortedOtherwise => "sorted-otherwise",
            Self::EmptiesSigned => "empties-signed",
            Self::ContentChanged => "content-changed",
        }
    }

    /// What to change.
    #[must_use]
    pub fn fix(&self) -> String {
        match self {
            Self::NotAMessage(error) => format!("give a whole message: {error}"),
            Self::MalformedAnswer(error) => format!("give the answer exactly as it came: {error}"),
            Self::SignatureCutOff { bytes, expected } => {
                format!(
                    "the signature has {bytes} bytes and should have {expected}; copy all of it"
                )
            }
            Self::KeySizeDiffers {
                signed_bits,
                key_bits,
            } => format!(
                "the message was signed by a key of {signed_bits} bits and this key has {key_bits}; give the signer's public key (RSA2 has 2048 bits or more, RSA of old applications 1024)"
            ),
            Self::ExtraParameters(names) => format!(
                "verify without {}: only what Alipay sent is signed, so take the parameters from the body alone",
                names.join(", ")
            ),
            Self::DecodedTwice(names) => format!(
                "decode exactly once: in {} a + became a space",
                names.join(", ")
            ),
            Self::AmountRetyped(names) => format!(
                "keep {} as the text that came, with its two decimals",
                names.join(", ")
            ),
            other => other.fixed_text().to_owned(),
        }
    }

    const fn fixed_text(&self) -> &'static str {
        match self {
            Self::NoSignature => {
                "add the parameter sign; an answer without one is an error from before Alipay knew the caller"
            }
            Self::NoKey => {
                "give the signer's public key: Alipay's for notices, returns and answers, the application's for requests"
            }
            Self::SignatureNotBase64 => {
                "the signature is standard base64 with padding; copy it as it came"
            }
            Self::PlusBecameSpace => {
                "URL-encode the signature (+ is %2B) and decode it exactly once"
            }
            Self::SignatureNotDecoded => "URL-decode the signature exactly once",
            Self::WrongKey => {
                "use the signer's key: the Alipay public key shown in the console of this very application (production and sandbox have different ones), or for requests the public half of the application's private key"
            }
            Self::AppKeyInsteadOfAlipays => {
                "the application's own public key is configured where Alipay's belongs; copy the Alipay public key (支付宝公钥) from the console"
            }
            Self::AlipaysKeyInsteadOfApps => {
                "Alipay's public key is configured where the application's own belongs; upload the application public key (应用公钥) to the console"
            }
            Self::SignTypeDiffers => {
                "sign with the digest that sign_type names: RSA2 is SHA-256, RSA is SHA-1"
            }
            Self::SignTypeLeftOut => {
                "sign_type is part of the text that a request signs; leave out sign only"
            }
            Self::SignTypeKept => {
                "this message keeps sign_type in its signed text; leave out sign only"
            }
            Self::ValuesEncoded => "sign the raw values, then URL-encode each value for sending",
            Self::NotDecoded => "URL-decode the values exactly once before verifying",
            Self::HtmlDecoded => {
                "the text went through HTML, where &times, &not, &copy, … are characters; copy the address from the network tab, or write & as &amp; in HTML"
            }
            Self::HtmlEscaped => {
                "unescape HTML (&quot;, &amp;) before verifying, or switch off the framework's escaping of input"
            }
            Self::CharsetRenamed => "leave the value of charset as it was signed",
            Self::OtherCharset => {
                "sign and send in the same character set, and put charset into the URL's query: without it the gateway reads GBK"
            }
            Self::BizContentRewritten => {
                "send biz_content byte for byte as it was signed; serialise it once"
            }
            Self::AnswerRewritten => {
                "verify the answer's node as the text that came, before parsing it"
            }
            Self::WhiteSpace => "trim the values before signing, or send them as they were signed",
            Self::SortedOtherwise => {
                "sort the parameters by name, byte by byte (ASCII), before joining them"
            }
            Self::EmptiesSigned => "leave empty parameters out of the signed text",
            _ => {
                "the key is the signer's, but this is not the text that was signed: compare it with signed_text character by character"
            }
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
