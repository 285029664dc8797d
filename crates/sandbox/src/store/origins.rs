//! How a world began: its seed, and what it was filled with.

use ::store::{StoreError, Tx, params};

::store::statements! {
    /// Notes how a world begins; the first note stays.
    INSERT_ORIGIN = "INSERT INTO sandbox_origin (only_one, seed, turn, filled) VALUES (1, $1, 0, FALSE) ON CONFLICT DO NOTHING";
    /// Begins the chance anew.
    NEXT_TURN = "UPDATE sandbox_origin SET turn = turn + 1 WHERE only_one = 1";
    /// How it began.
    FIND_ORIGIN = "SELECT seed, turn, filling, filled FROM sandbox_origin WHERE only_one = 1";
    /// Notes with what it is to be filled.
    SET_FILLING = "UPDATE sandbox_origin SET filling = $1, filled = FALSE WHERE only_one = 1";
    /// Notes that all of that is in it.
    SET_FILLED = "UPDATE sandbox_origin SET filled = TRUE WHERE only_one = 1";
    /// Notes that it is to be filled again.
    SET_EMPTY = "UPDATE sandbox_origin SET filled = FALSE WHERE only_one = 1";
}

/// How a world began.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Origin {
    /// The seed of its chance; without one chance is the system's.
    pub seed: Option<i64>,
    /// How many times the chance began anew.
    pub turn: i64,
    /// With what it is filled: a [`Filling`](crate::domain::filling::Filling) as JSON.
    pub filling: Option<String>,
    /// Whether all of that is in it.
    pub filled: bool,
}

/// Notes the beginning, unless it is noted, and begins the chance anew.
///
/// # Errors
/// What the engine said.
pub async fn begin(tx: &mut Tx<'_>, seed: Option<i64>) -> Result<Origin, StoreError> {
    tx.execute(&INSERT_ORIGIN, &params![seed]).await?;
    next_turn(tx).await
}

/// Begins the chance anew.
///
/// # Errors
/// What the engine said, and when there is no beginning.
pub async fn next_turn(tx: &mut Tx<'_>) -> Result<Origin, StoreError> {
    tx.execute_one(&NEXT_TURN, &params![]).await?;
    find(tx).await
}

/// How it began.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>) -> Result<Origin, StoreError> {
    let row = tx.query_opt(&FIND_ORIGIN, &params![]).await?;
    row.map_or_else(
        || Ok(Origin::default()),
        |row| {
            Ok(Origin {
                seed: row.opt_int("seed")?,
                turn: row.int("turn")?,
                filling: row.opt_text("filling")?.map(str::to_owned),
                filled: row.bool("filled")?,
            })
        },
    )
}

/// Notes with what it is to be filled.
///
/// # Errors
/// What the engine said.
pub async fn set_filling(tx: &mut Tx<'_>, filling: &str) -> Result<(), StoreError> {
    tx.execute_one(&SET_FILLING, &params![filling]).await
}

/// Notes that all of that is in it.
///
/// # Errors
/// What the engine said.
pub async fn set_filled(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute_one(&SET_FILLED, &params![]).await
}

/// Notes that it is to be filled again.
///
/// # Errors
/// What the engine said.
pub async fn empty(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute_one(&SET_EMPTY, &params![]).await
}
