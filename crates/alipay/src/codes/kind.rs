//! What is to be done about a code.

use super::lookup::{is_unclear, stem};

/// What is to be done about a code. There are four answers, and a caller decides about each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Alipay said no, and nothing happened. The same request will be refused again.
    Refused,
    /// Alipay said no, and nothing happened, but only for now: the same request may be sent again
    /// later.
    Later,
    /// What the request is about has happened or ended already: paid, closed, used up, this number
    /// used before. Ask what came of it before anything else; an earlier try of yours may have gone
    /// through.
    Already,
    /// Alipay does not know. Ask, and repeat under the same number only.
    Unknown,
}

/// Sub codes, without their family, that are about something which happened already.
const ALREADY: &[&str] = &[
    "TRADE_HAS_SUCCESS",
    "TRADE_HAS_CLOSE",
    "TRADE_HAS_FINISHED",
    "AUTH_ORDER_HAS_FINISHED",
    "AUTH_ORDER_HAS_CLOSED",
    "FREEZE_ALREADY_SUCCESS",
    "ORDER_ALREADY_CLOSED",
    "ORDER_ALREADY_FINISH",
    "ALREADY_FINISH_ALLOC",
    "DUP_OUT_REQUEST_NO",
    "UNIQUE_VIOLATION",
];

/// Sub codes, without their family, that say no for now.
const LATER: &[&str] = &[
    "app-call-limited",
    "method-call-limited",
    "SYSTEM_RATE_LIMIT",
    "USER_RATE_LIMIT",
    "FREQUENCY_LIMITED",
    "OVER_MAX_UNDER_WAY_DEDUCT_COUNT",
];

/// What is to be done about a sub code; a code that nobody knows is a refusal, as Alipay's own
/// documents have it.
#[must_use]
pub fn kind(sub_code: &str) -> Kind {
    let bare = stem(sub_code);
    if is_unclear(sub_code) || bare == "unknow-error" {
        Kind::Unknown
    } else if ALREADY.contains(&bare) {
        Kind::Already
    } else if LATER.contains(&bare) {
        Kind::Later
    } else {
        Kind::Refused
    }
}
