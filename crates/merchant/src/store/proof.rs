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
            SELECT order_id, CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(refunded) AS BIGINT) AS refunded
                FROM attempts GROUP BY order_id
        ) s
        LEFT JOIN ledger_balances b ON b.account_id = 'order:' || s.order_id
        WHERE s.paid <> COALESCE(b.credits_posted, 0) OR s.refunded <> COALESCE(b.debits_posted, 0)
        ORDER BY s.order_id LIMIT $1";
}

/// What differs, in words.
///
/// # Errors
/// What the engine said.
pub async fn differences(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let rows = tx
        .query(&ORDERS_AND_BOOKS, &params![DIFFERENCES_MAX])
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
