//! Money that a person gives another.

use crate::domain::gift::{Gift, GiftState};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;
use money::Fen;

::store::statements! {
    /// Adds a gift.
    INSERT_GIFT = "INSERT INTO sandbox_gifts (gift_id, from_user_id, target, target_kind, to_user_id, amount, message, state, created_at, expires_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// One gift.
    FIND_GIFT = "SELECT gift_id, from_user_id, target, target_kind, to_user_id, amount, message, state, created_at, expires_at, ended_at FROM sandbox_gifts WHERE gift_id = $1";
    /// One gift, held until the transaction ends.
    LOCK_GIFT = "SELECT gift_id, from_user_id, target, target_kind, to_user_id, amount, message, state, created_at, expires_at, ended_at FROM sandbox_gifts WHERE gift_id = $1", pg " FOR UPDATE";
    /// What a person gave, newest first.
    GIFTS_OF_GIVER = "SELECT gift_id, from_user_id, target, target_kind, to_user_id, amount, message, state, created_at, expires_at, ended_at FROM sandbox_gifts WHERE from_user_id = $1 ORDER BY created_at DESC, gift_id DESC LIMIT $2";
    /// What waits for the owner of a phone's number.
    GIFTS_WAITING = "SELECT gift_id, from_user_id, target, target_kind, to_user_id, amount, message, state, created_at, expires_at, ended_at FROM sandbox_gifts WHERE target = $1 AND target_kind = 'phone' AND state = 'waiting' ORDER BY created_at, gift_id";
    /// Ends a gift.
    END_GIFT = "UPDATE sandbox_gifts SET state = $2, to_user_id = $3, ended_at = $4 WHERE gift_id = $1 AND state = 'waiting'";
    /// What waits in all.
    SUM_WAITING = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS total FROM sandbox_gifts WHERE state = 'waiting'";
    /// The gifts that wait, for the jobs that would return them.
    WAITING_IDS = "SELECT gift_id FROM sandbox_gifts WHERE state = 'waiting' ORDER BY gift_id";
}

/// Adds a gift.
///
/// # Errors
/// What the engine said.
pub async fn insert(tx: &mut Tx<'_>, gift: &Gift) -> Result<(), StoreError> {
    let values = params![
        &gift.gift_id,
        &gift.from_user_id,
        &gift.target,
        gift.kind.as_str(),
        gift.to_user_id.as_ref(),
        gift.amount.fen(),
        &gift.message,
        gift.state.as_str(),
        gift.created_at,
        gift.expires_at,
        gift.ended_at,
    ];
    tx.execute_one(&INSERT_GIFT, &values).await
}

/// One gift.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, gift_id: &str) -> Result<Option<Gift>, StoreError> {
    let row = tx.query_opt(&FIND_GIFT, &params![gift_id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// A gift that must be there.
///
/// # Errors
/// What the engine said, and when it is not.
pub async fn get(tx: &mut Tx<'_>, gift_id: &str) -> Result<Gift, StoreError> {
    read(&tx.query_one(&FIND_GIFT, &params![gift_id]).await?)
}

/// One gift, held until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock(tx: &mut Tx<'_>, gift_id: &str) -> Result<Option<Gift>, StoreError> {
    let row = tx.query_opt(&LOCK_GIFT, &params![gift_id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// What a person gave, newest first.
///
/// # Errors
/// What the engine said.
pub async fn of_giver(tx: &mut Tx<'_>, user_id: &str, limit: i64) -> Result<Vec<Gift>, StoreError> {
    let rows = tx.query(&GIFTS_OF_GIVER, &params![user_id, limit]).await?;
    rows.iter().map(read).collect()
}

/// What waits for the owner of a phone's number, oldest first.
///
/// # Errors
/// What the engine said.
pub async fn waiting_for(tx: &mut Tx<'_>, phone: &str) -> Result<Vec<Gift>, StoreError> {
    let rows = tx.query(&GIFTS_WAITING, &params![phone]).await?;
    rows.iter().map(read).collect()
}

/// Ends a gift that waits.
///
/// # Errors
/// What the engine said, or that it no longer waits.
pub async fn end(
    tx: &mut Tx<'_>,
    gift_id: &str,
    state: GiftState,
    to_user_id: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = params![gift_id, state.as_str(), to_user_id, now];
    tx.execute_one(&END_GIFT, &values).await
}

/// What waits in all: the ledger's account of gifts must hold as much.
///
/// # Errors
/// What the engine said.
pub async fn sum_waiting(tx: &mut Tx<'_>) -> Result<Fen, StoreError> {
    let row = tx.query_one(&SUM_WAITING, &[]).await?;
    row.int("total").map(Fen::new)
}

/// The numbers of the gifts that wait.
///
/// # Errors
/// What the engine said.
pub async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(&WAITING_IDS, &[]).await?;
    rows.iter()
        .map(|row| row.text("gift_id").map(str::to_owned))
        .collect()
}

fn read(row: &Row) -> Result<Gift, StoreError> {
    Ok(Gift {
        gift_id: row.text("gift_id")?.to_owned(),
        from_user_id: row.text("from_user_id")?.to_owned(),
        target: row.text("target")?.to_owned(),
        kind: row.parse("target_kind")?,
        to_user_id: row.opt_text("to_user_id")?.map(str::to_owned),
        amount: Fen::new(row.int("amount")?),
        message: row.text("message")?.to_owned(),
        state: row.parse("state")?,
        created_at: row.time("created_at")?,
        expires_at: row.opt_time("expires_at")?,
        ended_at: row.opt_time("ended_at")?,
    })
}
