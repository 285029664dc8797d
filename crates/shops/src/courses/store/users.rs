//! Users and their password hashes.

use crate::courses::domain::{User, UserId};
use kernel::Timestamp;
use store::{Db, Row, StoreError, Tx, params};

store::statements! {
    /// A new user, unless the name is taken.
    INSERT_USER = "INSERT INTO users (user_id, username, password_hash, is_staff, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    /// A user and its hash by name.
    USER_BY_NAME = "SELECT user_id, username, is_staff, password_hash FROM users WHERE username = $1";
    /// A user by id.
    USER_BY_ID = "SELECT user_id, username, is_staff, password_hash FROM users WHERE user_id = $1";
}

/// Adds a user. Returns `false` when the name is taken.
pub(in crate::courses) async fn insert(
    tx: &mut Tx<'_>,
    user: &User,
    password_hash: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![
        user.id.as_str(),
        user.username.as_str(),
        password_hash,
        user.is_staff,
        now
    ];
    Ok(tx.execute(&INSERT_USER, &values).await? == 1)
}

/// A user by name, with the hash of its password.
pub(in crate::courses) async fn by_name(
    tx: &mut Tx<'_>,
    username: &str,
) -> Result<Option<(User, String)>, StoreError> {
    let row = tx.query_opt(&USER_BY_NAME, &params![username]).await?;
    row.map(|row| Ok((read(&row)?, row.text("password_hash")?.to_owned())))
        .transpose()
}

/// A user by id.
pub(in crate::courses) async fn by_id(db: &Db, id: &UserId) -> Result<Option<User>, StoreError> {
    let rows = db.look(&USER_BY_ID, params![id.as_str()]).await?;
    rows.first().map(read).transpose()
}

fn read(row: &Row) -> Result<User, StoreError> {
    Ok(User {
        id: row.parse("user_id")?,
        username: row.text("username")?.to_owned(),
        is_staff: row.bool("is_staff")?,
    })
}
