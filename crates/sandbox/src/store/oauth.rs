//! Logins with Alipay: questions, codes and tokens.

use crate::domain::oauth::{OauthAsk, OauthCode, OauthToken};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;

::store::statements! {
    /// Adds a question.
    INSERT_ASK = "INSERT INTO sandbox_oauth_asks (token, app_id, scope, redirect_uri, state, asked_at) VALUES ($1, $2, $3, $4, $5, $6)";
    /// One question.
    FIND_ASK = "SELECT * FROM sandbox_oauth_asks WHERE token = $1";
    /// A question was answered.
    DELETE_ASK = "DELETE FROM sandbox_oauth_asks WHERE token = $1";
    /// Forgets the questions that nobody answered.
    DELETE_OLD_ASKS = "DELETE FROM sandbox_oauth_asks WHERE asked_at < $1";
    /// Adds a code.
    INSERT_CODE = "INSERT INTO sandbox_oauth_codes (code, app_id, user_id, scope, made_at, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    /// One code, held until the transaction ends.
    LOCK_CODE = "SELECT * FROM sandbox_oauth_codes WHERE code = $1", pg " FOR UPDATE";
    /// A code was exchanged.
    USE_CODE = "UPDATE sandbox_oauth_codes SET used_at = $2 WHERE code = $1";
    /// Adds a token.
    INSERT_TOKEN = "INSERT INTO sandbox_oauth_tokens (access_token, refresh_token, app_id, user_id, scope, began_at, made_at, expires_at, refresh_until, refreshed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)";
    /// One token.
    FIND_TOKEN = "SELECT * FROM sandbox_oauth_tokens WHERE access_token = $1";
    /// One token by what renews it, held until the transaction ends.
    LOCK_TOKEN_BY_REFRESH = "SELECT * FROM sandbox_oauth_tokens WHERE refresh_token = $1", pg " FOR UPDATE";
    /// The tokens of somebody that can still be used or renewed, newest first.
    LIST_TOKENS_OF_USER = "SELECT * FROM sandbox_oauth_tokens WHERE user_id = $1 AND revoked_at IS NULL AND refresh_until > $2 ORDER BY made_at DESC, access_token";
    /// Somebody took back what an application was allowed: its tokens.
    REVOKE_TOKENS = "UPDATE sandbox_oauth_tokens SET revoked_at = $3 WHERE app_id = $1 AND user_id = $2 AND revoked_at IS NULL AND refresh_until > $3";
    /// The same: its codes that are not exchanged.
    REVOKE_CODES = "UPDATE sandbox_oauth_codes SET used_at = $3 WHERE app_id = $1 AND user_id = $2 AND used_at IS NULL AND expires_at > $3";
    /// A token was renewed.
    REFRESH_TOKEN = "UPDATE sandbox_oauth_tokens SET refreshed_at = $2 WHERE access_token = $1";
}

/// Adds a question, and forgets those of the day before.
///
/// # Errors
/// What the engine said.
pub async fn add_ask(tx: &mut Tx<'_>, ask: &OauthAsk) -> Result<(), StoreError> {
    let old = ask.asked_at.plus_ms(-kernel::time::DAY_MS);
    tx.execute(&DELETE_OLD_ASKS, &params![old]).await?;
    let values = params![
        &ask.token,
        &ask.app_id,
        &ask.scope,
        &ask.redirect_uri,
        &ask.state,
        ask.asked_at,
    ];
    tx.execute_one(&INSERT_ASK, &values).await
}

/// One question.
///
/// # Errors
/// What the engine said.
pub async fn find_ask(tx: &mut Tx<'_>, token: &str) -> Result<Option<OauthAsk>, StoreError> {
    let row = tx.query_opt(&FIND_ASK, &params![token]).await?;
    row.map(|row| {
        Ok(OauthAsk {
            token: row.text("token")?.to_owned(),
            app_id: row.text("app_id")?.to_owned(),
            scope: row.text("scope")?.to_owned(),
            redirect_uri: row.text("redirect_uri")?.to_owned(),
            state: row.text("state")?.to_owned(),
            asked_at: row.time("asked_at")?,
        })
    })
    .transpose()
}

/// Takes a question away, once; `false` when it was answered already.
///
/// # Errors
/// What the engine said.
pub async fn end_ask(tx: &mut Tx<'_>, token: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(&DELETE_ASK, &params![token]).await? == 1)
}

