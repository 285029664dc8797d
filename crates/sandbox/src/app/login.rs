//! A buyer's two passwords, each with a limit of wrong tries.

use crate::context::Context;
use crate::domain::account::{Denied, Secret};
use crate::domain::{Account, LogonId, Tries};
use crate::store::accounts;
use store::StoreError;

/// What became of a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Checked {
    /// It is right.
    Right,
    /// It is wrong, or too many were.
    Denied(Denied),
}

/// Why nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// No such account, or a wrong password: which of the two is not told.
    #[error("the account or its password is wrong")]
    Wrong,
    /// Too many wrong passwords.
    #[error("too many wrong passwords")]
    Locked {
        /// No password is looked at before this instant of the business clock.
        until: kernel::Timestamp,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens a wallet by logon id and login password.
///
/// # Errors
/// When they do not fit, too many did not, or the database fails.
pub async fn login(cx: &Context, logon_id: &str, password: &str) -> Result<Account, LoginError> {
    let passwords = &cx.parts().passwords;
    let account = match logon_id.parse::<LogonId>() {
        Ok(logon_id) => find(cx, &logon_id).await?,
        Err(_) => None,
    };
    let Some(account) = account else {
        // As slow as for an account that exists.
        passwords.verify(password, None).await;
        return Err(LoginError::Wrong);
    };
    match check(cx, &account, Secret::Login, password).await? {
        Checked::Right => Ok(account),
        Checked::Denied(Denied::Wrong { .. }) => Err(LoginError::Wrong),
        Checked::Denied(Denied::Locked { until }) => Err(LoginError::Locked { until }),
    }
}

/// Looks at a password and counts a wrong one.
///
/// # Errors
/// When the database fails.
pub async fn check(
    cx: &Context,
    account: &Account,
    secret: Secret,
    password: &str,
) -> Result<Checked, StoreError> {
    let (tries, hash) = match secret {
        Secret::Login => (account.login_tries, &account.login_hash),
        Secret::Pay => (account.pay_tries, &account.pay_hash),
    };
    let now = cx.now();
    if let Err(denied) = tries.may_try(now) {
        return Ok(Checked::Denied(denied));
    }
    let right = cx.parts().passwords.verify(password, Some(hash)).await;
    // A payment looks at the lock once more where the money moves; a login has only this place.
    if right && secret == Secret::Pay && tries == Tries::after_right() {
        return Ok(Checked::Right);
    }
    let user_id = account.user_id.clone();
    cx.db()
        .write(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move {
                let Some(account) = accounts::lock(tx, &user_id).await? else {
                    return Ok(Checked::Right);
                };
                let before = match secret {
                    Secret::Login => account.login_tries,
                    Secret::Pay => account.pay_tries,
                };
                if let Err(denied) = before.may_try(now) {
                    return Ok(Checked::Denied(denied));
                }
                let (tries, checked) = if right {
                    (Tries::after_right(), Checked::Right)
                } else {
                    let (tries, denied) = before.after_wrong(secret, now);
                    (tries, Checked::Denied(denied))
                };
                if tries != before {
                    accounts::set_tries(tx, &user_id, secret, tries).await?;
                }
                Ok(checked)
            })
        })
        .await
}

/// An account by its logon id.
///
/// # Errors
/// When the database fails.
pub async fn find(cx: &Context, logon_id: &LogonId) -> Result<Option<Account>, StoreError> {
    let logon_id = logon_id.clone();
    cx.db()
        .read(move |tx| {
            let logon_id = logon_id.clone();
            Box::pin(async move { accounts::find(tx, &logon_id).await })
        })
        .await
}

/// An account by its number.
///
/// # Errors
/// When the database fails.
pub async fn find_by_user(cx: &Context, user_id: &str) -> Result<Option<Account>, StoreError> {
    let user_id = user_id.to_owned();
    cx.db()
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { accounts::find_by_user(tx, &user_id).await })
        })
        .await
}
