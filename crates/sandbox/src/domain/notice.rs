//! Notices: what they are about, the status they tell, and the instants at which they are sent again.

use super::trade::TradeId;
use kernel::Timestamp;
use kernel::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use std::fmt;
use std::str::FromStr;

/// A trade's status as Alipay's wire calls it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TradeStatus {
    /// The trade exists and nobody paid.
    WaitBuyerPay,
    /// Paid, can be refunded.
    Success,
    /// Never paid, or wholly refunded.
    Closed,
    /// Paid, can no longer be refunded.
    Finished,
}

impl TradeStatus {
    const ALL: [Self; 4] = [
        Self::WaitBuyerPay,
        Self::Success,
        Self::Closed,
        Self::Finished,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WaitBuyerPay => "WAIT_BUYER_PAY",
            Self::Success => "TRADE_SUCCESS",
            Self::Closed => "TRADE_CLOSED",
            Self::Finished => "TRADE_FINISHED",
        }
    }
}

impl fmt::Display for TradeStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no trade status.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no trade status")]
pub struct UnknownStatus;

impl FromStr for TradeStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or(UnknownStatus)
    }
}

/// Which thing a notice is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum About {
    /// A trade, by our number.
    Trade(TradeId),
    /// Money that is held, by its `auth_no`.
    Freeze(String),
    /// An agreement, by its `agreement_no`.
    Agreement(String),
    /// A transfer, by its `order_id`.
    Transfer(String),
    /// Shares of a trade, by their `settle_no`.
    Settlement(String),
}

impl About {
    /// The word in our rows and on the control API.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Trade(_) => "trade",
            Self::Freeze(_) => "freeze",
            Self::Agreement(_) => "agreement",
            Self::Transfer(_) => "transfer",
            Self::Settlement(_) => "settlement",
        }
    }

    /// The number of the thing.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Trade(trade_id) => trade_id.as_str(),
            Self::Freeze(number)
            | Self::Agreement(number)
            | Self::Transfer(number)
            | Self::Settlement(number) => number,
        }
    }

    /// What a row says; none for a word or a number that is none.
    #[must_use]
    pub fn read(kind: &str, id: &str) -> Option<Self> {
        Some(match kind {
            "trade" => Self::Trade(id.parse().ok()?),
            "freeze" => Self::Freeze(id.to_owned()),
            "agreement" => Self::Agreement(id.to_owned()),
            "transfer" => Self::Transfer(id.to_owned()),
            "settlement" => Self::Settlement(id.to_owned()),
            _ => return None,
        })
    }
}

/// What happened to a trade that its notice tells.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NoticeKind {
    /// The buyer paid.
    Paid,
    /// Money went back.
    Refunded {
        /// The refund's number; none when the merchant gave it none.
        out_request_no: Option<String>,
        /// When.
        at: Timestamp,
    },
    /// It closed, or can no longer be refunded.
    Ended {
        /// When.
        at: Timestamp,
    },
}

/// The waits between one delivery and the next, in milliseconds: 4m, 10m, 10m, 1h, 2h, 6h, 15h.
/// With the first delivery that makes eight.
pub const GAPS_MS: [i64; 7] = [
    4 * MINUTE_MS,
    10 * MINUTE_MS,
    10 * MINUTE_MS,
    HOUR_MS,
    2 * HOUR_MS,
    6 * HOUR_MS,
    15 * HOUR_MS,
];

/// How many more deliveries follow the first one at once, before the waits, where an application
/// wants what the pages about paying face to face say (6.2).
pub const AT_ONCE: usize = 3;
/// The wait before each of those, in milliseconds.
pub const AT_ONCE_GAP_MS: i64 = SECOND_MS;

/// When a notice is due again after `sent` deliveries, the last at `last`; none after the eighth.
/// `at_once` more follow the first one at once and are none of the eight.
#[must_use]
pub fn next_delivery(sent: usize, at_once: usize, last: Timestamp) -> Option<Timestamp> {
    if (1..=at_once).contains(&sent) {
        return Some(last.plus_ms(AT_ONCE_GAP_MS));
    }
    let planned = sent.saturating_sub(at_once);
    let gap = planned.checked_sub(1).and_then(|at| GAPS_MS.get(at))?;
    Some(last.plus_ms(*gap))
}

/// Whether an answer acknowledges a notice: status 200 and exactly the seven bytes `success`.
#[must_use]
pub fn acknowledges(status: u16, body: &[u8]) -> bool {
    status == 200 && body == b"success"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_deliveries_and_no_more() {
        let mut at = Timestamp::from_ms(0);
        let mut dues = vec![0];
        for sent in 1.. {
            let Some(next) = next_delivery(sent, 0, at) else {
                break;
            };
            at = next;
            dues.push(at.ms() / MINUTE_MS);
        }
        assert_eq!(dues, [0, 4, 14, 24, 84, 204, 564, 1464]);
        assert_eq!(next_delivery(0, 0, at), None);
    }

    #[test]
    fn three_follow_at_once_and_then_the_same_waits() {
        let mut at = Timestamp::from_ms(0);
        let mut waits = Vec::new();
        for sent in 1.. {
            let Some(next) = next_delivery(sent, AT_ONCE, at) else {
                break;
            };
            waits.push(next.ms() - at.ms());
            at = next;
        }
        assert_eq!(waits[..AT_ONCE], [AT_ONCE_GAP_MS; AT_ONCE]);
        assert_eq!(waits[AT_ONCE..], GAPS_MS);
        assert_eq!(next_delivery(0, AT_ONCE, at), None);
    }

    #[test]
    fn only_success_is_success() {
        assert!(acknowledges(200, b"success"));
        for body in [
            "SUCCESS",
            "success\n",
            "\u{feff}success",
            "\"success\"",
            "",
            "fail",
        ] {
            assert!(!acknowledges(200, body.as_bytes()), "{body}");
        }
        assert!(!acknowledges(201, b"success"));
        assert!(!acknowledges(302, b"success"));
    }
}
