//! Service providers: a merchant lets another one's application act in its name.

use super::change_app::find_app;
use super::fresh::token;
use crate::context::Context;
use crate::domain::{App, AppAuth, AppAuthToken, AuthState};
use crate::store::app_auths::{self as rows, Key};
use kernel::Timestamp;
use store::StoreError;

/// Why nobody may act.
#[derive(Debug, thiserror::Error)]
pub enum AppAuthError {
    /// No application has that number.
    #[error("there is no application {0}")]
    NoSuchApp(String),
    /// The application is no service provider's.
    #[error("the application {0} is no third-party application")]
    NotThirdParty(String),
    /// Nobody acts for oneself.
    #[error("an application needs no leave of its own")]
    Itself,
    /// Nobody granted that, or it was exchanged already.
    #[error("there is no such code")]
    NoSuchCode,
    /// It was granted to another application.
    #[error("that was granted to another application")]
    OtherApp,
    /// Its time is over.
    #[error("its time is over")]
    TimedOut,
    /// The merchant took it back, or it is none.
    #[error("there is no such token")]
    NoSuchToken,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A merchant agrees; the code is for the service provider.
///
/// # Errors
/// When one of the two is no application, or the first is no service provider's.
pub async fn grant(cx: &Context, by_app_id: &str, app_id: &str) -> Result<AppAuth, AppAuthError> {
    let by = app_of(cx, by_app_id).await?;
    if !by.settings.third_party {
        return Err(AppAuthError::NotThirdParty(by.app_id));
    }
    let app = app_of(cx, app_id).await?;
    if app.app_id == by.app_id {
        return Err(AppAuthError::Itself);
    }
    let auth = AppAuth {
        auth_id: token(cx.rng()),
        by_app_id: by.app_id,
        app_id: app.app_id,
        code: token(cx.rng()),
        granted_at: cx.now(),
        token: None,
        cancelled_at: None,
    };
    let row = auth.clone();
    cx.db()
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move { rows::insert(tx, &row).await })
        })
        .await?;
    Ok(auth)
}

async fn app_of(cx: &Context, app_id: &str) -> Result<App, AppAuthError> {
    let found = find_app(cx, app_id).await?;
    found.ok_or_else(|| AppAuthError::NoSuchApp(app_id.to_owned()))
}

/// Exchanges a code for a token, once.
///
/// # Errors
/// When nobody granted it to this application, it was exchanged, or its day is over.
pub async fn exchange_code(
    cx: &Context,
    by_app_id: &str,
    code: &str,
) -> Result<AppAuth, AppAuthError> {
    let now = cx.now();
    let auth = find(cx, code, Wanted::Code).await?;
    let mut auth = auth.ok_or(AppAuthError::NoSuchCode)?;
    check_whose(&auth, by_app_id)?;
    if auth.token.is_some() || auth.cancelled_at.is_some() {
        return Err(AppAuthError::NoSuchCode);
    }
    if !auth.code_is_fresh(now) {
        return Err(AppAuthError::TimedOut);
    }
    let token = fresh_token(cx, now);
    let (auth_id, row) = (auth.auth_id.clone(), token.clone());
    let is_first = cx
        .db()
        .write(move |tx| {
            let (auth_id, row) = (auth_id.clone(), row.clone());
            Box::pin(async move { rows::exchange(tx, &auth_id, &row).await })
        })
        .await?;
    if !is_first {
        return Err(AppAuthError::NoSuchCode);
    }
    auth.token = Some(token);
    Ok(auth)
}

/// Exchanges a token for a newer one.
///
/// # Errors
/// When nobody has that token, it is another application's, was taken back, or is too old.
pub async fn renew_token(
    cx: &Context,
    by_app_id: &str,
    refresh_token: &str,
) -> Result<AppAuth, AppAuthError> {
    let now = cx.now();
    let auth = find(cx, refresh_token, Wanted::Refresh).await?;
    let mut auth = auth.ok_or(AppAuthError::NoSuchToken)?;
    check_whose(&auth, by_app_id)?;
    if auth.cancelled_at.is_some() {
        return Err(AppAuthError::NoSuchToken);
    }
    if !auth.can_be_renewed(now) {
        return Err(AppAuthError::TimedOut);
    }
    let token = fresh_token(cx, now);
    let (auth_id, old, row) = (
        auth.auth_id.clone(),
        refresh_token.to_owned(),
        token.clone(),
    );
    let is_first = cx
        .db()
        .write(move |tx| {
            let (auth_id, old, row) = (auth_id.clone(), old.clone(), row.clone());
            Box::pin(async move { rows::renew(tx, &auth_id, &old, &row).await })
        })
        .await?;
    if !is_first {
        return Err(AppAuthError::NoSuchToken);
    }
    auth.token = Some(token);
    Ok(auth)
}

/// Whose token an application shows, and what it is worth now.
///
/// # Errors
/// When nobody has that token, or it is another application's.
pub async fn find_token(
    cx: &Context,
    by_app_id: &str,
    token: &str,
) -> Result<(AppAuth, AuthState), AppAuthError> {
    let auth = find(cx, token, Wanted::Token).await?;
    let auth = auth.ok_or(AppAuthError::NoSuchToken)?;
    check_whose(&auth, by_app_id)?;
    let state = auth.state(cx.now());
    Ok((auth, state))
}

/// A merchant takes back what it granted; whether there was anything.
///
/// # Errors
/// When the database fails.
pub async fn cancel(cx: &Context, by_app_id: &str, app_id: &str) -> Result<bool, StoreError> {
    let (by_app_id, app_id, now) = (by_app_id.to_owned(), app_id.to_owned(), cx.now());
    let count = cx
        .db()
        .write(move |tx| {
            let (by_app_id, app_id) = (by_app_id.clone(), app_id.clone());
            Box::pin(async move { rows::cancel(tx, &by_app_id, &app_id, now).await })
        })
        .await?;
    Ok(count > 0)
}

#[derive(Clone, Copy)]
enum Wanted {
    Code,
    Token,
    Refresh,
}

async fn find(cx: &Context, value: &str, wanted: Wanted) -> Result<Option<AppAuth>, StoreError> {
    // Codes and tokens are letters and digits; nothing else is looked for.
    if value.len() > 64 || !value.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    let value = value.to_owned();
    cx.db()
        .read(move |tx| {
            let value = value.clone();
            Box::pin(async move {
                let key = match wanted {
                    Wanted::Code => Key::Code(&value),
                    Wanted::Token => Key::Token(&value),
                    Wanted::Refresh => Key::Refresh(&value),
                };
                rows::find(tx, key).await
            })
        })
        .await
}

fn check_whose(auth: &AppAuth, by_app_id: &str) -> Result<(), AppAuthError> {
    if auth.by_app_id == by_app_id {
        return Ok(());
    }
    Err(AppAuthError::OtherApp)
}

/// `202608BB` and 32 hex digits, as Alipay's begin with their month.
fn fresh_token(cx: &Context, now: Timestamp) -> AppAuthToken {
    let month = &now.china_day()[..6];
    let fresh = || format!("{month}BB{}", token(cx.rng()));
    AppAuthToken {
        token: fresh(),
        refresh_token: fresh(),
        at: now,
    }
}
