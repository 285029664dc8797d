//! Starting over: no trades but those of the seed data, no notices, every account with what it began with. Applications, their
//! keys and the time stay; the ledger is corrected by transfers, as a ledger is.

use super::books::BANK;
use super::fill::{FillError, fill_again};
use super::fresh::Fresh;
use super::funds::send_money::transfer_id;
use super::pay_trade::unexpected;
use super::preauth::hold_id;
use super::wallet::claim::GIFTS;
use crate::context::Context;
use crate::domain::account::buyer_account;
use crate::domain::app::seller_account;
use crate::faults::Dial;
use crate::jobs;
use crate::store::{agreements, apps, cards, freezes, gifts, origins, resets, royalty, transfers};
use ledger::{Kind, NewTransfer};
use money::Fen;
use store::{StoreError, Tx};

/// Why nothing was reset.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// Merchant and shops live beside this sandbox and would not follow.
    #[error("in the demo merchant and shops would not follow")]
    Demo,
    /// What a world holds from its first moment could not be put back.
    #[error("the world is empty, and its seed data could not be put back")]
    Fill(#[source] Box<FillError>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Starts over.
///
/// # Errors
/// In the demo, and when the database fails.
pub async fn reset(cx: &Context) -> Result<(), ResetError> {
    if cx.parts().demo {
        return Err(ResetError::Demo);
    }
    let fresh = Fresh::take(cx);
    let origin = cx
        .db()
        .write(move |tx| {
            let fresh = fresh.clone();
            Box::pin(async move {
                start_over(tx, &fresh).await?;
                origins::empty(tx).await?;
                origins::next_turn(tx).await
            })
        })
        .await?;
    cx.begin_chance(&origin.turn.to_string());
    cx.exchanges().clear();
    // An empty dial is always taken.
    let _ = cx.faults().set(Dial::default());
    let filled = fill_again(cx).await;
    filled.map_err(|error| ResetError::Fill(Box::new(error)))?;
    Ok(())
}

async fn start_over(tx: &mut Tx<'_>, fresh: &Fresh) -> Result<(), StoreError> {
    let (trades, notices) = resets::waiting(tx).await?;
    for trade_id in trades {
        for kind in [jobs::EXPIRE_TRADE, jobs::FINISH_TRADE] {
            store::jobs::cancel(tx, kind, trade_id.as_str()).await?;
        }
    }
    for notify_id in notices {
        store::jobs::cancel(tx, jobs::SEND_NOTICE, &notify_id).await?;
    }
    for order_id in transfers::dealing(tx).await? {
        store::jobs::cancel(tx, jobs::FINISH_TRANSFER, &order_id).await?;
        release(tx, &transfer_id(&order_id), fresh).await?;
    }
    for settle_no in royalty::processing(tx).await? {
        store::jobs::cancel(tx, jobs::SETTLE_ROYALTY, &settle_no).await?;
    }
    royalty::forget(tx).await?;
    transfers::forget(tx).await?;
    for gift_id in gifts::waiting(tx).await? {
        store::jobs::cancel(tx, jobs::RETURN_GIFT, &gift_id).await?;
    }
    for freeze in freezes::open(tx).await? {
        store::jobs::cancel(tx, jobs::END_FREEZE, &freeze.auth_no).await?;
        if freeze.rest.is_positive() {
            release(tx, &hold_id(&freeze.auth_no, freeze.hold), fresh).await?;
        }
    }
    freezes::forget(tx).await?;
    agreements::forget(tx).await?;
    resets::forget(tx).await?;
    correct(tx, GIFTS, Fen::ZERO, fresh).await?;
    for (card_no, began_with) in cards::beginnings(tx).await? {
        correct(tx, &card_no.ledger_account(), began_with, fresh).await?;
    }
    for app in apps::list(tx).await? {
        correct(tx, &seller_account(&app.app_id), Fen::ZERO, fresh).await?;
    }
    for (user_id, began_with) in resets::beginnings(tx).await? {
        correct(tx, &buyer_account(&user_id), began_with, fresh).await?;
    }
    resets::note(tx, &fresh.token, fresh.now).await
}

/// Lets go of money that is held.
async fn release(tx: &mut Tx<'_>, pending_id: &str, fresh: &Fresh) -> Result<(), StoreError> {
    let transfer = NewTransfer {
        transfer_id: format!("reset:{}:{pending_id}", fresh.token),
        debit: String::new(),
        credit: String::new(),
        amount: Fen::ZERO,
        code: "reset",
        memo: "重新开始 / start over".to_owned(),
        kind: Kind::Void {
            pending_id: pending_id.to_owned(),
        },
    };
    let result = ledger::transfer(tx, &transfer, fresh.now).await?;
    if result.is_done() {
        Ok(())
    } else {
        Err(unexpected(&transfer.transfer_id, result))
    }
}

/// Brings an account to an amount by a transfer with the bank.
async fn correct(
    tx: &mut Tx<'_>,
    account: &str,
    wanted: Fen,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let balance = ledger::balance(tx, account).await?.unwrap_or_default();
    let missing = wanted.fen() - balance.credit_balance().fen();
    if missing == 0 {
        return Ok(());
    }
    let (debit, credit) = if missing > 0 {
        (BANK, account)
    } else {
        (account, BANK)
    };
    let transfer = NewTransfer {
        transfer_id: format!("reset:{}:{account}", fresh.token),
        debit: debit.to_owned(),
        credit: credit.to_owned(),
        amount: Fen::new(missing.abs()),
        code: "reset",
        memo: "重新开始 / start over".to_owned(),
        kind: Kind::Posted,
    };
    let result = ledger::transfer(tx, &transfer, fresh.now).await?;
    if result.is_done() {
        Ok(())
    } else {
        Err(unexpected(&transfer.transfer_id, result))
    }
}
