//! Money that a person gives another: to a wallet, to a bank card, or to a phone's number whose
//! owner has a day to take it.

use kernel::Timestamp;
use kernel::time::DAY_MS;
use money::Fen;

/// How long what was given to a phone's number waits for its owner.
pub const CLAIM_MS: i64 = DAY_MS;

/// To whom.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TargetKind {
    /// A wallet, by its logon id.
    Account,
    /// A bank card, by its number.
    Card,
    /// A phone's number.
    Phone,
}

impl TargetKind {
    /// The word in our rows and forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Card => "card",
            Self::Phone => "phone",
        }
    }
}

/// A word that names no target.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a target is an account, a card or a phone")]
pub struct UnknownTarget;

impl std::str::FromStr for TargetKind {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, UnknownTarget> {
        [Self::Account, Self::Card, Self::Phone]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownTarget)
    }
}

/// Where a gift stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum GiftState {
    /// It waits for its taker.
    Waiting,
    /// It arrived.
    Done,
    /// Nobody took it in time; it went back.
    Returned,
}

impl GiftState {
    /// The word in our rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Returned => "returned",
        }
    }
}

/// A word that names no state of a gift.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a gift is waiting, done or returned")]
pub struct UnknownGiftState;

impl std::str::FromStr for GiftState {
    type Err = UnknownGiftState;

    fn from_str(text: &str) -> Result<Self, UnknownGiftState> {
        [Self::Waiting, Self::Done, Self::Returned]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(UnknownGiftState)
    }
}

/// A gift.
#[derive(Clone, Debug)]
pub struct Gift {
    /// Its number, 32 hex digits.
    pub gift_id: String,
    /// Who gives, 16 digits.
    pub from_user_id: String,
    /// A logon id, a card's number or a phone's number, as `kind` says.
    pub target: String,
    /// Which of them.
    pub kind: TargetKind,
    /// Whose wallet took it, once one did.
    pub to_user_id: Option<String>,
    /// How much.
    pub amount: Fen,
    /// What the giver says with it.
    pub message: String,
    /// Where it stands.
    pub state: GiftState,
    /// When it was given.
    pub created_at: Timestamp,
    /// Until when it waits.
    pub expires_at: Option<Timestamp>,
    /// When it arrived or went back.
    pub ended_at: Option<Timestamp>,
}

impl Gift {
    /// Whether its taker may have it now.
    #[must_use]
    pub fn can_be_taken(&self, now: Timestamp) -> bool {
        self.state == GiftState::Waiting && self.expires_at.is_none_or(|until| now < until)
    }

    /// Whether it waited in vain.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.state == GiftState::Waiting && self.expires_at.is_some_and(|until| now >= until)
    }
}
