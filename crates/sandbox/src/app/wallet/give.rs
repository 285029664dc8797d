//! One person gives another money: to a wallet or a card at once, to a phone's number until its
//! owner takes it.

use super::claim::GIFTS;
use super::limits::exceeded;
use crate::app::fresh::{Fresh, token};
use crate::app::login::{self, Checked, check};
use crate::app::once::{Sent, Turn};
use crate::app::pay_trade::{still_locked, unexpected};
use crate::context::Context;
use crate::domain::account::{Denied, Secret, buyer_account};
use crate::domain::card::{CardNo, is_phone};
use crate::domain::form_no::FormNo;
use crate::domain::gift::{CLAIM_MS, Gift, GiftState, TargetKind};
use crate::domain::message::{Message, Purpose};
use crate::domain::{Account, LogonId};
use crate::jobs;
use crate::store::{cards, gifts, messages};
use ledger::{Kind, NewTransfer, TransferResult};
use money::Fen;
use store::jobs::{JobId, NewJob};
use store::{StoreError, Tx};

/// How long a giver's message may be, characters.
pub const MESSAGE_MAX: usize = 100;

/// A wish to give.
#[derive(Clone, Debug)]
pub struct Give {
    /// The number of the form: sent twice, it gives once.
    pub form_no: FormNo,
    /// What `target` is.
    pub kind: TargetKind,
    /// A logon id, a card's number or a phone's number.
    pub target: String,
    /// How much.
    pub amount: Fen,
    /// A word with it.
    pub message: String,
    /// The six digits.
    pub pay_password: String,
}

