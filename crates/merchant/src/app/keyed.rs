//! Idempotency keys of requests that end in something to pay.

use super::place_order::PlaceOrderError;
use crate::views::PlacedView;
use ::store::idempotency::{self, Claim};
use ::store::{StoreError, Tx};
use kernel::Timestamp;

/// An idempotency key and the request that it stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequestKey {
    /// The caller's key.
    pub key: String,
    /// Hex SHA-256 of method, path and body.
    pub request_hash: String,
}

/// What a key says.
pub(super) enum Claimed {
    /// Never seen.
    Fresh,
    /// Begun, not answered: the id of what it was going to make.
    Started(String),
    /// Answered so.
    Replay(Box<PlacedView>),
}

/// Claims a key for what is going to be made, or says what became of it before.
pub(super) async fn claim(
    tx: &mut Tx<'_>,
    owner: &str,
    key: &RequestKey,
    subject: &str,
    now: Timestamp,
) -> Result<Claimed, PlaceOrderError> {
    let claim = idempotency::claim(tx, owner, &key.key, &key.request_hash, subject, now).await?;
    let unreadable = |what: String| StoreError::Inconsistent {
        table: "idempotency_keys",
        id: key.key.clone(),
        what,
    };
    match claim {
        Claim::Fresh => Ok(Claimed::Fresh),
        Claim::Differs => Err(PlaceOrderError::KeyReused),
        Claim::Started { subject } => Ok(Claimed::Started(subject)),
        Claim::Replay { body, .. } => {
            let view = serde_json::from_str(&body);
            Ok(Claimed::Replay(
                view.map_err(|error| unreadable(error.to_string()))?,
            ))
        }
    }
}

/// Saves the answer under a claimed key.
pub(super) async fn save_answer(
    tx: &mut Tx<'_>,
    owner: &str,
    key: &RequestKey,
    answer: &PlacedView,
) -> Result<(), PlaceOrderError> {
    let body = serde_json::to_string(answer).map_err(|error| StoreError::Inconsistent {
        table: "idempotency_keys",
        id: key.key.clone(),
        what: error.to_string(),
    })?;
    idempotency::save(tx, owner, &key.key, CREATED, &body).await?;
    Ok(())
}

/// What a created order is answered with.
const CREATED: i64 = 201;
