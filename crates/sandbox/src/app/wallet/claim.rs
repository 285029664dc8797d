//! What was given to a phone's number: its owner takes it, with the wallet they have or one that
//! they open for it; after a day it goes back.

use super::messages::{NewCode, SendCodeError, TypedCode, send_code, take_code};
use crate::app::accounts::{BuyerSpec, EnsureBuyerError, Password, ensure_buyer};
use crate::app::login::{Checked, check};
use crate::app::once::{Sent, Turn};
use crate::app::pay_trade::unexpected;
use crate::context::Context;
use crate::domain::Account;
use crate::domain::account::{Secret, buyer_account, is_login_password, is_pay_password};
use crate::domain::form_no::FormNo;
use crate::domain::gift::{Gift, GiftState};
use crate::domain::message::{CodeRefusal, Purpose};
use crate::jobs;
use crate::store::gifts;
use kernel::Timestamp;
use ledger::{Kind, NewTransfer};
use money::Fen;
use service::worker::Done;
use store::{StoreError, Tx};

/// The ledger account that keeps what waits for a phone's owner.
pub const GIFTS: &str = "house:gifts";

/// Why nothing was taken.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// There is no such gift, or it is another phone's.
    #[error("there is no such gift for this phone")]
    NoSuchGift,
    /// It was taken or went back.
    #[error("the gift is {}", .0.as_str())]
    Over(GiftState),
    /// A password for the new wallet is none.
    #[error("a login password has 6 to 64 characters, a payment password six digits")]
    Passwords,
    /// The code was not sent.
    #[error(transparent)]
    Send(#[from] SendCodeError),
    /// The code was not taken.
    #[error(transparent)]
    Code(#[from] CodeRefusal),
    /// The form opened the wallet with other content before.
    #[error("the form was sent before with other content")]
    OtherContent,
    /// The wallet was not opened.
    #[error(transparent)]
    Open(#[from] EnsureBuyerError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A gift by its number.
///
/// # Errors
/// When the database fails.
pub async fn find(cx: &Context, gift_id: &str) -> Result<Option<Gift>, StoreError> {
    let gift_id = gift_id.to_owned();
    cx.db()
        .read(move |tx| {
            let gift_id = gift_id.clone();
            Box::pin(async move { gifts::find(tx, &gift_id).await })
        })
        .await
}

/// What waits for the owner of a wallet whose name is a phone's number.
///
/// # Errors
/// When the database fails.
pub async fn waiting_for(cx: &Context, account: &Account) -> Result<Vec<Gift>, StoreError> {
    let phone = account.logon_id.to_string();
    let now = cx.now();
    let mut waiting = cx
        .db()
        .read(move |tx| {
            let phone = phone.clone();
            Box::pin(async move { gifts::waiting_for(tx, &phone).await })
        })
        .await?;
    waiting.retain(|gift| gift.can_be_taken(now));
    Ok(waiting)
}

/// What a person gave lately, newest first.
///
/// # Errors
/// When the database fails.
pub async fn given_by(cx: &Context, user_id: &str) -> Result<Vec<Gift>, StoreError> {
    let user_id = user_id.to_owned();
    cx.db()
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { gifts::of_giver(tx, &user_id, 20).await })
        })
        .await
}

/// Takes a gift into the wallet of the phone's owner. Taken twice it arrives once.
///
/// # Errors
/// When it is another's, over, or the database fails.
pub async fn claim(cx: &Context, account: &Account, gift_id: &str) -> Result<Gift, ClaimError> {
    let (gift_id, now) = (gift_id.to_owned(), cx.now());
    let (phone, user_id) = (account.logon_id.to_string(), account.user_id.clone());
    let taken = cx
        .db()
        .write(move |tx| {
            let (gift_id, phone, user_id) = (gift_id.clone(), phone.clone(), user_id.clone());
            Box::pin(async move {
                let gift = match gifts::lock(tx, &gift_id).await? {
                    Some(gift) if gift.target == phone => gift,
                    _ => return Ok(Err(ClaimError::NoSuchGift)),
                };
                if gift.to_user_id.as_ref() == Some(&user_id) {
                    return Ok(Ok(gift));
                }
                if !gift.can_be_taken(now) {
                    let state = match gift.state {
                        GiftState::Waiting => GiftState::Returned,
                        ended => ended,
                    };
                    return Ok(Err(ClaimError::Over(state)));
                }
                let goal = buyer_account(&user_id);
                hand_out(tx, &gift, "claim", goal, now).await?;
                gifts::end(tx, &gift_id, GiftState::Done, Some(&user_id), now).await?;
                store::jobs::cancel(tx, jobs::RETURN_GIFT, &gift_id).await?;
                Ok::<_, StoreError>(Ok(gift))
            })
        })
        .await?;
    cx.wake();
    taken
}

