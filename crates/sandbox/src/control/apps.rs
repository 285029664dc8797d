//! Applications: looking, and making another one.

use crate::app::find_trade::list_apps;
use crate::app::register_app::{NewApp, RegisterAppError, ensure_app};
use crate::context::Context;
use crate::domain::{App, Profile};
use alipay::keys::PrivateKey;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use service::{JsonBody, Problem};
use utoipa::ToSchema;

/// An application, with the keys that its owner configures.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AppView {
    name: String,
    app_id: String,
    seller_id: String,
    sign_type: String,
    profile: &'static str,
    /// PEM.
    app_public_key: String,
    /// PEM; only in the answer that made it, and only when the sandbox made the pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    app_private_key: Option<String>,
    /// PEM: verifies what Alipay says to this application.
    alipay_public_key: String,
}

/// An application to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAppBody {
    /// Letters, digits, `-` and `_`.
    name: String,
    /// Its public key in any form; the sandbox makes a pair without one.
    app_public_key: Option<String>,
    /// `production` unless said, `strict` or `alipay-sandbox`.
    profile: Option<String>,
}

/// All applications.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AppList {
    apps: Vec<AppView>,
}

fn view(app: App, with_private: bool) -> Result<AppView, Problem> {
    let alipay =
        PrivateKey::parse(&app.alipay_private_key).map_err(|error| Problem::internal(&error))?;
    Ok(AppView {
        name: app.name,
        app_id: app.app_id,
        seller_id: app.seller_id,
        sign_type: app.sign_type,
        profile: app.profile.as_str(),
        app_public_key: app.app_public_key,
        app_private_key: app.app_private_key.filter(|_| with_private),
        alipay_public_key: alipay.public_key().to_pem(),
    })
}

/// Every application, without private keys.
#[utoipa::path(get, path = "/sandbox/v1/apps", tag = "apps",
    responses((status = 200, body = AppList)))]
pub(super) async fn list(State(cx): State<Context>) -> Result<Json<AppList>, Problem> {
    let apps = list_apps(&cx).await.map_err(|e| Problem::internal(&e))?;
    let apps = apps
        .into_iter()
        .map(|app| view(app, false))
        .collect::<Result<_, _>>()?;
    Ok(Json(AppList { apps }))
}

/// Makes an application with a number, a seller and keys of its own.
#[utoipa::path(post, path = "/sandbox/v1/apps", tag = "apps", request_body = NewAppBody,
    responses((status = 201, body = AppView), (status = 409, description = "app-exists")))]
pub(super) async fn create(
    State(cx): State<Context>,
    JsonBody(body): JsonBody<NewAppBody>,
) -> Result<(StatusCode, Json<AppView>), Problem> {
    let profile = match &body.profile {
        Some(text) => text
            .parse()
            .map_err(|error| Problem::bad_request(format!("{error}.")))?,
        None => Profile::default(),
    };
    let known = list_apps(&cx).await.map_err(|e| Problem::internal(&e))?;
    if known.iter().any(|app| app.name == body.name) {
        let what = format!("An application is called {} already.", body.name);
        return Err(Problem::conflict("app-exists", what));
    }
    let new = NewApp {
        name: body.name,
        app_public_key: body.app_public_key,
        profile,
    };
    match ensure_app(&cx, new).await {
        Ok(app) => Ok((StatusCode::CREATED, Json(view(app, true)?))),
        Err(RegisterAppError::Store(error)) => Err(Problem::internal(&error)),
        Err(RegisterAppError::Key { which, source }) => {
            Err(Problem::bad_request(format!("{which}: {source}.")))
        }
        Err(error) => Err(Problem::bad_request(format!("{error}."))),
    }
}
