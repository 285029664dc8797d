//! A wallet's owner changes a password: the old one is asked for, and wrong ones are counted.

use crate::app::login::{Checked, check};
use crate::context::Context;
use crate::domain::Account;
use crate::domain::account::{Denied, Secret, is_login_password, is_pay_password};
use crate::store::accounts;
use service::password::PasswordError;
use store::StoreError;

/// Why the password stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The new one is none.
    #[error("a login password has 6 to 64 characters, a payment password six digits")]
    Shape,
    /// The old one was not taken.
    #[error("the old password was not taken")]
    Old(Denied),
    /// It could not be hashed.
    #[error(transparent)]
    Hash(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes one of the two passwords.
///
/// # Errors
/// When the new one is none, the old one is not taken, or the database fails.
pub async fn change(
    cx: &Context,
    account: &Account,
    secret: Secret,
    old: &str,
    new: &str,
) -> Result<(), ChangePasswordError> {
    let fits = match secret {
        Secret::Login => is_login_password(new),
        Secret::Pay => is_pay_password(new),
    };
    if !fits {
        return Err(ChangePasswordError::Shape);
    }
    if let Checked::Denied(denied) = check(cx, account, secret, old).await? {
        return Err(ChangePasswordError::Old(denied));
    }
    let hash = cx.parts().passwords.hash(new).await?;
    let user_id = account.user_id.clone();
    cx.db()
        .write(move |tx| {
            let (user_id, hash) = (user_id.clone(), hash.clone());
            Box::pin(async move { accounts::set_hash(tx, &user_id, secret, &hash).await })
        })
        .await?;
    Ok(())
}
