//! An application asks who somebody is: the question waits for its answer.

use crate::app::fresh::Fresh;
use crate::context::Context;
use crate::domain::App;
use crate::domain::oauth::OauthAsk;
use crate::store::{apps, oauth};
use store::StoreError;

/// Keeps a question and returns the token of its page.
///
/// # Errors
/// When the database fails.
pub async fn ask_login(
    cx: &Context,
    app_id: &str,
    scope: &str,
    redirect_uri: &str,
    state: &str,
) -> Result<String, StoreError> {
    let fresh = Fresh::take(cx);
    let ask = OauthAsk {
        token: fresh.token,
        app_id: app_id.to_owned(),
        scope: scope.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        state: state.to_owned(),
        asked_at: fresh.now,
    };
    let token = ask.token.clone();
    cx.db()
        .write(move |tx| {
            let ask = ask.clone();
            Box::pin(async move { oauth::add_ask(tx, &ask).await })
        })
        .await?;
    Ok(token)
}

/// A question with who asks it; none when it was answered.
///
/// # Errors
/// When the database fails.
pub async fn find_ask(cx: &Context, token: &str) -> Result<Option<(OauthAsk, App)>, StoreError> {
    let token = token.to_owned();
    cx.db()
        .read(move |tx| {
            let token = token.clone();
            Box::pin(async move {
                let Some(ask) = oauth::find_ask(tx, &token).await? else {
                    return Ok(None);
                };
                let app = apps::find(tx, &ask.app_id).await?;
                Ok(app.map(|app| (ask, app)))
            })
        })
        .await
}
