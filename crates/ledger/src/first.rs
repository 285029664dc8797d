//! An account and the transfer that pays into it, made together.
//!
//! Most accounts of an order begin with the money that the order is paid with. Nothing can be in a
//! new account's way, so its limits need no look: four statements do what opening and then
//! transferring does in seven.

use crate::account::INSERT_ACCOUNT;
use crate::apply::post;
use crate::transfer::{AMOUNT_MAX, transfer};
use crate::{Kind, Limit, NewAccount, NewTransfer, TransferResult, open};
use kernel::Timestamp;
use store::{StoreError, Tx, params};

store::statements! {
    /// Writes a posted transfer from an account without limit.
    INSERT_FROM_FREE = "INSERT INTO ledger_transfers
            (transfer_id, kind, debit, credit, amount, pending_id, code, memo, at)
        SELECT CAST($1 AS TEXT), 'posted', account_id, CAST($3 AS TEXT), CAST($4 AS BIGINT), NULL,
            CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS BIGINT)
        FROM ledger_accounts WHERE account_id = $2 AND balance_limit = 'free'
        ON CONFLICT DO NOTHING";
    /// The row of a new account that has its first money.
    INSERT_FILLED_BALANCE = "INSERT INTO ledger_balances (account_id, credits_posted)
        VALUES ($1, $2)";
    /// The row of a new account that has none.
    INSERT_EMPTY_BALANCE = "INSERT INTO ledger_balances (account_id) VALUES ($1)";
}

/// Opens `account`, which `first` pays into, and makes the transfer. Where the account is open
/// already, or `first` is no plain payment from an account without limit, it is the same as
/// [`open`] and then [`transfer`].
///
/// # Errors
/// What the store said.
pub async fn open_with(
    tx: &mut Tx<'_>,
    account: &NewAccount,
    first: &NewTransfer,
    now: Timestamp,
) -> Result<TransferResult, StoreError> {
    if !is_plain(account, first) {
        let _ = open(tx, account, now).await?;
        return transfer(tx, first, now).await;
    }
    let values = params![
        account.account_id.as_str(),
        account.kind.as_str(),
        account.owner.as_str(),
        account.limit.as_str(),
        now
    ];
    if tx.execute(&INSERT_ACCOUNT, &values).await? == 0 {
        return transfer(tx, first, now).await;
    }
    let values = params![
        first.transfer_id.as_str(),
        first.debit.as_str(),
        first.credit.as_str(),
        first.amount.fen(),
        first.code,
        first.memo.as_str(),
        now
    ];
    let id = account.account_id.as_str();
    if tx.execute(&INSERT_FROM_FREE, &values).await? == 0 {
        tx.execute_one(&INSERT_EMPTY_BALANCE, &params![id]).await?;
        return transfer(tx, first, now).await;
    }
    let fen = first.amount.fen();
    tx.later(&INSERT_FILLED_BALANCE, params![id, fen], 1)
        .await?;
    let ends = [&first.debit, &first.credit];
    post(tx, &first.transfer_id, ends, "posted", fen).await?;
    Ok(TransferResult::Created)
}

/// Whether nothing of the transfer has to be looked at beforehand.
fn is_plain(account: &NewAccount, first: &NewTransfer) -> bool {
    let id = &first.transfer_id;
    first.kind == Kind::Posted
        && first.credit == account.account_id
        && first.debit != first.credit
        && account.limit == Limit::DebitsWithinCredits
        && first.amount.is_positive()
        && first.amount <= AMOUNT_MAX
        && !first.code.is_empty()
        && !id.is_empty()
        && id.len() <= crate::transfer::ID_BYTES_MAX
}
