//! Shares of a trade: what a settlement may move, as pure functions.

use super::trade::{Trade, TradeState};
use money::Fen;

/// Which way a share goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operation {
    /// From the seller to a receiver.
    Transfer,
    /// From a receiver to the seller, to make up a difference.
    Replenish,
    /// A share comes back with a refund.
    TransferRefund,
}

impl Operation {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Replenish => "replenish",
            Self::TransferRefund => "transfer_refund",
        }
    }

    /// The operation of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Transfer, Self::Replenish, Self::TransferRefund]
            .into_iter()
            .find(|operation| operation.as_str() == text)
    }
}

/// How much of a trade may be shared out at most, in hundredths. A contract at Alipay names less.
pub const MOST_PERCENT: i64 = 100;

/// How much a share is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// An amount, in fen.
    Amount(Fen),
    /// So many hundredths of the trade's amount, 1 to 100; what is less than a fen stays with the
    /// seller.
    Percentage(i64),
}

impl Part {
    /// The amount, of a trade of that amount.
    #[must_use]
    pub fn of(self, total: Fen) -> Fen {
        match self {
            Self::Amount(amount) => amount,
            Self::Percentage(percent) => {
                Fen::new(total.fen().saturating_mul(percent).div_euclid(100))
            }
        }
    }
}

/// What became of a share.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LineState {
    /// Its money moves later.
    Processing,
    /// Its money moved.
    Success,
    /// It will not move.
    Fail,
}

impl LineState {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Success => "SUCCESS",
            Self::Fail => "FAIL",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Processing, Self::Success, Self::Fail]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A share that moved, moves or did not.
#[derive(Clone, Debug)]
pub struct Line {
    /// Alipay's number of it.
    pub detail_id: String,
    /// The settlement that it belongs to; none for one that came back with a refund.
    pub settle_no: Option<String>,
    /// Which way.
    pub operation: Operation,
    /// Who gives, 16 digits.
    pub trans_out: String,
    /// Who gets, 16 digits.
    pub trans_in: String,
    /// The ledger account that gives.
    pub debit: String,
    /// The ledger account that gets.
    pub credit: String,
    /// How much, in fen.
    pub amount: Fen,
    /// What for.
    pub description: Option<String>,
    /// What became of it.
    pub state: LineState,
    /// Why it failed.
    pub error: Option<(String, String)>,
    /// When its money moved.
    pub executed_at: Option<kernel::Timestamp>,
}

/// Why a trade is not shared out.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ShareRefusal {
    /// It is not paid, or over.
    #[error("only a paid trade that is not over is shared out")]
    State,
    /// It was said to be shared out.
    #[error("the trade was said to be shared out wholly")]
    Finished,
    /// More than what is left of it.
    #[error("only {left} of the trade is left to share")]
    Exceeds {
        /// What is left, in fen.
        left: Fen,
    },
    /// Nobody bound that receiver.
    #[error("{0} is no bound receiver")]
    NotBound(String),
    /// The number was used with something else.
    #[error("the number was used before with another content")]
    Differs,
    /// Its percentage comes to less than a fen.
    #[error("a percentage of the trade comes to less than 0.01")]
    Nothing,
    /// The account that gives holds too little.
    #[error("{0} holds too little")]
    NotEnough(String),
}

/// What is left of a paid trade for receivers: what came in, less what went back and what was
/// given, more what was given back.
#[must_use]
pub fn left_to_share(trade: &Trade, lines: &[Line]) -> Fen {
    let given = lines
        .iter()
        .filter(|line| line.state != LineState::Fail)
        .map(|line| match line.operation {
            Operation::Transfer => line.amount.fen(),
            Operation::TransferRefund => -line.amount.fen(),
            Operation::Replenish => 0,
        })
        .sum::<i64>();
    let left = trade.offer.total_amount.fen() - trade.refunded.fen() - given;
    Fen::new(left.max(0))
}

/// What of the shares given to a receiver can still be taken back.
#[must_use]
pub fn left_of(receiver: &str, lines: &[Line]) -> Fen {
    let moved = lines.iter().filter(|line| line.state == LineState::Success);
    let left = moved
        .map(|line| match line.operation {
            Operation::Transfer if line.trans_in == receiver => line.amount.fen(),
            Operation::TransferRefund if line.trans_out == receiver => -line.amount.fen(),
            _ => 0,
        })
        .sum::<i64>();
    Fen::new(left.max(0))
}

/// Whether that much may be given away now.
///
/// # Errors
/// When the trade is not paid or over, was shared out wholly, or less is left.
pub fn may_share(
    trade: &Trade,
    lines: &[Line],
    finished: bool,
    given: Fen,
) -> Result<(), ShareRefusal> {
    if !matches!(trade.state, TradeState::Paid(..)) {
        return Err(ShareRefusal::State);
    }
    if finished {
        return Err(ShareRefusal::Finished);
    }
    let left = left_to_share(trade, lines);
    if given > left {
        return Err(ShareRefusal::Exceeds { left });
    }
    Ok(())
}