/// Why nothing was given.
#[derive(Debug, thiserror::Error)]
pub enum GiveError {
    /// Nothing, less than nothing, or more than anybody has.
    #[error("an amount is from 0.01 to 100000000.00")]
    Amount,
    /// The message is too long.
    #[error("a message has at most {MESSAGE_MAX} characters")]
    Message,
    /// There is nobody of that name, or no such card; a phone's number has 11 digits.
    #[error("there is no such taker")]
    NoSuchTarget,
    /// Nobody gives to themselves.
    #[error("giver and taker are the same")]
    Same,
    /// The payment password was not taken.
    #[error("the payment password was not taken")]
    Password(Denied),
    /// The wallet holds too little.
    #[error("the balance is too small")]
    BalanceNotEnough,
    /// More than the owner lets leave in a day.
    #[error("only {left} may still leave today")]
    DayLimit {
        /// What is left.
        left: Fen,
    },
    /// The form gave something else before.
    #[error("the form was sent before with other content")]
    OtherContent,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives money, and says how it stands. The same form again gives nothing more and says the same.
///
/// # Errors
/// When something about it does not allow it, or the database fails.
pub async fn give(cx: &Context, giver: &Account, wish: Give) -> Result<Gift, GiveError> {
    if !wish.amount.is_payable() {
        return Err(GiveError::Amount);
    }
    if wish.message.chars().count() > MESSAGE_MAX {
        return Err(GiveError::Message);
    }
    let goal = find_goal(cx, giver, &wish).await?;
    let checked = check(cx, giver, Secret::Pay, &wish.pay_password).await?;
    if let Checked::Denied(denied) = checked {
        return Err(GiveError::Password(denied));
    }
    let fresh = Fresh::take(cx);
    let gift = new_gift(giver, &wish, &goal, &fresh);
    let told = tell_phone(cx, giver, &gift);
    let amount = gift.amount.to_string();
    let asks = [
        "give",
        wish.kind.as_str(),
        &gift.target,
        &amount,
        &gift.message,
    ];
    let sent = Sent::form(&giver.user_id, &wish.form_no, &asks);
    let owner = giver.clone();
    let job_id = JobId::new(cx.clock(), cx.rng());
    let given = cx
        .db()
        .write(move |tx| {
            let (owner, gift, goal) = (owner.clone(), gift.clone(), goal.clone());
            let (fresh, told, job_id) = (fresh.clone(), told.clone(), job_id.clone());
            let sent = sent.clone();
            Box::pin(async move {
                match sent.take(tx, &gift.gift_id, fresh.now).await? {
                    Turn::First => {}
                    Turn::Again(gift_id) => return Ok(gifts::get(tx, &gift_id).await?),
                    Turn::Other => return Err(GiveError::OtherContent),
                }
                if let Some(denied) = still_locked(tx, &owner, &fresh).await? {
                    return Err(GiveError::Password(denied));
                }
                let over = exceeded(tx, &owner.user_id, gift.amount, fresh.now).await?;
                if let Some(left) = over {
                    return Err(GiveError::DayLimit { left });
                }
                hand_over(tx, &owner, &gift, &goal, &fresh).await?;
                gifts::insert(tx, &gift).await?;
                if let Some(message) = &told {
                    messages::insert(tx, message).await?;
                }
                schedule_return(tx, &gift, job_id).await?;
                Ok(gift)
            })
        })
        .await;
    cx.wake();
    given
}

/// Where the money goes.
#[derive(Clone, Debug)]
struct Goal {
    ledger_account: String,
    to_user_id: Option<String>,
    target: String,
}

async fn find_goal(cx: &Context, giver: &Account, wish: &Give) -> Result<Goal, GiveError> {
    let text = wish.target.trim();
    match wish.kind {
        TargetKind::Account => {
            let logon_id: LogonId = text.parse().map_err(|_| GiveError::NoSuchTarget)?;
            let taker = login::find(cx, &logon_id).await?;
            let taker = taker.ok_or(GiveError::NoSuchTarget)?;
            if taker.user_id == giver.user_id {
                return Err(GiveError::Same);
            }
            Ok(Goal {
                ledger_account: buyer_account(&taker.user_id),
                target: logon_id.to_string(),
                to_user_id: Some(taker.user_id),
            })
        }
        TargetKind::Card => {
            let card_no: CardNo = text.parse().map_err(|_| GiveError::NoSuchTarget)?;
            let ledger_account = card_no.ledger_account();
            let target = card_no.to_string();
            let found = cx
                .db()
                .read(move |tx| {
                    let card_no = card_no.clone();
                    Box::pin(async move { cards::find(tx, &card_no).await })
                })
                .await?;
            found.ok_or(GiveError::NoSuchTarget)?;
            Ok(Goal {
                ledger_account,
                target,
                to_user_id: None,
            })
        }
        TargetKind::Phone if !is_phone(text) => Err(GiveError::NoSuchTarget),
        TargetKind::Phone if giver.logon_id.as_str() == text => Err(GiveError::Same),
        TargetKind::Phone => Ok(Goal {
            ledger_account: GIFTS.to_owned(),
            target: text.to_owned(),
            to_user_id: None,
        }),
    }
}

fn new_gift(giver: &Account, wish: &Give, goal: &Goal, fresh: &Fresh) -> Gift {
    let waits = wish.kind == TargetKind::Phone;
    Gift {
        gift_id: fresh.token.clone(),
        from_user_id: giver.user_id.clone(),
        target: goal.target.clone(),
        kind: wish.kind,
        to_user_id: goal.to_user_id.clone(),
        amount: wish.amount,
        message: wish.message.trim().to_owned(),
        state: if waits {
            GiftState::Waiting
        } else {
            GiftState::Done
        },
        created_at: fresh.now,
        expires_at: waits.then(|| fresh.now.plus_ms(CLAIM_MS)),
        ended_at: (!waits).then_some(fresh.now),
    }
}

/// The message to the phone that there is something to fetch.
fn tell_phone(cx: &Context, giver: &Account, gift: &Gift) -> Option<Message> {
    if gift.kind != TargetKind::Phone {
        return None;
    }
    let address = format!("{}/wallet/claim/{}", cx.public_url(), gift.gift_id);
    Some(Message {
        message_id: token(cx.rng()),
        phone: gift.target.clone(),
        purpose: Purpose::Gift.as_str().to_owned(),
        about: gift.gift_id.clone(),
        code: String::new(),
        content: format!(
            "【沙箱支付宝】{} 给您转了 {} 元，24 小时内打开 {address} 收款。",
            giver.logon_id.masked(),
            gift.amount
        ),
        sent_at: gift.created_at,
        wrong: 0,
        used_at: None,
    })
}

async fn hand_over(
    tx: &mut Tx<'_>,
    giver: &Account,
    gift: &Gift,
    goal: &Goal,
    fresh: &Fresh,
) -> Result<(), GiveError> {
    let transfer = NewTransfer {
        transfer_id: format!("give:{}", gift.gift_id),
        debit: buyer_account(&giver.user_id),
        credit: goal.ledger_account.clone(),
        amount: gift.amount,
        code: "give",
        memo: if gift.message.is_empty() {
            "转账 / transfer".to_owned()
        } else {
            gift.message.clone()
        },
        kind: Kind::Posted,
    };
    match ledger::transfer(tx, &transfer, fresh.now).await? {
        TransferResult::ExceedsCredits => Err(GiveError::BalanceNotEnough),
        result if result.is_done() => Ok(()),
        result => Err(unexpected(&transfer.transfer_id, result).into()),
    }
}

async fn schedule_return(tx: &mut Tx<'_>, gift: &Gift, job_id: JobId) -> Result<(), StoreError> {
    let Some(due_at) = gift.expires_at else {
        return Ok(());
    };
    let job = NewJob {
        job_id,
        kind: jobs::RETURN_GIFT,
        key: gift.gift_id.clone(),
        payload: "{}".to_owned(),
        due_at,
    };
    store::jobs::schedule(tx, &job).await?;
    Ok(())
}
