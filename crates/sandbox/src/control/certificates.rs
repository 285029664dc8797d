//! Issuing a certificate anew, as Alipay does every few years.

use super::apps::no_such_app;
use crate::app::certificates::{CERT_DAYS, CertificatesError, renew_certificate};
use crate::context::Context;
use crate::domain::CertOwner;
use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service::{JsonBody, Problem};
use utoipa::ToSchema;

/// Which certificate to issue anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RenewBody {
    /// `alipay` or `app`.
    owner: String,
    /// For how many days; five years unless said.
    days: Option<i64>,
}

/// A certificate.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CertView {
    owner: &'static str,
    sn: String,
    /// PEM; Alipay's with its issuer behind it.
    pem: String,
    #[schema(value_type = String)]
    not_before: Timestamp,
    #[schema(value_type = String)]
    not_after: Timestamp,
}

/// Issues a certificate anew: the same key under another serial number. Alipay's new one is named
/// in answers from now on, and its old one can still be downloaded; an application's old one works
/// for a week.
#[utoipa::path(post, path = "/sandbox/v1/apps/{app_id}/certificates", tag = "apps",
    params(("app_id" = String, Path)), request_body = RenewBody,
    responses((status = 201, body = CertView), (status = 400), (status = 404)))]
pub(super) async fn renew(
    State(cx): State<Context>,
    Path(app_id): Path<String>,
    JsonBody(body): JsonBody<RenewBody>,
) -> Result<(StatusCode, Json<CertView>), Problem> {
    let owner: CertOwner = body
        .owner
        .parse()
        .map_err(|error| Problem::bad_request(format!("{error}.")).with("field", "owner"))?;
    let days = body.days.unwrap_or(CERT_DAYS);
    if !(1..=36_500).contains(&days) {
        let what = "days is from 1 to 36500.";
        return Err(Problem::bad_request(what).with("field", "days"));
    }
    let cert = match renew_certificate(&cx, &app_id, owner, days).await {
        Ok(cert) => cert,
        Err(CertificatesError::NoSuchApp(app_id)) => return Err(no_such_app(&app_id)),
        Err(error) => return Err(Problem::internal(&error)),
    };
    let view = CertView {
        owner: owner.as_str(),
        sn: cert.sn,
        pem: cert.pem,
        not_before: cert.not_before,
        not_after: cert.not_after,
    };
    Ok((StatusCode::CREATED, Json(view)))
}
