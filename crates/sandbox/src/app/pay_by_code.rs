//! The seller read a buyer's payment code: small amounts are paid at once, for large ones the
//! buyer's phone asks for the payment password.

use super::fresh::Fresh;
use super::open_trade::ask;
use super::pay_trade::FundChannel;
use super::take_money::{NotTaken, Purse, take_money};
use super::touch::bring_up;
use crate::context::Context;
use crate::domain::payment_code::PaymentCode;
use crate::domain::{App, Offer, Payer, Refusal, Trade};
use crate::store::trades::{self, Key};
use crate::store::{accounts, payment_codes};
use money::Fen;
use store::{StoreError, Tx};

/// A seller's wish to be paid by the holder of a code.
#[derive(Clone, Debug)]
pub struct PayByCode {
    /// Who is paid.
    pub app: App,
    /// What for; whoever shows the code is asked.
    pub offer: Offer,
    /// What was read.
    pub code: PaymentCode,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum PaidByCode {
    /// Paid.
    Paid(Box<Trade>),
    /// The buyer is asked on the phone.
    Asking(Box<Trade>),
}

/// Why nothing was paid.
#[derive(Debug, thiserror::Error)]
pub enum PayByCodeError {
    /// Nobody shows that code, or not any more.
    #[error("the payment code is unknown, used or older than a minute")]
    CodeInvalid,
    /// The code is the seller's own.
    #[error("buyer and seller are the same")]
    BuyerIsSeller,
    /// The trade of that number does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
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
    /// The merchant does not take the balance, out of which a code pays.
    #[error("the merchant does not take the balance for this trade")]
    Channel,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

enum Outcome {
    Done(PaidByCode),
    CodeInvalid,
    BuyerIsSeller,
    NotTaken(NotTaken),
}

/// Pays, or asks the buyer.
///
/// # Errors
/// When the code, the trade or the balance does not allow it, or the database fails.
pub async fn pay_by_code(cx: &Context, wish: PayByCode) -> Result<PaidByCode, PayByCodeError> {
    let first = once(cx, wish.clone()).await;
    let outcome = match first {
        // Two requests with a new number at once: the other made the trade.
        Err(error) if error.as_conflict().is_some() => once(cx, wish).await?,
        other => other?,
    };
    cx.wake();
    match outcome {
        Outcome::Done(done) => Ok(done),
        Outcome::CodeInvalid => Err(PayByCodeError::CodeInvalid),
        Outcome::BuyerIsSeller => Err(PayByCodeError::BuyerIsSeller),
        Outcome::NotTaken(NotTaken::Refused(refusal)) => Err(refusal.into()),
        Outcome::NotTaken(NotTaken::NotEnough(balance)) => {
            Err(PayByCodeError::BalanceNotEnough { balance })
        }
        Outcome::NotTaken(NotTaken::DayLimit(left)) => Err(PayByCodeError::DayLimit { left }),
        Outcome::NotTaken(NotTaken::Channel(_)) => Err(PayByCodeError::Channel),
    }
}

async fn once(cx: &Context, wish: PayByCode) -> Result<Outcome, StoreError> {
    let fresh = Fresh::take(cx);
    cx.db()
        .write(move |tx| {
            let (wish, fresh) = (wish.clone(), fresh.clone());
            Box::pin(async move { read_code(tx, wish, &fresh).await })
        })
        .await
}

async fn read_code(
    tx: &mut Tx<'_>,
    mut wish: PayByCode,
    fresh: &Fresh,
) -> Result<Outcome, StoreError> {
    let app = &wish.app;
    // A number that is over says so, whatever the code is: a repeat after a lost answer must
    // learn that it was paid.
    let known = trades::lock(
        tx,
        Key::Number {
            app_id: &app.app_id,
            out_trade_no: &wish.offer.out_trade_no,
        },
    )
    .await?;
    let mut known_id = None;
    if let Some(mut trade) = known {
        bring_up(tx, &mut trade, fresh).await?;
        if let Err(refusal) = trade.reopen(&wish.offer, app.profile, fresh.now) {
            return Ok(Outcome::NotTaken(refusal.into()));
        }
        known_id = Some(trade.trade_id);
    }
    let Some(shown) = payment_codes::lock(tx, wish.code.as_str()).await? else {
        return Ok(Outcome::CodeInvalid);
    };
    let readable = match (&shown.trade_id, &known_id) {
        (None, _) => fresh.now < shown.expires_at,
        (Some(used), Some(known)) => used == known.as_str(),
        (Some(_), None) => false,
    };
    let account = accounts::find_by_user(tx, &shown.user_id).await?;
    let Some(account) = account.filter(|_| readable) else {
        return Ok(Outcome::CodeInvalid);
    };
    if account.user_id == app.seller_id {
        return Ok(Outcome::BuyerIsSeller);
    }
    wish.offer.payer = Some(Payer::of(&account));
    let mut trade = match ask(tx, app, &wish.offer, fresh).await? {
        Ok(trade) => trade,
        Err(refusal) => return Ok(Outcome::NotTaken(refusal.into())),
    };
    payment_codes::mark_used(tx, wish.code.as_str(), trade.trade_id.as_str()).await?;
    let pocket = FundChannel::Balance;
    if !trade.offer.channels.allow(pocket.as_str()) {
        return left_open(tx, trade, NotTaken::Channel(pocket), fresh).await;
    }
    if trade.offer.total_amount > app.profile.most_without_password() {
        let detail = "the amount needs the payment password";
        trades::save(tx, &trade, fresh.now, "confirming", detail).await?;
        return Ok(Outcome::Done(PaidByCode::Asking(Box::new(trade))));
    }
    let purse = Purse::of(&account, pocket);
    match take_money(tx, &mut trade, &purse, fresh).await? {
        Ok(()) => Ok(Outcome::Done(PaidByCode::Paid(Box::new(trade)))),
        Err(not_taken) => left_open(tx, trade, not_taken, fresh).await,
    }
}

/// Another wallet may try under the same number.
async fn left_open(
    tx: &mut Tx<'_>,
    mut trade: Trade,
    not_taken: NotTaken,
    fresh: &Fresh,
) -> Result<Outcome, StoreError> {
    trade.offer.payer = None;
    let detail = not_taken.to_string();
    trades::save(tx, &trade, fresh.now, "not paid", &detail).await?;
    Ok(Outcome::NotTaken(not_taken))
}
