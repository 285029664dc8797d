//! Bank cards and short messages, for programs that play the person.

use super::accounts::find_account;
use crate::app::wallet::cards::{self, Held, NewCard};
use crate::app::wallet::messages::inbox;
use crate::context::Context;
use crate::domain::card::{Bank, CARD_BEGINS_WITH, is_phone};
use crate::domain::message::Message;
use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use kernel::Timestamp;
use money::Fen;
use serde::{Deserialize, Serialize};
use service::{JsonBody, Problem};
use utoipa::{IntoParams, ToSchema};

/// The phone of a card whose bank was told none.
const DEFAULT_PHONE: &str = "13800138000";

/// A card to issue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCardBody {
    /// `ICBC` (unless said), `ABC`, `CCB` or `CMB`.
    bank: Option<String>,
    /// The phone that the bank knows; `13800138000` unless said.
    phone: Option<String>,
    /// In yuan; 50,000.00 unless said.
    #[schema(value_type = Option<String>)]
    balance: Option<Fen>,
    /// Whether it is in the account's wallet at once; it is unless said.
    bound: Option<bool>,
}

/// A card.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CardView {
    card_no: String,
    bank: String,
    phone: String,
    bound: bool,
    #[schema(value_type = String)]
    balance: Fen,
}

/// The cards of a wallet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CardList {
    cards: Vec<CardView>,
}

fn view(held: &Held) -> CardView {
    CardView {
        card_no: held.card.card_no.to_string(),
        bank: held.card.bank.as_str().to_owned(),
        phone: held.card.phone.clone(),
        bound: held.card.user_id.is_some(),
        balance: held.balance,
    }
}

/// Issues a bank card.
#[utoipa::path(post, path = "/sandbox/v1/accounts/{logon_id}/cards", tag = "accounts",
    params(("logon_id" = String, Path)), request_body = NewCardBody,
    responses((status = 201, body = CardView), (status = 400), (status = 404)))]
pub(super) async fn issue(
    State(cx): State<Context>,
    Path(logon_id): Path<String>,
    JsonBody(body): JsonBody<NewCardBody>,
) -> Result<(StatusCode, Json<CardView>), Problem> {
    let account = find_account(&cx, &logon_id).await?;
    let bank = match body.bank {
        Some(text) => text
            .parse::<Bank>()
            .map_err(|error| Problem::bad_request(format!("{error}.")))?,
        None => Bank::default(),
    };
    let phone = body.phone.unwrap_or_else(|| DEFAULT_PHONE.to_owned());
    if !is_phone(&phone) {
        return Err(Problem::bad_request(
            "phone is 11 digits that begin with 1.",
        ));
    }
    let balance = body.balance.unwrap_or(CARD_BEGINS_WITH);
    if balance.is_negative() || balance > Fen::MAX_PAYABLE {
        return Err(Problem::bad_request(
            "balance is from 0.00 to 100000000.00 yuan.",
        ));
    }
    let new = NewCard {
        bank,
        phone,
        user_id: body.bound.unwrap_or(true).then_some(account.user_id),
        balance,
    };
    let card = cards::issue(&cx, new)
        .await
        .map_err(|error| Problem::internal(&error))?;
    Ok((StatusCode::CREATED, Json(view(&Held { card, balance }))))
}

/// The cards in an account's wallet.
#[utoipa::path(get, path = "/sandbox/v1/accounts/{logon_id}/cards", tag = "accounts",
    params(("logon_id" = String, Path)), responses((status = 200, body = CardList), (status = 404)))]
pub(super) async fn list(
    State(cx): State<Context>,
    Path(logon_id): Path<String>,
) -> Result<Json<CardList>, Problem> {
    let account = find_account(&cx, &logon_id).await?;
    let held = cards::of_user(&cx, &account.user_id)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let cards = held.iter().map(view).collect();
    Ok(Json(CardList { cards }))
}

/// Whose messages.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MessageQuery {
    /// A phone's number; everybody's unless said.
    phone: Option<String>,
}

/// A short message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MessageView {
    phone: String,
    /// What it is for: `bind_card`, `card_payment`, `claim`, `gift`.
    purpose: String,
    /// Six digits; none in a message without a code.
    code: Option<String>,
    content: String,
    #[schema(value_type = String)]
    sent_at: Timestamp,
}

/// Short messages, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MessageList {
    messages: Vec<MessageView>,
}

/// What the sandbox would have sent to phones.
#[utoipa::path(get, path = "/sandbox/v1/messages", tag = "accounts", params(MessageQuery),
    responses((status = 200, body = MessageList)))]
pub(super) async fn messages(
    State(cx): State<Context>,
    Query(query): Query<MessageQuery>,
) -> Result<Json<MessageList>, Problem> {
    let sent = inbox(&cx, query.phone.as_deref())
        .await
        .map_err(|error| Problem::internal(&error))?;
    let view = |message: Message| MessageView {
        phone: message.phone,
        purpose: message.purpose,
        code: Some(message.code).filter(|code| !code.is_empty()),
        content: message.content,
        sent_at: message.sent_at,
    };
    let messages = sent.into_iter().map(view).collect();
    Ok(Json(MessageList { messages }))
}
