//! The books: what came in and went back, in double entry.
//!
//! Each order has an account that cannot be overdrawn: what came in stands on its credit side, what
//! went back or is on its way back on its debit side. Against it stands the clearing account of the
//! application, which is what Alipay holds for the merchant; it has no limit and is the sum of its
//! postings, so that payments never wait for each other.

use crate::context::Merchant;
use crate::domain::{Attempt, Order, OrderId, Refund};
use ::store::{StoreError, Tx};
use kernel::Timestamp;
use ledger::{Kind, Limit, NewAccount, NewTransfer, TransferResult};

/// The account of an order.
#[must_use]
pub fn order_account(order_id: &OrderId) -> String {
    format!("order:{order_id}")
}

/// The account of what Alipay holds for an application.
#[must_use]
pub fn clearing_account(app_id: &str) -> String {
    format!("clearing:{app_id}")
}

/// Opens the clearing accounts of all applications. Safe to repeat.
pub(crate) async fn open_clearing(merchant: &Merchant) -> Result<(), StoreError> {
    let now = merchant.now();
    let apps = merchant.registry().apps();
    let accounts: Vec<NewAccount> = apps
        .map(|app| NewAccount {
            account_id: clearing_account(&app.client.app().app_id),
            kind: "clearing".to_owned(),
            limit: Limit::Free,
            owner: app.merchant.name.clone(),
        })
        .collect();
    merchant
        .db()
        .write(move |tx| {
            let accounts = accounts.clone();
            Box::pin(async move {
                for account in &accounts {
                    let _ = ledger::open(tx, account, now).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Money came in by an attempt.
pub(crate) async fn post_payment(
    tx: &mut Tx<'_>,
    order: &Order,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<(), StoreError> {
    let account = NewAccount {
        account_id: order_account(&order.order_id),
        kind: "order".to_owned(),
        limit: Limit::DebitsWithinCredits,
        owner: order.merchant.clone(),
    };
    let transfer = NewTransfer {
        transfer_id: format!("pay:{}", attempt.attempt_id),
        debit: clearing_account(&attempt.app_id),
        credit: account.account_id.clone(),
        amount: order.amount,
        code: "pay",
        memo: attempt.out_trade_no.clone(),
        kind: Kind::Posted,
    };
    check(
        &transfer,
        ledger::open_with(tx, &account, &transfer, now).await?,
    )
}

/// Money is set aside to go back.
pub(crate) async fn reserve_refund(
    tx: &mut Tx<'_>,
    attempt: &Attempt,
    refund: &Refund,
    now: Timestamp,
) -> Result<(), StoreError> {
    let transfer = NewTransfer {
        transfer_id: format!("refund:{}", refund.refund_id),
        debit: order_account(&refund.order_id),
        credit: clearing_account(&attempt.app_id),
        amount: refund.amount,
        code: "refund",
        memo: refund.out_request_no.clone(),
        kind: Kind::Pending,
    };
    book(tx, &transfer, now).await
}

/// The money went back (`moved`), or is free again.
pub(crate) async fn end_refund(
    tx: &mut Tx<'_>,
    refund: &Refund,
    moved: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let pending_id = format!("refund:{}", refund.refund_id);
    let (word, kind) = if moved {
        (
            "post",
            Kind::Post {
                pending_id: pending_id.clone(),
            },
        )
    } else {
        (
            "void",
            Kind::Void {
                pending_id: pending_id.clone(),
            },
        )
    };
    let transfer = NewTransfer {
        transfer_id: format!("{pending_id}:{word}"),
        debit: String::new(),
        credit: String::new(),
        amount: refund.amount,
        code: "refund",
        memo: refund.out_request_no.clone(),
        kind,
    };
    book(tx, &transfer, now).await
}

/// Rows said that this transfer is possible; when the books disagree, nothing is committed.
async fn book(tx: &mut Tx<'_>, transfer: &NewTransfer, now: Timestamp) -> Result<(), StoreError> {
    check(transfer, ledger::transfer(tx, transfer, now).await?)
}

fn check(transfer: &NewTransfer, result: TransferResult) -> Result<(), StoreError> {
    match result {
        TransferResult::Created | TransferResult::Exists => Ok(()),
        other => Err(StoreError::Inconsistent {
            table: "ledger_transfers",
            id: transfer.transfer_id.clone(),
            what: format!("the books refused what the order allows: {other:?}"),
        }),
    }
}
