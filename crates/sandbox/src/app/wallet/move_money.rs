//! Between the wallet and a card of its owner: putting money in, taking it out.

use super::cards::{CardRefusal, Charge, charge};
use crate::app::fresh::Fresh;
use crate::app::login::{Checked, check};
use crate::app::pay_trade::{still_locked, unexpected};
use crate::context::Context;
use crate::domain::Account;
use crate::domain::account::{Denied, Secret, buyer_account};
use crate::domain::card::CardNo;
use crate::store::cards;
use ledger::{Kind, NewTransfer, TransferResult};
use money::Fen;
use store::{StoreError, Tx};

/// Which way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Way {
    /// From the card into the wallet.
    In,
    /// From the wallet onto the card.
    Out,
}

/// A wish to move money.
#[derive(Clone, Debug)]
pub struct MoveMoney {
    /// Which way.
    pub way: Way,
    /// With which card.
    pub card_no: String,
    /// How much.
    pub amount: Fen,
    /// The six digits.
    pub pay_password: String,
}

/// Why nothing was moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveMoneyError {
    /// Nothing, less than nothing, or more than anybody has.
    #[error("an amount is from 0.01 to 100000000.00")]
    Amount,
    /// The payment password was not taken.
    #[error("the payment password was not taken")]
    Password(Denied),
    /// The card does not allow it.
    #[error(transparent)]
    Card(#[from] CardRefusal),
    /// The wallet holds too little.
    #[error("the balance is too small")]
    BalanceNotEnough,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

enum Outcome {
    Done,
    Card(CardRefusal),
    NotEnough,
    Locked(Denied),
}

/// Moves money between a wallet and one of its cards.
///
/// # Errors
/// When the amount, the password, the card or what is there does not allow it, or the database
/// fails.
pub async fn move_money(
    cx: &Context,
    account: &Account,
    wish: MoveMoney,
) -> Result<(), MoveMoneyError> {
    if !wish.amount.is_payable() {
        return Err(MoveMoneyError::Amount);
    }
    let card_no: CardNo = wish.card_no.parse().map_err(|_| CardRefusal::Unknown)?;
    let checked = check(cx, account, Secret::Pay, &wish.pay_password).await?;
    if let Checked::Denied(denied) = checked {
        return Err(MoveMoneyError::Password(denied));
    }
    let (fresh, owner) = (Fresh::take(cx), account.clone());
    let outcome = cx
        .db()
        .write(move |tx| {
            let (fresh, owner, card_no) = (fresh.clone(), owner.clone(), card_no.clone());
            let (way, amount) = (wish.way, wish.amount);
            Box::pin(async move {
                if let Some(denied) = still_locked(tx, &owner, &fresh).await? {
                    return Ok(Outcome::Locked(denied));
                }
                let held = cards::lock(tx, &card_no).await?;
                if held.is_none_or(|card| card.user_id.as_ref() != Some(&owner.user_id)) {
                    return Ok(Outcome::Card(CardRefusal::NotYours));
                }
                match way {
                    Way::In => put_in(tx, &owner, &card_no, amount, &fresh).await,
                    Way::Out => take_out(tx, &owner, &card_no, amount, &fresh).await,
                }
            })
        })
        .await?;
    match outcome {
        Outcome::Done => Ok(()),
        Outcome::Card(refusal) => Err(refusal.into()),
        Outcome::NotEnough => Err(MoveMoneyError::BalanceNotEnough),
        Outcome::Locked(denied) => Err(MoveMoneyError::Password(denied)),
    }
}

async fn put_in(
    tx: &mut Tx<'_>,
    owner: &Account,
    card_no: &CardNo,
    amount: Fen,
    fresh: &Fresh,
) -> Result<Outcome, StoreError> {
    let wanted = Charge {
        transfer_id: format!("top_up:{}", fresh.token),
        credit: buyer_account(&owner.user_id),
        amount,
        code: "top_up",
        memo: format!("充值 / top-up · {}", card_no.tail()),
    };
    Ok(match charge(tx, card_no, wanted, fresh.now).await? {
        Ok(()) => Outcome::Done,
        Err(refusal) => Outcome::Card(refusal),
    })
}

async fn take_out(
    tx: &mut Tx<'_>,
    owner: &Account,
    card_no: &CardNo,
    amount: Fen,
    fresh: &Fresh,
) -> Result<Outcome, StoreError> {
    let transfer = NewTransfer {
        transfer_id: format!("withdraw:{}", fresh.token),
        debit: buyer_account(&owner.user_id),
        credit: card_no.ledger_account(),
        amount,
        code: "withdraw",
        memo: format!("提现 / withdrawal · {}", card_no.tail()),
        kind: Kind::Posted,
    };
    match ledger::transfer(tx, &transfer, fresh.now).await? {
        TransferResult::ExceedsCredits => Ok(Outcome::NotEnough),
        result if result.is_done() => Ok(Outcome::Done),
        result => Err(unexpected(&transfer.transfer_id, result)),
    }
}
