//! Merchants' grants to service providers, without the page.

use super::apps::no_such_app;
use crate::app::app_auth::{AppAuthError, cancel, grant};
use crate::context::Context;
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use service::{JsonBody, Problem};
use utoipa::ToSchema;

/// Who agrees.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantBody {
    /// The merchant's application.
    merchant_app_id: String,
}

/// What the merchant's browser would bring to the service provider.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GrantView {
    app_id: String,
    merchant_app_id: String,
    app_auth_code: String,
}

/// A merchant lets the application act in its name, as on the page `/oauth2/appToAppAuth.htm`.
#[utoipa::path(post, path = "/sandbox/v1/apps/{app_id}/grants", tag = "apps",
    params(("app_id" = String, Path)), request_body = GrantBody,
    responses((status = 201, body = GrantView), (status = 404),
        (status = 409, description = "not-third-party")))]
pub(super) async fn create(
    State(cx): State<Context>,
    Path(app_id): Path<String>,
    JsonBody(body): JsonBody<GrantBody>,
) -> Result<(StatusCode, Json<GrantView>), Problem> {
    match grant(&cx, &app_id, &body.merchant_app_id).await {
        Ok(auth) => {
            let view = GrantView {
                app_id: auth.by_app_id,
                merchant_app_id: auth.app_id,
                app_auth_code: auth.code,
            };
            Ok((StatusCode::CREATED, Json(view)))
        }
        Err(AppAuthError::NoSuchApp(app_id)) => Err(no_such_app(&app_id)),
        Err(AppAuthError::NotThirdParty(app_id)) => Err(Problem::conflict(
            "not-third-party",
            format!("{app_id} is no third-party application; set third_party with PATCH."),
        )),
        Err(AppAuthError::Store(error)) => Err(Problem::internal(&error)),
        Err(error) => Err(Problem::bad_request(format!("{error}."))),
    }
}

/// The merchant takes back what it granted; its tokens work no more.
#[utoipa::path(delete, path = "/sandbox/v1/apps/{app_id}/grants/{merchant_app_id}", tag = "apps",
    params(("app_id" = String, Path), ("merchant_app_id" = String, Path)),
    responses((status = 204), (status = 404)))]
pub(super) async fn take_back(
    State(cx): State<Context>,
    Path((app_id, merchant_app_id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    match cancel(&cx, &app_id, &merchant_app_id).await {
        Ok(true) => Ok(StatusCode::NO_CONTENT),
        Ok(false) => Err(Problem::not_found(
            "The merchant granted nothing to that application.",
        )),
        Err(error) => Err(Problem::internal(&error)),
    }
}
