//! What happened to an account, newest first, with the balance after each.

use kernel::Timestamp;
use money::Fen;
use store::{StoreError, Tx, params};

/// The side of an account that an entry stands on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// Taken from the account.
    Debit,
    /// Given to the account.
    Credit,
}

/// One posted movement of an account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its place in the books; the next page begins before the last one's.
    pub seq: i64,
    /// The transfer that it belongs to.
    pub transfer_id: String,
    /// Whether it took or gave.
    pub side: Side,
    /// The account at the other end.
    pub other_account: String,
    /// How much, always more than nothing.
    pub amount: Fen,
    /// The credit balance of the account after it.
    pub credit_balance: Fen,
    /// What it was for, the caller's word.
    pub code: String,
    /// What it was for, in words.
    pub memo: String,
    /// When.
    pub at: Timestamp,
}

/// How many entries one page has at most.
pub const PAGE_MAX: i64 = 200;

store::statements! {
    /// A page of posted movements, newest first.
    PAGE = "SELECT p.seq, p.transfer_id, p.side, p.amount, t.debit, t.credit, t.code, t.memo, t.at
        FROM ledger_postings p JOIN ledger_transfers t ON t.transfer_id = p.transfer_id
        WHERE p.account_id = $1 AND p.layer = 'posted' AND p.seq < $2
        ORDER BY p.seq DESC LIMIT $3";
    /// The debit balance after a movement.
    BALANCE_AT = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS balance FROM ledger_postings
        WHERE account_id = $1 AND layer = 'posted' AND seq <= $2";
}

/// The posted movements of an account before `before_seq` (all when `None`), newest first, at most
/// `limit` and never more than [`PAGE_MAX`]. An account that was never opened has none.
///
/// # Errors
/// What the store said.
pub async fn history(
    tx: &mut Tx<'_>,
    account_id: &str,
    before_seq: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let before = before_seq.unwrap_or(i64::MAX);
    let values = params![account_id, before, limit.clamp(0, PAGE_MAX)];
    let rows = tx.query(&PAGE, &values).await?;
    let Some(newest) = rows.first() else {
        return Ok(Vec::new());
    };
    let values = params![account_id, newest.int("seq")?];
    let row = tx.query_one(&BALANCE_AT, &values).await?;
    let mut credit_balance = row.int("balance")?.saturating_neg();
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        let signed = row.int("amount")?;
        let (side, other) = match row.text("side")? {
            "debit" => (Side::Debit, "credit"),
            _ => (Side::Credit, "debit"),
        };
        entries.push(Entry {
            seq: row.int("seq")?,
            transfer_id: row.text("transfer_id")?.to_owned(),
            side,
            other_account: row.text(other)?.to_owned(),
            amount: Fen::new(signed.saturating_abs()),
            credit_balance: Fen::new(credit_balance),
            code: row.text("code")?.to_owned(),
            memo: row.text("memo")?.to_owned(),
            at: row.time("at")?,
        });
        credit_balance = credit_balance.saturating_add(signed);
    }
    Ok(entries)
}
