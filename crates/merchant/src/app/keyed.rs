//! Idempotency keys of requests that end in something to pay.

use super::place_order::PlaceOrderError;
use crate::views::PlacedView;
use ::store::idempotency::{self, Claim, Saved};
use ::store::{Script, StoreError, Tx};
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
    match claim {
        Claim::Fresh => Ok(Claimed::Fresh),
        Claim::Differs => Err(PlaceOrderError::KeyReused),
        Claim::Started { subject } => Ok(Claimed::Started(subject)),
        Claim::Replay { body, .. } => Ok(Claimed::Replay(Box::new(read(key, &body)?))),
    }
}

fn read(key: &RequestKey, body: &str) -> Result<PlacedView, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::Inconsistent {
        table: "idempotency",
        id: key.key.clone(),
        what: error.to_string(),
    })
}

/// Claims a new key together with its answer.
pub(super) fn claim_answered(
    script: &mut Script,
    owner: &str,
    key: &RequestKey,
    subject: &str,
    answer: &PlacedView,
    now: Timestamp,
) -> Result<(), StoreError> {
    let request = (key.request_hash.as_str(), subject);
    let answer = (CREATED, written(key, answer)?);
    idempotency::claim_answered(script, (owner, &key.key), request, answer, now);
    Ok(())
}

fn written(key: &RequestKey, answer: &PlacedView) -> Result<String, StoreError> {
    serde_json::to_string(answer).map_err(|error| StoreError::Inconsistent {
        table: "idempotency",
        id: key.key.clone(),
        what: error.to_string(),
    })
}

/// Saves the answer under a claimed key and returns the one to give: the first that was saved.
pub(super) async fn save_answer(
    tx: &mut Tx<'_>,
    owner: &str,
    key: &RequestKey,
    answer: PlacedView,
) -> Result<PlacedView, PlaceOrderError> {
    let body = written(key, &answer)?;
    match idempotency::save(tx, owner, &key.key, CREATED, &body).await? {
        Saved::First => Ok(answer),
        Saved::Earlier { body, .. } => Ok(read(key, &body)?),
    }
}

/// What a created order is answered with.
const CREATED: i64 = 201;
