//! The money of a payment moves: out of the payer's pocket into the seller's account, the trade is
//! paid, the notice is frozen. Everything that pays a trade ends here.

use super::agreement::sign_with_payment;
use super::fresh::Fresh;
use super::pay_trade::{FundChannel, transfer_id, unexpected};
use super::tell::tell_by;
use super::wallet::limits::exceeded;
use crate::domain::account::buyer_account;
use crate::domain::agreement::AgreedBy;
use crate::domain::app::seller_account;
use crate::domain::trade::REFUND_WINDOW_MS;
use crate::domain::{Account, NoticeKind, Payment, Refusal, Trade};
use crate::jobs;
use crate::store::trades;
use ledger::{Kind, NewTransfer, TransferResult};
use money::Fen;
use store::jobs::NewJob;
use store::{StoreError, Tx};

/// Who pays, and out of what.
#[derive(Clone, Debug)]
pub struct Purse {
    /// 16 digits.
    pub user_id: String,
    /// Masked, as merchants see it.
    pub logon_id: String,
    /// What the wire calls the pocket; a refund goes back into it.
    pub channel: FundChannel,
    /// The ledger account that gives the money. For the balance it is the buyer's; money that was
    /// set aside before lies in another.
    pub debit: String,
    /// The agreement by which it is taken; its numbers stand in the notice.
    pub agreed: Option<AgreedBy>,
    /// Whether the payer also signs what the order asks to be signed.
    pub signs: bool,
}

impl Purse {
    /// A buyer's own pocket.
    #[must_use]
    pub fn of(account: &Account, channel: FundChannel) -> Self {
        Self {
            user_id: account.user_id.clone(),
            logon_id: account.logon_id.masked(),
            channel,
            debit: channel.ledger_account(&account.user_id),
            agreed: None,
            signs: true,
        }
    }
}

/// Why the money stayed where it was.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotTaken {
    /// The trade cannot be paid.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too little money.
    #[error("the balance of {0} is too small")]
    NotEnough(Fen),
    /// More than the buyer lets leave the balance in a day.
    #[error("the buyer's own daily limit leaves {0} today")]
    DayLimit(Fen),
    /// The merchant did not leave that pocket to the buyer.
    #[error("the merchant does not take {0} for this trade")]
    Channel(FundChannel),
}

/// Pays a locked trade that waits.
///
/// # Errors
/// What the engine said; inside, why nothing was paid.
pub(super) async fn take_money(
    tx: &mut Tx<'_>,
    trade: &mut Trade,
    purse: &Purse,
    fresh: &Fresh,
) -> Result<Result<(), NotTaken>, StoreError> {
    let payment = Payment {
        buyer_user_id: purse.user_id.clone(),
        buyer_logon_id: purse.logon_id.clone(),
        fund_channel: purse.channel.as_str().to_owned(),
        paid_at: fresh.now,
    };
    let state = match trade.pay(payment, fresh.now) {
        Ok(state) => state,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    if !trade.offer.channels.allow(purse.channel.as_str()) {
        return Ok(Err(NotTaken::Channel(purse.channel)));
    }
    let amount = trade.offer.total_amount;
    if purse.debit == buyer_account(&purse.user_id)
        && let Some(left) = exceeded(tx, &purse.user_id, amount, fresh.now).await?
    {
        return Ok(Err(NotTaken::DayLimit(left)));
    }
    let signed = sign_with_payment::decide(tx, trade, purse, fresh).await?;
    let transfer = NewTransfer {
        transfer_id: transfer_id(&trade.trade_id),
        debit: purse.debit.clone(),
        credit: seller_account(&trade.app_id),
        amount: trade.offer.total_amount,
        code: "pay",
        memo: trade.offer.subject.clone(),
        kind: Kind::Posted,
    };
    let result = ledger::transfer(tx, &transfer, fresh.now).await?;
    if result == TransferResult::ExceedsCredits {
        let balance = ledger::balance(tx, &purse.debit).await?.unwrap_or_default();
        return Ok(Err(NotTaken::NotEnough(balance.available_credit())));
    }
    if !result.is_done() {
        return Err(unexpected(&transfer.transfer_id, result));
    }
    trade.state = state;
    let detail = format!("by {} with {}", purse.logon_id, purse.channel);
    trades::save(tx, trade, fresh.now, "paid", &detail).await?;
    store::jobs::cancel(tx, jobs::EXPIRE_TRADE, trade.trade_id.as_str()).await?;
    let finish = NewJob {
        job_id: fresh.end_job.clone(),
        kind: jobs::FINISH_TRADE,
        key: trade.trade_id.as_str().to_owned(),
        payload: "{}".to_owned(),
        due_at: fresh.now.plus_ms(REFUND_WINDOW_MS),
    };
    store::jobs::schedule(tx, &finish).await?;
    let agreed = match &signed {
        Some(Ok(agreement)) => Some(AgreedBy::of(agreement)),
        _ => purse.agreed.clone(),
    };
    tell_by(tx, trade, &NoticeKind::Paid, agreed.as_ref(), fresh).await?;
    sign_with_payment::keep(tx, trade, signed, fresh).await?;
    Ok(Ok(()))
}
