//! Codes in short messages: how often one is sent to a phone, how long it holds, how many wrong
//! ones are forgiven.

use kernel::Timestamp;
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};

/// The next message to a phone may go this much later.
pub const GAP_MS: i64 = MINUTE_MS;
/// Messages to a phone within an hour.
pub const PER_HOUR: usize = 5;
/// Messages to a phone within 24 hours.
pub const PER_DAY: usize = 10;
/// How long a code holds.
pub const LIFE_MS: i64 = 5 * MINUTE_MS;
/// Wrong codes until a message is worth nothing.
pub const TRIES: i64 = 5;

/// What a code is good for; it is good for nothing else.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Binds a card to a wallet.
    BindCard,
    /// Pays with a card.
    CardPayment,
    /// Opens a wallet for a phone's number, to take what somebody gave.
    Claim,
    /// Says only that there is something to fetch; it carries no code.
    Gift,
}

impl Purpose {
    /// The word in our rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BindCard => "bind_card",
            Self::CardPayment => "card_payment",
            Self::Claim => "claim",
            Self::Gift => "gift",
        }
    }
}

/// A sent message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its number.
    pub message_id: String,
    /// To which phone.
    pub phone: String,
    /// [`Purpose::as_str`].
    pub purpose: String,
    /// What exactly the code is for: a card's number, a visit, a gift.
    pub about: String,
    /// Six digits; empty in a message without a code.
    pub code: String,
    /// What stands on the phone.
    pub content: String,
    /// When.
    pub sent_at: Timestamp,
    /// How many wrong codes were typed.
    pub wrong: i64,
    /// When its code was used.
    pub used_at: Option<Timestamp>,
}

/// Too many messages.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("too many messages to this phone; the next may be sent after {until}")]
pub struct TooMany {
    /// When the next may be sent.
    pub until: Timestamp,
}

/// Whether one more may go to a phone to which `sent` went within the last day, newest first.
///
/// # Errors
/// When it is too early.
pub fn may_send(sent: &[Timestamp], now: Timestamp) -> Result<(), TooMany> {
    let within = |span_ms: i64| sent.iter().filter(move |at| now.since_ms(**at) < span_ms);
    if let Some(newest) = within(GAP_MS).next() {
        let until = newest.plus_ms(GAP_MS);
        return Err(TooMany { until });
    }
    for (span_ms, most) in [(HOUR_MS, PER_HOUR), (DAY_MS, PER_DAY)] {
        if within(span_ms).count() >= most {
            // The one that has to grow old first.
            let blocking = within(span_ms).nth(most - 1);
            let until = blocking.map_or(now, |at| at.plus_ms(span_ms));
            return Err(TooMany { until });
        }
    }
    Ok(())
}

/// Why a code is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CodeRefusal {
    /// None was sent for this.
    #[error("no code was sent")]
    NoneSent,
    /// It is older than [`LIFE_MS`].
    #[error("the code is too old")]
    Old,
    /// It was used.
    #[error("the code was used")]
    Used,
    /// It is wrong.
    #[error("the code is wrong, {left} tries are left")]
    Wrong {
        /// How many more may be tried; with none left a new code is needed.
        left: i64,
    },
}

impl Message {
    /// Looks at a typed code.
    ///
    /// # Errors
    /// When it is not taken; a wrong one has to be counted.
    pub fn check(&self, typed: &str, now: Timestamp) -> Result<(), CodeRefusal> {
        if self.used_at.is_some() {
            return Err(CodeRefusal::Used);
        }
        if now.since_ms(self.sent_at) >= LIFE_MS {
            return Err(CodeRefusal::Old);
        }
        if self.wrong >= TRIES {
            return Err(CodeRefusal::Wrong { left: 0 });
        }
        if self.code.is_empty() || typed.trim() != self.code {
            let left = TRIES.saturating_sub(self.wrong).saturating_sub(1);
            return Err(CodeRefusal::Wrong { left });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_800_000_000_000);

    fn ago(minutes: i64) -> Timestamp {
        NOW.plus_ms(-minutes * MINUTE_MS)
    }

    #[test]
    fn a_phone_gets_one_a_minute_five_an_hour_ten_a_day() {
        assert_eq!(may_send(&[], NOW), Ok(()));
        let until = ago(0).plus_ms(GAP_MS);
        assert_eq!(may_send(&[ago(0)], NOW), Err(TooMany { until }));
        assert_eq!(may_send(&[ago(1)], NOW), Ok(()));
        let hour: Vec<_> = [2, 10, 20, 30, 40].map(ago).to_vec();
        let until = ago(40).plus_ms(HOUR_MS);
        assert_eq!(may_send(&hour, NOW), Err(TooMany { until }));
        assert_eq!(may_send(&hour[..4], NOW), Ok(()));
        let day: Vec<_> = (1..=10).map(|at| ago(at * 70)).collect();
        let until = ago(700).plus_ms(DAY_MS);
        assert_eq!(may_send(&day, NOW), Err(TooMany { until }));
    }

    #[test]
    fn a_code_holds_five_minutes_and_forgives_four_wrong_ones() {
        let mut message = Message {
            message_id: "m".to_owned(),
            phone: "13800138000".to_owned(),
            purpose: Purpose::BindCard.as_str().to_owned(),
            about: "card".to_owned(),
            code: "012345".to_owned(),
            content: String::new(),
            sent_at: NOW,
            wrong: 0,
            used_at: None,
        };
        assert_eq!(message.check(" 012345 ", NOW), Ok(()));
        let old = NOW.plus_ms(LIFE_MS);
        assert_eq!(message.check("012345", old), Err(CodeRefusal::Old));
        assert_eq!(message.check("", NOW), Err(CodeRefusal::Wrong { left: 4 }));
        message.wrong = 4;
        assert_eq!(message.check("0", NOW), Err(CodeRefusal::Wrong { left: 0 }));
        message.wrong = 5;
        let spent = message.check("012345", NOW);
        assert_eq!(spent, Err(CodeRefusal::Wrong { left: 0 }));
        message.used_at = Some(NOW);
        assert_eq!(message.check("012345", NOW), Err(CodeRefusal::Used));
    }

    #[test]
    fn a_message_without_a_code_opens_nothing() {
        let message = Message {
            message_id: "m".to_owned(),
            phone: "13800138000".to_owned(),
            purpose: Purpose::Gift.as_str().to_owned(),
            about: String::new(),
            code: String::new(),
            content: String::new(),
            sent_at: NOW,
            wrong: 0,
            used_at: None,
        };
        assert!(message.check("", NOW).is_err());
    }
}
