//! What can go wrong, and where in a call or a delivery it strikes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What goes wrong.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The gateway answers `20000 aop.unknow-error` and does nothing. With `times` the call succeeds
    /// when it is sent once more.
    Unavailable,
    /// The same, written in GBK whatever charset was asked for, as the real gateway does at times.
    UnavailableInGbk,
    /// The same, without a signature and in `error_response` instead of the method's own node.
    UnsignedError,
    /// Something in front of the gateway answers 502 with a page of its own; nothing is done.
    BadGateway,
    /// The connection breaks without an answer, and what was asked is done `delay_ms` later.
    EffectLate,
    /// The gateway does what was asked, and its answer is cut off before the first byte.
    AnswerLost,
    /// The gateway does what was asked, and its answer breaks off in the middle.
    AnswerCut,
    /// The answer's body trickles in over `delay_ms` of real time.
    AnswerSlow,
    /// The answer's signature does not hold.
    WrongSignature,
    /// In certificate mode the answer lacks `alipay_cert_sn`.
    CertSnMissing,
    /// The answer's fields stand in another order, the signature before the node, all of it true.
    FieldsReordered,
    /// A query says `WAIT_BUYER_PAY`, whatever happened.
    WaitsForEver,
    /// A notice is not posted; it counts as one of the eight.
    NoticeLost,
    /// A notice is posted twice at the same moment.
    NoticeDoubled,
    /// A notice is posted `delay_ms` later than it is due.
    NoticeDelayed,
    /// A notice is held back until the application's next one is out, `delay_ms` at most.
    NoticeReordered,
    /// The notice of a payment is posted before the buyer's browser is sent back.
    NoticeBeforeReturn,
    /// A notice is written in GBK, whatever charset the order asked for.
    NoticeInGbk,
    /// A notice's signature does not hold.
    NoticeWrongSignature,
}

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum When {
    /// At a call of the gateway.
    Call,
    /// At a delivery of a notice.
    Notice,
    /// When a buyer pays.
    Payment,
}

impl What {
    /// All of them, in the order of a page.
    pub const ALL: [Self; 19] = [
        Self::Unavailable,
        Self::UnavailableInGbk,
        Self::UnsignedError,
        Self::BadGateway,
        Self::EffectLate,
        Self::AnswerLost,
        Self::AnswerCut,
        Self::AnswerSlow,
        Self::WrongSignature,
        Self::CertSnMissing,
        Self::FieldsReordered,
        Self::WaitsForEver,
        Self::NoticeLost,
        Self::NoticeDoubled,
        Self::NoticeDelayed,
        Self::NoticeReordered,
        Self::NoticeBeforeReturn,
        Self::NoticeInGbk,
        Self::NoticeWrongSignature,
    ];

    /// Where it strikes.
    #[must_use]
    pub const fn when(self) -> When {
        match self {
            Self::NoticeBeforeReturn => When::Payment,
            Self::NoticeLost
            | Self::NoticeDoubled
            | Self::NoticeDelayed
            | Self::NoticeReordered
            | Self::NoticeInGbk
            | Self::NoticeWrongSignature => When::Notice,
            _ => When::Call,
        }
    }

    /// Its name in the control API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::UnavailableInGbk => "unavailable_in_gbk",
            Self::UnsignedError => "unsigned_error",
            Self::BadGateway => "bad_gateway",
            Self::EffectLate => "effect_late",
            Self::AnswerLost => "answer_lost",
            Self::AnswerCut => "answer_cut",
            Self::AnswerSlow => "answer_slow",
            Self::WrongSignature => "wrong_signature",
            Self::CertSnMissing => "cert_sn_missing",
            Self::FieldsReordered => "fields_reordered",
            Self::WaitsForEver => "waits_for_ever",
            Self::NoticeLost => "notice_lost",
            Self::NoticeDoubled => "notice_doubled",
            Self::NoticeDelayed => "notice_delayed",
            Self::NoticeReordered => "notice_reordered",
            Self::NoticeBeforeReturn => "notice_before_return",
            Self::NoticeInGbk => "notice_in_gbk",
            Self::NoticeWrongSignature => "notice_wrong_signature",
        }
    }

    /// What it is of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_control_api() {
        for what in What::ALL {
            let written = serde_json::to_value(what).unwrap();
            assert_eq!(written, what.as_str());
            assert_eq!(What::parse(what.as_str()), Some(what));
        }
        assert_eq!(What::parse("earthquake"), None);
    }
}
