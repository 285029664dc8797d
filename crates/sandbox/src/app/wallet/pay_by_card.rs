//! A trade paid with a bank card: one of the wallet's by the payment password, any other by the code
//! that the card's phone got. The bank takes the money off the card and pays the seller, in one
//! transaction; a refund goes the same way back.

use super::cards::{BindError, CardRefusal, Charge, charge, known};
use super::messages::{NewCode, SendCodeError, TypedCode, send_code, take_code};
use crate::app::books::BANK;
use crate::app::fresh::Fresh;
use crate::app::login::{Checked, check};
use crate::app::meet_trade::meet;
use crate::app::pay_trade::{FundChannel, PayTrade, barred, still_locked, unexpected};
use crate::app::take_money::{NotTaken, Purse, take_money};
use crate::context::Context;
use crate::domain::account::{Denied, Secret};
use crate::domain::card::CardNo;
use crate::domain::message::{CodeRefusal, Purpose};
use crate::domain::{Account, Refusal, Shown, Trade, TradeId};
use crate::store::cards::{self, Card};
use crate::store::trades::Key;
use kernel::Timestamp;
use ledger::{Kind, NewTransfer};
use money::Fen;
use store::{StoreError, Tx};

/// What shows that the card may be used.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The payment password of the wallet that the card is in.
    Password(String),
    /// The code that the card's phone got for this visit.
    Code(TypedCode),
}

/// A wish to pay with a card.
#[derive(Clone, Debug)]
pub struct PayByCard {
    /// What for.
    pub trade_id: TradeId,
    /// With which card.
    pub card_no: String,
    /// Why the card may be used.
    pub proof: Proof,
    /// What the page showed; nothing else is charged.
    pub shown: Shown,
    /// Whether the buyer also signs what the order asks to be signed.
    pub signs: bool,
}

