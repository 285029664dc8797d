//! What an account holds: four sums, stored for accounts with a limit, added up for the others.

use money::Fen;
use store::{Row, StoreError, Tx, params};

/// The four sums of an account. None is ever negative.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Balance {
    /// Debits that are held and may still be voided.
    pub debits_pending: Fen,
    /// Debits that are final.
    pub debits_posted: Fen,
    /// Credits that are held and may still be voided.
    pub credits_pending: Fen,
    /// Credits that are final.
    pub credits_posted: Fen,
}

fn minus(from: Fen, amounts: &[Fen]) -> Fen {
    let left = amounts
        .iter()
        .fold(from.fen(), |left, amount| left.saturating_sub(amount.fen()));
    Fen::new(left)
}

impl Balance {
    /// What is owed to the account's owner: posted credits less posted debits.
    #[must_use]
    pub fn credit_balance(&self) -> Fen {
        minus(self.credits_posted, &[self.debits_posted])
    }

    /// What the account's owner can still spend: the credit balance less what is held.
    #[must_use]
    pub fn available_credit(&self) -> Fen {
        minus(
            self.credits_posted,
            &[self.debits_posted, self.debits_pending],
        )
    }

    /// What the account's owner owes: posted debits less posted credits.
    #[must_use]
    pub fn debit_balance(&self) -> Fen {
        minus(self.debits_posted, &[self.credits_posted])
    }

    /// What can still be taken off the debt: the debit balance less what is held.
    #[must_use]
    pub fn available_debit(&self) -> Fen {
        minus(
            self.debits_posted,
            &[self.credits_posted, self.credits_pending],
        )
    }

    pub(crate) fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            debits_pending: row.int("debits_pending").map(Fen::new)?,
            debits_posted: row.int("debits_posted").map(Fen::new)?,
            credits_pending: row.int("credits_pending").map(Fen::new)?,
            credits_posted: row.int("credits_posted").map(Fen::new)?,
        })
    }
}

store::statements! {
    /// The stored sums of an account with a limit.
    STORED_BALANCE = "SELECT a.balance_limit, b.debits_pending, b.debits_posted,
            b.credits_pending, b.credits_posted
        FROM ledger_accounts a LEFT JOIN ledger_balances b ON b.account_id = a.account_id
        WHERE a.account_id = $1";
    /// The sums of an account without limit: what was rolled up, and the postings since.
    SUMMED_BALANCE = "SELECT
            CAST(COALESCE(SUM(debits_pending), 0) AS BIGINT) AS debits_pending,
            CAST(COALESCE(SUM(debits_posted), 0) AS BIGINT) AS debits_posted,
            CAST(COALESCE(SUM(credits_pending), 0) AS BIGINT) AS credits_pending,
            CAST(COALESCE(SUM(credits_posted), 0) AS BIGINT) AS credits_posted
        FROM (
            SELECT debits_pending, debits_posted, credits_pending, credits_posted
            FROM ledger_rollups WHERE account_id = $1
            UNION ALL
            SELECT
                CASE WHEN side = 'debit' AND layer = 'pending' THEN amount ELSE 0 END,
                CASE WHEN side = 'debit' AND layer = 'posted' THEN amount ELSE 0 END,
                CASE WHEN side = 'credit' AND layer = 'pending' THEN -amount ELSE 0 END,
                CASE WHEN side = 'credit' AND layer = 'posted' THEN -amount ELSE 0 END
            FROM ledger_postings
            WHERE account_id = $1
                AND seq > (SELECT up_to_seq FROM ledger_rollup_cursor WHERE name = 'postings')
        ) sums";
}

/// The sums of an account, or `None` when it was never opened.
///
/// # Errors
/// What the store said.
pub async fn balance(tx: &mut Tx<'_>, account_id: &str) -> Result<Option<Balance>, StoreError> {
    let Some(row) = tx.query_opt(&STORED_BALANCE, &params![account_id]).await? else {
        return Ok(None);
    };
    if row.text("balance_limit")? != crate::Limit::Free.as_str() {
        return Balance::from_row(&row).map(Some);
    }
    let row = tx.query_one(&SUMMED_BALANCE, &params![account_id]).await?;
    Balance::from_row(&row).map(Some)
}
