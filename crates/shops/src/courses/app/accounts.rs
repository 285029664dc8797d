//! Users: registering, logging in, and who somebody is.

use crate::courses::context::Context;
use crate::courses::domain::{Credentials, CredentialsRefusal, User, UserId};
use crate::courses::store::users;
use service::password::PasswordError;
use service::rate_limit::TooMany;
use store::StoreError;

/// Why nobody was registered.
#[derive(Debug, thiserror::Error)]
pub(in crate::courses) enum RegisterError {
    /// Name or password break a rule.
    #[error("the name or password was refused: {0:?}")]
    Refused(CredentialsRefusal),
    /// Somebody has this name.
    #[error("the name is taken")]
    Taken,
    /// Too many accounts from one place.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub(in crate::courses) enum LogInError {
    /// Name or password are missing.
    #[error("the name or password was refused: {0:?}")]
    Refused(CredentialsRefusal),
    /// There is no such name with that password.
    #[error("the name or password is wrong")]
    Wrong,
    /// Too many wrong tries.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Registers a user. `place` is where the request comes from.
pub(in crate::courses) async fn register(
    ctx: &Context,
    given: &Credentials,
    place: &str,
) -> Result<User, RegisterError> {
    given.check_new().map_err(RegisterError::Refused)?;
    ctx.register_limit.take(place)?;
    add(ctx, given, false).await?.ok_or(RegisterError::Taken)
}

/// Adds a user; `None` when the name is taken.
pub(in crate::courses) async fn add(
    ctx: &Context,
    given: &Credentials,
    is_staff: bool,
) -> Result<Option<User>, RegisterError> {
    let hash = ctx.passwords.hash(&given.password).await?;
    let now = ctx.clock.now();
    let user = User {
        id: UserId::new(ctx.clock.as_ref(), ctx.rng.as_ref()),
        username: given.username.clone(),
        is_staff,
    };
    let row = user.clone();
    let added = ctx
        .db
        .write(move |tx| {
            let (row, hash) = (row.clone(), hash.clone());
            Box::pin(async move { users::insert(tx, &row, &hash, now).await })
        })
        .await?;
    Ok(added.then_some(user))
}

/// Logs a user in. `place` is where the request comes from; wrong tries are counted for name and
/// place together, so that a stranger cannot lock somebody out, and for the place alone, so that
/// going through many names does not help.
pub(in crate::courses) async fn log_in(
    ctx: &Context,
    given: &Credentials,
    place: &str,
) -> Result<User, LogInError> {
    given.check_given().map_err(LogInError::Refused)?;
    let key = format!("{place} {}", given.username);
    ctx.login_limit.take(&key)?;
    ctx.place_limit.take(place)?;
    let found = by_name(ctx, &given.username).await?;
    let hash = found.as_ref().map(|(_, hash)| hash.as_str());
    let right = ctx.passwords.verify(&given.password, hash).await;
    match found {
        Some((user, _)) if right => {
            ctx.login_limit.forgive(&key);
            ctx.place_limit.give_back(place);
            Ok(user)
        }
        _ => Err(LogInError::Wrong),
    }
}

/// A user by id.
pub(in crate::courses) async fn find(
    ctx: &Context,
    user_id: &UserId,
) -> Result<Option<User>, StoreError> {
    users::by_id(&ctx.db, user_id).await
}

/// A user by name, with the hash of its password.
pub(in crate::courses) async fn by_name(
    ctx: &Context,
    username: &str,
) -> Result<Option<(User, String)>, StoreError> {
    let username = username.to_owned();
    ctx.db
        .read(move |tx| {
            let username = username.clone();
            Box::pin(async move { users::by_name(tx, &username).await })
        })
        .await
}
