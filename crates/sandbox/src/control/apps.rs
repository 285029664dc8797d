//! Applications: looking, making another one, changing how one speaks.

use super::app_views::{AppList, AppView, ChangeAppBody, NewAppBody, NotifyBody, view};
use crate::app::certificates::{CertificatesError, ensure_certificates};
use crate::app::change_app::{ChangeApp, ChangeAppError, change_app, find_app};
use crate::app::find_trade::list_apps;
use crate::app::register_app::{MakeApp, RegisterAppError, aes_key, make_app};
use crate::context::Context;
use crate::domain::{App, AppSettings, NoticeType, NotifyStatuses};
use alipay::sign::SignType;
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use service::{JsonBody, Problem};
use std::fmt::Display;

/// Every application, without private keys.
#[utoipa::path(get, path = "/sandbox/v1/apps", tag = "apps",
    responses((status = 200, body = AppList)))]
pub(super) async fn list(State(cx): State<Context>) -> Result<Json<AppList>, Problem> {
    let apps = list_apps(&cx).await.map_err(|e| Problem::internal(&e))?;
    let apps = apps
        .into_iter()
        .map(|app| view(app, None, false))
        .collect::<Result<_, _>>()?;
    Ok(Json(AppList { apps }))
}

/// One application with its certificates, without private keys.
#[utoipa::path(get, path = "/sandbox/v1/apps/{app_id}", tag = "apps",
    params(("app_id" = String, Path)),
    responses((status = 200, body = AppView), (status = 404)))]
pub(super) async fn find(
    State(cx): State<Context>,
    Path(app_id): Path<String>,
) -> Result<Json<AppView>, Problem> {
    let found = find_app(&cx, &app_id).await;
    let found = found.map_err(|e| Problem::internal(&e))?;
    let app = found.ok_or_else(|| no_such_app(&app_id))?;
    Ok(Json(with_certificates(&cx, app, false).await?))
}

/// Makes an application with a number, a seller and keys of its own.
#[utoipa::path(post, path = "/sandbox/v1/apps", tag = "apps", request_body = NewAppBody,
    responses((status = 201, body = AppView), (status = 400, description = "a field is none"),
        (status = 409, description = "app-exists")))]
pub(super) async fn create(
    State(cx): State<Context>,
    JsonBody(body): JsonBody<NewAppBody>,
) -> Result<(StatusCode, Json<AppView>), Problem> {
    let known = list_apps(&cx).await.map_err(|e| Problem::internal(&e))?;
    if known.iter().any(|app| app.name == body.name) {
        return Err(taken(&body.name));
    }
    let mut settings = AppSettings::default();
    if let Some(mode) = &body.mode {
        settings.mode = parse("mode", mode)?;
    }
    settings.aes_key.clone_from(&body.aes_key);
    settings.lenient_charset = body.lenient_charset.unwrap_or_default();
    settings.third_party = body.third_party.unwrap_or_default();
    set_notify(&mut settings, body.notify.as_ref())?;
    let make = MakeApp {
        app_id: None,
        seller_id: None,
        name: body.name,
        app_public_key: body.app_public_key,
        profile: match &body.profile {
            Some(text) => parse("profile", text)?,
            None => crate::Profile::default(),
        },
        sign_type: match &body.sign_type {
            Some(text) => sign_type(text)?,
            None => SignType::default(),
        },
        settings,
    };
    let app = make_app(&cx, make).await.map_err(|error| refused(&error))?;
    let view = with_certificates(&cx, app, true).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Changes what is named; everything else stays.
#[utoipa::path(patch, path = "/sandbox/v1/apps/{app_id}", tag = "apps",
    params(("app_id" = String, Path)), request_body = ChangeAppBody,
    responses((status = 200, body = AppView), (status = 400, description = "a field is none"),
        (status = 404)))]
