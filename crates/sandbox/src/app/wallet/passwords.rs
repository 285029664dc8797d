//! A wallet's owner changes a password: the old one is asked for, and wrong ones are counted.

use crate::app::login::{Checked, check, find_by_user};
use crate::app::once::{Sent, Turn};
use crate::context::Context;
use crate::domain::Account;
use crate::domain::account::{Denied, Secret, is_login_password, is_pay_password};
use crate::domain::form_no::FormNo;
use crate::store::accounts;
use service::password::PasswordError;
use store::StoreError;

/// A wish for another password.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The number of the form: sent twice, the old password is asked for once.
    pub form_no: FormNo,
    /// Which of the two.
    pub secret: Secret,
    /// The present one.
    pub old: String,
    /// The next one.
    pub new: String,
}

/// Why the password stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The new one is none.
    #[error("a login password has 6 to 64 characters, a payment password six digits")]
    Shape,
    /// The old one was not taken.
    #[error("the old password was not taken")]
    Old(Denied),
    /// The form made another password before.
    #[error("the form was sent before with other content")]
    OtherContent,
    /// It could not be hashed.
    #[error(transparent)]
    Hash(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes one of the two passwords. The same form again says that it is changed.
///
/// # Errors
/// When the new one is none, the old one is not taken, or the database fails.
pub async fn change(
    cx: &Context,
    account: &Account,
    wish: ChangePassword,
) -> Result<(), ChangePasswordError> {
    let secret = wish.secret;
    let (fits, name) = match secret {
        Secret::Login => (is_login_password(&wish.new), "login_password"),
        Secret::Pay => (is_pay_password(&wish.new), "pay_password"),
    };
    if !fits {
        return Err(ChangePasswordError::Shape);
    }
    // The passwords are no part of the digest: nothing is kept from which they could be found.
    let sent = Sent::form(&account.user_id, &wish.form_no, &[name]);
    match look(cx, &sent).await? {
        Turn::First => {}
        Turn::Again(_) => return is_now(cx, account, &wish).await,
        Turn::Other => return Err(ChangePasswordError::OtherContent),
    }
    if let Checked::Denied(denied) = check(cx, account, secret, &wish.old).await? {
        return Err(ChangePasswordError::Old(denied));
    }
    let hash = cx.parts().passwords.hash(&wish.new).await?;
    let (user_id, now) = (account.user_id.clone(), cx.now());
    let turn = cx
        .db()
        .write(move |tx| {
            let (user_id, hash, sent) = (user_id.clone(), hash.clone(), sent.clone());
            Box::pin(async move {
                let turn = sent.take(tx, name, now).await?;
                if turn == Turn::First {
                    accounts::set_hash(tx, &user_id, secret, &hash).await?;
                }
                Ok::<_, StoreError>(turn)
            })
        })
        .await?;
    match turn {
        Turn::First => Ok(()),
        Turn::Again(_) => is_now(cx, account, &wish).await,
        Turn::Other => Err(ChangePasswordError::OtherContent),
    }
}

async fn look(cx: &Context, sent: &Sent) -> Result<Turn, StoreError> {
    let sent = sent.clone();
    cx.db()
        .read(move |tx| {
            let sent = sent.clone();
            Box::pin(async move { sent.seen(tx).await })
        })
        .await
}

/// The form was sent before: whether it made this password. A wrong one counts as a try.
async fn is_now(
    cx: &Context,
    account: &Account,
    wish: &ChangePassword,
) -> Result<(), ChangePasswordError> {
    let present = find_by_user(cx, &account.user_id).await?;
    let present = present.as_ref().unwrap_or(account);
    match check(cx, present, wish.secret, &wish.new).await? {
        Checked::Right => Ok(()),
        Checked::Denied(_) => Err(ChangePasswordError::OtherContent),
    }
}
