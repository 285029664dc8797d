//! What somebody allowed applications to know: all of it, and the end of one.

use crate::app::fresh::Fresh;
use crate::context::Context;
use crate::domain::oauth::Permit;
use crate::store::oauth;
use store::StoreError;

/// Which applications may log somebody in now, the last one first.
///
/// # Errors
/// When the database fails.
pub async fn permits_of(
    cx: &Context,
    user_id: &str,
    most: usize,
) -> Result<Vec<Permit>, StoreError> {
    let (user_id, now) = (user_id.to_owned(), cx.now());
    let tokens = cx
        .db()
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { oauth::list_tokens(tx, &user_id, now).await })
        })
        .await?;
    let mut permits = Permit::of_tokens(&tokens);
    permits.truncate(most);
    Ok(permits)
}

/// Takes an application's leave away: its codes and tokens of that person are none from now on.
/// `false` when it had none.
///
/// # Errors
/// When the database fails.
pub async fn revoke(cx: &Context, user_id: &str, app_id: &str) -> Result<bool, StoreError> {
    let (user_id, app_id) = (user_id.to_owned(), app_id.to_owned());
    let fresh = Fresh::take(cx);
    cx.db()
        .write(move |tx| {
            let (user_id, app_id, now) = (user_id.clone(), app_id.clone(), fresh.now);
            Box::pin(async move { oauth::revoke(tx, &app_id, &user_id, now).await })
        })
        .await
}
