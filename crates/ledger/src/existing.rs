//! Is a transfer of this id there already, and is it the one that is meant?

use crate::transfer::{FIND_TRANSFER, Kind, NewTransfer, TransferResult};
use money::Fen;
use store::{Row, StoreError, Tx, params};

/// Compares with what is stored under the same id; `None` when nothing is.
pub(crate) async fn compare(
    tx: &mut Tx<'_>,
    wanted: &NewTransfer,
) -> Result<Option<TransferResult>, StoreError> {
    let values = params![wanted.transfer_id.as_str()];
    match tx.query_opt(&FIND_TRANSFER, &values).await? {
        Some(stored) => difference(&stored, wanted).map(Some),
        None => Ok(None),
    }
}

fn difference(stored: &Row, wanted: &NewTransfer) -> Result<TransferResult, StoreError> {
    let inherits = wanted.kind.pending_id().is_some();
    let same_account =
        |stored: &str, wanted: &str| stored == wanted || inherits && wanted.is_empty();
    let same_amount = |stored: Fen| {
        stored == wanted.amount
            || matches!(wanted.kind, Kind::Void { .. }) && wanted.amount.is_zero()
    };
    Ok(if stored.text("kind")? != wanted.kind.as_str() {
        TransferResult::ExistsWithDifferentKind
    } else if stored.opt_text("pending_id")? != wanted.kind.pending_id() {
        TransferResult::ExistsWithDifferentPendingId
    } else if !same_account(stored.text("debit")?, &wanted.debit) {
        TransferResult::ExistsWithDifferentDebit
    } else if !same_account(stored.text("credit")?, &wanted.credit) {
        TransferResult::ExistsWithDifferentCredit
    } else if !same_amount(Fen::new(stored.int("amount")?)) {
        TransferResult::ExistsWithDifferentAmount
    } else if stored.text("code")? != wanted.code {
        TransferResult::ExistsWithDifferentCode
    } else {
        TransferResult::Exists
    })
}
