//! Paying with a card that is in no wallet: its number and phone, then the code that the phone got.

use super::counter::{Asked, Buyer, Counter};
use super::pay::{card_problem, done, is_paid_by, tick, ticked};
use super::visit::{self, Bill};
use crate::app::find_trade::VisitStory;
use crate::app::wallet::messages::TypedCode;
use crate::app::wallet::pay_by_card::{PayByCard, Proof, about, ask_for_code, pay_by_card};
use crate::domain::card::{CardNo, masked_phone};
use crate::domain::message::Purpose;
use crate::wallet::words;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use service::form_body::FormBody;
use service::problem::Problem;

#[derive(askama::Template)]
#[template(path = "cashier/card.html")]
struct CardPage {
    lang: service::i18n::Lang,
    visit_id: String,
    bill: Bill,
    problem: Option<String>,
    typed_card: String,
    typed_phone: String,
    masked: String,
    code_sent: bool,
    ticked: &'static str,
    csrf_token: String,
}

#[derive(Default)]
struct Showing {
    problem: Option<String>,
    typed_card: String,
    typed_phone: String,
    code_sent: bool,
    /// The buyer wants to sign nothing.
    declines: bool,
}

/// What is sent.
#[derive(Deserialize)]
pub(super) struct CardFields {
    csrf_token: String,
    card_no: String,
    phone: String,
    code: Option<String>,
    /// Ticked: the buyer also signs what the page shows.
    sign: Option<String>,
}

/// A visit that can be paid, and who pays; or where else to go.
struct Ready {
    story: VisitStory,
    buyer: Buyer,
}

async fn ready(
    counter: &Counter,
    visit_id: &str,
    asked: &Asked,
) -> Result<Result<Ready, Response>, Problem> {
    let story = match visit::find(counter, visit_id, asked).await? {
        Ok(story) => story,
        Err(page) => return Ok(Err(page)),
    };
    let Some(buyer) = counter.buyer(&asked.headers).await? else {
        let login = Redirect::to(&format!("/cashier/{visit_id}/pay"));
        return Ok(Err(login.into_response()));
    };
    if is_paid_by(&story, &buyer) {
        return Ok(Err(done(visit_id)));
    }
    if let Some(ended) = visit::ended(counter, &story, asked).await? {
        return Ok(Err(ended));
    }
    Ok(Ok(Ready { story, buyer }))
}

/// Asks for a card.
pub(super) async fn page(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    Ok(match ready(&counter, &visit_id, &asked).await? {
        Ok(ready) => show(&counter, &ready, Showing::default(), &asked),
        Err(elsewhere) => elsewhere,
    })
}

fn show(counter: &Counter, ready: &Ready, showing: Showing, asked: &Asked) -> Response {
    let lang = asked.lang;
    let token = counter.token(&asked.headers, Some(&ready.buyer));
    let status = if showing.problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = CardPage {
        lang,
        visit_id: ready.story.visit.visit_id.clone(),
        bill: Bill::of(&ready.story, lang),
        problem: showing.problem,
        masked: masked_phone(&showing.typed_phone),
        typed_card: showing.typed_card,
        typed_phone: showing.typed_phone,
        code_sent: showing.code_sent,
        ticked: tick(showing.declines),
        csrf_token: token.value,
    };
    let title = lang.pick("银行卡付款", "Pay with a bank card");
    Counter::shell(lang, &asked.uri, title)
        .status(status)
        .cookie(token.set_cookie)
        .page(&page)
}

/// Sends the code to the card's phone.
pub(super) async fn code(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<CardFields>,
) -> Result<Response, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let ready = match ready(&counter, &visit_id, &asked).await? {
        Ok(ready) => ready,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let amount = ready.story.trade.offer.total_amount;
    let (card_no, phone) = (&fields.card_no, &fields.phone);
    let sent = ask_for_code(counter.cx(), &visit_id, amount, card_no, phone).await;
    let problem = match sent {
        Ok(_) => None,
        Err(error) => Some(words::bind_problem(error, asked.lang)?),
    };
    let showing = Showing {
        code_sent: problem.is_none(),
        problem,
        typed_card: fields.card_no,
        typed_phone: fields.phone,
        declines: false,
    };
    Ok(show(&counter, &ready, showing, &asked))
}

/// Pays by the code. Sent twice, it pays once.
pub(super) async fn submit(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<CardFields>,
) -> Result<Response, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let before = match ready(&counter, &visit_id, &asked).await? {
        Ok(ready) => ready,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let about = match fields.card_no.parse::<CardNo>() {
        Ok(card_no) => about(&visit_id, &card_no),
        Err(_) => String::new(),
    };
    let pay = PayByCard {
        trade_id: before.story.trade.trade_id.clone(),
        card_no: fields.card_no.clone(),
        proof: Proof::Code(TypedCode {
            phone: fields.phone.trim().to_owned(),
            purpose: Purpose::CardPayment,
            about,
            typed: fields.code.unwrap_or_default(),
        }),
        shown: before.story.visit.shown.clone(),
        signs: ticked(fields.sign.as_ref()),
    };
    let problem = match pay_by_card(counter.cx(), &before.buyer.account, pay).await {
        Ok(_) => return Ok(done(&visit_id)),
        Err(error) => card_problem(error, asked.lang)?,
    };
    // Another page may have paid, or the trade may have ended, meanwhile.
    let now = match ready(&counter, &visit_id, &asked).await? {
        Ok(ready) => ready,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let showing = Showing {
        problem: Some(problem),
        typed_card: fields.card_no,
        typed_phone: fields.phone,
        code_sent: true,
        declines: !ticked(fields.sign.as_ref()),
    };
    Ok(show(&counter, &now, showing, &asked))
}
