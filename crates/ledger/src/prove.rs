//! The proof: recomputes everything from the postings and says what differs.

use money::Fen;
use store::{Row, Statement, StoreError, Tx, params};

/// How many differences of one kind are written out.
pub const DIFFERENCES_MAX: i64 = 50;

/// What the recomputation found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Proof {
    /// Whether nothing differs.
    pub balanced: bool,
    /// How many postings there are.
    pub postings: i64,
    /// How many accounts there are.
    pub accounts: i64,
    /// What differs, in words, at most [`DIFFERENCES_MAX`] of each kind.
    pub differences: Vec<String>,
}

store::statements! {
    /// How much there is to prove.
    COUNTS = "SELECT (SELECT COUNT(*) FROM ledger_postings) AS postings,
            (SELECT COUNT(*) FROM ledger_accounts) AS accounts";
    /// Layers that do not sum to zero.
    LAYERS = "SELECT layer, CAST(SUM(amount) AS BIGINT) AS fen FROM ledger_postings
        GROUP BY layer HAVING SUM(amount) <> 0 ORDER BY layer";
    /// Postings that a transfer must have and has not.
    MISSING = "SELECT e.transfer_id, e.account_id, e.side, e.layer, e.amount
        FROM (
            SELECT transfer_id, debit AS account_id, 'debit' AS side, 'posted' AS layer, amount
                FROM ledger_transfers WHERE kind IN ('posted', 'post')
            UNION ALL SELECT transfer_id, credit, 'credit', 'posted', -amount
                FROM ledger_transfers WHERE kind IN ('posted', 'post')
            UNION ALL SELECT transfer_id, debit, 'debit', 'pending', amount
                FROM ledger_transfers WHERE kind = 'pending'
            UNION ALL SELECT transfer_id, credit, 'credit', 'pending', -amount
                FROM ledger_transfers WHERE kind = 'pending'
            UNION ALL SELECT t.transfer_id, held.debit, 'debit', 'pending', -held.amount
                FROM ledger_transfers t JOIN ledger_transfers held ON held.transfer_id = t.pending_id
            UNION ALL SELECT t.transfer_id, held.credit, 'credit', 'pending', held.amount
                FROM ledger_transfers t JOIN ledger_transfers held ON held.transfer_id = t.pending_id
        ) e
        LEFT JOIN ledger_postings p ON p.transfer_id = e.transfer_id AND p.side = e.side
            AND p.layer = e.layer AND p.account_id = e.account_id AND p.amount = e.amount
        WHERE p.seq IS NULL ORDER BY e.transfer_id, e.layer, e.side LIMIT $1";
    /// Transfers with another number of postings than their kind has.
    MISCOUNTED = "SELECT t.transfer_id, t.kind, CAST(COUNT(p.seq) AS BIGINT) AS found
        FROM ledger_transfers t LEFT JOIN ledger_postings p ON p.transfer_id = t.transfer_id
        GROUP BY t.transfer_id, t.kind
        HAVING COUNT(p.seq) <> CASE t.kind WHEN 'post' THEN 4 ELSE 2 END
        ORDER BY t.transfer_id LIMIT $1";
    /// Postings of no transfer.
    ORPHANS = "SELECT p.seq, p.transfer_id FROM ledger_postings p
        LEFT JOIN ledger_transfers t ON t.transfer_id = p.transfer_id
        WHERE t.transfer_id IS NULL ORDER BY p.seq LIMIT $1";
    /// Postings to an account that was never opened.
    STRAYS = "SELECT p.seq, p.account_id FROM ledger_postings p
        LEFT JOIN ledger_accounts a ON a.account_id = p.account_id
        WHERE a.account_id IS NULL ORDER BY p.seq LIMIT $1";
    /// Stored sums that are not what the postings sum to.
    BALANCES = "SELECT a.account_id, CASE WHEN b.account_id IS NULL THEN 0 ELSE 1 END AS stored,
            CAST(COALESCE(b.debits_pending, 0) AS BIGINT) AS debits_pending,
            CAST(COALESCE(b.debits_posted, 0) AS BIGINT) AS debits_posted,
            CAST(COALESCE(b.credits_pending, 0) AS BIGINT) AS credits_pending,
            CAST(COALESCE(b.credits_posted, 0) AS BIGINT) AS credits_posted,
            CAST(COALESCE(r.dp, 0) AS BIGINT) AS dp, CAST(COALESCE(r.d, 0) AS BIGINT) AS d,
            CAST(COALESCE(r.cp, 0) AS BIGINT) AS cp, CAST(COALESCE(r.c, 0) AS BIGINT) AS c
        FROM ledger_accounts a
        LEFT JOIN ledger_balances b ON b.account_id = a.account_id
        LEFT JOIN (
            SELECT account_id,
                SUM(CASE WHEN side = 'debit' AND layer = 'pending' THEN amount ELSE 0 END) AS dp,
                SUM(CASE WHEN side = 'debit' AND layer = 'posted' THEN amount ELSE 0 END) AS d,
                SUM(CASE WHEN side = 'credit' AND layer = 'pending' THEN -amount ELSE 0 END) AS cp,
                SUM(CASE WHEN side = 'credit' AND layer = 'posted' THEN -amount ELSE 0 END) AS c
            FROM ledger_postings GROUP BY account_id
        ) r ON r.account_id = a.account_id
        WHERE a.balance_limit <> 'free' AND (b.account_id IS NULL
            OR b.debits_pending <> COALESCE(r.dp, 0) OR b.debits_posted <> COALESCE(r.d, 0)
            OR b.credits_pending <> COALESCE(r.cp, 0) OR b.credits_posted <> COALESCE(r.c, 0))
        ORDER BY a.account_id LIMIT $1";
    /// Rolled up sums that are not what the postings up to the cursor sum to.
    ROLLUPS = "SELECT a.account_id,
            CAST(COALESCE(b.debits_pending, 0) AS BIGINT) AS debits_pending,
            CAST(COALESCE(b.debits_posted, 0) AS BIGINT) AS debits_posted,
            CAST(COALESCE(b.credits_pending, 0) AS BIGINT) AS credits_pending,
            CAST(COALESCE(b.credits_posted, 0) AS BIGINT) AS credits_posted,
            CAST(COALESCE(r.dp, 0) AS BIGINT) AS dp, CAST(COALESCE(r.d, 0) AS BIGINT) AS d,
            CAST(COALESCE(r.cp, 0) AS BIGINT) AS cp, CAST(COALESCE(r.c, 0) AS BIGINT) AS c
        FROM ledger_accounts a
        LEFT JOIN ledger_rollups b ON b.account_id = a.account_id
        LEFT JOIN (
            SELECT account_id,
                SUM(CASE WHEN side = 'debit' AND layer = 'pending' THEN amount ELSE 0 END) AS dp,
                SUM(CASE WHEN side = 'debit' AND layer = 'posted' THEN amount ELSE 0 END) AS d,
                SUM(CASE WHEN side = 'credit' AND layer = 'pending' THEN -amount ELSE 0 END) AS cp,
                SUM(CASE WHEN side = 'credit' AND layer = 'posted' THEN -amount ELSE 0 END) AS c
            FROM ledger_postings
            WHERE seq <= (SELECT up_to_seq FROM ledger_rollup_cursor WHERE name = 'postings')
            GROUP BY account_id
        ) r ON r.account_id = a.account_id
        WHERE a.balance_limit = 'free'
            AND (COALESCE(b.debits_pending, 0) <> COALESCE(r.dp, 0)
            OR COALESCE(b.debits_posted, 0) <> COALESCE(r.d, 0)
            OR COALESCE(b.credits_pending, 0) <> COALESCE(r.cp, 0)
            OR COALESCE(b.credits_posted, 0) <> COALESCE(r.c, 0))
        ORDER BY a.account_id LIMIT $1";
    /// Pending transfers that are ended more than once, by more than they hold, between other
    /// accounts, or that were never pending.
    ENDS = "SELECT held.transfer_id, held.kind, held.amount AS held_fen,
            CAST(COUNT(*) AS BIGINT) AS times, CAST(MAX(t.amount) AS BIGINT) AS fen
        FROM ledger_transfers t JOIN ledger_transfers held ON held.transfer_id = t.pending_id
        GROUP BY held.transfer_id, held.kind, held.amount, held.debit, held.credit
        HAVING COUNT(*) > 1 OR held.kind <> 'pending' OR MAX(t.amount) > held.amount
            OR MAX(t.debit) <> held.debit OR MAX(t.credit) <> held.credit
        ORDER BY held.transfer_id LIMIT $1";
    /// Accounts whose postings break their limit.
    LIMITS = "SELECT a.account_id, a.balance_limit, r.debits, r.credits
        FROM ledger_accounts a JOIN (
            SELECT account_id,
                CAST(SUM(CASE WHEN side = 'debit' THEN amount ELSE 0 END) AS BIGINT) AS debits,
                CAST(SUM(CASE WHEN side = 'credit' THEN -amount ELSE 0 END) AS BIGINT) AS credits,
                SUM(CASE WHEN side = 'debit' AND layer = 'posted' THEN amount ELSE 0 END) AS d,
                SUM(CASE WHEN side = 'credit' AND layer = 'posted' THEN -amount ELSE 0 END) AS c
            FROM ledger_postings GROUP BY account_id
        ) r ON r.account_id = a.account_id
        WHERE (a.balance_limit = 'debits_within_credits' AND r.debits > r.c)
            OR (a.balance_limit = 'credits_within_debits' AND r.credits > r.d)
        ORDER BY a.account_id LIMIT $1";
}

