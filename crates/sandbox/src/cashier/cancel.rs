//! Leaving without paying. The trade stays as it is: the buyer may come back until it expires.

use super::counter::Counter;
use super::visit::{self, Bill, shop_address};
use axum::extract::{OriginalUri, Path, State};
use axum::http::HeaderMap;
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
    headers: HeaderMap,
    FormBody(fields): FormBody<CancelFields>,
) -> Result<Response, Problem> {
    let buyer = counter.buyer(&headers).await?;
    counter.check(&headers, buyer.as_ref(), &fields.csrf_token)?;
    Ok(Redirect::to(&format!("/cashier/{visit_id}/cancel")).into_response())
}

/// Says that nothing was paid, and how to go on.
pub(super) async fn page(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    lang: Lang,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let story = match visit::find(&counter, &visit_id, lang, &uri).await? {
        Ok(story) => story,
        Err(page) => return Ok(page),
    };
    if let Some(ended) = visit::ended(&counter, &story, lang, &uri).await? {
        return Ok(ended);
    }
    let page = CancelledPage {
        lang,
        visit_id,
        bill: Bill::of(&story, lang),
        back: shop_address(&story),
    };
    Ok(Counter::shell(lang, &uri, lang.pick("已取消付款", "Payment cancelled")).page(&page))
}
