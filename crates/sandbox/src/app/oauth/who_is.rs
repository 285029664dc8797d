//! An application with a token asks who agreed to it.

use crate::context::Context;
use crate::domain::Person;
use crate::domain::oauth::OauthToken;
use crate::store::{oauth, people};
use store::StoreError;

/// A token and whose it is; none when there is no such token, it was renewed or taken back.
///
/// # Errors
/// When the database fails.
pub async fn who_is(
    cx: &Context,
    access_token: &str,
) -> Result<Option<(OauthToken, Person)>, StoreError> {
    let access_token = access_token.to_owned();
    cx.db()
        .read(move |tx| {
            let access_token = access_token.clone();
            Box::pin(async move {
                let found = oauth::find_token(tx, &access_token).await?;
                let Some(token) = found.filter(holds) else {
                    return Ok(None);
                };
                let person = people::find(tx, &token.user_id).await?;
                Ok(Some((token, person)))
            })
        })
        .await
}

const fn holds(token: &OauthToken) -> bool {
    token.refreshed_at.is_none() && token.revoked_at.is_none()
}
