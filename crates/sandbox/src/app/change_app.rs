//! Changes an application: its key, how it signs, how it is treated, how it speaks.

use super::certificates::{CertificatesError, ensure_certificates, renew_certificate};
use super::register_app::{RegisterAppError, check_length, check_settings, key_error};
use crate::context::Context;
use crate::domain::{App, AppSettings, CertOwner, Profile};
use crate::store::{apps, certs};
use alipay::keys::PublicKey;
use alipay::sign::SignType;
use store::StoreError;

/// What to change; what is not there stays.
#[derive(Clone, Debug, Default)]
pub struct ChangeApp {
    /// Another public key, in any form.
    pub app_public_key: Option<String>,
    /// How it signs.
    pub sign_type: Option<SignType>,
    /// How it is treated.
    pub profile: Option<Profile>,
    /// How it speaks with the gateway, all of it.
    pub settings: Option<AppSettings>,
}

/// Why an application was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeAppError {
    /// No application has that number.
    #[error("there is no application {0}")]
    NoSuchApp(String),
    /// Something about it is none.
    #[error(transparent)]
    Refused(#[from] RegisterAppError),
    /// Its certificate cannot be issued anew.
    #[error(transparent)]
    Certificates(#[from] CertificatesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One application.
///
/// # Errors
/// When the database fails.
pub async fn find_app(cx: &Context, app_id: &str) -> Result<Option<App>, StoreError> {
    let wanted = app_id.to_owned();
    cx.db()
        .read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { apps::find(tx, &wanted).await })
        })
        .await
}

/// Changes an application. A new key gets a new certificate, when there was one.
///
/// # Errors
/// When there is no such application, something about it is none, or the database fails.
pub async fn change_app(
    cx: &Context,
    app_id: &str,
    change: ChangeApp,
) -> Result<App, ChangeAppError> {
    let no_such_app = || ChangeAppError::NoSuchApp(app_id.to_owned());
    let before = find_app(cx, app_id).await?.ok_or_else(no_such_app)?;
    let mut app = before.clone();
    if let Some(text) = &change.app_public_key {
        let key = PublicKey::parse(text).map_err(key_error("app_public_key"))?;
        app.app_public_key = key.to_pem();
        if app.app_public_key != before.app_public_key {
            // The sandbox knows the other half of the old key only.
            app.app_private_key = None;
        }
    }
    if let Some(sign_type) = change.sign_type {
        sign_type.as_str().clone_into(&mut app.sign_type);
    }
    let sign_type = SignType::parse(&app.sign_type).unwrap_or_default();
    check_length(&app.app_public_key, sign_type)?;
    app.profile = change.profile.unwrap_or(app.profile);
    if let Some(settings) = change.settings {
        check_settings(&settings)?;
        app.settings = settings;
    }
    let row = app.clone();
    let had_certs = cx
        .db()
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move {
                apps::update(tx, &row).await?;
                Ok::<_, StoreError>(!certs::list(tx, &row.app_id).await?.is_empty())
            })
        })
        .await?;
    cx.forget_caller(app_id);
    if had_certs && app.app_public_key != before.app_public_key {
        let days = super::certificates::CERT_DAYS;
        renew_certificate(cx, app_id, CertOwner::App, days).await?;
        ensure_certificates(cx, app_id).await?;
    }
    Ok(app)
}
