//! The buyer pays: the money moves from the buyer's account (or the bank behind it) to the
//! seller's, the trade is paid, the notice is frozen. One transaction.

use super::fresh::Fresh;
use super::login::{self, Checked};
use super::meet_trade::{app_of, meet};
use super::send_notice::send_due;
use super::take_money::{NotTaken, Purse, take_money};
use crate::context::Context;
use crate::domain::account::{Denied, Secret, buyer_account};
use crate::domain::{Account, Profile, Refusal, Shown, Trade, TradeId, Tries};
use crate::faults::{Target, When};
use crate::store::accounts;
use crate::store::trades::{self, Key};
use kernel::Timestamp;
use ledger::TransferResult;
use money::Fen;
use std::fmt;
use std::str::FromStr;
use store::{StoreError, Tx};

/// The pocket that a buyer pays from.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum FundChannel {
    /// The wallet's balance, `ALIPAYACCOUNT`.
    #[default]
    Balance,
    /// A bank card, `BANKCARD`. The bank never says no.
    BankCard,
    /// Huabei, `PCREDIT`. Its lender never says no.
    Credit,
}

impl FundChannel {
    const ALL: [Self; 3] = [Self::Balance, Self::BankCard, Self::Credit];

    /// Its name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Balance => "ALIPAYACCOUNT",
            Self::BankCard => "BANKCARD",
            Self::Credit => "PCREDIT",
        }
    }

    /// The ledger account that gives the money of a buyer's payment, and gets it back.
    #[must_use]
    pub fn ledger_account(self, buyer_user_id: &str) -> String {
        match self {
            Self::Balance => buyer_account(buyer_user_id),
            Self::BankCard => super::books::BANK.to_owned(),
            Self::Credit => super::books::LENDER.to_owned(),
        }
    }
}

impl fmt::Display for FundChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A pocket that nobody has.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("fund_channel is ALIPAYACCOUNT, BANKCARD or PCREDIT")]
pub struct UnknownFundChannel;

impl FromStr for FundChannel {
    type Err = UnknownFundChannel;

    fn from_str(text: &str) -> Result<Self, UnknownFundChannel> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == text)
            .ok_or(UnknownFundChannel)
    }
}

/// A buyer's wish to pay.
#[derive(Clone, Debug)]
pub struct PayTrade {
    /// What for.
    pub trade_id: TradeId,
    /// Who, 16 digits.
    pub user_id: String,
    /// The six digits. The control API may leave them out; a page never does.
    pub pay_password: Option<String>,
    /// Out of which pocket.
    pub fund_channel: FundChannel,
    /// What a page showed the buyer; nothing else is charged. Without one whatever is asked for is.
    pub shown: Option<Shown>,
    /// Whether the buyer also signs what the order asks to be signed.
    pub signs: bool,
}