/// Adds a code.
///
/// # Errors
/// What the engine said.
pub async fn add_code(tx: &mut Tx<'_>, code: &OauthCode) -> Result<(), StoreError> {
    let values = params![
        &code.code,
        &code.app_id,
        &code.user_id,
        &code.scope,
        code.made_at,
        code.expires_at,
    ];
    tx.execute_one(&INSERT_CODE, &values).await
}

/// One code, held until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<OauthCode>, StoreError> {
    let row = tx.query_opt(&LOCK_CODE, &params![code]).await?;
    row.map(|row| {
        Ok(OauthCode {
            code: row.text("code")?.to_owned(),
            app_id: row.text("app_id")?.to_owned(),
            user_id: row.text("user_id")?.to_owned(),
            scope: row.text("scope")?.to_owned(),
            made_at: row.time("made_at")?,
            expires_at: row.time("expires_at")?,
            used_at: row.opt_time("used_at")?,
        })
    })
    .transpose()
}

/// A code was exchanged.
///
/// # Errors
/// What the engine said.
pub async fn use_code(tx: &mut Tx<'_>, code: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute_one(&USE_CODE, &params![code, at]).await
}

/// Adds a token.
///
/// # Errors
/// What the engine said.
pub async fn add_token(tx: &mut Tx<'_>, token: &OauthToken) -> Result<(), StoreError> {
    let values = params![
        &token.access_token,
        &token.refresh_token,
        &token.app_id,
        &token.user_id,
        &token.scope,
        token.began_at,
        token.made_at,
        token.expires_at,
        token.refresh_until,
    ];
    tx.execute_one(&INSERT_TOKEN, &values).await
}

/// One token.
///
/// # Errors
/// What the engine said.
pub async fn find_token(
    tx: &mut Tx<'_>,
    access_token: &str,
) -> Result<Option<OauthToken>, StoreError> {
    let row = tx.query_opt(&FIND_TOKEN, &params![access_token]).await?;
    row.map(|row| read(&row)).transpose()
}

/// One token by what renews it, held until the transaction ends.
///
/// # Errors
/// What the engine said.
pub async fn lock_by_refresh(
    tx: &mut Tx<'_>,
    refresh_token: &str,
) -> Result<Option<OauthToken>, StoreError> {
    let values = params![refresh_token];
    let row = tx.query_opt(&LOCK_TOKEN_BY_REFRESH, &values).await?;
    row.map(|row| read(&row)).transpose()
}

/// A token was renewed.
///
/// # Errors
/// What the engine said.
pub async fn refreshed(
    tx: &mut Tx<'_>,
    access_token: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute_one(&REFRESH_TOKEN, &params![access_token, at])
        .await
}

/// The tokens of somebody that can still be used or renewed, newest first.
///
/// # Errors
/// What the engine said.
pub async fn list_tokens(
    tx: &mut Tx<'_>,
    user_id: &str,
    now: Timestamp,
) -> Result<Vec<OauthToken>, StoreError> {
    let rows = tx
        .query(&LIST_TOKENS_OF_USER, &params![user_id, now])
        .await?;
    rows.iter().map(read).collect()
}

/// Takes back what somebody allowed an application; `false` when that was nothing.
///
/// # Errors
/// What the engine said.
pub async fn revoke(
    tx: &mut Tx<'_>,
    app_id: &str,
    user_id: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![app_id, user_id, now];
    let codes = tx.execute(&REVOKE_CODES, &values).await?;
    let tokens = tx.execute(&REVOKE_TOKENS, &values).await?;
    Ok(codes + tokens > 0)
}

fn read(row: &Row) -> Result<OauthToken, StoreError> {
    Ok(OauthToken {
        access_token: row.text("access_token")?.to_owned(),
        refresh_token: row.text("refresh_token")?.to_owned(),
        app_id: row.text("app_id")?.to_owned(),
        user_id: row.text("user_id")?.to_owned(),
        scope: row.text("scope")?.to_owned(),
        began_at: row.time("began_at")?,
        made_at: row.time("made_at")?,
        expires_at: row.time("expires_at")?,
        refresh_until: row.time("refresh_until")?,
        refreshed_at: row.opt_time("refreshed_at")?,
        revoked_at: row.opt_time("revoked_at")?,
    })
}
