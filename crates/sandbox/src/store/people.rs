//! Who the owners of accounts are.

use crate::domain::Person;
use ::store::{StoreError, Tx, params};

::store::statements! {
    /// Who an account's owner is.
    FIND_PERSON = "SELECT real_name, nick_name, gender, province, city FROM sandbox_people WHERE user_id = $1";
    /// Says who an account's owner is.
    SET_PERSON = "INSERT INTO sandbox_people (user_id, real_name, nick_name, gender, province, city) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id) DO UPDATE SET real_name = excluded.real_name, nick_name = excluded.nick_name, gender = excluded.gender, province = excluded.province, city = excluded.city";
}

/// The owner of an account; who said nothing is the one that everybody is.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, user_id: &str) -> Result<Person, StoreError> {
    let Some(row) = tx.query_opt(&FIND_PERSON, &params![user_id]).await? else {
        return Ok(Person::default());
    };
    Ok(Person {
        real_name: row.text("real_name")?.to_owned(),
        nick_name: row.text("nick_name")?.to_owned(),
        gender: row.text("gender")?.to_owned(),
        province: row.text("province")?.to_owned(),
        city: row.text("city")?.to_owned(),
    })
}

/// Says who an account's owner is.
///
/// # Errors
/// What the engine said.
pub async fn set(tx: &mut Tx<'_>, user_id: &str, person: &Person) -> Result<(), StoreError> {
    let values = params![
        user_id,
        &person.real_name,
        &person.nick_name,
        &person.gender,
        &person.province,
        &person.city,
    ];
    tx.execute_one(&SET_PERSON, &values).await
}