/// Sends the code that opens a wallet for the phone of a gift.
///
/// # Errors
/// When there is no such gift, too many codes were sent, or the database fails.
pub async fn ask_for_code(cx: &Context, gift_id: &str) -> Result<(), ClaimError> {
    let gift = find(cx, gift_id).await?.ok_or(ClaimError::NoSuchGift)?;
    if !gift.can_be_taken(cx.now()) {
        return Err(ClaimError::Over(gift.state));
    }
    let code = NewCode {
        phone: gift.target,
        purpose: Purpose::Claim,
        about: gift.gift_id,
        words: "您正在开通钱包并收款".to_owned(),
    };
    Ok(send_code(cx, code).await?)
}

/// What the owner of a phone gives to open a wallet.
#[derive(Clone, Debug)]
pub struct OpenWallet {
    /// The number of the form: sent twice, it opens one wallet and both are let in.
    pub form_no: FormNo,
    /// The code that came.
    pub typed: String,
    /// Opens the wallet from now on.
    pub login_password: String,
    /// Six digits.
    pub pay_password: String,
}

/// Opens a wallet for the phone of a gift and takes the gift.
///
/// # Errors
/// When the gift is over, the code or a password is none, or the database fails.
pub async fn open_and_claim(
    cx: &Context,
    gift_id: &str,
    open: OpenWallet,
) -> Result<(Account, Gift), ClaimError> {
    let gift = find(cx, gift_id).await?.ok_or(ClaimError::NoSuchGift)?;
    if !is_login_password(&open.login_password) || !is_pay_password(&open.pay_password) {
        return Err(ClaimError::Passwords);
    }
    let turn = prove_phone(cx, &gift, &open).await?;
    let login_password = open.login_password.clone();
    let spec = BuyerSpec {
        logon_id: gift.target,
        login_password: Password::Plain(open.login_password),
        pay_password: Password::Plain(open.pay_password),
        balance: Fen::ZERO,
    };
    let account = ensure_buyer(cx, spec).await?;
    // The code that was used up says nothing about who sends the form again; the password does.
    if turn != Turn::First
        && check(cx, &account, Secret::Login, &login_password).await? != Checked::Right
    {
        return Err(ClaimError::OtherContent);
    }
    let gift = claim(cx, &account, gift_id).await?;
    Ok((account, gift))
}

/// Uses up the code, or finds that this very form did before.
async fn prove_phone(cx: &Context, gift: &Gift, open: &OpenWallet) -> Result<Turn, ClaimError> {
    let sent = Sent::form(&gift.gift_id, &open.form_no, &["open", &open.typed]);
    let code = TypedCode {
        phone: gift.target.clone(),
        purpose: Purpose::Claim,
        about: gift.gift_id.clone(),
        typed: open.typed.clone(),
    };
    let (gift, now) = (gift.clone(), cx.now());
    cx.db()
        .write(move |tx| {
            let (sent, code, gift) = (sent.clone(), code.clone(), gift.clone());
            Box::pin(async move {
                let refusal = if gift.can_be_taken(now) {
                    match take_code(tx, &code, now).await? {
                        Ok(()) => return Ok(Ok(sent.take(tx, &gift.gift_id, now).await?)),
                        Err(refusal) => refusal.into(),
                    }
                } else {
                    ClaimError::Over(gift.state)
                };
                Ok::<_, StoreError>(match sent.seen(tx).await? {
                    Turn::First => Err(refusal),
                    Turn::Other => Err(ClaimError::OtherContent),
                    again @ Turn::Again(_) => Ok(again),
                })
            })
        })
        .await?
}

/// Gives back what nobody took; the job's key is the gift's number.
///
/// # Errors
/// When the database fails.
pub(crate) async fn return_due(cx: &Context, gift_id: &str) -> Result<Done, StoreError> {
    let (gift_id, now) = (gift_id.to_owned(), cx.now());
    cx.db()
        .write(move |tx| {
            let gift_id = gift_id.clone();
            Box::pin(async move {
                let Some(gift) = gifts::lock(tx, &gift_id).await? else {
                    return Ok(());
                };
                if !gift.is_overdue(now) {
                    return Ok(());
                }
                let goal = buyer_account(&gift.from_user_id);
                hand_out(tx, &gift, "return", goal, now).await?;
                gifts::end(tx, &gift_id, GiftState::Returned, None, now).await
            })
        })
        .await?;
    Ok(Done::Finished)
}

/// Moves a gift out of the account in which it waited.
async fn hand_out(
    tx: &mut Tx<'_>,
    gift: &Gift,
    what: &str,
    goal: String,
    now: Timestamp,
) -> Result<(), StoreError> {
    let transfer = NewTransfer {
        transfer_id: format!("{what}:{}", gift.gift_id),
        debit: GIFTS.to_owned(),
        credit: goal,
        amount: gift.amount,
        code: "gift",
        memo: if gift.message.is_empty() {
            "转账 / transfer".to_owned()
        } else {
            gift.message.clone()
        },
        kind: Kind::Posted,
    };
    let result = ledger::transfer(tx, &transfer, now).await?;
    if result.is_done() {
        Ok(())
    } else {
        Err(unexpected(&transfer.transfer_id, result))
    }
}
