//! Transfers: what is asked for, and everything that can become of it.

use crate::{apply, existing};
use kernel::Timestamp;
use money::Fen;
use store::{StoreError, Tx};

/// The largest amount of one transfer: a hundred billion yuan. It keeps the sums of the busiest
/// account far from what 64 bits hold.
pub const AMOUNT_MAX: Fen = Fen::new(10_000_000_000_000);
/// How long an id may be, in bytes.
pub const ID_BYTES_MAX: usize = 128;

/// In which of the two phases a transfer takes part.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Final at once.
    Posted,
    /// Held, until another transfer posts or voids it. A held debit counts against the limit of
    /// its account; a held credit cannot be spent.
    Pending,
    /// Makes a pending transfer final, in whole or in part; what is left of it is released.
    Post {
        /// The pending transfer.
        pending_id: String,
    },
    /// Releases a pending transfer.
    Void {
        /// The pending transfer.
        pending_id: String,
    },
}

impl Kind {
    /// How it is written in the database.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Pending => "pending",
            Self::Post { .. } => "post",
            Self::Void { .. } => "void",
        }
    }

    pub(crate) fn pending_id(&self) -> Option<&str> {
        match self {
            Self::Posted | Self::Pending => None,
            Self::Post { pending_id } | Self::Void { pending_id } => Some(pending_id),
        }
    }
}

/// A transfer to be made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewTransfer {
    /// Its id, made and kept by the caller before it asks: a repeat is recognised by it.
    pub transfer_id: String,
    /// The account that gives. Empty for a post or a void: the pending transfer's.
    pub debit: String,
    /// The account that takes. Empty for a post or a void: the pending transfer's.
    pub credit: String,
    /// How much. For a void nothing, or the whole pending amount.
    pub amount: Fen,
    /// What it is for, a word of the caller's: `pay`, `refund`, `top_up`.
    pub code: &'static str,
    /// What it is for, in words; people read it in the history.
    pub memo: String,
    /// Final, held, or the end of one that is held.
    pub kind: Kind,
}

/// What became of a transfer. The order of the variants is the order of precedence: when several
/// apply, the first is answered.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[must_use]
pub enum TransferResult {
    /// It was made.
    Created,
    /// The id is empty or longer than [`ID_BYTES_MAX`] bytes.
    TransferIdInvalid,
    /// One of that id is there, of another kind.
    ExistsWithDifferentKind,
    /// One of that id is there, ending another pending transfer.
    ExistsWithDifferentPendingId,
    /// One of that id is there, with another account that gives.
    ExistsWithDifferentDebit,
    /// One of that id is there, with another account that takes.
    ExistsWithDifferentCredit,
    /// One of that id is there, with another amount.
    ExistsWithDifferentAmount,
    /// One of that id is there, for another purpose.
    ExistsWithDifferentCode,
    /// It was made before, the same in all of the above. As good as made now.
    Exists,
    /// The purpose is empty.
    CodeMustNotBeEmpty,
    /// The amount is nothing or less (a void may say nothing).
    AmountMustBePositive,
    /// The amount is more than [`AMOUNT_MAX`].
    AmountExceedsMaximum,
    /// It would end itself.
    PendingIdMustBeDifferent,
    /// There is no transfer of the pending id.
    PendingNotFound,
    /// The transfer of the pending id is not a pending one.
    PendingNotPending,
    /// The pending transfer has another account that gives.
    PendingHasDifferentDebit,
    /// The pending transfer has another account that takes.
    PendingHasDifferentCredit,
    /// More would be posted than was held.
    ExceedsPendingAmount,
    /// A void says another amount than was held.
    PendingHasDifferentAmount,
    /// It was posted already.
    PendingAlreadyPosted,
    /// It was voided already.
    PendingAlreadyVoided,
    /// Both ends are one account.
    AccountsMustDiffer,
    /// The account that gives was never opened.
    DebitAccountNotFound,
    /// The account that takes was never opened.
    CreditAccountNotFound,
    /// The debits of the account that gives would not fit.
    OverflowsDebits,
    /// The credits of the account that takes would not fit.
    OverflowsCredits,
    /// The account that gives would be overdrawn.
    ExceedsCredits,
    /// The account that takes would get back more than it is owed.
    ExceedsDebits,
}

