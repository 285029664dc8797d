//! At the counter: the payment code to show, and the payments that wait for the buyer's word.

use super::barcode;
use super::frame::shell;
use crate::app::find_trade::{list_apps, waiting_for};
use crate::app::payment_code::show_code;
use crate::app::refuse_trade::{RefuseTradeError, refuse_trade};
use crate::app::visit_trade::visit_trade;
use crate::cashier::{Asked, Counter, seller_name};
use crate::domain::TradeId;
use crate::domain::payment_code::Scene;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

#[derive(askama::Template)]
#[template(path = "wallet/payment_code.html")]
struct CodePage {
    lang: Lang,
    bars: String,
    qr: String,
    /// In groups of four, as people read it.
    digits: String,
    until: String,
    waiting: Vec<WaitingLine>,
    csrf_token: String,
}

/// A payment that waits for its buyer's word.
struct WaitingLine {
    trade_id: String,
    subject: String,
    seller: String,
    amount: String,
    before: String,
}

/// Shows a new code, good for a minute, and what waits.
pub(super) async fn page(
    State(counter): State<Counter>,
    asked: Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let Some(buyer) = counter.buyer(&asked.headers).await? else {
        return Ok(Redirect::to("/wallet").into_response());
    };
    let cx = counter.cx();
    let user_id = &buyer.account.user_id;
    let apps = list_apps(cx).await?;
    let waiting = waiting_for(cx, user_id).await?;
    let lines = waiting.iter().filter_map(|trade| {
        let born = trade.born()?;
        let app = apps.iter().find(|app| app.app_id == trade.app_id)?;
        Some(WaitingLine {
            trade_id: trade.trade_id.to_string(),
            subject: trade.offer.subject.clone(),
            seller: seller_name(app, lang),
            amount: trade.offer.total_amount.to_string(),
            before: born.expires_at.china().get(..16)?.to_owned(),
        })
    });
    let shown = show_code(cx, user_id, Scene::BarCode).await?;
    let code = shown.code.as_str();
    let token = counter.token(&asked.headers, Some(&buyer));
    let label = lang.pick("付款码", "Payment code");
    let page = CodePage {
        lang,
        bars: barcode::svg(code, label),
        qr: service::qr::svg(code, label),
        digits: groups(code),
        until: shown
            .expires_at
            .china()
            .get(11..)
            .unwrap_or_default()
            .to_owned(),
        waiting: lines.collect(),
        csrf_token: token.value,
    };
    Ok(shell(lang, &asked.uri, label)
        .script("/assets/cashier.js")
        .cookie(token.set_cookie)
        .page(&page))
}

/// `2801 2345 6789 0123 45`.
fn groups(digits: &str) -> String {
    let parts: Vec<&str> = (0..digits.len())
        .step_by(4)
        .filter_map(|at| digits.get(at..digits.len().min(at + 4)))
        .collect();
    parts.join(" ")
}

/// What is sent.
#[derive(Deserialize)]
pub(super) struct WordFields {
    csrf_token: String,
    trade_id: String,
    /// `pay` or `refuse`.
    word: String,
}

/// Takes the buyer's word: to the page that pays, or a no.
pub(super) async fn answer(
    State(counter): State<Counter>,
    asked: Asked,
    FormBody(fields): FormBody<WordFields>,
) -> Result<Response, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let back = Redirect::to("/wallet/code").into_response();
    let (Some(buyer), Ok(trade_id)) = (buyer, fields.trade_id.parse::<TradeId>()) else {
        return Ok(back);
    };
    let user_id = &buyer.account.user_id;
    if fields.word == "refuse" {
        return match refuse_trade(counter.cx(), &trade_id, user_id).await {
            // What ended meanwhile is no longer on the page.
            Ok(_) | Err(RefuseTradeError::Refused(_)) => Ok(back),
            Err(RefuseTradeError::Store(error)) => Err(error.into()),
        };
    }
    match visit_trade(counter.cx(), &trade_id, user_id).await? {
        Some(visit) => {
            let next = format!("/cashier/{}/pay", visit.visit_id);
            Ok(Redirect::to(&next).into_response())
        }
        None => Ok(back),
    }
}

/// The address that a phone asks while its code is shown, so that a payment to confirm appears by
/// itself.
pub(super) async fn state(
    State(counter): State<Counter>,
    Path(seen): Path<usize>,
    asked: Asked,
) -> Result<Response, Problem> {
    let waiting = match counter.buyer(&asked.headers).await? {
        Some(buyer) => waiting_for(counter.cx(), &buyer.account.user_id)
            .await?
            .len(),
        None => 0,
    };
    let state = if waiting > seen { "paid" } else { "waiting" };
    Ok(axum::Json(serde_json::json!({ "state": state })).into_response())
}