/// Why it was not paid.
#[derive(Debug, thiserror::Error)]
pub enum PayByCardError {
    /// The trade cannot be paid.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is no longer what the buyer was shown, or not to be paid with a card.
    #[error("the trade cannot be paid like this")]
    Barred,
    /// The payment password was not taken.
    #[error("the payment password was not taken")]
    Password(Denied),
    /// The card does not allow it.
    #[error(transparent)]
    Card(#[from] CardRefusal),
    /// The code was not taken.
    #[error(transparent)]
    Code(#[from] CodeRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends the code that lets a card pay at this visit.
///
/// # Errors
/// When there is no such card, too many codes were sent, or the database fails.
pub async fn ask_for_code(
    cx: &Context,
    visit_id: &str,
    amount: Fen,
    card_no: &str,
    phone: &str,
) -> Result<Card, BindError> {
    let card = known(cx, card_no, phone).await?;
    let code = NewCode {
        phone: card.phone.clone(),
        purpose: Purpose::CardPayment,
        about: about(visit_id, &card.card_no),
        words: format!(
            "您正在用尾号 {} 的银行卡付款 {amount} 元",
            card.card_no.tail()
        ),
    };
    match send_code(cx, code).await {
        Ok(()) => Ok(card),
        Err(SendCodeError::Store(error)) => Err(error.into()),
        Err(error) => Err(error.into()),
    }
}

/// What a code for paying is about: one visit and one card.
#[must_use]
pub fn about(visit_id: &str, card_no: &CardNo) -> String {
    format!("{visit_id}:{card_no}")
}

/// Pays a trade with a card.
///
/// # Errors
/// When the trade, the card, the password or the code does not allow it, or the database fails.
pub async fn pay_by_card(
    cx: &Context,
    payer: &Account,
    pay: PayByCard,
) -> Result<Trade, PayByCardError> {
    let card_no: CardNo = pay.card_no.parse().map_err(|_| CardRefusal::Unknown)?;
    if let Proof::Password(password) = &pay.proof
        && let Checked::Denied(denied) = check(cx, payer, Secret::Pay, password).await?
    {
        return Err(PayByCardError::Password(denied));
    }
    let (fresh, payer) = (Fresh::take(cx), payer.clone());
    let paid = cx
        .db()
        .write(move |tx| {
            let (fresh, payer, card_no) = (fresh.clone(), payer.clone(), card_no.clone());
            let pay = pay.clone();
            Box::pin(async move { charge_and_pay(tx, &payer, &card_no, &pay, &fresh).await })
        })
        .await?;
    cx.wake();
    paid
}

/// The inner error leaves behind what was counted on the way; the outer one undoes everything.
async fn charge_and_pay(
    tx: &mut Tx<'_>,
    payer: &Account,
    card_no: &CardNo,
    pay: &PayByCard,
    fresh: &Fresh,
) -> Result<Result<Trade, PayByCardError>, PayByCardError> {
    let wish = PayTrade {
        trade_id: pay.trade_id.clone(),
        user_id: payer.user_id.clone(),
        pay_password: None,
        fund_channel: FundChannel::BankCard,
        shown: Some(pay.shown.clone()),
        signs: pay.signs,
    };
    if barred(tx, &wish).await? {
        return Ok(Err(PayByCardError::Barred));
    }
    let Some(card) = cards::lock(tx, card_no).await? else {
        return Ok(Err(CardRefusal::Unknown.into()));
    };
    match &pay.proof {
        Proof::Password(_) => {
            if card.user_id.as_ref() != Some(&payer.user_id) {
                return Ok(Err(CardRefusal::NotYours.into()));
            }
            if let Some(denied) = still_locked(tx, payer, fresh).await? {
                return Ok(Err(PayByCardError::Password(denied)));
            }
        }
        Proof::Code(code) => {
            if let Err(refusal) = take_code(tx, code, fresh.now).await? {
                return Ok(Err(refusal.into()));
            }
        }
    }
    let mut trade = match meet(tx, Key::Id(&pay.trade_id), fresh).await? {
        Ok(trade) => trade,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let off_the_card = Charge {
        transfer_id: format!("card_charge:{}", trade.trade_id),
        credit: BANK.to_owned(),
        amount: trade.offer.total_amount,
        code: "card_charge",
        memo: trade.offer.subject.clone(),
    };
    // A card that says no has moved nothing; a code that was used up for it stays used.
    if let Err(refusal) = charge(tx, card_no, off_the_card, fresh.now).await? {
        return Ok(Err(refusal.into()));
    }
    let purse = Purse {
        signs: pay.signs,
        ..Purse::of(payer, FundChannel::BankCard)
    };
    match take_money(tx, &mut trade, &purse, fresh).await? {
        Ok(()) => {}
        // The card was charged by now: all of it is undone.
        Err(NotTaken::Refused(refusal)) => return Err(refusal.into()),
        Err(NotTaken::NotEnough(_) | NotTaken::DayLimit(_) | NotTaken::Channel(_)) => {
            return Err(PayByCardError::Barred);
        }
    }
    cards::note_payment(tx, &trade.trade_id, &card).await?;
    Ok(Ok(trade))
}

/// Puts a refund onto the card that paid; none when no card of ours did.
///
/// # Errors
/// What the engine said.
pub(crate) async fn give_back(
    tx: &mut Tx<'_>,
    trade: &Trade,
    out_request_no: &str,
    amount: Fen,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(card) = cards::that_paid(tx, &trade.trade_id).await? else {
        return Ok(());
    };
    let transfer = NewTransfer {
        transfer_id: format!("card_credit:{}:{out_request_no}", trade.trade_id),
        debit: BANK.to_owned(),
        credit: card.card_no.ledger_account(),
        amount,
        code: "card_credit",
        memo: trade.offer.subject.clone(),
        kind: Kind::Posted,
    };
    let result = ledger::transfer(tx, &transfer, now).await?;
    if result.is_done() {
        Ok(())
    } else {
        Err(unexpected(&transfer.transfer_id, result))
    }
}
