//! Merchants' grants to service providers.

use crate::domain::{AppAuth, AppAuthToken};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;

::store::statements! {
    /// Adds a grant.
    INSERT_AUTH = "INSERT INTO sandbox_app_auths (auth_id, by_app_id, app_id, code, granted_at) VALUES ($1, $2, $3, $4, $5)";
    /// A grant by its code.
    FIND_AUTH_BY_CODE = "SELECT auth_id, by_app_id, app_id, code, granted_at, token, refresh_token, token_at, cancelled_at FROM sandbox_app_auths WHERE code = $1";
    /// A grant by its token.
    FIND_AUTH_BY_TOKEN = "SELECT auth_id, by_app_id, app_id, code, granted_at, token, refresh_token, token_at, cancelled_at FROM sandbox_app_auths WHERE token = $1";
    /// A grant by the token that renews it.
    FIND_AUTH_BY_REFRESH = "SELECT auth_id, by_app_id, app_id, code, granted_at, token, refresh_token, token_at, cancelled_at FROM sandbox_app_auths WHERE refresh_token = $1";
    /// Exchanges a code for a token: only who exchanges it first.
    EXCHANGE_CODE = "UPDATE sandbox_app_auths SET token = $1, refresh_token = $2, token_at = $3 WHERE auth_id = $4 AND token IS NULL";
    /// Exchanges a token for a newer one: only who comes with the newest.
    RENEW_TOKEN = "UPDATE sandbox_app_auths SET token = $1, refresh_token = $2, token_at = $3 WHERE auth_id = $4 AND refresh_token = $5";
    /// Takes back what a merchant granted to an application.
    CANCEL_AUTHS = "UPDATE sandbox_app_auths SET cancelled_at = $1 WHERE by_app_id = $2 AND app_id = $3 AND cancelled_at IS NULL";
}

/// By what a grant is looked for.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// Its code.
    Code(&'a str),
    /// Its token.
    Token(&'a str),
    /// The token that renews it.
    Refresh(&'a str),
}

/// Adds a grant without a token.
///
/// # Errors
/// What the engine said.
pub async fn insert(tx: &mut Tx<'_>, auth: &AppAuth) -> Result<(), StoreError> {
    let values = params![
        &auth.auth_id,
        &auth.by_app_id,
        &auth.app_id,
        &auth.code,
        auth.granted_at,
    ];
    tx.execute_one(&INSERT_AUTH, &values).await
}

/// A grant.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, key: Key<'_>) -> Result<Option<AppAuth>, StoreError> {
    let (statement, value) = match key {
        Key::Code(value) => (&FIND_AUTH_BY_CODE, value),
        Key::Token(value) => (&FIND_AUTH_BY_TOKEN, value),
        Key::Refresh(value) => (&FIND_AUTH_BY_REFRESH, value),
    };
    let row = tx.query_opt(statement, &params![value]).await?;
    row.map(|row| read(&row)).transpose()
}

/// Gives a grant its first token; `false` when it has one.
///
/// # Errors
/// What the engine said.
pub async fn exchange(
    tx: &mut Tx<'_>,
    auth_id: &str,
    token: &AppAuthToken,
) -> Result<bool, StoreError> {
    let values = params![&token.token, &token.refresh_token, token.at, auth_id];
    Ok(tx.execute(&EXCHANGE_CODE, &values).await? == 1)
}

/// Gives a grant another token; `false` when somebody else did before.
///
/// # Errors
/// What the engine said.
pub async fn renew(
    tx: &mut Tx<'_>,
    auth_id: &str,
    old_refresh_token: &str,
    token: &AppAuthToken,
) -> Result<bool, StoreError> {
    let values = params![
        &token.token,
        &token.refresh_token,
        token.at,
        auth_id,
        old_refresh_token,
    ];
    Ok(tx.execute(&RENEW_TOKEN, &values).await? == 1)
}

/// Takes back what a merchant granted to an application; how many grants that were.
///
/// # Errors
/// What the engine said.
pub async fn cancel(
    tx: &mut Tx<'_>,
    by_app_id: &str,
    app_id: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.execute(&CANCEL_AUTHS, &params![now, by_app_id, app_id])
        .await
}

fn read(row: &Row) -> Result<AppAuth, StoreError> {
    let token = match (row.opt_text("token")?, row.opt_text("refresh_token")?) {
        (Some(token), Some(refresh_token)) => Some(AppAuthToken {
            token: token.to_owned(),
            refresh_token: refresh_token.to_owned(),
            at: row.time("token_at")?,
        }),
        _ => None,
    };
    Ok(AppAuth {
        auth_id: row.text("auth_id")?.to_owned(),
        by_app_id: row.text("by_app_id")?.to_owned(),
        app_id: row.text("app_id")?.to_owned(),
        code: row.text("code")?.to_owned(),
        granted_at: row.time("granted_at")?,
        token,
        cancelled_at: row.opt_time("cancelled_at")?,
    })
}
