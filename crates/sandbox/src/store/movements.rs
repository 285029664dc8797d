//! What moved an account in a stretch of time, oldest first, as the ledger's postings say.

use ::store::{StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// The first and the last posting of an account in a stretch of time.
    MOVEMENT_SPAN = "SELECT MIN(p.seq) AS first_seq, MAX(p.seq) AS last_seq FROM ledger_postings p JOIN ledger_transfers t ON t.transfer_id = p.transfer_id WHERE p.account_id = $1 AND p.layer = 'posted' AND t.at >= $2 AND t.at < $3";
    /// What an account held before a posting.
    HELD_BEFORE = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS balance FROM ledger_postings WHERE account_id = $1 AND layer = 'posted' AND seq < $2";
    /// The postings of an account from one to another.
    MOVEMENTS = "SELECT p.seq, p.transfer_id, p.amount, t.debit, t.credit, t.code, t.memo, t.at FROM ledger_postings p JOIN ledger_transfers t ON t.transfer_id = p.transfer_id WHERE p.account_id = $1 AND p.layer = 'posted' AND p.seq >= $2 AND p.seq <= $3 ORDER BY p.seq";
}

/// One posted movement.
#[derive(Clone, Debug)]
pub struct Movement {
    /// Its place in the ledger.
    pub seq: i64,
    /// The transfer that it belongs to.
    pub transfer_id: String,
    /// Whether it came in.
    pub comes_in: bool,
    /// How much, more than nothing.
    pub amount: Fen,
    /// What the account held after it.
    pub balance: Fen,
    /// The account at the other end.
    pub other_account: String,
    /// The word of the transfer.
    pub code: String,
    /// What it was for, in words.
    pub memo: String,
    /// When.
    pub at: Timestamp,
}

/// The movements of an account from one instant up to another, oldest first.
///
/// # Errors
/// What the engine said.
pub async fn between(
    tx: &mut Tx<'_>,
    account_id: &str,
    span: (Timestamp, Timestamp),
) -> Result<Vec<Movement>, StoreError> {
    let values = params![account_id, span.0, span.1];
    let row = tx.query_one(&MOVEMENT_SPAN, &values).await?;
    let (Some(first), Some(last)) = (row.opt_int("first_seq")?, row.opt_int("last_seq")?) else {
        return Ok(Vec::new());
    };
    let before = tx
        .query_one(&HELD_BEFORE, &params![account_id, first])
        .await?;
    // A debit counts up in the ledger; what is held of somebody's counts the other way.
    let mut balance = before.int("balance")?.saturating_neg();
    let mut found = Vec::new();
    let rows = tx
        .query(&MOVEMENTS, &params![account_id, first, last])
        .await?;
    for row in &rows {
        let signed = row.int("amount")?;
        balance = balance.saturating_sub(signed);
        let at = row.time("at")?;
        // Two transactions may end in another order than they began.
        if at < span.0 || at >= span.1 {
            continue;
        }
        let comes_in = signed < 0;
        found.push(Movement {
            seq: row.int("seq")?,
            transfer_id: row.text("transfer_id")?.to_owned(),
            comes_in,
            amount: Fen::new(signed.saturating_abs()),
            balance: Fen::new(balance),
            other_account: row
                .text(if comes_in { "debit" } else { "credit" })?
                .to_owned(),
            code: row.text("code")?.to_owned(),
            memo: row.text("memo")?.to_owned(),
            at,
        });
    }
    Ok(found)
}
