//! The two answers.

use super::ask::again;
use super::kind::{Answered, Kind, agree, refuse};
use super::page::{self, Said};
use crate::cashier::{Asked, Counter, End, LeaveFields, denied_text};
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use service::form_body::FormBody;
use service::problem::Problem;

/// What is sent.
#[derive(Deserialize)]
pub(super) struct AgreeFields {
    csrf_token: String,
    pay_password: Option<String>,
}

/// Agrees. Sent twice, it agrees once.
pub(super) async fn yes(
    State(counter): State<Counter>,
    Path((kind, token)): Path<(Kind, String)>,
    asked: Asked,
    FormBody(fields): FormBody<AgreeFields>,
) -> Result<Response, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let Some(buyer) = buyer else {
        return again(&counter, (kind, &token), Said::default(), &asked).await;
    };
    let (cx, which) = (counter.cx(), (kind, token.as_str()));
    let password = fields.pay_password.as_deref();
    let answered = agree(cx, which, &buyer.account, password, asked.lang).await?;
    finish(&counter, which, answered, &asked).await
}

/// Refuses.
pub(super) async fn no(
    State(counter): State<Counter>,
    Path((kind, token)): Path<(Kind, String)>,
    asked: Asked,
    FormBody(fields): FormBody<LeaveFields>,
) -> Result<Response, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let answered = refuse(counter.cx(), kind, &token, asked.lang).await?;
    finish(&counter, (kind, &token), answered, &asked).await
}

async fn finish(
    counter: &Counter,
    which: (Kind, &str),
    answered: Answered,
    asked: &Asked,
) -> Result<Response, Problem> {
    let problem = match answered {
        Answered::Go(address) => return Ok(End::on_to(address, asked)),
        Answered::Over(end) => return Ok(page::end(end, asked)),
        Answered::Denied(denied) => denied_text(asked.lang, denied),
        Answered::Not(problem) => problem,
    };
    let said = Said {
        problem: Some(problem),
        ..Said::default()
    };
    again(counter, which, said, asked).await
}
