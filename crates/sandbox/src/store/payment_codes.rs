//! Payment codes that wallets showed.

use ::store::{StoreError, Tx, params};
use kernel::Timestamp;

::store::statements! {
    /// Adds a code.
    INSERT_CODE = "INSERT INTO sandbox_payment_codes (code, user_id, created_at, expires_at, trade_id) VALUES ($1, $2, $3, $4, NULL)";
    /// A code, held until the transaction ends.
    LOCK_CODE = "SELECT user_id, expires_at, trade_id FROM sandbox_payment_codes WHERE code = $1", pg " FOR UPDATE";
    /// Notes by which trade a code was used.
    USE_CODE = "UPDATE sandbox_payment_codes SET trade_id = $2 WHERE code = $1";
    /// Forgets codes that ran out long ago.
    FORGET_CODES = "DELETE FROM sandbox_payment_codes WHERE expires_at < $1";
}

/// A code as it stands.
#[derive(Clone, Debug)]
pub struct ShownCode {
    /// Whose.
    pub user_id: String,
    /// Until when it can be read.
    pub expires_at: Timestamp,
    /// By which trade it was used.
    pub trade_id: Option<String>,
}

/// Adds a code, and forgets those that ran out before `forget_before`.
///
/// # Errors
/// What the engine said; a conflict when somebody has that code.
pub async fn insert(
    tx: &mut Tx<'_>,
    code: &str,
    user_id: &str,
    now: Timestamp,
    expires_at: Timestamp,
    forget_before: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(&FORGET_CODES, &params![forget_before]).await?;
    let values = params![code, user_id, now, expires_at];
    tx.execute_one(&INSERT_CODE, &values).await
}

/// A code, held until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock(tx: &mut Tx<'_>, code: &str) -> Result<Option<ShownCode>, StoreError> {
    let row = tx.query_opt(&LOCK_CODE, &params![code]).await?;
    row.map(|row| {
        Ok(ShownCode {
            user_id: row.text("user_id")?.to_owned(),
            expires_at: row.time("expires_at")?,
            trade_id: row.opt_text("trade_id")?.map(str::to_owned),
        })
    })
    .transpose()
}

/// Notes by which trade a code was used.
///
/// # Errors
/// What the engine said.
pub async fn mark_used(tx: &mut Tx<'_>, code: &str, trade_id: &str) -> Result<(), StoreError> {
    tx.execute_one(&USE_CODE, &params![code, trade_id]).await
}
