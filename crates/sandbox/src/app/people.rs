//! Who an account's owner is, said through the control API.

use crate::context::Context;
use crate::domain::Person;
use crate::store::people;
use store::StoreError;

/// Who an account's owner is.
///
/// # Errors
/// When the database fails.
pub async fn person(cx: &Context, user_id: &str) -> Result<Person, StoreError> {
    let user_id = user_id.to_owned();
    cx.db()
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { people::find(tx, &user_id).await })
        })
        .await
}

/// Says who an account's owner is.
///
/// # Errors
/// When the database fails.
pub async fn set_person(cx: &Context, user_id: &str, person: Person) -> Result<(), StoreError> {
    let user_id = user_id.to_owned();
    cx.db()
        .write(move |tx| {
            let (user_id, person) = (user_id.clone(), person.clone());
            Box::pin(async move { people::set(tx, &user_id, &person).await })
        })
        .await
}
