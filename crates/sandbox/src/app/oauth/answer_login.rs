//! A wallet's owner answers: the browser goes back to the application with a code, or without.

use crate::app::fresh::Fresh;
use crate::context::Context;
use crate::domain::oauth::{CODE_MS, OauthAsk, OauthCode};
use crate::store::oauth;
use store::StoreError;
use url::Url;

/// Agrees, once: the address to go to, with a code in it. None when it was answered already.
///
/// # Errors
/// When the database fails.
pub async fn agree_login(
    cx: &Context,
    ask: &OauthAsk,
    user_id: &str,
) -> Result<Option<String>, StoreError> {
    let fresh = Fresh::take(cx);
    let code = OauthCode {
        code: fresh.token.clone(),
        app_id: ask.app_id.clone(),
        user_id: user_id.to_owned(),
        scope: ask.scope.clone(),
        made_at: fresh.now,
        expires_at: fresh.now.plus_ms(CODE_MS),
        used_at: None,
    };
    let (token, made) = (ask.token.clone(), code.clone());
    let first = cx
        .db()
        .write(move |tx| {
            let (token, code) = (token.clone(), made.clone());
            Box::pin(async move {
                if !oauth::end_ask(tx, &token).await? {
                    return Ok(false);
                }
                oauth::add_code(tx, &code).await?;
                Ok::<_, StoreError>(true)
            })
        })
        .await?;
    Ok(first.then(|| way_back(ask, Some(&code.code))))
}

/// Refuses, once: the address to go to, without a code.
///
/// # Errors
/// When the database fails.
pub async fn refuse_login(cx: &Context, ask: &OauthAsk) -> Result<String, StoreError> {
    let token = ask.token.clone();
    cx.db()
        .write(move |tx| {
            let token = token.clone();
            Box::pin(async move { oauth::end_ask(tx, &token).await })
        })
        .await?;
    Ok(way_back(ask, None))
}

/// The application's address with the answer behind its own query.
fn way_back(ask: &OauthAsk, code: Option<&str>) -> String {
    let Ok(mut url) = Url::parse(&ask.redirect_uri) else {
        return ask.redirect_uri.clone();
    };
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("app_id", &ask.app_id);
        query.append_pair("source", "alipay_wallet");
        query.append_pair("scope", &ask.scope);
        if !ask.state.is_empty() {
            query.append_pair("state", &ask.state);
        }
        match code {
            Some(code) => query.append_pair("auth_code", code),
            None => query.append_pair("error", "access_denied"),
        };
    }
    url.into()
}
