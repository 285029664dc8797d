//! Who may get shares of an application's trades: binding, letting go, looking.

use super::party::{self, Named};
use crate::context::Context;
use crate::store::royalty::{self, Relation};
use store::StoreError;

/// A receiver as a merchant names it.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// Whom.
    pub named: Named,
    /// The owner's name; required with a logon id.
    pub name: Option<String>,
    /// What the merchant remembers by it.
    pub memo: Option<String>,
}

/// Why a receiver was not bound or let go.
#[derive(Debug, thiserror::Error)]
pub enum RelationError {
    /// Nobody has that account.
    #[error("nobody has the account {0}")]
    NoSuchUser(String),
    /// The name is another's.
    #[error("the owner of {0} has another name")]
    OtherName(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

enum Outcome {
    Done,
    NoSuchUser(String),
    OtherName(String),
}

fn answered(outcome: Outcome) -> Result<(), RelationError> {
    match outcome {
        Outcome::Done => Ok(()),
        Outcome::NoSuchUser(account) => Err(RelationError::NoSuchUser(account)),
        Outcome::OtherName(account) => Err(RelationError::OtherName(account)),
    }
}

/// Binds all of the receivers, or none. One that is bound stays so.
///
/// # Errors
/// When one is nobody's or somebody else's account, or the database fails.
pub async fn bind(
    cx: &Context,
    app_id: &str,
    receivers: Vec<Receiver>,
) -> Result<(), RelationError> {
    let (app_id, now) = (app_id.to_owned(), cx.now());
    let outcome = cx
        .db()
        .write(move |tx| {
            let (app_id, receivers) = (app_id.clone(), receivers.clone());
            Box::pin(async move {
                let mut known = Vec::new();
                for receiver in &receivers {
                    let Some(party) = party::find(tx, &app_id, &receiver.named).await? else {
                        return Ok(Outcome::NoSuchUser(receiver.named.account.clone()));
                    };
                    if receiver.name.is_some()
                        && party.real_name.is_some()
                        && receiver.name != party.real_name
                    {
                        return Ok(Outcome::OtherName(receiver.named.account.clone()));
                    }
                    known.push((receiver, party));
                }
                for (receiver, party) in known {
                    let relation = Relation {
                        user_id: party.user_id,
                        kind: receiver.named.kind.clone(),
                        account: receiver.named.account.clone(),
                        name: receiver.name.clone(),
                        memo: receiver.memo.clone(),
                    };
                    royalty::bind(tx, &app_id, &relation, now).await?;
                }
                Ok::<_, StoreError>(Outcome::Done)
            })
        })
        .await?;
    answered(outcome)
}

/// Lets all of the receivers go. One that is not bound is passed over.
///
/// # Errors
/// When one is nobody's account, or the database fails.
pub async fn unbind(
    cx: &Context,
    app_id: &str,
    receivers: Vec<Receiver>,
) -> Result<(), RelationError> {
    let app_id = app_id.to_owned();
    let outcome = cx
        .db()
        .write(move |tx| {
            let (app_id, receivers) = (app_id.clone(), receivers.clone());
            Box::pin(async move {
                for receiver in &receivers {
                    let Some(party) = party::find(tx, &app_id, &receiver.named).await? else {
                        return Ok(Outcome::NoSuchUser(receiver.named.account.clone()));
                    };
                    royalty::unbind(tx, &app_id, &party.user_id).await?;
                }
                Ok::<_, StoreError>(Outcome::Done)
            })
        })
        .await?;
    answered(outcome)
}

/// A page of receivers with what their owners log in with, and how many there are.
///
/// # Errors
/// When the database fails.
pub async fn list(
    cx: &Context,
    app_id: &str,
    limit: i64,
    offset: i64,
) -> Result<(Vec<(Relation, Option<String>)>, i64), StoreError> {
    let app_id = app_id.to_owned();
    cx.db()
        .read(move |tx| {
            let app_id = app_id.clone();
            Box::pin(async move {
                let (found, count) = royalty::relations(tx, &app_id, limit, offset).await?;
                let mut shown = Vec::new();
                for relation in found {
                    let named = Named {
                        kind: "userId".to_owned(),
                        account: relation.user_id.clone(),
                    };
                    let party = party::find(tx, &app_id, &named).await?;
                    shown.push((relation, party.and_then(|party| party.logon_id)));
                }
                Ok((shown, count))
            })
        })
        .await
}
