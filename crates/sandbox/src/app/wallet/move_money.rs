//! Between the wallet and a card of its owner: putting money in, taking it out.

use super::cards::{CardRefusal, Charge, charge};
use crate::app::fresh::Fresh;
use crate::app::login::{Checked, check};
use crate::app::once::{Sent, Turn};
use crate::app::pay_trade::{still_locked, unexpected};
use crate::context::Context;
use crate::domain::Account;
use crate::domain::account::{Denied, Secret, buyer_account};
use crate::domain::card::CardNo;
use crate::domain::form_no::FormNo;
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

impl Way {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In => "top_up",
            Self::Out => "withdraw",
        }
    }
}

/// A wish to move money.
#[derive(Clone, Debug)]
pub struct MoveMoney {
    /// The number of the form: sent twice, it moves once.
    pub form_no: FormNo,
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
    /// The form moved something else before.
    #[error("the form was sent before with other content")]
    OtherContent,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Moves money between a wallet and one of its cards. The same form again moves nothing more.
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
    let (way, amount) = (wish.way, wish.amount);
    let asks = [way.as_str(), &card_no.to_string(), &amount.to_string()];
    let sent = Sent::form(&owner.user_id, &wish.form_no, &asks);
    cx.db()
        .write(move |tx| {
            let (fresh, owner, card_no) = (fresh.clone(), owner.clone(), card_no.clone());
            let sent = sent.clone();
            Box::pin(async move {
                match sent.take(tx, &fresh.token, fresh.now).await? {
                    Turn::First => {}
                    Turn::Again(_) => return Ok(()),
                    Turn::Other => return Err(MoveMoneyError::OtherContent),
                }
                if let Some(denied) = still_locked(tx, &owner, &fresh).await? {
                    return Err(MoveMoneyError::Password(denied));
                }
                let held = cards::lock(tx, &card_no).await?;
                if held.is_none_or(|card| card.user_id.as_ref() != Some(&owner.user_id)) {
                    return Err(CardRefusal::NotYours.into());
                }
                match way {
                    Way::In => put_in(tx, &owner, &card_no, amount, &fresh).await,
                    Way::Out => take_out(tx, &owner, &card_no, amount, &fresh).await,
                }
            })
        })
        .await
}

async fn put_in(
    tx: &mut Tx<'_>,
    owner: &Account,
    card_no: &CardNo,
    amount: Fen,
    fresh: &Fresh,
) -> Result<(), MoveMoneyError> {
    let wanted = Charge {
        transfer_id: format!("top_up:{}", fresh.token),
        credit: buyer_account(&owner.user_id),
        amount,
        code: "top_up",
        memo: format!("充值 / top-up · {}", card_no.tail()),
    };
    Ok(charge(tx, card_no, wanted, fresh.now).await??)
}

async fn take_out(
    tx: &mut Tx<'_>,
    owner: &Account,
    card_no: &CardNo,
    amount: Fen,
    fresh: &Fresh,
) -> Result<(), MoveMoneyError> {
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
        TransferResult::ExceedsCredits => Err(MoveMoneyError::BalanceNotEnough),
        result if result.is_done() => Ok(()),
        result => Err(unexpected(&transfer.transfer_id, result).into()),
    }
}
