//! Makes a transfer: checks in order of precedence, each an early return, and only then writes.

use crate::transfer::{
    ADD_TO_BALANCE, AMOUNT_MAX, FIND_END, FIND_ENDS, FIND_TRANSFER, INSERT_POSTING,
    INSERT_TRANSFER, Kind, LOCK_ENDS, NewTransfer, TransferResult,
};
use crate::{Balance, Limit};
use kernel::Timestamp;
use money::Fen;
use store::{StoreError, Tx, params};

/// Goes on with the value, or returns the refusal from the function around it.
macro_rules! unless_refused {
    ($outcome:expr) => {
        match $outcome {
            Ok(value) => value,
            Err(refusal) => return Ok(refusal),
        }
    };
}

/// A refusal beside the failures of the store.
type Checked<T> = Result<Result<T, TransferResult>, StoreError>;

/// A transfer whose ends and amount are settled.
struct Settled {
    debit: String,
    credit: String,
    /// What it says in the books.
    amount: Fen,
    /// What it adds to the pending layer; negative when it releases.
    pending: i64,
    /// What it adds to the posted layer.
    posted: i64,
}

/// One end of the transfer, locked when it has a limit.
struct End {
    account_id: String,
    limit: Limit,
    balance: Balance,
}

pub(crate) async fn apply(
    tx: &mut Tx<'_>,
    wanted: &NewTransfer,
    now: Timestamp,
) -> Result<TransferResult, StoreError> {
    unless_refused!(check_words(wanted));
    let settled = match wanted.kind.pending_id() {
        None => unless_refused!(settle_new(wanted)),
        Some(pending_id) => unless_refused!(settle_end(tx, wanted, pending_id).await?),
    };
    let (debit, credit) = unless_refused!(lock_ends(tx, &settled).await?);
    unless_refused!(check_sums(&debit, &credit, &settled));
    unless_refused!(check_limits(&debit, &credit, &settled));
    if !insert(tx, wanted, &settled, now).await? {
        return lost_race(tx, wanted).await;
    }
    for (layer, amount) in [("pending", settled.pending), ("posted", settled.posted)] {
        if amount != 0 {
            post(
                tx,
                &wanted.transfer_id,
                [&settled.debit, &settled.credit],
                layer,
                amount,
            )
            .await?;
        }
    }
    for (end, debits, credits) in [(&debit, 1, 0), (&credit, 0, 1)] {
        if end.limit != Limit::Free {
            let values = params![
                end.account_id.as_str(),
                settled.pending * debits,
                settled.posted * debits,
                settled.pending * credits,
                settled.posted * credits
            ];
            tx.later(&ADD_TO_BALANCE, values, 1).await?;
        }
    }
    Ok(TransferResult::Created)
}

/// Writes both sides of a transfer into a layer: what its debit gains, its credit loses.
pub(crate) async fn post(
    tx: &mut Tx<'_>,
    transfer_id: &str,
    [debit, credit]: [&String; 2],
    layer: &'static str,
    amount: i64,
) -> Result<(), StoreError> {
    for (account_id, side, amount) in [(debit, "debit", amount), (credit, "credit", -amount)] {
        let values = params![transfer_id, account_id, side, layer, amount];
        tx.later(&INSERT_POSTING, values, 1).await?;
    }
    Ok(())
}

/// What can be said without looking at the books.
fn check_words(wanted: &NewTransfer) -> Result<(), TransferResult> {
    if wanted.code.is_empty() {
        return Err(TransferResult::CodeMustNotBeEmpty);
    }
    let whole = matches!(wanted.kind, Kind::Void { .. }) && wanted.amount.is_zero();
    if !wanted.amount.is_positive() && !whole {
        return Err(TransferResult::AmountMustBePositive);
    }
    if wanted.amount > AMOUNT_MAX {
        return Err(TransferResult::AmountExceedsMaximum);
    }
    if wanted.kind.pending_id() == Some(&wanted.transfer_id) {
        return Err(TransferResult::PendingIdMustBeDifferent);
    }
    Ok(())
}

fn settle_new(wanted: &NewTransfer) -> Result<Settled, TransferResult> {
    if wanted.debit == wanted.credit {
        return Err(TransferResult::AccountsMustDiffer);
    }
    let fen = wanted.amount.fen();
    let (pending, posted) = match wanted.kind {
        Kind::Pending => (fen, 0),
        Kind::Posted | Kind::Post { .. } | Kind::Void { .. } => (0, fen),
    };
    Ok(Settled {
        debit: wanted.debit.clone(),
        credit: wanted.credit.clone(),
        amount: wanted.amount,
        pending,
        posted,
    })
}

