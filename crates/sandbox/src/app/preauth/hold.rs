//! The ledger's side of a hold: one pending transfer for the rest, ended and made anew when the
//! rest changes.

use crate::app::fresh::{Fresh, digits};
use crate::app::pay_trade::{FundChannel, unexpected};
use crate::context::Context;
use crate::domain::app::seller_account;
use crate::domain::freeze::{Freeze, FreezeRefusal, FreezeState};
use ledger::{Kind, NewTransfer, TransferResult};
use money::Fen;
use store::{StoreError, Tx};

/// The ledger's number of what holds the rest.
#[must_use]
pub fn hold_id(auth_no: &str, hold: i64) -> String {
    format!("freeze:{auth_no}:{hold}")
}

/// Alipay's number of an operation, 20 digits.
pub(super) fn operation_id(cx: &Context, fresh: &Fresh) -> String {
    format!("{}{}", fresh.now.china_day(), digits(cx.rng(), 12))
}

/// The pocket that a hold lies in; none where the merchant leaves only others.
#[must_use]
pub fn pocket(freeze: &Freeze) -> Option<FundChannel> {
    let name = freeze.channels.pocket_of_hold();
    name.and_then(|name| name.parse().ok())
}

fn payer_account(freeze: &Freeze) -> String {
    let payer = freeze.payer.as_ref().map(|payer| payer.user_id.as_str());
    let pocket = pocket(freeze).unwrap_or_default();
    pocket.ledger_account(payer.unwrap_or_default())
}

/// Holds the rest of a payer's money.
pub(super) async fn hold(
    tx: &mut Tx<'_>,
    freeze: &Freeze,
    fresh: &Fresh,
) -> Result<Result<(), FreezeRefusal>, StoreError> {
    if pocket(freeze).is_none() {
        return Ok(Err(FreezeRefusal::NoChannel));
    }
    let debit = payer_account(freeze);
    let transfer = NewTransfer {
        transfer_id: hold_id(&freeze.auth_no, freeze.hold),
        debit: debit.clone(),
        credit: seller_account(&freeze.app_id),
        amount: freeze.rest,
        code: "freeze",
        memo: freeze.title.clone(),
        kind: Kind::Pending,
    };
    let result = ledger::transfer(tx, &transfer, fresh.now).await?;
    if result == TransferResult::ExceedsCredits {
        let balance = ledger::balance(tx, &debit).await?.unwrap_or_default();
        let left = balance.available_credit();
        return Ok(Err(FreezeRefusal::MoneyNotEnough(left)));
    }
    if result.is_done() {
        Ok(Ok(()))
    } else {
        Err(unexpected(&transfer.transfer_id, result))
    }
}

/// Lets go of what is held.
pub(super) async fn let_go(
    tx: &mut Tx<'_>,
    freeze: &Freeze,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let (debit, credit) = (payer_account(freeze), seller_account(&freeze.app_id));
    ledger::lock(tx, &[&debit, &credit]).await?;
    let transfer = NewTransfer {
        transfer_id: format!("unfreeze:{}:{}", freeze.auth_no, freeze.hold),
        debit: String::new(),
        credit: String::new(),
        amount: Fen::ZERO,
        code: "unfreeze",
        memo: freeze.title.clone(),
        kind: Kind::Void {
            pending_id: hold_id(&freeze.auth_no, freeze.hold),
        },
    };
    let result = ledger::transfer(tx, &transfer, fresh.now).await?;
    if result.is_done() {
        Ok(())
    } else {
        Err(unexpected(&transfer.transfer_id, result))
    }
}

/// Holds what is left after some was taken or let go; with nothing left it is over.
pub(super) async fn hold_the_rest(
    tx: &mut Tx<'_>,
    freeze: &mut Freeze,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    if freeze.rest.is_zero() {
        freeze.state = FreezeState::Finish;
        freeze.ended_at = Some(fresh.now);
        return Ok(());
    }
    freeze.hold += 1;
    match hold(tx, freeze, fresh).await? {
        Ok(()) => Ok(()),
        // What was just let go cannot be missing.
        Err(_) => Err(StoreError::Inconsistent {
            table: "sandbox_freezes",
            id: freeze.auth_no.clone(),
            what: "the rest can no longer be held".to_owned(),
        }),
    }
}
