//! What came of a call. Three things can: it was done, it was refused, or nobody knows.
//!
//! The third is why this is no `Result`: a lost answer is not a failure. Money may have moved, so
//! an unknown outcome is asked about again until it is known.

use crate::{
    codes, content::ContentError, response::CutError, sign::SignatureError,
    transport::TransportError,
};
use std::fmt;

/// What came of a call.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub enum Outcome<T> {
    /// Alipay said yes, signed and about the right thing.
    Done(T),
    /// Alipay said no: nothing happened.
    Refused(Refusal),
    /// It may have happened or not. Ask again; never treat it as a failure.
    Unknown(Unknown),
}

impl<T> Outcome<T> {
    /// What was done, if it was.
    pub fn done(self) -> Option<T> {
        match self {
            Self::Done(done) => Some(done),
            Self::Refused(_) | Self::Unknown(_) => None,
        }
    }

    /// The refusal, if it was refused.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Done(_) | Self::Unknown(_) => None,
        }
    }

    /// Returns `true` when nobody knows.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// The same outcome with another content.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Done(done) => Outcome::Done(change(done)),
            Self::Refused(refusal) => Outcome::Refused(refusal),
            Self::Unknown(unknown) => Outcome::Unknown(unknown),
        }
    }
}

/// A no, in Alipay's words. Codes that this crate does not know are kept as they came.
/// Printed it is one line: `40004 Business Failed: ACQ.TRADE_NOT_EXIST 交易不存在`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Refusal {
    /// `40004` for business errors, other `4….` for the gateway's.
    pub code: String,
    /// `Business Failed`.
    pub msg: String,
    /// `ACQ.TRADE_NOT_EXIST`; may be empty.
    pub sub_code: String,
    /// The same in words, mostly Chinese; may be empty.
    pub sub_msg: String,
    /// Who said no.
    pub by: RefusedBy,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.by == RefusedBy::Ourselves {
            return write!(f, "not sent: {}", self.sub_msg);
        }
        write!(f, "{} {}", self.code, self.msg)?;
        match (&*self.sub_code, &*self.sub_msg) {
            ("", "") => Ok(()),
            (one, "") | ("", one) => write!(f, ": {one}"),
            (sub_code, sub_msg) => write!(f, ": {sub_code} {sub_msg}"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Who said no.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum RefusedBy {
    /// Alipay, signed.
    #[default]
    Alipay,
    /// The gateway before it knew the caller (a wrong `app_id`, for example), which it cannot sign.
    /// Whoever sits between could have said it; it moves no money, but proves nothing either.
    UnsignedGateway,
    /// Ourselves: the request breaks a rule and was never sent.
    Ourselves,
}

impl Refusal {
    /// Returns `true` when the trade does not exist (yet): normal before the buyer has opened the
    /// cashier.
    #[must_use]
    pub fn is_trade_not_exist(&self) -> bool {
        self.by == RefusedBy::Alipay && self.is("TRADE_NOT_EXIST")
    }

    /// Returns `true` when the sub code is this one, whatever stands in front: some methods write
    /// `ACQ.` and some do not, and v3 writes the gateway's codes without `isv.`, `isp.` and `aop.`.
    #[must_use]
    pub fn is(&self, sub_code: &str) -> bool {
        codes::stem(&self.sub_code) == codes::stem(sub_code)
    }

    /// What the code means in this crate's words, when it is a known one.
    #[must_use]
    pub fn explain(&self) -> Option<&'static codes::SubCode> {
        codes::find(&self.sub_code)
    }

    /// What is to be done about it: a `Refusal` is never [`codes::Kind::Unknown`].
    #[must_use]
    pub fn kind(&self) -> codes::Kind {
        codes::kind(&self.sub_code)
    }

    pub(crate) fn ours(error: &crate::requests::RequestError) -> Self {
        Self {
            code: String::new(),
            msg: "not sent".to_owned(),
            sub_code: "invalid-request".to_owned(),
            sub_msg: error.to_string(),
            by: RefusedBy::Ourselves,
        }
    }
}

/// Nobody knows, and why.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the outcome is unknown: {why}")]
pub struct Unknown {
    /// Why nobody knows.
    #[source]
    pub why: Why,
}

impl Unknown {
    /// What Alipay accepted and the buyer has to confirm: a `10003` of a payment or a freeze.
    #[must_use]
    pub fn accepted(&self) -> Option<&crate::Answered> {
        match &self.why {
            Why::Accepted(node) => Some(node),
            _ => None,
        }
    }

    /// Returns `true` when the request certainly never left this machine. Only then may a caller
    /// conclude that nothing happened.
    #[must_use]
    pub fn certainly_not_sent(&self) -> bool {
        use crate::transport::TransportErrorKind::NotSent;
        matches!(&self.why, Why::Transport(error) if error.kind == NotSent)
    }
}

/// Why an outcome is unknown.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// There was no answer.
    #[error(transparent)]
    Transport(TransportError),
    /// Something else than the gateway answered: it always answers 200.
    #[error("HTTP status {0}; the gateway itself always answers 200")]
    Status(u16),
    /// The answer is no text.
    #[error("the answer is neither UTF-8 nor GBK")]
    NotText,
    /// The answer has not the form of one.
    #[error(transparent)]
    Malformed(CutError),
    /// The answer lacks a field, or has one that makes no sense.
    #[error("the answer has no usable `{0}`")]
    Field(&'static str),
    /// The answer means something and is not signed.
    #[error("the answer is not signed")]
    Unsigned,
    /// The answer is signed by somebody else, or was changed on its way.
    #[error("the answer's signature: {0}")]
    Signature(SignatureError),
    /// The answer is signed with an Alipay certificate that is not known, and that could not be
    /// fetched or is not Alipay's.
    #[error("the answer is signed with the unknown certificate {0}")]
    UnknownCert(String),
    /// The answer is signed, but its content cannot be decrypted.
    #[error("the answer's content: {0}")]
    Content(ContentError),
    /// The answer is about another trade than the one that was asked about.
    #[error("the answer's `{0}` is not the request's")]
    OtherTrade(&'static str),
    /// Alipay accepted the order, signed, and waits for the buyer to confirm (`10003`). Nothing is
    /// paid: query until it is known, then cancel. The node has the `trade_no`.
    #[error("accepted, and waiting for the buyer; nothing is paid yet")]
    Accepted(Box<crate::Answered>),
    /// Alipay itself does not know: `20000`, `ACQ.SYSTEM_ERROR`, `aop.unknow-error`.
    #[error("Alipay says: {0}")]
    Busy(Refusal),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requests::RequestError;

    #[test]
    fn a_refusal_is_one_line_and_says_when_it_was_never_sent() {
        let mut no = Refusal {
            code: "40004".to_owned(),
            msg: "Business Failed".to_owned(),
            sub_code: "ACQ.TRADE_NOT_EXIST".to_owned(),
            sub_msg: "交易不存在".to_owned(),
            by: RefusedBy::Alipay,
        };
        let line = "40004 Business Failed: ACQ.TRADE_NOT_EXIST 交易不存在";
        assert_eq!(no.to_string(), line);
        no.sub_msg.clear();
        assert_eq!(no.to_string(), "40004 Business Failed: ACQ.TRADE_NOT_EXIST");
        no.sub_code.clear();
        assert_eq!(no.to_string(), "40004 Business Failed");
        let ours = Refusal::ours(&RequestError::Empty("subject"));
        assert_eq!(ours.to_string(), "not sent: `subject` is empty");
    }
}
