//! Bank cards: issued by the sandbox, bound to a wallet by a code, charged within their limits.

use super::limits::spent_since;
use super::messages::{NewCode, SendCodeError, TypedCode, send_code, take_code};
use crate::app::books::BANK;
use crate::app::fresh::digits;
use crate::app::once::{Sent, Turn};
use crate::app::pay_trade::unexpected;
use crate::context::Context;
use crate::domain::card::{Bank, CARD_DAY_LIMIT, CardNo, CardNoError};
use crate::domain::form_no::FormNo;
use crate::domain::message::{CodeRefusal, Purpose};
use crate::store::cards::{self, Card};
use kernel::Timestamp;
use kernel::time::DAY_MS;
use ledger::{Kind, Limit, NewAccount, NewTransfer, TransferResult};
use money::Fen;
use store::{StoreError, Tx};

/// A card to be issued.
#[derive(Clone, Debug)]
pub struct NewCard {
    /// By which bank.
    pub bank: Bank,
    /// The phone that the bank knows.
    pub phone: String,
    /// Into whose wallet; none for a card that is bound later.
    pub user_id: Option<String>,
    /// What it holds.
    pub balance: Fen,
}

/// Why a card was not charged.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CardRefusal {
    /// Nobody has it, or not with that phone.
    #[error("no card of that number and phone")]
    Unknown,
    /// It is in no wallet or in somebody else's.
    #[error("the card is not in this wallet")]
    NotYours,
    /// It holds too little.
    #[error("the card holds too little")]
    BalanceNotEnough,
    /// More than it may spend in a day.
    #[error("only {left} may still be spent with the card today")]
    DayLimit {
        /// What is left.
        left: Fen,
    },
}

/// Why a card was not bound.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// It is no number.
    #[error(transparent)]
    Number(#[from] CardNoError),
    /// The card is not to be had.
    #[error(transparent)]
    Card(#[from] CardRefusal),
    /// The code was not sent.
    #[error(transparent)]
    Send(#[from] SendCodeError),
    /// The code was not taken.
    #[error(transparent)]
    Code(#[from] CodeRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why no card was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The form issued another card before.
    #[error("the form was sent before with other content")]
    OtherContent,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Issues a card. What it holds comes from the bank.
///
/// # Errors
/// When the database fails.
pub async fn issue(cx: &Context, new: NewCard) -> Result<Card, StoreError> {
    let (card, balance, now) = (make(cx, &new), new.balance, cx.now());
    let issued = card.clone();
    cx.db()
        .write(move |tx| {
            let card = issued.clone();
            Box::pin(async move { put_out(tx, &card, balance, now).await })
        })
        .await?;
    Ok(card)
}

/// Issues a card into the wallet of whoever asks for it on a form. The same form again gives the
/// same card.
///
/// # Errors
/// When the form issued another card before, or the database fails.
pub async fn issue_to(
    cx: &Context,
    user_id: &str,
    form_no: &FormNo,
    new: NewCard,
) -> Result<Card, IssueError> {
    let (card, balance, now) = (make(cx, &new), new.balance, cx.now());
    let asks = ["issue", new.bank.as_str(), &card.phone];
    let sent = Sent::form(user_id, form_no, &asks);
    cx.db()
        .write(move |tx| {
            let (card, sent) = (card.clone(), sent.clone());
            Box::pin(async move {
                match sent.take(tx, card.card_no.as_str(), now).await? {
                    Turn::First => {
                        put_out(tx, &card, balance, now).await?;
                        Ok(card)
                    }
                    Turn::Again(card_no) => Ok(cards::get(tx, &card_no).await?),
                    Turn::Other => Err(IssueError::OtherContent),
                }
            })
        })
        .await
}

fn make(cx: &Context, new: &NewCard) -> Card {
    Card {
        card_no: CardNo::make(new.bank, &digits(cx.rng(), 12)),
        bank: new.bank,
        phone: new.phone.clone(),
        user_id: new.user_id.clone(),
    }
}

async fn put_out(
    tx: &mut Tx<'_>,
    card: &Card,
    balance: Fen,
    now: Timestamp,
) -> Result<(), StoreError> {
    cards::insert(tx, card, balance, now).await?;
    let account = NewAccount {
        account_id: card.card_no.ledger_account(),
        kind: "card".to_owned(),
        limit: Limit::DebitsWithinCredits,
        owner: card.bank.as_str().to_owned(),
    };
    let _ = ledger::open(tx, &account, now).await?;
    if !balance.is_positive() {
        return Ok(());
    }
    let transfer = NewTransfer {
        transfer_id: format!("issue:{}", card.card_no),
        debit: BANK.to_owned(),
        credit: account.account_id,
        amount: balance,
        code: "issue_card",
        memo: "发卡 / card issued".to_owned(),
        kind: Kind::Posted,
    };
    let result = ledger::transfer(tx, &transfer, now).await?;
    if result.is_done() {
        Ok(())
    } else {
        Err(unexpected(&transfer.transfer_id, result))
    }
}

/// A card and what it holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// The card.
    pub card: Card,
    /// What it holds.
    pub balance: Fen,
}

/// The cards in a wallet.
///
/// # Errors
/// When the database fails.
pub async fn of_user(cx: &Context, user_id: &str) -> Result<Vec<Held>, StoreError> {
    let user_id = user_id.to_owned();
    cx.db()
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move {
                let mut held = Vec::new();
                for card in cards::of_user(tx, &user_id).await? {
                    let balance = ledger::balance(tx, &card.card_no.ledger_account()).await?;
                    let balance = balance.unwrap_or_default().available_credit();
                    held.push(Held { card, balance });
                }
                Ok(held)
            })
        })
        .await
}