async fn settle_end(tx: &mut Tx<'_>, wanted: &NewTransfer, pending_id: &str) -> Checked<Settled> {
    let Some(held) = tx.query_opt(&FIND_TRANSFER, &params![pending_id]).await? else {
        return Ok(Err(TransferResult::PendingNotFound));
    };
    if held.text("kind")? != Kind::Pending.as_str() {
        return Ok(Err(TransferResult::PendingNotPending));
    }
    let (debit, credit) = (held.text("debit")?, held.text("credit")?);
    if !wanted.debit.is_empty() && wanted.debit != debit {
        return Ok(Err(TransferResult::PendingHasDifferentDebit));
    }
    if !wanted.credit.is_empty() && wanted.credit != credit {
        return Ok(Err(TransferResult::PendingHasDifferentCredit));
    }
    let whole = Fen::new(held.int("amount")?);
    let void = matches!(wanted.kind, Kind::Void { .. });
    if wanted.amount > whole && !void {
        return Ok(Err(TransferResult::ExceedsPendingAmount));
    }
    if void && !wanted.amount.is_zero() && wanted.amount != whole {
        return Ok(Err(TransferResult::PendingHasDifferentAmount));
    }
    if let Some(refusal) = ended(tx, pending_id).await? {
        return Ok(Err(refusal));
    }
    let amount = if void { whole } else { wanted.amount };
    Ok(Ok(Settled {
        debit: debit.to_owned(),
        credit: credit.to_owned(),
        amount,
        pending: -whole.fen(),
        posted: if void { 0 } else { amount.fen() },
    }))
}

/// Says how a pending transfer ended, if it did.
async fn ended(tx: &mut Tx<'_>, pending_id: &str) -> Result<Option<TransferResult>, StoreError> {
    let end = tx.query_opt(&FIND_END, &params![pending_id]).await?;
    end.map(|end| {
        Ok(match end.text("kind")? {
            "void" => TransferResult::PendingAlreadyVoided,
            _ => TransferResult::PendingAlreadyPosted,
        })
    })
    .transpose()
}

async fn lock_ends(tx: &mut Tx<'_>, settled: &Settled) -> Checked<(End, End)> {
    let values = params![settled.debit.as_str(), settled.credit.as_str()];
    let (mut debit, mut credit) = (None, None);
    for row in tx.query(&FIND_ENDS, &values).await? {
        let end = End {
            account_id: row.text("account_id")?.to_owned(),
            limit: row.parse("balance_limit")?,
            balance: Balance::default(),
        };
        if end.account_id == settled.debit {
            debit = Some(end);
        } else {
            credit = Some(end);
        }
    }
    let Some(mut debit) = debit else {
        return Ok(Err(TransferResult::DebitAccountNotFound));
    };
    let Some(mut credit) = credit else {
        return Ok(Err(TransferResult::CreditAccountNotFound));
    };
    if debit.limit == Limit::Free && credit.limit == Limit::Free {
        return Ok(Ok((debit, credit)));
    }
    for row in tx.query(&LOCK_ENDS, &values).await? {
        let balance = Balance::from_row(&row)?;
        if row.text("account_id")? == debit.account_id {
            debit.balance = balance;
        } else {
            credit.balance = balance;
        }
    }
    Ok(Ok((debit, credit)))
}

/// One side of an end after the transfer, pending and posted together, if it fits.
fn after(pending: Fen, posted: Fen, settled: &Settled) -> Option<Fen> {
    let pending = pending.checked_add(Fen::new(settled.pending))?;
    let posted = posted.checked_add(Fen::new(settled.posted))?;
    pending.checked_add(posted)
}

fn debits_after(debit: &End, settled: &Settled) -> Option<Fen> {
    let Balance {
        debits_pending,
        debits_posted,
        ..
    } = debit.balance;
    after(debits_pending, debits_posted, settled)
}

fn credits_after(credit: &End, settled: &Settled) -> Option<Fen> {
    let Balance {
        credits_pending,
        credits_posted,
        ..
    } = credit.balance;
    after(credits_pending, credits_posted, settled)
}

fn check_sums(debit: &End, credit: &End, settled: &Settled) -> Result<(), TransferResult> {
    if debits_after(debit, settled).is_none() {
        return Err(TransferResult::OverflowsDebits);
    }
    if credits_after(credit, settled).is_none() {
        return Err(TransferResult::OverflowsCredits);
    }
    Ok(())
}

fn check_limits(debit: &End, credit: &End, settled: &Settled) -> Result<(), TransferResult> {
    if debit.limit == Limit::DebitsWithinCredits
        && debits_after(debit, settled) > Some(debit.balance.credits_posted)
    {
        return Err(TransferResult::ExceedsCredits);
    }
    if credit.limit == Limit::CreditsWithinDebits
        && credits_after(credit, settled) > Some(credit.balance.debits_posted)
    {
        return Err(TransferResult::ExceedsDebits);
    }
    Ok(())
}

async fn insert(
    tx: &mut Tx<'_>,
    wanted: &NewTransfer,
    settled: &Settled,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![
        wanted.transfer_id.as_str(),
        wanted.kind.as_str(),
        settled.debit.as_str(),
        settled.credit.as_str(),
        settled.amount.fen(),
        wanted.kind.pending_id(),
        wanted.code,
        wanted.memo.as_str(),
        now
    ];
    Ok(tx.execute(&INSERT_TRANSFER, &values).await? == 1)
}

/// Another transaction was first with this id (the caller compares with it), or has ended the
/// pending transfer meanwhile.
async fn lost_race(tx: &mut Tx<'_>, wanted: &NewTransfer) -> Result<TransferResult, StoreError> {
    let refusal = match wanted.kind.pending_id() {
        Some(pending_id) => ended(tx, pending_id).await?,
        None => None,
    };
    Ok(refusal.unwrap_or(TransferResult::Exists))
}
