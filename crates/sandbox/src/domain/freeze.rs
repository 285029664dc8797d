//! Money that is held for a seller until it is taken or let go: values in, a decision out.

use super::pay_channels::PayChannels;
use kernel::Timestamp;
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use money::Fen;

/// How long a buyer may take to agree, unless the request says otherwise.
pub const ASK_MS: i64 = 15 * MINUTE_MS;
/// How long money is held at most; then it goes back by itself.
pub const HOLD_MS: i64 = 360 * DAY_MS;
/// How long a hold can be cancelled.
pub const CANCEL_MS: i64 = 24 * HOUR_MS;

/// Where a hold stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FreezeState {
    /// Its buyer has not agreed: `INIT`.
    Init,
    /// Money is held: `AUTHORIZED`.
    Authorized,
    /// All of it was taken or let go: `FINISH`.
    Finish,
    /// Nothing was ever held: `CLOSED`.
    Closed,
}

impl FreezeState {
    /// The word on the wire and in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Init => "INIT",
            Self::Authorized => "AUTHORIZED",
            Self::Finish => "FINISH",
            Self::Closed => "CLOSED",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Init, Self::Authorized, Self::Finish, Self::Closed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// What was done about a hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OperationKind {
    /// Money is to be held.
    Freeze,
    /// Money is let go.
    Unfreeze,
    /// Money is taken.
    Pay,
}

impl OperationKind {
    /// The word on the wire and in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Freeze => "FREEZE",
            Self::Unfreeze => "UNFREEZE",
            Self::Pay => "PAY",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Freeze, Self::Unfreeze, Self::Pay]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OperationStatus {
    /// It waits for the buyer.
    Init,
    /// It is done.
    Success,
    /// It will never be done.
    Closed,
}

impl OperationStatus {
    /// The word on the wire and in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Init => "INIT",
            Self::Success => "SUCCESS",
            Self::Closed => "CLOSED",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Init, Self::Success, Self::Closed]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// One operation of a hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Operation {
    /// Alipay's number, 20 digits.
    pub operation_id: String,
    /// Of which hold.
    pub auth_no: String,
    /// The merchant's number.
    pub out_request_no: String,
    /// What was done.
    pub kind: OperationKind,
    /// How much.
    pub amount: Fen,
    /// What became of it.
    pub status: OperationStatus,
    /// Why.
    pub remark: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
}

/// Who agreed to a hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Payer {
    /// 16 digits.
    pub user_id: String,
    /// Masked.
    pub logon_id: String,
}

/// What a merchant wants to be held.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FreezeWish {
    /// The merchant's number of the order.
    pub out_order_no: String,
    /// The merchant's number of the operation.
    pub out_request_no: String,
    /// `PRE_AUTH` or `PRE_AUTH_ONLINE`.
    pub product_code: String,
    /// What for.
    pub title: String,
    /// How much.
    pub amount: Fen,
    /// Where notices go.
    pub notify_url: Option<String>,
    /// In which charset.
    pub charset: String,
    /// How long the buyer may take.
    pub ask_ms: i64,
    /// Which channels may hold it.
    pub channels: PayChannels,
}

/// A hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Freeze {
    /// Alipay's number, 28 digits.
    pub auth_no: String,
    /// For whom.
    pub app_id: String,
    /// For whom, as accounts go.
    pub seller_id: String,
    /// The merchant's number of the order.
    pub out_order_no: String,
    /// `PRE_AUTH` or `PRE_AUTH_ONLINE`.
    pub product_code: String,
    /// What for.
    pub title: String,
    /// How much is or was to be held.
    pub amount: Fen,
    /// Where notices go.
    pub notify_url: Option<String>,
    /// In which charset.
    pub charset: String,
    /// The token in its QR code.
    pub code: String,
    /// Where it stands.
    pub state: FreezeState,
    /// Who agreed.
    pub payer: Option<Payer>,
    /// What is still held.
    pub rest: Fen,
    /// What was let go.
    pub unfrozen: Fen,
    /// What was taken.
    pub paid: Fen,
    /// Which of its pending transfers holds the rest.
    pub hold: i64,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it closes unless its buyer agrees.
    pub expires_at: Timestamp,
    /// Since when money is held.
    pub frozen_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Which channels may hold it.
    pub channels: PayChannels,
}