pub(super) async fn change(
    State(cx): State<Context>,
    Path(app_id): Path<String>,
    JsonBody(body): JsonBody<ChangeAppBody>,
) -> Result<Json<AppView>, Problem> {
    let found = find_app(&cx, &app_id).await;
    let found = found.map_err(|e| Problem::internal(&e))?;
    let mut settings = found.ok_or_else(|| no_such_app(&app_id))?.settings;
    if let Some(mode) = &body.mode {
        settings.mode = parse("mode", mode)?;
    }
    match body.aes_key.as_deref() {
        None => {}
        Some("") => settings.aes_key = None,
        Some("new") => settings.aes_key = Some(aes_key(&*cx.parts().rng)),
        Some(text) => settings.aes_key = Some(text.to_owned()),
    }
    settings.lenient_charset = body.lenient_charset.unwrap_or(settings.lenient_charset);
    settings.third_party = body.third_party.unwrap_or(settings.third_party);
    set_notify(&mut settings, body.notify.as_ref())?;
    let profile = body.profile.as_deref().map(|text| parse("profile", text));
    let signs = body.sign_type.as_deref().map(sign_type);
    let change = ChangeApp {
        app_public_key: body.app_public_key,
        sign_type: signs.transpose()?,
        profile: profile.transpose()?,
        settings: Some(settings),
    };
    match change_app(&cx, &app_id, change).await {
        Ok(app) => Ok(Json(view(app, None, false)?)),
        Err(ChangeAppError::NoSuchApp(app_id)) => Err(no_such_app(&app_id)),
        Err(ChangeAppError::Refused(error)) => Err(refused(&error)),
        Err(ChangeAppError::Certificates(error)) => Err(Problem::internal(&error)),
        Err(ChangeAppError::Store(error)) => Err(Problem::internal(&error)),
    }
}

async fn with_certificates(cx: &Context, app: App, with_private: bool) -> Result<AppView, Problem> {
    match ensure_certificates(cx, &app.app_id).await {
        Ok(certs) => view(app, Some(certs), with_private),
        Err(CertificatesError::NoSuchApp(app_id)) => Err(no_such_app(&app_id)),
        Err(error) => Err(Problem::internal(&error)),
    }
}

/// `""` takes a setting back.
fn set_notify(settings: &mut AppSettings, body: Option<&NotifyBody>) -> Result<(), Problem> {
    let Some(body) = body else {
        return Ok(());
    };
    if let Some(address) = &body.app_gateway_url {
        settings.app_gateway_url = Some(address.clone()).filter(|address| !address.is_empty());
    }
    settings.resends_at_once = body.resends_at_once.unwrap_or(settings.resends_at_once);
    if let Some(is_plain) = body.plain_content_type {
        settings.notice_type = NoticeType::new(is_plain);
    }
    match &body.statuses {
        None => {}
        Some(names) if names.is_empty() => settings.notify_statuses = None,
        Some(names) => {
            let statuses = names.iter().map(|name| parse("notify.statuses", name));
            let statuses = statuses.collect::<Result<_, _>>()?;
            settings.notify_statuses = Some(NotifyStatuses(statuses));
        }
    }
    Ok(())
}

fn parse<T>(field: &str, text: &str) -> Result<T, Problem>
where
    T: std::str::FromStr<Err: Display>,
{
    text.parse()
        .map_err(|error| invalid(field, &format!("{error}.")))
}

fn sign_type(text: &str) -> Result<SignType, Problem> {
    SignType::parse(text).ok_or_else(|| invalid("sign_type", "sign_type is RSA2 or RSA."))
}

fn invalid(field: &str, what: &str) -> Problem {
    Problem::bad_request(what).with("field", field)
}

fn taken(name: &str) -> Problem {
    let what = format!("An application is called {name} already.");
    Problem::conflict("app-exists", what)
}

pub(super) fn no_such_app(app_id: &str) -> Problem {
    Problem::not_found(format!("There is no application {app_id}."))
}

fn refused(error: &RegisterAppError) -> Problem {
    match error {
        RegisterAppError::Store(error) => Problem::internal(error),
        RegisterAppError::Key { which, source } => invalid(which, &format!("{which}: {source}.")),
        RegisterAppError::Name => invalid("name", &format!("{error}.")),
        RegisterAppError::AesKey => invalid("aes_key", &format!("{error}.")),
        RegisterAppError::Address => invalid("notify.app_gateway_url", &format!("{error}.")),
        RegisterAppError::Number => Problem::bad_request(format!("{error}.")),
        RegisterAppError::Taken(name) => taken(name),
    }
}
