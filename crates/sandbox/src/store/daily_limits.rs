//! How much an owner lets leave the balance in a day.

use ::store::{StoreError, Tx, params};
use money::Fen;

::store::statements! {
    /// The limit of an owner.
    FIND_DAILY_LIMIT = "SELECT amount FROM sandbox_daily_limits WHERE user_id = $1";
    /// Sets it.
    SET_DAILY_LIMIT = "INSERT INTO sandbox_daily_limits (user_id, amount) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET amount = excluded.amount";
    /// Takes it away.
    DROP_DAILY_LIMIT = "DELETE FROM sandbox_daily_limits WHERE user_id = $1";
}

/// The limit of an owner; none when every amount may leave.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, user_id: &str) -> Result<Option<Fen>, StoreError> {
    let row = tx.query_opt(&FIND_DAILY_LIMIT, &params![user_id]).await?;
    row.map(|row| row.int("amount").map(Fen::new)).transpose()
}

/// Sets the limit of an owner, or takes it away.
///
/// # Errors
/// What the engine said.
pub async fn set(tx: &mut Tx<'_>, user_id: &str, limit: Option<Fen>) -> Result<(), StoreError> {
    match limit {
        Some(amount) => {
            let values = params![user_id, amount.fen()];
            tx.execute(&SET_DAILY_LIMIT, &values).await?;
        }
        None => {
            tx.execute(&DROP_DAILY_LIMIT, &params![user_id]).await?;
        }
    }
    Ok(())
}