/// Why something cannot be done about a hold. Each has its own code on the wire.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FreezeRefusal {
    /// There is none.
    NotExist,
    /// Money is held already.
    Frozen,
    /// It closed before anything was held.
    Closed,
    /// All was taken or let go.
    Finished,
    /// Nobody agreed yet.
    NotFrozen,
    /// More than is held.
    Exceeds {
        /// What is held.
        left: Fen,
    },
    /// The number was used with something else.
    Differs(&'static str),
    /// Something was taken or let go already, so it cannot be undone as a whole.
    Begun,
    /// The time to cancel is over.
    TooLate,
    /// The payer has too little.
    MoneyNotEnough(Fen),
    /// The merchant leaves only channels that nobody has here.
    NoChannel,
    /// Another buyer's, or another product's.
    Unfit(&'static str),
}

/// What cancelling does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cancelled {
    /// The order closes: nothing was held.
    Close,
    /// All that is held goes back.
    Unfreeze,
}

impl Cancelled {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Unfreeze => "unfreeze",
        }
    }
}

impl Freeze {
    /// What was held since the buyer agreed.
    #[must_use]
    pub fn frozen(&self) -> Fen {
        match self.frozen_at {
            Some(_) => self.amount,
            None => Fen::ZERO,
        }
    }

    /// Whether nobody agreed in time: it closes before anything else.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.state == FreezeState::Init && now >= self.expires_at
    }

    /// Whether its money was held too long: it goes back before anything else.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        let since = self.frozen_at.unwrap_or(now);
        self.state == FreezeState::Authorized && now >= since.plus_ms(HOLD_MS)
    }

    /// It is asked for again under the same number.
    ///
    /// # Errors
    /// When it differs, is held already, or over.
    pub fn reask(&self, again: &FreezeWish) -> Result<(), FreezeRefusal> {
        match self.state {
            FreezeState::Closed => Err(FreezeRefusal::Closed),
            FreezeState::Finish => Err(FreezeRefusal::Finished),
            _ if self.amount != again.amount => Err(FreezeRefusal::Differs("amount")),
            _ if self.title != again.title => Err(FreezeRefusal::Differs("order_title")),
            _ if self.product_code != again.product_code => {
                Err(FreezeRefusal::Differs("product_code"))
            }
            _ if self.channels != again.channels => {
                Err(FreezeRefusal::Differs("enable_pay_channels"))
            }
            FreezeState::Authorized => Err(FreezeRefusal::Frozen),
            FreezeState::Init => Ok(()),
        }
    }

    /// Its buyer agrees.
    ///
    /// # Errors
    /// When it does not wait for that.
    pub const fn may_freeze(&self) -> Result<(), FreezeRefusal> {
        match self.state {
            FreezeState::Init => Ok(()),
            FreezeState::Authorized => Err(FreezeRefusal::Frozen),
            FreezeState::Finish => Err(FreezeRefusal::Finished),
            FreezeState::Closed => Err(FreezeRefusal::Closed),
        }
    }

    /// So much is taken or let go.
    ///
    /// # Errors
    /// When nothing is held, or less.
    pub fn may_take(&self, amount: Fen) -> Result<(), FreezeRefusal> {
        match self.state {
            FreezeState::Init => Err(FreezeRefusal::NotFrozen),
            FreezeState::Finish => Err(FreezeRefusal::Finished),
            FreezeState::Closed => Err(FreezeRefusal::Closed),
            FreezeState::Authorized if amount > self.rest => {
                Err(FreezeRefusal::Exceeds { left: self.rest })
            }
            FreezeState::Authorized => Ok(()),
        }
    }

    /// It is to be undone as a whole.
    ///
    /// # Errors
    /// When it is over, begun, or too long ago.
    pub fn may_cancel(&self, now: Timestamp) -> Result<Cancelled, FreezeRefusal> {
        match self.state {
            FreezeState::Init => Ok(Cancelled::Close),
            FreezeState::Finish => Err(FreezeRefusal::Finished),
            FreezeState::Closed => Err(FreezeRefusal::Closed),
            FreezeState::Authorized if self.rest != self.amount => Err(FreezeRefusal::Begun),
            FreezeState::Authorized => {
                let since = self.frozen_at.unwrap_or(now);
                if now > since.plus_ms(CANCEL_MS) {
                    return Err(FreezeRefusal::TooLate);
                }
                Ok(Cancelled::Unfreeze)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn freeze(state: FreezeState) -> Freeze {
        let at = Timestamp::from_ms(0);
        Freeze {
            auth_no: "1".to_owned(),
            app_id: "a".to_owned(),
            seller_id: "s".to_owned(),
            out_order_no: "F1".to_owned(),
            product_code: "PRE_AUTH".to_owned(),
            title: "押金".to_owned(),
            amount: Fen::new(100),
            notify_url: None,
            charset: "utf-8".to_owned(),
            code: "c".to_owned(),
            state,
            payer: None,
            rest: Fen::new(100),
            unfrozen: Fen::ZERO,
            paid: Fen::ZERO,
            hold: 1,
            asked_at: at,
            expires_at: at.plus_ms(ASK_MS),
            frozen_at: Some(at),
            ended_at: None,
            channels: PayChannels::Any,
        }
    }

    /// Every state against every wish, the answer in one word.
    #[test]
    fn every_state_against_every_wish() {
        let now = Timestamp::from_ms(1);
        let mut table = String::new();
        for state in [
            FreezeState::Init,
            FreezeState::Authorized,
            FreezeState::Finish,
            FreezeState::Closed,
        ] {
            let freeze = freeze(state);
            for (what, answer) in [
                ("freeze", format!("{:?}", freeze.may_freeze())),
                ("take 100", format!("{:?}", freeze.may_take(Fen::new(100)))),
                ("take 101", format!("{:?}", freeze.may_take(Fen::new(101)))),
                ("cancel", format!("{:?}", freeze.may_cancel(now))),
            ] {
                table.extend([state.as_str(), " ", what, ": ", &answer, "\n"]);
            }
        }
        let wanted = "\
INIT freeze: Ok(())
INIT take 100: Err(NotFrozen)
INIT take 101: Err(NotFrozen)
INIT cancel: Ok(Close)
AUTHORIZED freeze: Err(Frozen)
AUTHORIZED take 100: Ok(())
AUTHORIZED take 101: Err(Exceeds { left: Fen(100) })
AUTHORIZED cancel: Ok(Unfreeze)
FINISH freeze: Err(Finished)
FINISH take 100: Err(Finished)
FINISH take 101: Err(Finished)
FINISH cancel: Err(Finished)
CLOSED freeze: Err(Closed)
CLOSED take 100: Err(Closed)
CLOSED take 101: Err(Closed)
CLOSED cancel: Err(Closed)
";
        assert_eq!(table, wanted);
    }

    #[test]
    fn a_hold_is_cancelled_whole_and_within_a_day() {
        let mut held = freeze(FreezeState::Authorized);
        let day = Timestamp::from_ms(CANCEL_MS);
        assert_eq!(held.may_cancel(day), Ok(Cancelled::Unfreeze));
        assert_eq!(held.may_cancel(day.plus_ms(1)), Err(FreezeRefusal::TooLate));
        held.rest = Fen::new(99);
        assert_eq!(held.may_cancel(day), Err(FreezeRefusal::Begun));
        assert!(freeze(FreezeState::Init).is_overdue(Timestamp::from_ms(ASK_MS)));
        assert!(!freeze(FreezeState::Init).is_overdue(Timestamp::from_ms(ASK_MS - 1)));
        assert!(held.is_over(Timestamp::from_ms(HOLD_MS)));
    }
}