impl TransferResult {
    /// Returns `true` when the transfer is in the books, made now or before.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Created | Self::Exists)
    }

    /// How it is called in messages and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::TransferIdInvalid => "transfer_id_invalid",
            Self::ExistsWithDifferentKind => "exists_with_different_kind",
            Self::ExistsWithDifferentPendingId => "exists_with_different_pending_id",
            Self::ExistsWithDifferentDebit => "exists_with_different_debit",
            Self::ExistsWithDifferentCredit => "exists_with_different_credit",
            Self::ExistsWithDifferentAmount => "exists_with_different_amount",
            Self::ExistsWithDifferentCode => "exists_with_different_code",
            Self::Exists => "exists",
            Self::CodeMustNotBeEmpty => "code_must_not_be_empty",
            Self::AmountMustBePositive => "amount_must_be_positive",
            Self::AmountExceedsMaximum => "amount_exceeds_maximum",
            Self::PendingIdMustBeDifferent => "pending_id_must_be_different",
            Self::PendingNotFound => "pending_not_found",
            Self::PendingNotPending => "pending_not_pending",
            Self::PendingHasDifferentDebit => "pending_has_different_debit",
            Self::PendingHasDifferentCredit => "pending_has_different_credit",
            Self::ExceedsPendingAmount => "exceeds_pending_amount",
            Self::PendingHasDifferentAmount => "pending_has_different_amount",
            Self::PendingAlreadyPosted => "pending_already_posted",
            Self::PendingAlreadyVoided => "pending_already_voided",
            Self::AccountsMustDiffer => "accounts_must_differ",
            Self::DebitAccountNotFound => "debit_account_not_found",
            Self::CreditAccountNotFound => "credit_account_not_found",
            Self::OverflowsDebits => "overflows_debits",
            Self::OverflowsCredits => "overflows_credits",
            Self::ExceedsCredits => "exceeds_credits",
            Self::ExceedsDebits => "exceeds_debits",
        }
    }
}

impl std::fmt::Display for TransferResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

store::statements! {
    /// One transfer.
    FIND_TRANSFER = "SELECT transfer_id, kind, debit, credit, amount, pending_id, code
        FROM ledger_transfers WHERE transfer_id = $1";
    /// The transfer that ended a pending one.
    FIND_END = "SELECT kind FROM ledger_transfers WHERE pending_id = $1";
    /// Which of the two accounts there are, and how they are guarded.
    FIND_ENDS = "SELECT account_id, balance_limit FROM ledger_accounts WHERE account_id IN ($1, $2)";
    /// The balances of the two accounts, locked in the order of their ids. Free ones have none.
    LOCK_ENDS = "SELECT account_id, debits_pending, debits_posted, credits_pending, credits_posted
        FROM ledger_balances WHERE account_id IN ($1, $2) ORDER BY account_id", pg " FOR UPDATE";
    /// Writes a transfer, unless one of its id is there or its pending one is ended.
    INSERT_TRANSFER = "INSERT INTO ledger_transfers
            (transfer_id, kind, debit, credit, amount, pending_id, code, memo, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    /// Writes one side of a transfer into one layer.
    INSERT_POSTING = "INSERT INTO ledger_postings (transfer_id, account_id, side, layer, amount)
        VALUES ($1, $2, $3, $4, $5)";
    /// Adds to the stored sums of an account with a limit.
    ADD_TO_BALANCE = "UPDATE ledger_balances SET
            debits_pending = debits_pending + $2, debits_posted = debits_posted + $3,
            credits_pending = credits_pending + $4, credits_posted = credits_posted + $5
        WHERE account_id = $1";
}

/// Makes a transfer, or says why not. Anything but [`TransferResult::Created`] changed nothing.
///
/// A refusal is a result and not an error: the caller says what it means, and whether the rest of
/// its transaction stands.
///
/// # Errors
/// What the store said.
pub async fn transfer(
    tx: &mut Tx<'_>,
    wanted: &NewTransfer,
    now: Timestamp,
) -> Result<TransferResult, StoreError> {
    let id = &wanted.transfer_id;
    if id.is_empty() || id.len() > ID_BYTES_MAX {
        return Ok(TransferResult::TransferIdInvalid);
    }
    // Most transfers are new, so whether it exists is asked only when it could not be made.
    let refusal = match apply::apply(tx, wanted, now).await? {
        TransferResult::Created => return Ok(TransferResult::Created),
        refusal => refusal,
    };
    Ok(existing::compare(tx, wanted).await?.unwrap_or(refusal))
}
