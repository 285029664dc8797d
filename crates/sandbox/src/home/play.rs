//! Playing the buyer of a trade.

use super::console::{Console, back};
use crate::app::login;
use crate::app::pay_trade::{PayTrade, PayTradeError, pay_trade};
use crate::cashier::Asked;
use crate::domain::{LogonId, TradeId};
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use service::form_body::FormBody;
use service::problem::Problem;

/// Who pays, and out of which pocket.
#[derive(Deserialize)]
pub(super) struct PlayFields {
    csrf_token: String,
    logon_id: String,
    fund_channel: String,
}

/// Pays, without asking for a password.
pub(super) async fn pay(
    State(console): State<Console>,
    Path(trade_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<PlayFields>,
) -> Result<Response, Problem> {
    console.check(&asked.headers, &fields.csrf_token)?;
    let trade_id: TradeId = trade_id
        .parse()
        .map_err(|_| Problem::not_found("There is no such trade."))?;
    let path = format!("/trades/{trade_id}");
    let buyer = match fields.logon_id.trim().parse::<LogonId>() {
        Ok(logon_id) => login::find(console.cx(), &logon_id).await?,
        Err(_) => None,
    };
    let Some(buyer) = buyer else {
        return Ok(back(&path, "no-buyer"));
    };
    let wish = PayTrade {
        trade_id,
        user_id: buyer.user_id,
        pay_password: None,
        fund_channel: fields.fund_channel.parse().unwrap_or_default(),
        shown: None,
        signs: true,
    };
    match pay_trade(console.cx(), wish).await {
        Ok(_) => Ok(back(&path, "paid")),
        Err(PayTradeError::Store(error)) => Err(error.into()),
        Err(_) => Ok(back(&path, "not-paid")),
    }
}