/// Puts a row of differences into words.
type Describe = fn(&Row) -> Result<String, StoreError>;

/// Recomputes the books from their postings and compares: every layer sums to zero, every transfer
/// has its postings, stored and rolled up sums are what the postings sum to, no pending transfer
/// is ended twice or above its amount, no limit is broken.
///
/// It reads every posting. Call it in [`store::Db::read`], where nobody waits for it.
///
/// # Errors
/// What the store said.
pub async fn prove(tx: &mut Tx<'_>) -> Result<Proof, StoreError> {
    let counts = tx.query_one(&COUNTS, &params![]).await?;
    let mut differences = Vec::new();
    for row in tx.query(&LAYERS, &params![]).await? {
        differences.push(format!(
            "the {} layer sums to {}, not to 0.00",
            row.text("layer")?,
            Fen::new(row.int("fen")?)
        ));
    }
    let checks: [(&Statement, Describe); 8] = [
        (&MISSING, missing),
        (&MISCOUNTED, miscounted),
        (&ORPHANS, orphan),
        (&STRAYS, stray),
        (&BALANCES, unlike_stored),
        (&ROLLUPS, unlike_rolled_up),
        (&ENDS, wrong_end),
        (&LIMITS, beyond_limit),
    ];
    for (statement, describe) in checks {
        for row in tx.query(statement, &params![DIFFERENCES_MAX]).await? {
            differences.push(describe(&row)?);
        }
    }
    Ok(Proof {
        balanced: differences.is_empty(),
        postings: counts.int("postings")?,
        accounts: counts.int("accounts")?,
        differences,
    })
}