/// Why it was not paid.
#[derive(Debug, thiserror::Error)]
pub enum PayTradeError {
    /// Nobody has that account.
    #[error("there is no such buyer")]
    NoSuchBuyer,
    /// The trade cannot be paid.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is no longer what the buyer was shown.
    #[error("the amount or the subject changed since the buyer saw it")]
    Changed,
    /// Alipay's own sandbox knows one pocket.
    #[error("an application of the profile alipay-sandbox is paid from the balance only")]
    BalanceOnly,
    /// The payment password was not taken.
    #[error("the payment password was not taken")]
    Password(Denied),
    /// Too little money.
    #[error("the balance of {balance} is too small")]
    BalanceNotEnough {
        /// What is there.
        balance: Fen,
    },
    /// More than the buyer lets leave the balance in a day.
    #[error("the buyer's own daily limit leaves {left} today")]
    DayLimit {
        /// What is left.
        left: Fen,
    },
    /// The merchant did not leave that pocket to the buyer.
    #[error("the merchant does not take {0} for this trade")]
    Channel(FundChannel),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the transaction found; all but `Paid` leave the money where it was.
enum Outcome {
    Paid(Box<Trade>),
    Refused(Refusal),
    Changed,
    BalanceOnly,
    Locked(Denied),
    NotEnough(Fen),
    DayLimit(Fen),
    Channel(FundChannel),
}

/// Pays a trade. A trade that waits for the buyer's confirmation comes into being by it.
///
/// # Errors
/// When the buyer, the password, the balance or the trade does not allow it, or the database
/// fails.
pub async fn pay_trade(cx: &Context, pay: PayTrade) -> Result<Trade, PayTradeError> {
    let account = login::find_by_user(cx, &pay.user_id)
        .await?
        .ok_or(PayTradeError::NoSuchBuyer)?;
    if let Some(password) = &pay.pay_password {
        match login::check(cx, &account, Secret::Pay, password).await? {
            Checked::Right => {}
            Checked::Denied(denied) => return Err(PayTradeError::Password(denied)),
        }
    }
    let fresh = Fresh::take(cx);
    let (notify_id, paid_at) = (fresh.notify_id.clone(), fresh.now);
    let with_password = pay.pay_password.is_some();
    let outcome = cx
        .db()
        .write(move |tx| {
            let (pay, fresh, account) = (pay.clone(), fresh.clone(), account.clone());
            Box::pin(async move { move_money(tx, &pay, &account, with_password, &fresh).await })
        })
        .await?;
    if let Outcome::Paid(trade) = &outcome {
        tell_first(cx, trade, &notify_id, paid_at).await?;
    }
    cx.wake();
    match outcome {
        Outcome::Paid(trade) => Ok(*trade),
        Outcome::Refused(refusal) => Err(refusal.into()),
        Outcome::Changed => Err(PayTradeError::Changed),
        Outcome::BalanceOnly => Err(PayTradeError::BalanceOnly),
        Outcome::Locked(denied) => Err(PayTradeError::Password(denied)),
        Outcome::NotEnough(balance) => Err(PayTradeError::BalanceNotEnough { balance }),
        Outcome::DayLimit(left) => Err(PayTradeError::DayLimit { left }),
        Outcome::Channel(channel) => Err(PayTradeError::Channel(channel)),
    }
}

/// Posts the notice before the buyer hears of the payment, when the fault dial wants it so.
async fn tell_first(
    cx: &Context,
    trade: &Trade,
    notify_id: &str,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    let target = Target {
        app_id: &trade.app_id,
        method: None,
        out_trade_no: Some(&trade.offer.out_trade_no),
        notify_id: Some(notify_id),
    };
    if cx.faults().strike(When::Payment, target, due_at).is_some() {
        // Its job finds that the delivery was made.
        send_due(cx, notify_id, due_at).await?;
    }
    Ok(())
}

async fn move_money(
    tx: &mut Tx<'_>,
    pay: &PayTrade,
    account: &Account,
    with_password: bool,
    fresh: &Fresh,
) -> Result<Outcome, StoreError> {
    if let Some(no) = not_like_this(tx, pay).await? {
        return Ok(no);
    }
    let mut trade = match meet(tx, Key::Id(&pay.trade_id), fresh).await? {
        Ok(trade) => trade,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    if with_password && let Some(denied) = still_locked(tx, account, fresh).await? {
        return Ok(Outcome::Locked(denied));
    }
    let purse = Purse {
        signs: pay.signs,
        ..Purse::of(account, pay.fund_channel)
    };
    Ok(match take_money(tx, &mut trade, &purse, fresh).await? {
        Ok(()) => Outcome::Paid(Box::new(trade)),
        Err(NotTaken::Refused(refusal)) => Outcome::Refused(refusal),
        Err(NotTaken::NotEnough(balance)) => Outcome::NotEnough(balance),
        Err(NotTaken::DayLimit(left)) => Outcome::DayLimit(left),
        Err(NotTaken::Channel(channel)) => Outcome::Channel(channel),
    })
}

/// Holds the trade, and says whether it must not be paid in this way.
pub(super) async fn barred(tx: &mut Tx<'_>, pay: &PayTrade) -> Result<bool, StoreError> {
    Ok(not_like_this(tx, pay).await?.is_some())
}

/// Holds the trade, and says what keeps it from being paid in this way.
async fn not_like_this(tx: &mut Tx<'_>, pay: &PayTrade) -> Result<Option<Outcome>, StoreError> {
    let Some(trade) = trades::lock(tx, Key::Id(&pay.trade_id)).await? else {
        return Ok(None);
    };
    if let Some(shown) = &pay.shown
        && trade.changed_since(shown)
    {
        return Ok(Some(Outcome::Changed));
    }
    let is_balance = pay.fund_channel == FundChannel::Balance;
    if !is_balance && app_of(tx, &trade).await?.profile == Profile::AlipaySandbox {
        return Ok(Some(Outcome::BalanceOnly));
    }
    if !trade.offer.channels.allow(pay.fund_channel.as_str()) {
        return Ok(Some(Outcome::Channel(pay.fund_channel)));
    }
    Ok(None)
}

/// Another try may have locked the account since the password was looked at.
pub(super) async fn still_locked(
    tx: &mut Tx<'_>,
    account: &Account,
    fresh: &Fresh,
) -> Result<Option<Denied>, StoreError> {
    let Some(present) = accounts::lock(tx, &account.user_id).await? else {
        return Ok(None);
    };
    if let Err(denied) = present.pay_tries.may_try(fresh.now) {
        return Ok(Some(denied));
    }
    if present.pay_tries != Tries::after_right() {
        let tries = Tries::after_right();
        accounts::set_tries(tx, &account.user_id, Secret::Pay, tries).await?;
    }
    Ok(None)
}

/// The ledger's number of a trade's payment.
#[must_use]
pub fn transfer_id(trade_id: &TradeId) -> String {
    format!("pay:{trade_id}")
}

/// A transfer that cannot fail did: the books and the trades do not fit together.
pub(in crate::app) fn unexpected(transfer_id: &str, result: TransferResult) -> StoreError {
    StoreError::Inconsistent {
        table: "ledger_transfers",
        id: transfer_id.to_owned(),
        what: format!("the transfer was answered {}", result.as_str()),
    }
}
