//! Applications and their keys.

use crate::domain::{App, AppSettings, NoticeType};
use ::store::{Row, StoreError, Tx, params};
use kernel::Timestamp;

::store::statements! {
    /// Adds an application; a second one of that id, name or seller is not added.
    INSERT_APP = "INSERT INTO sandbox_apps (app_id, name, seller_id, app_public_key, app_private_key, alipay_private_key, sign_type, profile, mode, aes_key, lenient_charset, app_gateway_url, notify_statuses, third_party, resends_at_once, plain_content_type, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT DO NOTHING";
    /// Changes how an application speaks, and the keys by which it is known.
    UPDATE_APP = "UPDATE sandbox_apps SET app_public_key = $1, app_private_key = $2, sign_type = $3, profile = $4, mode = $5, aes_key = $6, lenient_charset = $7, app_gateway_url = $8, notify_statuses = $9, third_party = $10, resends_at_once = $11, plain_content_type = $12 WHERE app_id = $13";
    /// One application.
    FIND_APP = "SELECT app_id, name, seller_id, app_public_key, app_private_key, alipay_private_key, sign_type, profile, mode, aes_key, lenient_charset, app_gateway_url, notify_statuses, third_party, resends_at_once, plain_content_type FROM sandbox_apps WHERE app_id = $1";
    /// One application by what people call it.
    FIND_APP_BY_NAME = "SELECT app_id, name, seller_id, app_public_key, app_private_key, alipay_private_key, sign_type, profile, mode, aes_key, lenient_charset, app_gateway_url, notify_statuses, third_party, resends_at_once, plain_content_type FROM sandbox_apps WHERE name = $1";
    /// All of them, in the order in which they came.
    LIST_APPS = "SELECT app_id, name, seller_id, app_public_key, app_private_key, alipay_private_key, sign_type, profile, mode, aes_key, lenient_charset, app_gateway_url, notify_statuses, third_party, resends_at_once, plain_content_type FROM sandbox_apps ORDER BY created_at, app_id";
}

/// Adds an application; `false` when its id, name or seller is taken.
///
/// # Errors
/// What the engine said.
pub async fn insert(tx: &mut Tx<'_>, app: &App, now: Timestamp) -> Result<bool, StoreError> {
    let values = params![
        &app.app_id,
        &app.name,
        &app.seller_id,
        &app.app_public_key,
        app.app_private_key.as_ref(),
        &app.alipay_private_key,
        &app.sign_type,
        app.profile.as_str(),
        app.settings.mode.as_str(),
        app.settings.aes_key.as_ref(),
        app.settings.lenient_charset,
        app.settings.app_gateway_url.as_ref(),
        app.settings
            .notify_statuses
            .as_ref()
            .map(ToString::to_string),
        app.settings.third_party,
        app.settings.resends_at_once,
        app.settings.notice_type.is_plain(),
        now,
    ];
    Ok(tx.execute(&INSERT_APP, &values).await? == 1)
}

/// Changes how an application speaks, and the keys by which it is known.
///
/// # Errors
/// What the engine said.
pub async fn update(tx: &mut Tx<'_>, app: &App) -> Result<(), StoreError> {
    let values = params![
        &app.app_public_key,
        app.app_private_key.as_ref(),
        &app.sign_type,
        app.profile.as_str(),
        app.settings.mode.as_str(),
        app.settings.aes_key.as_ref(),
        app.settings.lenient_charset,
        app.settings.app_gateway_url.as_ref(),
        app.settings
            .notify_statuses
            .as_ref()
            .map(ToString::to_string),
        app.settings.third_party,
        app.settings.resends_at_once,
        app.settings.notice_type.is_plain(),
        &app.app_id,
    ];
    tx.execute_one(&UPDATE_APP, &values).await
}

/// One application.
///
/// # Errors
/// What the engine said.
pub async fn find(tx: &mut Tx<'_>, app_id: &str) -> Result<Option<App>, StoreError> {
    let row = tx.query_opt(&FIND_APP, &params![app_id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// One application by what people call it.
///
/// # Errors
/// What the engine said.
pub async fn find_by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<App>, StoreError> {
    let row = tx.query_opt(&FIND_APP_BY_NAME, &params![name]).await?;
    row.map(|row| read(&row)).transpose()
}

/// All of them, in the order in which they came.
///
/// # Errors
/// What the engine said.
pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<App>, StoreError> {
    let rows = tx.query(&LIST_APPS, &[]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<App, StoreError> {
    Ok(App {
        app_id: row.text("app_id")?.to_owned(),
        name: row.text("name")?.to_owned(),
        seller_id: row.text("seller_id")?.to_owned(),
        app_public_key: row.text("app_public_key")?.to_owned(),
        app_private_key: row.opt_text("app_private_key")?.map(str::to_owned),
        alipay_private_key: row.text("alipay_private_key")?.to_owned(),
        sign_type: row.text("sign_type")?.to_owned(),
        profile: row.parse("profile")?,
        settings: AppSettings {
            mode: row.parse("mode")?,
            aes_key: row.opt_text("aes_key")?.map(str::to_owned),
            lenient_charset: row.bool("lenient_charset")?,
            app_gateway_url: row.opt_text("app_gateway_url")?.map(str::to_owned),
            third_party: row.bool("third_party")?,
            notify_statuses: row.opt_parse("notify_statuses")?,
            resends_at_once: row.bool("resends_at_once")?,
            notice_type: NoticeType::new(row.bool("plain_content_type")?),
        },
    })
}
