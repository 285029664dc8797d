//! Keeps the sums of busy accounts short: folds their postings, a slice at a time, into one row.

use store::{StoreError, Tx, params};

/// How many postings one call folds at most: others wait behind it.
pub const SLICE_ROWS: i64 = 500;

/// What one call did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rolled {
    /// How many postings it folded in, those of limited accounts counted too.
    pub postings: i64,
    /// Whether there may be more: call again, in another transaction.
    pub more: bool,
}

store::statements! {
    /// Waits for transactions that are adding postings. PostgreSQL hands out numbers before it
    /// commits: without this, a posting could appear below the cursor after it has passed.
    WAIT_FOR_WRITERS = "SELECT 1 AS one",
        only_pg "LOCK TABLE ledger_postings IN SHARE MODE";
    /// Where the last call ended.
    LOCK_CURSOR = "SELECT up_to_seq FROM ledger_rollup_cursor WHERE name = 'postings'",
        pg " FOR UPDATE";
    /// Where this slice ends.
    SLICE = "SELECT CAST(COUNT(*) AS BIGINT) AS postings, CAST(COALESCE(MAX(seq), 0) AS BIGINT) AS up_to_seq
        FROM (SELECT seq FROM ledger_postings WHERE seq > $1 ORDER BY seq LIMIT $2) slice";
    /// Folds the slice into the rows of the accounts without limit.
    FOLD = "INSERT INTO ledger_rollups
            (account_id, debits_pending, debits_posted, credits_pending, credits_posted)
        SELECT p.account_id,
            CAST(SUM(CASE WHEN p.side = 'debit' AND p.layer = 'pending' THEN p.amount ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN p.side = 'debit' AND p.layer = 'posted' THEN p.amount ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN p.side = 'credit' AND p.layer = 'pending' THEN -p.amount ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN p.side = 'credit' AND p.layer = 'posted' THEN -p.amount ELSE 0 END) AS BIGINT)
        FROM ledger_postings p JOIN ledger_accounts a ON a.account_id = p.account_id
        WHERE p.seq > $1 AND p.seq <= $2 AND a.balance_limit = 'free'
        GROUP BY p.account_id
        ON CONFLICT (account_id) DO UPDATE SET
            debits_pending = ledger_rollups.debits_pending + excluded.debits_pending,
            debits_posted = ledger_rollups.debits_posted + excluded.debits_posted,
            credits_pending = ledger_rollups.credits_pending + excluded.credits_pending,
            credits_posted = ledger_rollups.credits_posted + excluded.credits_posted";
    /// Moves the cursor to the end of the slice.
    MOVE_CURSOR = "UPDATE ledger_rollup_cursor SET up_to_seq = $1 WHERE name = 'postings'";
}

/// Folds the next [`SLICE_ROWS`] postings. Give it a transaction of its own: it waits for
/// everybody who is adding postings.
///
/// # Errors
/// What the store said.
pub async fn rollup(tx: &mut Tx<'_>) -> Result<Rolled, StoreError> {
    tx.query(&WAIT_FOR_WRITERS, &params![]).await?;
    let cursor = tx.query_one(&LOCK_CURSOR, &params![]).await?;
    let from = cursor.int("up_to_seq")?;
    let slice = tx.query_one(&SLICE, &params![from, SLICE_ROWS]).await?;
    let postings = slice.int("postings")?;
    if postings > 0 {
        let up_to = slice.int("up_to_seq")?;
        tx.execute(&FOLD, &params![from, up_to]).await?;
        tx.execute_one(&MOVE_CURSOR, &params![up_to]).await?;
    }
    Ok(Rolled {
        postings,
        more: postings == SLICE_ROWS,
    })
}
