//! An application exchanges a code for a token, or renews a token; each once.

use crate::app::fresh::Fresh;
use crate::context::Context;
use crate::domain::oauth::{OauthRefusal, OauthToken, REFRESH_MS, TOKEN_MS};
use crate::store::oauth;
use kernel::Timestamp;
use store::{StoreError, Tx};

/// What is exchanged.
#[derive(Clone, Debug)]
pub enum Grant {
    /// A code from the page.
    Code(String),
    /// What renews a token.
    Refresh(String),
}

/// A token for what is exchanged.
///
/// # Errors
/// What the engine said; inside, why there is none.
pub async fn exchange(
    cx: &Context,
    app_id: &str,
    grant: Grant,
) -> Result<Result<OauthToken, OauthRefusal>, StoreError> {
    let (fresh, app_id) = (Fresh::take(cx), app_id.to_owned());
    cx.db()
        .write(move |tx| {
            let (fresh, app_id, grant) = (fresh.clone(), app_id.clone(), grant.clone());
            Box::pin(async move {
                match grant {
                    Grant::Code(code) => by_code(tx, &app_id, &code, &fresh).await,
                    Grant::Refresh(token) => by_refresh(tx, &app_id, &token, &fresh).await,
                }
            })
        })
        .await
}

async fn by_code(
    tx: &mut Tx<'_>,
    app_id: &str,
    code: &str,
    fresh: &Fresh,
) -> Result<Result<OauthToken, OauthRefusal>, StoreError> {
    let Some(code) = oauth::lock_code(tx, code).await? else {
        return Ok(Err(OauthRefusal::Code));
    };
    // Another application's code is as good as none: it learns nothing about it.
    if code.used_at.is_some() || fresh.now >= code.expires_at || code.app_id != app_id {
        return Ok(Err(OauthRefusal::Code));
    }
    oauth::use_code(tx, &code.code, fresh.now).await?;
    let token = token(app_id, (&code.user_id, &code.scope), code.made_at, fresh);
    oauth::add_token(tx, &token).await?;
    Ok(Ok(token))
}

async fn by_refresh(
    tx: &mut Tx<'_>,
    app_id: &str,
    refresh_token: &str,
    fresh: &Fresh,
) -> Result<Result<OauthToken, OauthRefusal>, StoreError> {
    let Some(old) = oauth::lock_by_refresh(tx, refresh_token).await? else {
        return Ok(Err(OauthRefusal::Refresh));
    };
    if old.app_id != app_id {
        return Ok(Err(OauthRefusal::OtherApp));
    }
    // What its owner took back is none.
    if old.revoked_at.is_some() {
        return Ok(Err(OauthRefusal::Refresh));
    }
    if old.refreshed_at.is_some() {
        return Ok(Err(OauthRefusal::Refreshed));
    }
    if fresh.now >= old.refresh_until {
        return Ok(Err(OauthRefusal::RefreshExpired));
    }
    oauth::refreshed(tx, &old.access_token, fresh.now).await?;
    let token = token(app_id, (&old.user_id, &old.scope), old.began_at, fresh);
    oauth::add_token(tx, &token).await?;
    Ok(Ok(token))
}

fn token(
    app_id: &str,
    (user_id, scope): (&str, &str),
    began_at: Timestamp,
    fresh: &Fresh,
) -> OauthToken {
    OauthToken {
        access_token: format!("authusrB{}", fresh.token),
        refresh_token: format!("authusrB{}", fresh.other_token),
        app_id: app_id.to_owned(),
        user_id: user_id.to_owned(),
        scope: scope.to_owned(),
        began_at,
        made_at: fresh.now,
        expires_at: fresh.now.plus_ms(TOKEN_MS),
        refresh_until: fresh.now.plus_ms(REFRESH_MS),
        refreshed_at: None,
        revoked_at: None,
    }
}