/// The card of that number whose bank knows that phone.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn known(cx: &Context, card_no: &str, phone: &str) -> Result<Card, BindError> {
    let card_no: CardNo = card_no.parse()?;
    let found = cx
        .db()
        .read(move |tx| {
            let card_no = card_no.clone();
            Box::pin(async move { cards::find(tx, &card_no).await })
        })
        .await?;
    match found {
        Some(card) if card.phone == phone.trim() => Ok(card),
        _ => Err(CardRefusal::Unknown.into()),
    }
}

/// Sends the code that binds a card to a wallet.
///
/// # Errors
/// When there is no such card, it is in another wallet, too many codes were sent, or the database
/// fails.
pub async fn ask_to_bind(
    cx: &Context,
    user_id: &str,
    card_no: &str,
    phone: &str,
) -> Result<Card, BindError> {
    let card = known(cx, card_no, phone).await?;
    if card
        .user_id
        .as_deref()
        .is_some_and(|owner| owner != user_id)
    {
        return Err(CardRefusal::NotYours.into());
    }
    let code = NewCode {
        phone: card.phone.clone(),
        purpose: Purpose::BindCard,
        about: about_binding(user_id, &card.card_no),
        words: format!("您正在绑定尾号 {} 的银行卡", card.card_no.tail()),
    };
    send_code(cx, code).await?;
    Ok(card)
}

/// Binds a card by the code that its phone got. A card that is in the wallet already stays there,
/// and no code is used.
///
/// # Errors
/// When there is no such card, it is in another wallet, the code is not taken, or the database
/// fails.
pub async fn bind(
    cx: &Context,
    user_id: &str,
    card_no: &str,
    phone: &str,
    typed: &str,
) -> Result<Card, BindError> {
    let card = known(cx, card_no, phone).await?;
    let code = TypedCode {
        phone: card.phone.clone(),
        purpose: Purpose::BindCard,
        about: about_binding(user_id, &card.card_no),
        typed: typed.to_owned(),
    };
    let (user_id, now) = (user_id.to_owned(), cx.now());
    cx.db()
        .write(move |tx| {
            let (code, user_id) = (code.clone(), user_id.clone());
            let card_no = card.card_no.clone();
            Box::pin(async move {
                let Some(mut card) = cards::lock(tx, &card_no).await? else {
                    return Ok(Err(BindError::Card(CardRefusal::Unknown)));
                };
                match card.user_id.as_deref() {
                    Some(owner) if owner == user_id => return Ok(Ok(card)),
                    Some(_) => return Ok(Err(BindError::Card(CardRefusal::NotYours))),
                    None => {}
                }
                if let Err(refusal) = take_code(tx, &code, now).await? {
                    return Ok(Err(refusal.into()));
                }
                cards::bind(tx, &card_no, Some(&user_id), now).await?;
                card.user_id = Some(user_id);
                Ok::<_, StoreError>(Ok(card))
            })
        })
        .await?
}

/// What a code for binding is about: the wallet too, so that nobody binds with another's code.
fn about_binding(user_id: &str, card_no: &CardNo) -> String {
    format!("{user_id}:{card_no}")
}

/// Takes a card out of a wallet, if it is not out already; `false` when there is no such card, or it
/// is in another wallet.
///
/// # Errors
/// When the database fails.
pub async fn unbind(cx: &Context, user_id: &str, card_no: &str) -> Result<bool, StoreError> {
    let Ok(card_no) = card_no.parse::<CardNo>() else {
        return Ok(false);
    };
    let (user_id, now) = (user_id.to_owned(), cx.now());
    cx.db()
        .write(move |tx| {
            let (card_no, user_id) = (card_no.clone(), user_id.clone());
            Box::pin(async move {
                let Some(card) = cards::lock(tx, &card_no).await? else {
                    return Ok(false);
                };
                match card.user_id {
                    Some(owner) if owner == user_id => {
                        cards::bind(tx, &card_no, None, now).await?;
                        Ok(true)
                    }
                    Some(_) => Ok(false),
                    None => Ok(true),
                }
            })
        })
        .await
}

/// What a card is charged for.
#[derive(Clone, Debug)]
pub struct Charge {
    /// The ledger's number of it.
    pub transfer_id: String,
    /// Who gets it.
    pub credit: String,
    /// How much.
    pub amount: Fen,
    /// The ledger's word for it.
    pub code: &'static str,
    /// In words.
    pub memo: String,
}

/// Takes money off a card, within what it holds and what it may spend in a day.
///
/// # Errors
/// What the engine said; inside, why not.
pub(crate) async fn charge(
    tx: &mut Tx<'_>,
    card_no: &CardNo,
    charge: Charge,
    now: Timestamp,
) -> Result<Result<(), CardRefusal>, StoreError> {
    if cards::lock(tx, card_no).await?.is_none() {
        return Ok(Err(CardRefusal::Unknown));
    }
    let account = card_no.ledger_account();
    let midnight = now.next_china_midnight().plus_ms(-DAY_MS);
    let spent = spent_since(tx, &account, midnight).await?;
    let left = CARD_DAY_LIMIT.checked_sub(spent).unwrap_or(Fen::ZERO);
    if charge.amount > left {
        let left = left.max(Fen::ZERO);
        return Ok(Err(CardRefusal::DayLimit { left }));
    }
    let transfer = NewTransfer {
        transfer_id: charge.transfer_id,
        debit: account,
        credit: charge.credit,
        amount: charge.amount,
        code: charge.code,
        memo: charge.memo,
        kind: Kind::Posted,
    };
    match ledger::transfer(tx, &transfer, now).await? {
        TransferResult::ExceedsCredits => Ok(Err(CardRefusal::BalanceNotEnough)),
        result if result.is_done() => Ok(Ok(())),
        result => Err(unexpected(&transfer.transfer_id, result)),
    }
}
