//! A code, and how a list of them is written down.

use super::lookup::message;

/// A `sub_code` that is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SubCode {
    /// The code it comes with.
    pub code: &'static str,
    /// Itself: `ACQ.TRADE_NOT_EXIST`.
    pub sub_code: &'static str,
    /// What Alipay says beside it, in Chinese; empty where its documents give a name and no words.
    /// The real gateway often adds details.
    pub sub_msg: &'static str,
    /// What it means for the caller, in English. Where Alipay gives no words, this is read out of
    /// the name.
    pub meaning: &'static str,
}

impl SubCode {
    /// What stands in `msg` beside its code.
    #[must_use]
    pub fn msg(&self) -> &'static str {
        message(self.code)
    }

    /// What is to be done about it.
    #[must_use]
    pub fn kind(&self) -> super::Kind {
        super::kind(self.sub_code)
    }
}

/// A list of sub codes, a row each: code, name, Alipay's words, what it means.
macro_rules! rows {
    ($($code:literal $sub_code:literal $sub_msg:literal $meaning:literal;)+) => {
        pub(super) const SUB_CODES: &[$crate::codes::SubCode] = &[$($crate::codes::SubCode {
            code: $code,
            sub_code: $sub_code,
            sub_msg: $sub_msg,
            meaning: $meaning,
        }),+];
    };
}
pub(super) use rows;
