//! The buyer's phone at the counter: showing a payment code, saying no.

use super::accounts::find_account;
use super::trades::{WhichApp, broken, buyer, only};
use super::views::TradeView;
use crate::app::find_trade;
use crate::app::pay_trade::PayTradeError;
use crate::app::payment_code::show_code;
use crate::app::refuse_trade::{RefuseTradeError, refuse_trade};
use crate::context::Context;
use crate::domain::payment_code::Scene;
use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service::{JsonBody, Problem};
use utoipa::ToSchema;

/// What is shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeBody {
    /// `bar_code` (18 digits) unless said, or `security_code` (a face).
    scene: Option<String>,
}

/// A payment code.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CodeView {
    /// What the seller's scanner reads: the `auth_code` of `alipay.trade.pay`.
    auth_code: String,
    scene: &'static str,
    /// A minute later, on the business clock. It pays once.
    #[schema(value_type = String)]
    expires_at: Timestamp,
}

/// Shows a payment code of a buyer.
#[utoipa::path(post, path = "/sandbox/v1/accounts/{logon_id}/payment-codes", tag = "accounts",
    params(("logon_id" = String, Path)), request_body = CodeBody,
    responses((status = 201, body = CodeView), (status = 404)))]
pub(super) async fn show(
    State(cx): State<Context>,
    Path(logon_id): Path<String>,
    JsonBody(body): JsonBody<CodeBody>,
) -> Result<(StatusCode, Json<CodeView>), Problem> {
    let scene = match body.scene.as_deref() {
        None => Scene::default(),
        Some(text) => Scene::parse(text)
            .ok_or_else(|| Problem::bad_request("scene is bar_code or security_code."))?,
    };
    let account = find_account(&cx, &logon_id).await?;
    let shown = show_code(&cx, &account.user_id, scene)
        .await
        .map_err(|error| broken(&error))?;
    let view = CodeView {
        auth_code: shown.code.as_str().to_owned(),
        scene: scene.as_str(),
        expires_at: shown.expires_at,
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// Who says no.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefuseBody {
    /// The buyer that the trade waits for unless said.
    buyer_logon_id: Option<String>,
}

/// The buyer says no on the phone. The trade goes on waiting until it is cancelled or its time is
/// over; a trade of a read code can then be paid by another code only.
#[utoipa::path(post, path = "/sandbox/v1/trades/{out_trade_no}/refuse", tag = "trades",
    params(("out_trade_no" = String, Path), WhichApp), request_body = RefuseBody,
    responses((status = 200, body = TradeView), (status = 404), (status = 409)))]
pub(super) async fn refuse(
    State(cx): State<Context>,
    Path(out_trade_no): Path<String>,
    Query(which): Query<WhichApp>,
    JsonBody(body): JsonBody<RefuseBody>,
) -> Result<Json<TradeView>, Problem> {
    let app_id = which.app_id.as_deref();
    let trades = find_trade::trades_of_number(&cx, &out_trade_no, app_id)
        .await
        .map_err(|error| broken(&error))?;
    let trade = only(trades, &out_trade_no)?;
    let user_id = match (body.buyer_logon_id.as_deref(), &trade.offer.payer) {
        (None, Some(payer)) => payer.user_id.clone(),
        (named, _) => buyer(&cx, named).await?,
    };
    match refuse_trade(&cx, &trade.trade_id, &user_id).await {
        Ok(trade) => Ok(Json(TradeView::new(&cx, &trade))),
        Err(RefuseTradeError::Refused(refusal)) => Err(PayTradeError::from(refusal).into()),
        Err(RefuseTradeError::Store(error)) => Err(broken(&error)),
    }
}
