//! What every request has, and the rules that are checked before anything is signed.

use crate::{
    CharsetError,
    sign::SignError,
    v3::{self, Rest},
};
use money::Fen;

/// A method of Alipay's gateway.
pub trait Method {
    /// Its dotted name: `alipay.trade.query`.
    const METHOD: &'static str;

    /// How v3 has it; `None` when only v2 does. Known methods are found by their name.
    const V3: Option<Rest> = v3::rest_of(Self::METHOD);

    /// The compact JSON that is signed and sent, with its text raw.
    ///
    /// # Errors
    /// When a field breaks a rule that Alipay's documents state.
    fn biz_content(&self) -> Result<String, RequestError>;

    /// Fields of the answer that must equal the request's: `(name, value)`. The node of an answer
    /// is signed, but the signature says nothing about which question it answers.
    fn echoes(&self) -> Vec<(&'static str, &str)> {
        Vec::new()
    }

    /// Parameters that stand beside `biz_content`: a few methods have no `biz_content` at all and
    /// take `grant_type`, `code` or `auth_token` there.
    fn params(&self) -> Vec<(&'static str, &str)> {
        Vec::new()
    }

    /// Its path in v3. Methods with a part of their data in the path fill it in here,
    /// percent-encoded.
    fn v3_path(&self) -> String {
        v3::path_of(Self::METHOD)
    }

    /// Where notices about it go.
    fn notify_url(&self) -> Option<&str> {
        None
    }
}

/// A method that sends the buyer's browser to the cashier.
pub trait PageMethod: Method {}

/// A method whose signed parameters an app hands to the wallet, as a text.
pub trait OrderMethod: Method {}

/// Why a request was not made.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A field that has to be there is empty.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// A field is longer than Alipay's documents allow.
    #[error("`{name}` has more than {max} characters")]
    TooLong {
        /// Its name.
        name: &'static str,
        /// The most characters it may have.
        max: usize,
    },
    /// An amount outside of 0.01 to 100,000,000.00 yuan.
    #[error("`{name}` is {amount}, but Alipay takes 0.01 to 100000000.00 yuan")]
    Amount {
        /// Its name.
        name: &'static str,
        /// The amount.
        amount: Fen,
    },
    /// A list with more entries than Alipay's documents allow.
    #[error("`{name}` has more than {max} entries")]
    TooMany {
        /// Its name.
        name: &'static str,
        /// The most entries it may have.
        max: usize,
    },
    /// None of some fields is given, of which one is needed.
    #[error("one of {0} has to be given")]
    OneOf(&'static str),
    /// A rule between fields is broken.
    #[error("{0}")]
    Rule(&'static str),
    /// What the caller gave as `biz_content` is no JSON.
    #[error("the biz_content is no JSON")]
    NotJson,
    /// A parameter that the client itself sets.
    #[error("`{0}` is set by the client and cannot be given")]
    Reserved(String),
    /// Neither the merchant's nor Alipay's number of the trade is given.
    #[error("neither `out_trade_no` nor `trade_no` is given")]
    NoTrade,
    /// `extra` has a field that the type has too.
    #[error("`extra` repeats the field `{0}`")]
    Repeated(String),
    /// A text that the application's character set lacks.
    #[error(transparent)]
    Charset(#[from] CharsetError),
    /// The request could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The content could not be encrypted.
    #[error(transparent)]
    Content(#[from] crate::content::ContentError),
}

/// Checks that a text is there and not too long.
pub(crate) fn required(name: &'static str, text: &str, max: usize) -> Result<(), RequestError> {
    if text.is_empty() {
        return Err(RequestError::Empty(name));
    }
    at_most(name, text, max)
}

/// Checks that a text, if it is there, is not too long.
pub(crate) fn at_most(name: &'static str, text: &str, max: usize) -> Result<(), RequestError> {
    // Bytes first: counting characters is not needed for nearly all texts.
    if text.len() > max && text.chars().count() > max {
        return Err(RequestError::TooLong { name, max });
    }
    Ok(())
}

/// Checks that an amount is one that Alipay takes.
pub(crate) fn payable(name: &'static str, amount: Fen) -> Result<(), RequestError> {
    if amount.is_payable() {
        Ok(())
    } else {
        Err(RequestError::Amount { name, amount })
    }
}

/// Checks that a trade is named by one number at least.
pub(crate) fn trade(
    out_trade_no: Option<&str>,
    trade_no: Option<&str>,
) -> Result<(), RequestError> {
    if out_trade_no.is_none() && trade_no.is_none() {
        return Err(RequestError::NoTrade);
    }
    for (name, number) in [("out_trade_no", out_trade_no), ("trade_no", trade_no)] {
        if let Some(number) = number {
            required(name, number, MAX_TRADE_NO)?;
        }
    }
    Ok(())
}

/// The number by which the gateway looks: `trade_no` wins when both are sent.
pub(crate) fn trade_echo<'a>(
    out_trade_no: Option<&'a str>,
    trade_no: Option<&'a str>,
) -> Option<(&'static str, &'a str)> {
    match (trade_no, out_trade_no) {
        (Some(number), _) => Some(("trade_no", number)),
        (None, Some(number)) => Some(("out_trade_no", number)),
        (None, None) => None,
    }
}

/// Alipay's limit for `out_trade_no`, `trade_no` and `out_request_no`, in characters.
pub(crate) const MAX_TRADE_NO: usize = 64;
/// Alipay's limit for `subject`, in characters.
pub(crate) const MAX_SUBJECT: usize = 256;
