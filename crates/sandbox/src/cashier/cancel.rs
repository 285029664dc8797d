//! Leaving without paying. The trade stays as it is: the buyer may come back until it expires.

use super::counter::{Asked, Counter};
use super::visit::{self, Bill, shop_address};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

#[derive(askama::Template)]
#[template(path = "cashier/cancelled.html")]
struct CancelledPage {
    lang: Lang,
    visit_id: String,
    bill: Bill,
    back: Option<String>,
}

/// What is sent.
#[derive(Deserialize)]
pub(super) struct CancelFields {
    csrf_token: String,
}

/// Takes the wish to leave.
pub(super) async fn submit(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<CancelFields>,
) -> Result<Response, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    Ok(Redirect::to(&format!("/cashier/{visit_id}/cancel")).into_response())
}

/// Says that nothing was paid, and how to go on.
pub(super) async fn page(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let story = match visit::find(&counter, &visit_id, &asked).await? {
        Ok(story) => story,
        Err(page) => return Ok(page),
    };
    if let Some(ended) = visit::ended(&counter, &story, &asked).await? {
        return Ok(ended);
    }
    let page = CancelledPage {
        lang,
        visit_id,
        bill: Bill::of(&story, lang),
        back: shop_address(&story),
    };
    Ok(Counter::shell(
        lang,
        &asked.uri,
        lang.pick("已取消付款", "Payment cancelled"),
    )
    .page(&page))
}