fn missing(row: &Row) -> Result<String, StoreError> {
    Ok(format!(
        "transfer {} has no {} {} posting of {} on account {}",
        row.text("transfer_id")?,
        row.text("layer")?,
        row.text("side")?,
        Fen::new(row.int("amount")?),
        row.text("account_id")?
    ))
}

fn miscounted(row: &Row) -> Result<String, StoreError> {
    Ok(format!(
        "transfer {} ({}) has {} postings, which is not what its kind has",
        row.text("transfer_id")?,
        row.text("kind")?,
        row.int("found")?
    ))
}

fn orphan(row: &Row) -> Result<String, StoreError> {
    Ok(format!(
        "posting {} belongs to transfer {}, which is not there",
        row.int("seq")?,
        row.text("transfer_id")?
    ))
}

fn stray(row: &Row) -> Result<String, StoreError> {
    Ok(format!(
        "posting {} is to account {}, which was never opened",
        row.int("seq")?,
        row.text("account_id")?
    ))
}

/// The sums that are kept and the sums of the postings, where they differ.
fn sums(row: &Row) -> Result<String, StoreError> {
    let mut parts = Vec::new();
    for (kept, summed) in [
        ("debits_pending", "dp"),
        ("debits_posted", "d"),
        ("credits_pending", "cp"),
        ("credits_posted", "c"),
    ] {
        let (stored, found) = (row.int(kept)?, row.int(summed)?);
        if stored != found {
            let (stored, found) = (Fen::new(stored), Fen::new(found));
            parts.push(format!("{kept} {stored}, its postings sum to {found}"));
        }
    }
    Ok(parts.join("; "))
}

fn unlike_stored(row: &Row) -> Result<String, StoreError> {
    let account_id = row.text("account_id")?;
    if row.int("stored")? == 0 {
        return Ok(format!(
            "account {account_id} has a limit and stores no balance"
        ));
    }
    Ok(format!("account {account_id} stores {}", sums(row)?))
}

fn unlike_rolled_up(row: &Row) -> Result<String, StoreError> {
    let account_id = row.text("account_id")?;
    Ok(format!(
        "account {account_id} is rolled up to {}",
        sums(row)?
    ))
}

fn wrong_end(row: &Row) -> Result<String, StoreError> {
    Ok(format!(
        "transfer {} ({}, {}) is ended {} times, at most by {}, or between other accounts",
        row.text("transfer_id")?,
        row.text("kind")?,
        Fen::new(row.int("held_fen")?),
        row.int("times")?,
        Fen::new(row.int("fen")?)
    ))
}

fn beyond_limit(row: &Row) -> Result<String, StoreError> {
    Ok(format!(
        "account {} breaks its limit {}: debits {}, credits {}",
        row.text("account_id")?,
        row.text("balance_limit")?,
        Fen::new(row.int("debits")?),
        Fen::new(row.int("credits")?)
    ))
}
