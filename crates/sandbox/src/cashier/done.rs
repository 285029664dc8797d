//! The page after paying: it says so, and leads back to the shop when the shop wants that.

use super::counter::{Asked, Counter};
use super::visit::{self, Bill};
use crate::domain::TradeState;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use service::i18n::Lang;
use service::problem::Problem;

/// How long the page is shown before the browser goes back, seconds.
const BACK_AFTER_S: u32 = 2;

#[derive(askama::Template)]
#[template(path = "cashier/done.html")]
struct DonePage {
    lang: Lang,
    bill: Bill,
    back: Option<String>,
}

/// Says that it is paid; any other visit goes to its first page, which says how it stands.
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
    if !matches!(
        story.trade.state,
        TradeState::Paid(..) | TradeState::Finished(..)
    ) {
        return Ok(Redirect::to(&format!("/cashier/{visit_id}")).into_response());
    }
    let back = visit::signed_return(&counter, &story).await?;
    let page = DonePage {
        lang,
        bill: Bill::of(&story, lang),
        back: back.clone(),
    };
    let shell = Counter::shell(lang, &asked.uri, lang.pick("付款成功", "Paid"));
    let shell = match back {
        Some(back) => shell.refresh_to(BACK_AFTER_S, back),
        None => shell,
    };
    Ok(shell.page(&page))
}
