//! Orders held against the books: what they say came in and went back must be what was posted.

use ::store::{StoreError, Tx, params};

/// How many differences are written out.
const DIFFERENCES_MAX: i64 = 50;

::store::statements! {
    /// Orders whose attempts took another sum than their account was credited with, or gave
    /// another one back than it was debited with.
    ORDERS_AND_BOOKS = "SELECT s.order_id, s.paid, s.refunded,
            CAST(COALESCE(b.credits_posted, 0) AS BIGINT) AS credited,
            CAST(COALESCE(b.debits_posted, 0) AS BIGINT) AS debited
        FROM (
            SELECT a.order_id, CAST(SUM(a.paid) AS BIGINT) AS paid,
                CAST(SUM(a.refunded) AS BIGINT) AS refunded
                FROM attempts a JOIN orders o ON o.order_id = a.order_id
                WHERE CAST($2 AS TEXT) IS NULL OR o.merchant = $2 GROUP BY a.order_id
        ) s
        LEFT JOIN ledger_balances b ON b.account_id = 'order:' || s.order_id
        WHERE s.paid <> COALESCE(b.credits_posted, 0) OR s.refunded <> COALESCE(b.debits_posted, 0)
        ORDER BY s.order_id LIMIT $1";
    /// How much of the ledger is one owner's.
    COUNTS_OF = "SELECT COUNT(DISTINCT a.account_id) AS accounts, COUNT(p.seq) AS postings
        FROM ledger_accounts a LEFT JOIN ledger_postings p ON p.account_id = a.account_id
        WHERE a.owner = $1";
    /// An owner's stored sums that are not what its postings sum to.
    BALANCES_OF = "SELECT a.account_id, b.credits_posted, b.debits_posted, b.debits_pending,
            CAST(COALESCE(SUM(CASE WHEN p.side = 'credit' AND p.layer = 'posted'
                THEN -p.amount ELSE 0 END), 0) AS BIGINT) AS c,
            CAST(COALESCE(SUM(CASE WHEN p.side = 'debit' AND p.layer = 'posted'
                THEN p.amount ELSE 0 END), 0) AS BIGINT) AS d,
            CAST(COALESCE(SUM(CASE WHEN p.side = 'debit' AND p.layer = 'pending'
                THEN p.amount ELSE 0 END), 0) AS BIGINT) AS dp
        FROM ledger_accounts a
        JOIN ledger_balances b ON b.account_id = a.account_id
        LEFT JOIN ledger_postings p ON p.account_id = a.account_id
        WHERE a.owner = $2
        GROUP BY a.account_id, b.credits_posted, b.debits_posted, b.debits_pending
        HAVING b.credits_posted <> COALESCE(SUM(CASE WHEN p.side = 'credit' AND p.layer = 'posted'
                THEN -p.amount ELSE 0 END), 0)
            OR b.debits_posted <> COALESCE(SUM(CASE WHEN p.side = 'debit' AND p.layer = 'posted'
                THEN p.amount ELSE 0 END), 0)
            OR b.debits_pending <> COALESCE(SUM(CASE WHEN p.side = 'debit' AND p.layer = 'pending'
                THEN p.amount ELSE 0 END), 0)
        ORDER BY a.account_id LIMIT $1";
    /// An owner's transfers that do not sum to zero. Both of its sides are the owner's.
    LAYERS_OF = "SELECT t.transfer_id, p.layer, CAST(SUM(p.amount) AS BIGINT) AS fen
        FROM ledger_accounts a JOIN ledger_transfers t ON t.debit = a.account_id
        JOIN ledger_postings p ON p.transfer_id = t.transfer_id
        WHERE a.owner = $2 GROUP BY t.transfer_id, p.layer HAVING SUM(p.amount) <> 0
        ORDER BY t.transfer_id, p.layer LIMIT $1";
}

/// How many accounts and postings an owner has.
///
/// # Errors
/// What the engine said.
pub async fn counts_of(tx: &mut Tx<'_>, owner: &str) -> Result<(i64, i64), StoreError> {
    let row = tx.query_one(&COUNTS_OF, &params![owner]).await?;
    Ok((row.int("accounts")?, row.int("postings")?))
}

/// What differs of one owner's, in words.
///
/// # Errors
/// What the engine said.
pub async fn differences_of(tx: &mut Tx<'_>, owner: &str) -> Result<Vec<String>, StoreError> {
    let mut found = differences(tx, Some(owner)).await?;
    let values = params![DIFFERENCES_MAX, owner];
    for row in tx.query(&BALANCES_OF, &values).await? {
        found.push(format!(
            "the account {} says {} came in, {} went out and {} is on its way out, its postings \
             say {}, {} and {}",
            row.text("account_id")?,
            row.int("credits_posted")?,
            row.int("debits_posted")?,
            row.int("debits_pending")?,
            row.int("c")?,
            row.int("d")?,
            row.int("dp")?
        ));
    }
    for row in tx.query(&LAYERS_OF, &values).await? {
        found.push(format!(
            "the transfer {} is off by {} fen in its {} layer",
            row.text("transfer_id")?,
            row.int("fen")?,
            row.text("layer")?
        ));
    }
    Ok(found)
}

/// What differs between orders and books, in words; of one owner's, or of everybody's.
///
/// # Errors
/// What the engine said.
pub async fn differences(tx: &mut Tx<'_>, owner: Option<&str>) -> Result<Vec<String>, StoreError> {
    let rows = tx
        .query(&ORDERS_AND_BOOKS, &params![DIFFERENCES_MAX, owner])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(format!(
                "the order {} took {} fen and gave back {}, its account says {} and {}",
                row.text("order_id")?,
                row.int("paid")?,
                row.int("refunded")?,
                row.int("credited")?,
                row.int("debited")?
            ))
        })
        .collect()
}
