//! Agreements: looking, and the end that whoever signed puts to one.

use super::page;
use super::trades::broken;
use crate::app::agreement::ask_agreement::AgreementError;
use crate::app::agreement::end_agreement::end_by_signer;
use crate::app::agreement::find_agreement::{find_one, newest};
use crate::context::Context;
use crate::domain::agreement::Agreement;
use axum::Json;
use axum::extract::{Path, Query, State};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service::Problem;
use utoipa::{IntoParams, ToSchema};

/// An agreement.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AgreementView {
    agreement_no: String,
    app_id: String,
    external_agreement_no: Option<String>,
    product_code: String,
    personal_product_code: &'static str,
    sign_scene: String,
    /// `TEMP`, `NORMAL`, `UNSIGN`, or `CLOSED` when nobody signed it.
    status: &'static str,
    /// Who signed, 16 digits.
    user_id: Option<String>,
    /// The day of the next deduction, of an agreement with a plan.
    next_deduct_time: Option<String>,
    /// How many deductions there were.
    paid: i64,
    /// How much they took, in yuan.
    taken: String,
    #[schema(value_type = String)]
    asked_at: Timestamp,
    #[schema(value_type = Option<String>)]
    signed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
}

impl From<Agreement> for AgreementView {
    fn from(agreement: Agreement) -> Self {
        Self {
            agreement_no: agreement.agreement_no,
            app_id: agreement.app_id,
            external_agreement_no: agreement.terms.external_agreement_no,
            product_code: agreement.terms.product_code,
            personal_product_code: agreement.terms.product.as_str(),
            sign_scene: agreement.terms.sign_scene,
            status: agreement.state.as_str(),
            user_id: agreement.signer.map(|signer| signer.user_id),
            next_deduct_time: agreement.plan.map(|plan| plan.next_day.to_string()),
            paid: agreement.paid,
            taken: agreement.taken.to_string(),
            asked_at: agreement.asked_at,
            signed_at: agreement.signed_at,
            ended_at: agreement.ended_at,
        }
    }
}

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct AgreementQuery {
    limit: Option<String>,
}

/// The newest agreements.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AgreementList {
    agreements: Vec<AgreementView>,
}

/// The newest agreements of all applications.
#[utoipa::path(get, path = "/sandbox/v1/agreements", tag = "consents", params(AgreementQuery),
    responses((status = 200, body = AgreementList)))]
pub(super) async fn list(
    State(cx): State<Context>,
    Query(query): Query<AgreementQuery>,
) -> Result<Json<AgreementList>, Problem> {
    let limit = page::limit(query.limit.as_deref())?;
    let found = newest(&cx, limit).await.map_err(|e| broken(&e))?;
    Ok(Json(AgreementList {
        agreements: found.into_iter().map(AgreementView::from).collect(),
    }))
}

/// Whoever signed ends an agreement, as in their wallet: only the application's own address hears
/// of it.
#[utoipa::path(post, path = "/sandbox/v1/agreements/{agreement_no}/end", tag = "consents",
    params(("agreement_no" = String, Path)),
    responses((status = 200, body = AgreementView), (status = 404),
        (status = 409, description = "agreement-not-signed")))]
pub(super) async fn end(
    State(cx): State<Context>,
    Path(agreement_no): Path<String>,
) -> Result<Json<AgreementView>, Problem> {
    let found = find_one(&cx, &agreement_no).await.map_err(|e| broken(&e))?;
    let found = found.ok_or_else(|| Problem::not_found("There is no agreement of that number."))?;
    let signer = found.signer.map(|signer| signer.user_id);
    let user_id = signer.unwrap_or_default();
    match end_by_signer(&cx, &agreement_no, &user_id).await {
        Ok(ended) => Ok(Json(ended.into())),
        Err(AgreementError::Store(error)) => Err(broken(&error)),
        Err(_) => Err(Problem::conflict(
            "agreement-not-signed",
            "The agreement does not hold: nobody signed it, or it is over.".to_owned(),
        )),
    }
}
